import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import {
	type AnyModule,
	BatchNorm1d,
	BatchNorm2d,
	BatchNorm3d,
	Module,
} from "../../nn/index.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { Device } from "../../types.ts";

/** An input, or an array that begins with one. */
type Batch = Tensor | readonly [Tensor, ...unknown[]];

/**
 * Computes the running statistics of all batch normalisations in `model` anew, as means over the loader's batches: averaged weights have
 * none of their own.
 *
 * @param loader batches: an input, or an array whose first item is one
 * @param options device: where the inputs go. Default: where they are.
 * @see torch.optim.swa_utils.update_bn
 * @example
 * await updateBn(loader, average);
 */
export async function updateBn(
	loader: Iterable<Batch> | AsyncIterable<Batch>,
	model: AnyModule,
	options: { device?: Device | (string & {}) | null } = {},
): Promise<void> {
	const op = "updateBn";
	if (!(model instanceof Module))
		throw check.invalidType(op, "model", "Module", model);
	check.options(op, options, ["device"]);
	const { device = null } = options;
	const momenta = new Map<{ momentum: number | null }, number | null>();
	for (const module of model.modules() as unknown[])
		if (
			module instanceof BatchNorm1d ||
			module instanceof BatchNorm2d ||
			module instanceof BatchNorm3d
		) {
			module.resetRunningStats();
			momenta.set(module, module.momentum);
		}
	if (momenta.size === 0) return;
	const wasTraining = model.training;
	model.train();
	for (const module of momenta.keys()) module.momentum = null; // the mean over all batches
	try {
		for await (const batch of loader) {
			const input = batch instanceof Tensor ? batch : batch[0];
			noGrad(() =>
				(model as unknown as Module<[Tensor], unknown>)(
					device === null ? input : input.to({ device }),
				),
			);
		}
	} finally {
		for (const [module, momentum] of momenta) module.momentum = momentum;
		model.train(wasTraining);
	}
}

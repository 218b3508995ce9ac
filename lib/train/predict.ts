import { noGrad } from "../autograd/index.ts";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { cat } from "../generated/functions.ts";
import type { Module } from "../nn/index.ts";
import { scope } from "../tensor/scope.ts";
import { Tensor } from "../tensor/tensor.ts";
import { batchesOf, onDevice } from "./batches.ts";
import { modesOf } from "./modes.ts";
import { checkData, type DataOptions } from "./options.ts";

export interface PredictOptions<Inputs extends unknown[], Batch>
	extends DataOptions<Batch> {
	/**
	 * The inputs in a batch. Default: of an array all but the last item, which is the target, as in `fit`; an array's only item; anything else is the
	 * input itself.
	 */
	unpack?: ((batch: Batch) => Inputs) | undefined;
}

/**
 * What a model gives for all batches, one after the other along the first dimension, on the CPU; in evaluation mode and without gradients.
 *
 * @returns a tensor where the model gives one; where it gives arrays or plain objects of tensors, such with the tensors of all batches in them
 * @throws TorchError for options that are wrong, data without a batch, and outputs that are no tensors
 * @example
 * const scores = await train.predict(model, { data: testLoader }); // [N, classes]
 * const classes = scores.argmax(1);
 */
export async function predict<Inputs extends unknown[], Output, Batch>(
	model: Module<Inputs, Output>,
	options: PredictOptions<Inputs, Batch>,
): Promise<Output> {
	const op = "predict";
	check.options(op, options, ["data", "device", "signal", "unpack"]);
	checkData(op, model, options);
	const { data, device, signal, unpack = inputsOf } = options;
	if (device !== undefined) model.to(device);
	check.callable(op, "unpack", unpack);
	const restoreModes = modesOf(model);
	model.eval();
	const outputs: Output[] = [];
	try {
		for await (const batch of batchesOf(data, signal)) {
			const output = noGrad(() =>
				scope(() => {
					const inputs = onDevice(unpack(batch), device ?? null) as Inputs;
					return onDevice(model(...inputs), "cpu");
				}),
			);
			outputs.push(output as Output);
		}
	} finally {
		restoreModes();
	}
	if (outputs.length === 0)
		throw new TorchError("data: there was no batch", {
			code: "ERR_NO_DATA",
			op,
		});
	return joined(outputs) as Output;
}

function inputsOf<Inputs extends unknown[]>(batch: unknown): Inputs {
	if (!Array.isArray(batch)) return [batch] as unknown as Inputs;
	return (batch.length === 1 ? batch : batch.slice(0, -1)) as Inputs;
}

function joined(outputs: readonly unknown[]): unknown {
	const [first] = outputs;
	if (first instanceof Tensor)
		return noGrad(() => {
			const whole = cat(outputs as Tensor[]);
			for (const output of outputs) (output as Tensor).dispose();
			return whole;
		});
	if (Array.isArray(first))
		return first.map((_, i) =>
			joined(outputs.map((output) => (output as unknown[])[i])),
		);
	if (typeof first === "object" && first !== null)
		return Object.fromEntries(
			Object.keys(first).map((key) => [
				key,
				joined(
					outputs.map((output) => (output as Record<string, unknown>)[key]),
				),
			]),
		);
	throw check.invalidType(
		"predict",
		"model",
		"one that gives tensors, or arrays or objects of them",
		first,
	);
}

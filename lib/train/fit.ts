import type { Module } from "../nn/index.ts";
import type { History } from "./history.ts";
import {
	type AnyFitOptions,
	checkFitOptions,
	type FitOptions,
	type Unpack,
} from "./options.ts";
import { Training } from "./training.ts";

/**
 * Trains a model, and measures it after every epoch.
 *
 * A batch is an array `[...inputs, target]`: the model is called with the inputs, the loss with what the model gives and the target. The numbers
 * are those of the loop that one would write by hand (`zeroGrad`, forward, `backward`, `step`), for the same seed to the last bit. Tensors
 * that a step makes are freed after it; what a module or a hook is to hold on to, give to `torch.keep`. The event loop runs between batches.
 *
 * @returns the numbers of all epochs. The model is trained in place, and afterwards in the mode (training or evaluation) that it was in.
 * @throws TorchError for options that are wrong and data without a batch; what the model, the data or a callback throws; the reason of `signal`.
 *   Callbacks' `onTrainEnd` is called before.
 * @example
 * const history = await train.fit(model, {
 *   data: new data.DataLoader(images.train, { batchSize: 64, shuffle: true }),
 *   validation: new data.DataLoader(images.test, { batchSize: 1000 }),
 *   loss: new nn.CrossEntropyLoss(),
 *   optimizer: new optim.Adam(model.parameters()),
 *   metrics: { accuracy: new metrics.Accuracy() },
 *   callbacks: [new train.EarlyStopping({ patience: 5, restoreBestWeights: true })],
 *   epochs: 100,
 *   seed: 0,
 * });
 * history.epochs.at(-1)?.valAccuracy;
 */
export function fit<
	Inputs extends unknown[],
	Output,
	Target,
	Names extends string = never,
>(
	model: Module<Inputs, Output>,
	options: FitOptions<
		Inputs,
		Output,
		Target,
		Names,
		readonly [...Inputs, Target]
	>,
): Promise<History<Names>>;
export function fit<
	Inputs extends unknown[],
	Output,
	Target,
	Batch,
	Names extends string = never,
>(
	model: Module<Inputs, Output>,
	options: FitOptions<Inputs, Output, Target, Names, Batch> & {
		unpack: Unpack<Batch, Inputs, Target>;
	},
): Promise<History<Names>>;
export async function fit(
	model: Module<never, unknown>,
	options: object,
): Promise<History<string>> {
	const given = options as AnyFitOptions;
	checkFitOptions(model, given);
	return new Training(
		model as unknown as Module<unknown[], unknown>,
		given,
	).run();
}

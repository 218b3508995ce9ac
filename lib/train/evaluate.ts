import { noGrad } from "../autograd/index.ts";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { Module } from "../nn/index.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
	type Batches,
	batchesOf,
	type Items,
	itemsOf,
	onDevice,
	sizeOf,
} from "./batches.ts";
import { type Logs, validationName } from "./history.ts";
import { Mean } from "./mean.ts";
import { Measures, type MetricsBy } from "./measures.ts";
import { modesOf } from "./modes.ts";
import {
	checkData,
	type DataOptions,
	type LossFunction,
	type Unpack,
} from "./options.ts";

export interface EvaluateOptions<
	Inputs extends unknown[],
	Output,
	Target,
	Names extends string,
	Batch,
> extends DataOptions<Batch> {
	/** Makes `[...inputs, target]` of a batch. Default: the batch is that already. */
	unpack?: Unpack<Batch, Inputs, Target> | undefined;
	/** Default: none, and no `loss` in the result. */
	loss?: LossFunction<Output, Target> | undefined;
	/** Default: none. */
	metrics?: MetricsBy<Names, Output, Target> | undefined;
}

/** The mean loss where a loss function was given, and each metric. */
export type Evaluation<Names extends string> = { loss?: number } & {
	[Name in Names]: number;
};

/**
 * Measures a model on data, in evaluation mode and without gradients. Metrics begin anew. Modes are afterwards as they were.
 *
 * @throws TorchError for options that are wrong, data without a batch, and what metrics do not take
 * @example
 * const { loss, accuracy } = await train.evaluate(model, {
 *   data: testLoader,
 *   loss: new nn.CrossEntropyLoss(),
 *   metrics: { accuracy: new metrics.Accuracy() },
 * });
 */
export function evaluate<
	Inputs extends unknown[],
	Output,
	Target,
	Names extends string = never,
>(
	model: Module<Inputs, Output>,
	options: EvaluateOptions<
		Inputs,
		Output,
		Target,
		Names,
		readonly [...Inputs, Target]
	>,
): Promise<Evaluation<Names>>;
export function evaluate<
	Inputs extends unknown[],
	Output,
	Target,
	Batch,
	Names extends string = never,
>(
	model: Module<Inputs, Output>,
	options: EvaluateOptions<Inputs, Output, Target, Names, Batch> & {
		unpack: Unpack<Batch, Inputs, Target>;
	},
): Promise<Evaluation<Names>>;
export async function evaluate(
	model: Module<never, unknown>,
	given: object,
): Promise<Logs> {
	const op = "evaluate";
	const options = given as AnyEvaluateOptions;
	check.options(op, options, [
		"data",
		"device",
		"signal",
		"unpack",
		"loss",
		"metrics",
	]);
	checkData(op, model, options);
	const { device, loss, unpack } = options;
	if (loss !== undefined) check.callable(op, "loss", loss);
	if (unpack !== undefined) check.callable(op, "unpack", unpack);
	const measures = new Measures(op, options.metrics ?? {});
	if (device !== undefined) {
		model.to(device);
		if (loss instanceof Module) (loss as Module).to(device);
	}
	return measure(model as unknown as Module<unknown[], unknown>, measures, {
		...options,
		names: "plain",
	});
}

/** Options without their types, which `evaluate` has checked. */
type AnyEvaluateOptions = EvaluateOptions<
	unknown[],
	unknown,
	unknown,
	string,
	unknown
>;

interface MeasureOptions {
	data: Batches<unknown>;
	device?: string | undefined;
	signal?: AbortSignal | undefined;
	unpack?: ((batch: unknown) => Items<unknown[], unknown>) | undefined;
	loss?: LossFunction<unknown, unknown> | undefined;
	/** What results are called: "loss", or "valLoss". */
	names: "plain" | "validation";
}

/** One pass over data, in evaluation mode. */
export async function measure(
	model: Module<unknown[], unknown>,
	measures: Measures,
	options: MeasureOptions,
): Promise<Logs> {
	const { data, device = null, signal, unpack, loss, names } = options;
	const op = names === "plain" ? "evaluate" : "fit";
	const mean = new Mean();
	const restoreModes = modesOf(model);
	measures.reset();
	model.eval();
	try {
		for await (const batch of batchesOf(data, signal))
			noGrad(() =>
				scope(() => {
					const given = unpack ? unpack(batch) : itemsOf(op, batch);
					const items = onDevice(given, device) as unknown[];
					const output = model(...items.slice(0, -1));
					const target = items.at(-1);
					if (loss) mean.add(loss(output, target) as Tensor, sizeOf(items));
					else mean.count += sizeOf(items);
					measures.update(output, target);
				}),
			);
	} finally {
		restoreModes();
	}
	if (mean.count === 0)
		throw new TorchError(
			`${names === "plain" ? "data" : "validation"}: there was no batch`,
			{ code: "ERR_NO_DATA", op },
		);
	const results = { ...(loss && { loss: mean.value }), ...measures.compute() };
	if (names === "plain") return results;
	return Object.fromEntries(
		Object.entries(results).map(([name, value]) => [
			validationName(name),
			value,
		]),
	);
}

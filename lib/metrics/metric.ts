import { checkTensor } from "../arguments.ts";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import type { Storable } from "../io/storable.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What a metric has counted. */
export type MetricState = { [field: string]: Storable };

/**
 * What is measured over many batches: `update` with each, `compute` at any time, `reset` to begin anew. Nothing is kept of a batch but
 * what the result needs: counts, or for curves scores and targets.
 *
 * ```ts
 * const accuracy = new metrics.Accuracy();
 * for (const [x, y] of loader) accuracy.update(model(x), y);
 * accuracy.compute(); // 0.93
 * ```
 */
export abstract class Metric<
	Inputs extends unknown[] = [preds: Tensor, target: Tensor],
	Result = number,
> {
	/** Takes a batch in. Gradients do not matter, and any device will do. */
	abstract update(...inputs: Inputs): void;

	/**
	 * The result of all batches since the beginning, or the last `reset`.
	 *
	 * @throws TorchError `ERR_NO_DATA` before the first sample, or where the data leave the result undefined
	 */
	abstract compute(): Result;

	/** Forgets all batches. */
	abstract reset(): void;

	/**
	 * What is counted so far, for `io.save`: the fields of the metric, but for those that are `#private`, which are its options. Tensors are not
	 * copied.
	 */
	stateDict(): MetricState {
		return Object.fromEntries(Object.entries(this)) as MetricState;
	}

	/** Goes on from what `stateDict` gave. */
	loadStateDict(state: MetricState): void {
		for (const name of Object.keys(this))
			if (Object.hasOwn(state, name))
				(this as Record<string, unknown>)[name] = state[name];
	}

	/** The name that errors bear. */
	protected get op(): string {
		return this.constructor.name;
	}
}

/** The data do not suffice for a result. */
export function noData(op: string, message: string): TorchError {
	return new TorchError(`${op}: ${message}`, { code: "ERR_NO_DATA" });
}

export function nothingYet(op: string): TorchError {
	return noData(op, "there are no samples yet: update() first");
}

/** A detached tensor on the CPU without NaN. */
export function values(op: string, name: string, x: Tensor): Tensor {
	checkTensor(op, name, x);
	const here = x.detach().to("cpu");
	if (here.isFloatingPoint() && here.isnan().any().item())
		throw check.invalidValue(op, name, "there is a NaN in it");
	return here;
}

/** Whole numbers: classes, or groups. */
export function labels(op: string, name: string, x: Tensor): Tensor {
	const here = values(op, name, x);
	if (here.isFloatingPoint() || here.isComplex())
		throw check.invalidType(op, name, "integers or booleans", x.dtype);
	return here.to("int64");
}

/** Floating point numbers in double precision. */
export function reals(op: string, name: string, x: Tensor): Tensor {
	return values(op, name, x).to("float64");
}

export function sameShape(
	op: string,
	[nameA, a]: readonly [string, Tensor],
	[nameB, b]: readonly [string, Tensor],
): void {
	if (a.shape.join() !== b.shape.join())
		throw check.invalidValue(
			op,
			nameB,
			`expected the shape of ${nameA} [${a.shape.join(", ")}], got [${b.shape.join(", ")}]`,
		);
}

import * as check from "../check.ts";
import { $nonzero, $nonzeroNumpy } from "../generated/operators.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Out } from "./out.ts";

export interface NonzeroOptions extends Out {
	/** A list with a tensor of coordinates for each dimension, which `x.index(...)` takes. Default: false. */
	asTuple?: boolean | undefined;
}

/**
 * Where the elements are that are not zero: a row of coordinates for each, [n, dimensions].
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nonzero.html
 *
 * @example
 * const x = torch.tensor([[1, 0], [0, 2]]);
 * torch.nonzero(x); // [[0, 0], [1, 1]]
 * x.index(...torch.nonzero(x, { asTuple: true })); // [1, 2]
 */
export function nonzero(
	input: Tensor,
	options: NonzeroOptions & { asTuple: true },
): Tensor[];
export function nonzero(
	input: Tensor,
	options?: NonzeroOptions & { asTuple?: false | undefined },
): Tensor;
export function nonzero(
	input: Tensor,
	options: NonzeroOptions = {},
): Tensor | Tensor[] {
	check.options("nonzero", options, ["asTuple", "out"]);
	const { asTuple = false, out } = options;
	check.boolean("nonzero", "asTuple", asTuple);
	return asTuple
		? ($nonzeroNumpy.call3(input, undefined, undefined) as Tensor[])
		: ($nonzero.callNamed([input], { out }) as Tensor);
}

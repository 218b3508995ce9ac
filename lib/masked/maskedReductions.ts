/** Of a MaskedTensor: reductions of what is there. A result is there where any element was. */
import { type Optional, optional } from "../arguments.ts";
import * as check from "../check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DType } from "../types.ts";
import type { MaskedTensor } from "./maskedTensor.ts";
import { MaskedViews } from "./maskedViews.ts";
import { partsOf, wrap } from "./parts.ts";
import * as reductions from "./reductions.ts";

interface ReductionOptions {
	dim: number | readonly number[] | null;
	keepdim: boolean;
	dtype: DType | null;
}
type Reduction = Optional<ReductionOptions, ["dim", "keepdim", "dtype"]>;
type ArgReduction = Optional<
	{ dim: number | null; keepdim: boolean },
	["dim", "keepdim"]
>;
type Reduce = (
	input: Tensor,
	options: { mask: Tensor } & Record<string, unknown>,
) => Tensor;

const usual = {
	dim: null,
	keepdim: false,
	dtype: null,
} satisfies ReductionOptions;
const places = { dim: null, keepdim: false };

/** Where any element is there, along dimensions. */
function anyOf(
	mask: Tensor,
	dim: number | readonly number[] | null,
	keepdim: boolean,
): Tensor {
	if (dim === null) return mask.any();
	const dims = typeof dim === "number" ? [dim] : dim;
	const count = Math.max(mask.ndim, 1);
	return dims
		.map((each) => (each < 0 ? each + count : each))
		.sort((a, b) => b - a)
		.reduce((left, each) => left.any(each, keepdim), mask);
}

function reduced(
	x: MaskedViews,
	op: string,
	reduce: Reduce,
	given: readonly unknown[],
	defaults: object,
): MaskedTensor {
	const { dim, ...others } = optional(op, defaults, given) as {
		dim: number | readonly number[] | null;
		keepdim: boolean;
	};
	const { data, mask } = partsOf(x);
	if (!x.isSparse)
		return wrap(
			reduce(data, { dim, ...others, mask }),
			anyOf(mask, dim, others.keepdim),
		);
	if (dim !== null || op.startsWith("arg"))
		throw check.invalidValue(
			op,
			"dim",
			`a masked tensor that is ${x.layout} has only the reductions to one number; toDense() first`,
		);
	const counts = mask.values();
	return wrap(reduce(data.values(), { mask: counts }), counts.any());
}

export abstract class MaskedReductions extends MaskedViews {
	sum(...rest: Reduction): MaskedTensor {
		return reduced(this, "sum", reductions.sum as Reduce, rest, usual);
	}

	prod(...rest: Reduction): MaskedTensor {
		return reduced(this, "prod", reductions.prod as Reduce, rest, usual);
	}

	mean(...rest: Reduction): MaskedTensor {
		return reduced(this, "mean", reductions.mean as Reduce, rest, usual);
	}

	amax(...rest: Reduction): MaskedTensor {
		return reduced(this, "amax", reductions.amax as Reduce, rest, usual);
	}

	amin(...rest: Reduction): MaskedTensor {
		return reduced(this, "amin", reductions.amin as Reduce, rest, usual);
	}

	argmax(...rest: ArgReduction): MaskedTensor {
		return reduced(this, "argmax", reductions.argmax as Reduce, rest, places);
	}

	argmin(...rest: ArgReduction): MaskedTensor {
		return reduced(this, "argmin", reductions.argmin as Reduce, rest, places);
	}

	/** The square root of the sum of squares. */
	norm(...rest: Reduction): MaskedTensor {
		const reduce: Reduce = (x, options) => reductions.norm(x, 2, options);
		return reduced(this, "norm", reduce, rest, usual);
	}

	var(...rest: Reduction): MaskedTensor {
		return reduced(this, "var", reductions.var as Reduce, rest, usual);
	}

	std(...rest: Reduction): MaskedTensor {
		return reduced(this, "std", reductions.std as Reduce, rest, usual);
	}

	/** Whether all that are there are true. */
	all(...rest: ArgReduction): MaskedTensor {
		const reduce: Reduce = (x, { dim = null, keepdim = false, mask }) => {
			const filled = x.maskedFill(mask.logicalNot(), true);
			return dim === null
				? filled.all()
				: filled.all(dim as number, keepdim as boolean);
		};
		return reduced(this, "all", reduce, rest, places);
	}
}

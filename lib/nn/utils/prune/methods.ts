import * as check from "../../../check.ts";
import {
	kthvalue,
	rand,
	randLike,
	topk,
	zerosLike,
} from "../../../generated/functions.ts";
import { vectorNorm } from "../../../generated/linalg.ts";
import type { Tensor } from "../../../tensor/tensor.ts";

/** What a method looks at: single elements, whole slices along a dimension, or all at once. */
export type PruningType = "unstructured" | "structured" | "global";

/** Says which elements of a tensor stay. Subclasses may be given to `prune`, `globalUnstructured` and `apply`. */
export abstract class BasePruningMethod {
	abstract readonly pruningType: PruningType;

	/**
	 * @param scores how important each element is: the tensor itself, unless others are given
	 * @param defaultMask what stays so far: 1 or 0 for each element
	 * @returns the same, with fewer ones
	 */
	abstract computeMask(scores: Tensor, defaultMask: Tensor): Tensor;
}

/** Prunes nothing: for a mask of ones that others change. */
export class Identity extends BasePruningMethod {
	readonly pruningType = "unstructured";

	computeMask(_scores: Tensor, defaultMask: Tensor): Tensor {
		return defaultMask;
	}
}

/** A whole number is a count, another one from 0 to 1 a share. */
function checkAmount(op: string, amount: number): number {
	check.number(op, "amount", amount);
	if (amount < 0 || (!Number.isInteger(amount) && amount > 1))
		throw check.invalidValue(
			op,
			"amount",
			`amount=${amount} should either be a share from 0 to 1 or a non-negative integer`,
		);
	return amount;
}

/** How many of `size` an amount is. Halves go to the even neighbour, as in Python. */
function countOf(op: string, amount: number, size: number): number {
	if (!Number.isInteger(amount)) {
		const exact = amount * size;
		const below = Math.floor(exact);
		if (exact - below === 0.5) return below % 2 === 0 ? below : below + 1;
		return Math.round(exact);
	}
	if (amount > size)
		throw check.invalidValue(
			op,
			"amount",
			`amount=${amount} should be smaller than the number of parameters to prune=${size}`,
		);
	return amount;
}

/** The mask without the elements at some places of its flattened form. */
function without(mask: Tensor, places: Tensor): Tensor {
	const result = mask.clone({ memoryFormat: "contiguous_format" });
	result.view([-1]).indexFill_(0, places, 0);
	return result;
}

/** Prunes elements at random. */
export class RandomUnstructured extends BasePruningMethod {
	readonly pruningType = "unstructured";
	readonly amount: number;

	/** @param amount how many elements: a count, or a share below 1 */
	constructor(amount: number) {
		super();
		this.amount = checkAmount(new.target.name, amount);
	}

	computeMask(scores: Tensor, defaultMask: Tensor): Tensor {
		const count = countOf(this.constructor.name, this.amount, scores.numel());
		if (count === 0) return defaultMask.clone();
		const draws = randLike(scores).reshape(-1);
		const [, places] = topk(draws, count);
		return without(defaultMask, places);
	}
}

/** Prunes the elements of the least size. */
export class L1Unstructured extends BasePruningMethod {
	readonly pruningType = "unstructured";
	readonly amount: number;

	/** @param amount how many elements: a count, or a share below 1 */
	constructor(amount: number) {
		super();
		this.amount = checkAmount(new.target.name, amount);
	}

	computeMask(scores: Tensor, defaultMask: Tensor): Tensor {
		const count = countOf(this.constructor.name, this.amount, scores.numel());
		if (count === 0) return defaultMask.clone();
		const [, places] = topk(scores.abs().reshape(-1), count, -1, false);
		return without(defaultMask, places);
	}
}

/** Prunes whole slices. */
export abstract class Structured extends BasePruningMethod {
	readonly pruningType = "structured";
	readonly amount: number;
	readonly dim: number;

	/**
	 * @param amount how many slices: a count, or a share below 1
	 * @param dim the dimension along which they lie. Default: -1
	 */
	constructor(amount: number, dim = -1) {
		super();
		this.amount = checkAmount(new.target.name, amount);
		this.dim = check.integer(new.target.name, "dim", dim);
	}

	/** The indices along `dim` that stay, given how many go. */
	protected abstract kept(scores: Tensor, count: number): Tensor;

	computeMask(scores: Tensor, defaultMask: Tensor): Tensor {
		const op = this.constructor.name;
		const dims = scores.dim();
		if (dims <= 1)
			throw check.invalidValue(
				op,
				"name",
				`Structured pruning can only be applied to multidimensional tensors. Found tensor of shape [${scores.shape.join(", ")}] with ${dims} dims`,
			);
		check.integer(op, "dim", this.dim, { min: -dims, max: dims - 1 });
		const count = countOf(op, this.amount, scores.size(this.dim));
		if (count === 0) return defaultMask;
		const mask = zerosLike(scores).indexFill_(
			this.dim,
			this.kept(scores, count),
			1,
		);
		return mask.mul_(defaultMask.to({ dtype: mask.dtype }));
	}
}

/** Prunes slices at random. */
export class RandomStructured extends Structured {
	protected override kept(scores: Tensor, count: number): Tensor {
		const draws = rand([scores.size(this.dim)]);
		const [threshold] = kthvalue(draws, count);
		return draws
			.gt(threshold)
			.nonzero()
			.flatten()
			.to({ device: scores.device });
	}
}

/** Prunes the slices of the least norm. */
export class LnStructured extends Structured {
	/** The order of the norm. */
	readonly n: number;

	constructor(amount: number, n: number, dim = -1) {
		super(amount, dim);
		this.n = check.number(new.target.name, "n", n);
	}

	protected override kept(scores: Tensor, count: number): Tensor {
		const own = this.dim < 0 ? this.dim + scores.dim() : this.dim;
		const others = scores.shape.map((_, d) => d).filter((d) => d !== own);
		const norms = vectorNorm(scores, this.n, others);
		return topk(norms, scores.size(this.dim) - count)[1];
	}
}

/** Prunes what a mask leaves out. */
export class CustomFromMask extends BasePruningMethod {
	readonly pruningType = "global";
	readonly mask: Tensor;

	constructor(mask: Tensor) {
		super();
		this.mask = mask;
	}

	computeMask(_scores: Tensor, defaultMask: Tensor): Tensor {
		const { mask } = this;
		if (mask.shape.join() !== defaultMask.shape.join())
			throw check.invalidValue(
				"customFromMask",
				"mask",
				`expected shape [${defaultMask.shape.join(", ")}], got [${mask.shape.join(", ")}]`,
			);
		return defaultMask.mul(mask.to({ dtype: defaultMask.dtype }));
	}
}

/** The mask after one more method: it sees only what is left, so that its amount is of that. */
export function combined(
	method: BasePruningMethod,
	scores: Tensor,
	mask: Tensor,
): Tensor {
	const result = mask.to({ dtype: scores.dtype, copy: true });
	if (method.pruningType === "global")
		return result.copy_(method.computeMask(scores, mask));
	if (method.pruningType === "unstructured") {
		const left = mask.eq(1);
		const part = method.computeMask(
			scores.maskedSelect(left),
			mask.maskedSelect(left),
		);
		return result.maskedScatter_(left, part.to({ dtype: result.dtype }));
	}
	const { dim } = method as Structured;
	const dims = scores.dim();
	const own = dim < 0 ? dim + dims : dim;
	const others = scores.shape.map((_, d) => d).filter((d) => d !== own);
	const left = mask.sum(others).ne(0).nonzero().flatten();
	const part = method.computeMask(
		scores.indexSelect(own, left),
		mask.indexSelect(own, left),
	);
	return result.indexCopy(own, left, part.to({ dtype: result.dtype }));
}

/** torch.autograd.forward_ad: derivatives in one direction, computed along with the values. */
import { native } from "../binding.ts";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { isTensor } from "../handle.ts";
import { privateOperator } from "../operator.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { within } from "../tensor/within.ts";

const _makeDual = privateOperator("_make_dual");
const _unpackDual = privateOperator("_unpack_dual");

/** The level that was entered last, or -1. */
let current = -1;

/** Levels are the whole process's: LibTorch has one at a time, in whichever thread. */
function enterLevel(): () => void {
	const before = current;
	current = native.dualLevel();
	const own = current;
	let isOpen = true;
	return () => {
		if (!isOpen) return;
		isOpen = false;
		native.exitDualLevel(own);
		current = before;
	};
}

/**
 * Forward-mode AD: while `fn` runs, or until the end of the block, tensors can be given tangents with `makeDual`, and every operator
 * computes those of its results. At the end all tangents are gone. Levels cannot be nested.
 *
 * @returns what `fn` returns; without `fn` a Disposable, for `using`
 * @see https://docs.pytorch.org/docs/stable/autograd.html#forward-mode-automatic-differentiation
 *
 * @example
 * const { forwardAd } = torch.autograd;
 * forwardAd.dualLevel(() => {
 *   const x = forwardAd.makeDual(torch.tensor([2.5]), torch.tensor([1.5]));
 *   forwardAd.unpackDual(x.pow(2)).tangent; // tensor([7.5000])
 * });
 */
export function dualLevel(): Disposable;
export function dualLevel<T>(fn: () => T): T;
export function dualLevel<T>(fn?: () => T): T | Disposable {
	return within("dualLevel", enterLevel, fn);
}

function levelOf(op: string, level: number | undefined): number {
	const found = level ?? current;
	check.integer(op, "level", found);
	if (found >= 0) return found;
	throw new TorchError(
		op === "makeDual"
			? "there is no level of forward-mode AD: call it within dualLevel"
			: "no such level of forward-mode AD",
		{ code: "ERR_INVALID_STATE", op },
	);
}

export interface LevelOptions {
	/** Default: the one entered last. */
	level?: number;
}

/**
 * `tensor` with a tangent: a view of it whose derivative is followed in that direction.
 *
 * @param tangent of the tensor's shape and dtype
 * @throws TorchError outside of `dualLevel`, or where the tensor is not floating point or complex, or the tangent does not fit
 */
export function makeDual(
	tensor: Tensor,
	tangent: Tensor,
	options: LevelOptions = {},
): Tensor {
	const op = "makeDual";
	check.options(op, options, ["level"]);
	const level = levelOf(op, options.level);
	for (const [name, value] of Object.entries({ tensor, tangent })) {
		if (!isTensor(value)) throw check.invalidType(op, name, "Tensor", value);
		if (!value.isFloatingPoint() && !value.isComplex())
			throw check.invalidValue(
				op,
				name,
				`expected a floating point or complex dtype, got ${value.dtype}`,
			);
	}
	return _makeDual(tensor, tangent, level) as Tensor;
}

export interface Unpacked {
	primal: Tensor;
	/** Null where the tensor has none at this level. */
	tangent: Tensor | null;
}

/** The value and the tangent of a dual tensor; both are views that autograd goes through. */
export function unpackDual(
	tensor: Tensor,
	options: LevelOptions = {},
): Unpacked {
	const op = "unpackDual";
	check.options(op, options, ["level"]);
	if (!isTensor(tensor))
		throw check.invalidType(op, "tensor", "Tensor", tensor);
	const level = options.level ?? current;
	if (level < 0) return { primal: tensor, tangent: null };
	const [primal, tangent] = _unpackDual(tensor, level) as [
		Tensor,
		Tensor | null,
	];
	return { primal, tangent };
}

/** Enters a level, or stays in the one that there is: jvps within each other share it. */
export function sharedLevel<T>(fn: () => T): T {
	return current >= 0 ? fn() : dualLevel(fn);
}

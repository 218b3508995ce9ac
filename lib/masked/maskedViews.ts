/** Of a MaskedTensor: views and parts, which are those of data and mask alike, and several made one. */
import { checkTensor } from "../arguments.ts";
import * as check from "../check.ts";
import { cat, stack, where } from "../generated/functions.ts";
import type { Index } from "../tensor/indexing.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Int } from "../types.ts";
import { both, MaskedBase } from "./maskedBase.ts";
import type { MaskedTensor } from "./maskedTensor.ts";
import {
	isMaskedTensor,
	type Parts,
	partsOf,
	refuseSparse,
	wrap,
} from "./parts.ts";

function lists(
	x: MaskedBase,
	op: string,
	fn: (x: Tensor) => Tensor[],
): MaskedTensor[] {
	const { data, mask } = partsOf(x);
	if (x.isSparse) throw refuseSparse(op);
	const masks = fn(mask);
	return fn(data).map((each, i) => wrap(each, masks[i] as Tensor));
}

function joined(
	op: string,
	tensors: readonly MaskedTensor[],
	join: (list: Tensor[]) => Tensor,
): MaskedTensor {
	check.array(op, "tensors", tensors);
	for (const [i, each] of tensors.entries())
		if (!isMaskedTensor(each))
			throw check.invalidType(op, `tensors[${i}]`, "MaskedTensor", each);
	const dense = tensors.map((each) => each.toDense());
	return wrap(
		join(dense.map((each) => each.getData())),
		join(dense.map((each) => each.getMask())),
	);
}

export abstract class MaskedViews extends MaskedBase {
	/** As `Tensor.index`; indices are numbers, slices, "...", null, and plain tensors. */
	index(...indices: Index[]): MaskedTensor {
		return both(this, "index", (x) => x.index(...indices));
	}

	select(dim: number, index: number): MaskedTensor {
		return both(this, "select", (x) => x.select(dim, index));
	}

	narrow(dim: number, start: number, length: number): MaskedTensor {
		return both(this, "narrow", (x) => x.narrow(dim, start, length));
	}

	transpose(dim0: number, dim1: number): MaskedTensor {
		return both(this, "transpose", (x) => x.transpose(dim0, dim1));
	}

	permute(...dims: number[]): MaskedTensor {
		return both(this, "permute", (x) => x.permute(dims));
	}

	t(): MaskedTensor {
		return both(this, "t", (x) => x.t());
	}

	unsqueeze(dim: number): MaskedTensor {
		return both(this, "unsqueeze", (x) => x.unsqueeze(dim));
	}

	squeeze(dim?: number): MaskedTensor {
		return both(this, "squeeze", (x) =>
			dim === undefined ? x.squeeze() : x.squeeze(dim),
		);
	}

	expand(...size: Int[] | [readonly Int[]]): MaskedTensor {
		return both(this, "expand", (x) => x.expand(size.flat() as Int[]));
	}

	view(...size: Int[] | [readonly Int[]]): MaskedTensor {
		return both(this, "view", (x) => x.view(size.flat() as Int[]));
	}

	reshape(...size: Int[] | [readonly Int[]]): MaskedTensor {
		return both(this, "reshape", (x) => x.reshape(size.flat() as Int[]));
	}

	flatten(startDim = 0, endDim = -1): MaskedTensor {
		return both(this, "flatten", (x) => x.flatten(startDim, endDim));
	}

	unfold(dimension: number, size: number, step: number): MaskedTensor {
		return both(this, "unfold", (x) => x.unfold(dimension, size, step));
	}

	split(splitSize: number | readonly number[], dim = 0): MaskedTensor[] {
		return lists(this, "split", (x) => x.split(splitSize as number, dim));
	}

	unbind(dim = 0): MaskedTensor[] {
		return lists(this, "unbind", (x) => x.unbind(dim));
	}

	/** Masked tensors one after the other along a dimension. */
	static cat(tensors: readonly MaskedTensor[], dim = 0): MaskedTensor {
		return joined("cat", tensors, (list) => cat(list, dim));
	}

	/** Masked tensors of one shape along a new dimension. */
	static stack(tensors: readonly MaskedTensor[], dim = 0): MaskedTensor {
		return joined("stack", tensors, (list) => stack(list, dim));
	}

	/** Elements of `input` where `condition`, else of `other`; so are their masks. Of a plain tensor all elements are there. */
	static where(
		condition: Tensor,
		input: MaskedTensor | Tensor,
		other: MaskedTensor | Tensor,
	): MaskedTensor {
		const op = "where";
		checkTensor(op, "condition", condition);
		const [a, b] = [input, other].map((each, i) => {
			if (isMaskedTensor(each)) return partsOf(each.toDense());
			checkTensor(op, i === 0 ? "input" : "other", each);
			return { data: each, mask: each.newOnes(each.shape, { dtype: "bool" }) };
		}) as [Parts, Parts];
		return wrap(
			where(condition, a.data, b.data),
			where(condition, a.mask, b.mask),
		);
	}
}

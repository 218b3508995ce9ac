import { type Optional, optional } from "../arguments.ts";
import * as check from "../check.ts";
import { TensorMethods } from "../generated/methods.ts";
import {
	$matrix_H,
	$mH,
	$mT,
	$numpy_T,
	$polygamma,
	$where,
} from "../generated/operators.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DType, Scalar } from "../types.ts";
import { type LuOptions, lu } from "./lowRank.ts";
import { nonzero } from "./nonzero.ts";
import { type NormOptions, normOf } from "./norm.ts";
import { typeName } from "./typeName.ts";
import {
	type Unique,
	type UniqueConsecutiveOptions,
	type UniqueOptions,
	unique,
	uniqueConsecutive,
} from "./unique.ts";

const isOn = (tensor: object, kind: string): boolean =>
	(tensor as Tensor).device.startsWith(kind);

/** The methods and attributes of Tensor that PyTorch writes in Python. */
export abstract class ComposedMethods extends TensorMethods {
	/** The dimensions in reverse order; of a matrix the transposed one. */
	get T(): Tensor {
		return $numpy_T.call3(this, undefined, undefined) as Tensor;
	}

	/** The conjugate of the transposed matrix. @throws TorchError unless it has two dimensions or none */
	get H(): Tensor {
		return $matrix_H.call3(this, undefined, undefined) as Tensor;
	}

	/** Each matrix transposed: the last two dimensions exchanged. */
	get mT(): Tensor {
		return $mT.call3(this, undefined, undefined) as Tensor;
	}

	/** Each matrix transposed and conjugated. */
	get mH(): Tensor {
		return $mH.call3(this, undefined, undefined) as Tensor;
	}

	/** The distinct elements, or slices along `dim`: see `torch.unique`. */
	unique<const O extends UniqueOptions = object>(
		this: Tensor,
		options?: O,
	): Unique<O>;
	unique(
		this: Tensor,
		sorted: boolean,
		returnInverse?: boolean,
		returnCounts?: boolean,
		dim?: number | null,
	): Tensor | Tensor[];
	unique(this: Tensor, ...rest: unknown[]): never {
		return unique(this, ...(rest as [])) as never;
	}

	/** The elements, or slices along `dim`, without those that equal the one before: see `torch.uniqueConsecutive`. */
	uniqueConsecutive<const O extends UniqueConsecutiveOptions = object>(
		this: Tensor,
		options?: O,
	): Unique<O>;
	uniqueConsecutive(
		this: Tensor,
		returnInverse: boolean,
		returnCounts?: boolean,
		dim?: number | null,
	): Tensor | Tensor[];
	uniqueConsecutive(this: Tensor, ...rest: unknown[]): never {
		return uniqueConsecutive(this, ...(rest as [])) as never;
	}

	/** Where the elements are that are not zero: see `torch.nonzero`. */
	nonzero(this: Tensor, options: { asTuple: true }): Tensor[];
	nonzero(this: Tensor, options?: { asTuple?: false | undefined }): Tensor;
	nonzero(this: Tensor, options: { asTuple?: boolean } = {}): never {
		return nonzero(this, options as { asTuple: true }) as never;
	}

	/** A norm of all elements, or along dimensions: see `torch.norm`. */
	norm(
		this: Tensor,
		...rest: Optional<NormOptions, ["p", "dim", "keepdim", "dtype"]>
	): Tensor {
		const defaults: NormOptions = {
			p: "fro",
			dim: null,
			keepdim: false,
			dtype: null,
		};
		return normOf("norm", this, optional("norm", defaults, rest));
	}

	/** The LU factorisation: see `torch.lu`. */
	lu(
		this: Tensor,
		...rest: Optional<LuOptions, ["pivot", "getInfos"]>
	): Tensor[] {
		return lu(this, ...rest);
	}

	/** This tensor's elements where the condition holds, those of `other` elsewhere. */
	where(condition: Tensor, other: Tensor | Scalar): Tensor {
		return $where.call3(condition, this, other) as Tensor;
	}

	/** The n-th derivative of the digamma function. */
	polygamma(n: number): Tensor {
		return $polygamma.call3(n, this, undefined) as Tensor;
	}

	/** The name of its type: "torch.FloatTensor". With a dtype: this tensor converted to it. */
	type(this: Tensor): string;
	type(this: Tensor, dtype: DType): Tensor;
	type(this: Tensor, dtype?: DType): string | Tensor {
		return dtype === undefined ? typeName(this) : this.to({ dtype });
	}

	/** The number of elements; the same as `numel`. */
	nelement(this: Tensor): number {
		return this.numel();
	}

	/** The number of dimensions; the same as `dim`. */
	ndimension(this: Tensor): number {
		return this.dim();
	}

	/** Of the values that are kept: bytes in all. */
	get nbytes(): number {
		const tensor = this as unknown as Tensor;
		return tensor.numel() * tensor.elementSize();
	}

	/** Bytes of one element. */
	get itemsize(): number {
		return (this as unknown as Tensor).elementSize();
	}

	/** Whether it is in the CPU's memory. */
	get isCpu(): boolean {
		return isOn(this, "cpu");
	}

	/** Whether it has a shape and a dtype, but no values. */
	get isMeta(): boolean {
		return isOn(this, "meta");
	}

	/** Whether it is on a GPU of Intel's. */
	get isXpu(): boolean {
		return isOn(this, "xpu");
	}

	/** Whether it is on a GPU of Apple's. */
	get isMps(): boolean {
		return isOn(this, "mps");
	}

	/** Whether its layout is "sparse_csr". */
	get isSparseCsr(): boolean {
		return (this as unknown as Tensor).layout === "sparse_csr";
	}

	/** Whether its elements are quantized: integers with a scale. */
	get isQuantized(): boolean {
		return /^qu?int/.test((this as unknown as Tensor).dtype);
	}

	/** Whether it is made of parts of different sizes: see `torch.nested`. */
	get isNested(): boolean {
		try {
			return (this as unknown as Tensor).shape === undefined;
		} catch (error) {
			// Only these have no sizes.
			if (/NestedTensorImpl/.test((error as Error).message)) return true;
			throw error;
		}
	}

	/** As a sparse tensor of coordinates and values. */
	toSparseCoo(this: Tensor): Tensor {
		return this.toSparse();
	}

	/** The dimensions in the order of their strides, from the greatest; of equal ones as they stand. */
	dimOrder(this: Tensor): number[] {
		const strides = this.stride();
		return strides
			.map((_, i) => i)
			.sort((a, b) => (strides[b] as number) - (strides[a] as number) || a - b);
	}

	/**
	 * Replaces each element by what `fn` makes of it, one after the other; only on the CPU, and slow.
	 *
	 * @example
	 * torch.tensor([1, 2, 3]).apply_((x) => x * x); // [1, 4, 9]
	 */
	apply_(this: Tensor, fn: (value: number) => number): Tensor {
		return this.mapWith("apply_", [], fn);
	}

	/** Replaces each element a by fn(a, b), where b is the other tensor's, broadcast; only on the CPU, and slow. */
	map_(
		this: Tensor,
		other: Tensor,
		fn: (a: number, b: number) => number,
	): Tensor {
		return this.mapWith("map_", [other], fn);
	}

	/** Replaces each element a by fn(a, b, c), where b and c are the other tensors', broadcast; only on the CPU, and slow. */
	map2_(
		this: Tensor,
		x: Tensor,
		y: Tensor,
		fn: (a: number, b: number, c: number) => number,
	): Tensor {
		return this.mapWith("map2_", [x, y], fn);
	}

	/** @internal */
	mapWith(
		this: Tensor,
		op: string,
		others: readonly Tensor[],
		fn: (...values: number[]) => number,
	): Tensor {
		check.callable(op, "fn", fn);
		if (this.requiresGrad)
			throw check.invalidValue(
				op,
				"input",
				"a tensor that requires gradients cannot be changed by a function that autograd does not see",
			);
		if (this.device !== "cpu")
			throw check.invalidValue(op, "input", "only tensors on the CPU");
		const [own = [], ...rest] = [
			this,
			...others.map((t) => t.expandAs(this)),
		].map((t) => t.to("float64").toTypedArray() as Float64Array);
		const values = Float64Array.from(own, (value, i) =>
			fn(value, ...rest.map((each) => each[i] as number)),
		);
		return this.copy_(this.newTensor(values).view(this.shape));
	}
}

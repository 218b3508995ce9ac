import { inspect } from "node:util";
import { native } from "../binding.ts";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { TensorMethods } from "../generated/methods.ts";
import { isTensor as isHandle, registerTensor, slotOf } from "../handle.ts";
import { privateOperator } from "../operator.ts";
import type { Device, DType, Layout, MemoryFormat, Scalar } from "../types.ts";
import {
	type Element,
	type Nested,
	toArray,
	tolist,
	toTypedArray,
} from "./creation.ts";
import { getIndex, type Index, setIndex } from "./indexing.ts";
import { formatTensor } from "./printing.ts";
import type { TypedArray } from "./typedArray.ts";

export interface ToOptions {
	dtype?: DType | undefined;
	device?: Device | (string & {}) | undefined;
	/** Do not wait for a copy between pinned memory and a GPU. Default: false. */
	nonBlocking?: boolean;
	/** Copy even where nothing changes. Default: false. */
	copy?: boolean;
	memoryFormat?: MemoryFormat;
}

export interface BackwardOptions {
	/** dL/dx; needed unless x has one element. */
	gradient?: Tensor | null;
	/** Keep the graph for another backward. Default: the value of `createGraph`. */
	retainGraph?: boolean;
	/** Record the backward itself, for gradients of gradients. Default: false. */
	createGraph?: boolean;
	/** Accumulate into these only; default: into every leaf that the graph reaches. */
	inputs?: readonly Tensor[];
}

/** The Tensor that was given last for a tensor's grad, so that `x.grad === x.grad`. */
const grads = new WeakMap<Tensor, Tensor>();

/** The form of `to` that has all others within it. */
const to = privateOperator("to", "dtype_layout");

const isDevice = (text: string): boolean =>
	/^(cpu|cuda|meta|mps|xpu)(:\d+)?$/.test(text);

/**
 * A multi-dimensional array of elements of one type, on one device.
 *
 * Its memory is freed with the last object that refers to it; `dispose`, `using` and `scope` do so earlier. Methods that are not described
 * here are PyTorch's, in camelCase; each names its schema.
 *
 * @see https://docs.pytorch.org/docs/stable/tensors.html
 * @example
 * const x = torch.tensor([[1, 2], [3, 4]], { dtype: "float32", requiresGrad: true });
 * x.pow(2).sum().backward();
 * console.log(x.grad); // tensor([[2., 4.], [6., 8.]])
 */
export class Tensor extends TensorMethods {
	/** Sizes of all dimensions. */
	get shape(): number[] {
		return native.shape(slotOf(this));
	}

	get dtype(): DType {
		return native.dtype(slotOf(this)) as DType;
	}

	/** "cpu" or "cuda:0". */
	get device(): Device {
		return native.device(slotOf(this)) as Device;
	}

	get layout(): Layout {
		return native.layout(slotOf(this)) as Layout;
	}

	get ndim(): number {
		return native.dim(slotOf(this));
	}

	dim(): number {
		return native.dim(slotOf(this));
	}

	/** The number of elements. */
	numel(): number {
		return native.numel(slotOf(this));
	}

	/** Bytes of one element. */
	elementSize(): number {
		return native.elementSize(slotOf(this));
	}

	size(): number[];
	size(dim: number): number;
	size(dim?: number): number[] | number {
		return dim === undefined ? this.shape : this.#at("size", this.shape, dim);
	}

	stride(): number[];
	stride(dim: number): number;
	stride(dim?: number): number[] | number {
		const strides = native.strides(slotOf(this));
		return dim === undefined ? strides : this.#at("stride", strides, dim);
	}

	#at(op: string, list: number[], dim: number): number {
		const value = list.at(check.integer(op, "dim", dim));
		if (value !== undefined) return value;
		throw new TorchError(
			`dimension out of range: ${dim} of a tensor with ${list.length} dimensions`,
			{ code: "ERR_OUT_OF_RANGE", op, argument: "dim" },
		);
	}

	storageOffset(): number {
		return native.storageOffset(slotOf(this));
	}

	/** Where the data begins: equal for two tensors that begin at the same memory. */
	dataPtr(): number | bigint {
		return native.dataPointer(slotOf(this));
	}

	isContiguous(options: { memoryFormat?: MemoryFormat } = {}): boolean {
		return native.isContiguous(slotOf(this), options.memoryFormat);
	}

	get isCuda(): boolean {
		return this.device.startsWith("cuda");
	}

	get isSparse(): boolean {
		return this.layout === "sparse_coo";
	}

	// ---- data

	/** The only element. int64 beyond 2^53 is a bigint, complex numbers are { re, im }. @throws TorchError unless there is exactly one. */
	item(): Element {
		return native.item(slotOf(this)) as Element;
	}

	/** The values in nested arrays; a single value for a tensor of no dimensions. */
	tolist(): Nested<Element> {
		return tolist(this);
	}

	/** The values in one array, in order. */
	toArray(): Element[] {
		return toArray(this);
	}

	/** The values in a new typed array of the tensor's own type; float16 and bfloat16 as their bits, complex numbers as pairs. */
	toTypedArray(): TypedArray {
		return toTypedArray(this);
	}

	/** Rows along the first dimension. */
	*[Symbol.iterator](): Generator<Tensor> {
		if (this.ndim === 0)
			throw new TorchError("iteration over a 0-d tensor", {
				code: "ERR_INVALID_ARG_VALUE",
				op: "iterator",
			});
		yield* this.unbind(0);
	}

	/**
	 * Python's x[…]. Numbers, slices, "..." and null give a view, tensors and arrays a copy.
	 *
	 * @example
	 * x.index(0, torch.slice(1, 3)); // x[0, 1:3]
	 * x.index("...", null); // x[..., None]
	 * x.index(x.gt(0)); // x[x > 0]
	 */
	index(...indices: Index[]): Tensor {
		return getIndex(this, indices);
	}

	/**
	 * Python's x[…] = value.
	 *
	 * @example
	 * x.setIndex([0, torch.slice(1, 3)], 5); // x[0, 1:3] = 5
	 */
	setIndex(indices: readonly Index[], value: Tensor | Scalar): this {
		setIndex(this, indices, value);
		return this;
	}

	// ---- device and dtype

	/** This tensor, with another dtype or on another device; itself where nothing changes. Autograd goes through it. */
	to(
		target: DType | Device | (string & {}) | Tensor | ToOptions,
		options: Omit<ToOptions, "device"> = {},
	): Tensor {
		if (typeof target === "string")
			return isDevice(target)
				? this.to({ ...options, device: target })
				: this.to({ ...options, dtype: target as DType });
		if (isHandle(target))
			return this.to({
				...options,
				dtype: (target as Tensor).dtype,
				device: (target as Tensor).device,
			});
		check.options("to", target, [
			"dtype",
			"device",
			"nonBlocking",
			"copy",
			"memoryFormat",
		]);
		const {
			dtype,
			device,
			nonBlocking = false,
			copy = false,
			memoryFormat,
		} = target;
		if (
			!copy &&
			memoryFormat === undefined &&
			(dtype === undefined || dtype === this.dtype) &&
			(device === undefined || device === this.device)
		)
			return this;
		return to(
			this,
			dtype,
			undefined,
			device,
			undefined,
			nonBlocking,
			copy,
			memoryFormat,
		) as Tensor;
	}

	cpu(): Tensor {
		return this.to({ device: "cpu" });
	}

	/** On a GPU; default: the current one. */
	cuda(device: Device | number = "cuda"): Tensor {
		return this.to({
			device: typeof device === "number" ? `cuda:${device}` : device,
		});
	}

	float(): Tensor {
		return this.to({ dtype: "float32" });
	}
	double(): Tensor {
		return this.to({ dtype: "float64" });
	}
	half(): Tensor {
		return this.to({ dtype: "float16" });
	}
	bfloat16(): Tensor {
		return this.to({ dtype: "bfloat16" });
	}
	long(): Tensor {
		return this.to({ dtype: "int64" });
	}
	int(): Tensor {
		return this.to({ dtype: "int32" });
	}
	bool(): Tensor {
		return this.to({ dtype: "bool" });
	}

	// ---- autograd

	get requiresGrad(): boolean {
		return native.requiresGrad(slotOf(this));
	}
	set requiresGrad(value: boolean) {
		native.setRequiresGrad(slotOf(this), value);
	}

	requiresGrad_(requiresGrad = true): this {
		native.setRequiresGrad(slotOf(this), requiresGrad);
		return this;
	}

	/** What `backward` has accumulated, or null. */
	get grad(): Tensor | null {
		const known = grads.get(this);
		const found = native.grad(slotOf(this), known && slotOf(known));
		if (found === true) return known as Tensor;
		if (found === null) grads.delete(this);
		else grads.set(this, found as Tensor);
		return found as Tensor | null;
	}
	set grad(value: Tensor | null) {
		if (value === null || value === undefined) {
			native.setGrad(slotOf(this), null);
			grads.delete(this);
		} else {
			if (!isHandle(value))
				throw check.invalidType("grad", "value", "Tensor or null", value);
			native.setGrad(slotOf(this), slotOf(value));
			grads.set(this, value);
		}
	}

	/** Made by the user, not by an operator that records gradients. */
	get isLeaf(): boolean {
		return native.isLeaf(slotOf(this));
	}

	/** What made this tensor, for gradients: `{ name: "AddBackward0" }`, or null. */
	get gradFn(): { readonly name: string } | null {
		const name = native.gradFn(slotOf(this));
		return name === null ? null : { name };
	}

	/** Whether `retainGrad` was called where this is no leaf. */
	get retainsGrad(): boolean {
		return native.retainsGrad(slotOf(this));
	}

	/** Keep `grad` also where this is no leaf. */
	retainGrad(): void {
		native.retainGrad(slotOf(this));
	}

	/**
	 * Adds the gradients of this tensor to the `grad` of the leaves that it was computed from.
	 *
	 * @throws TorchError where this tensor has more than one element and no `gradient` is given, or the graph is gone
	 * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
	 */
	backward(options: Tensor | BackwardOptions = {}): void {
		const {
			gradient = null,
			createGraph = false,
			retainGraph = createGraph,
			inputs,
		} = isHandle(options)
			? ({ gradient: options as Tensor } as BackwardOptions)
			: options;
		check.options("backward", isHandle(options) ? {} : options, [
			"gradient",
			"retainGraph",
			"createGraph",
			"inputs",
		]);
		native.backward(
			[slotOf(this)],
			gradient && [slotOf(gradient)],
			retainGraph,
			createGraph,
			inputs?.map(slotOf) ?? null,
		);
	}

	/** The same values without their history. Setting it makes this tensor a view of another's values, unseen by autograd. */
	get data(): Tensor {
		return this.detach();
	}
	set data(value: Tensor) {
		if (!isHandle(value))
			throw check.invalidType("data", "value", "Tensor", value);
		native.setData(slotOf(this), slotOf(value));
	}

	/** How often this tensor was changed in place. */
	get version(): number {
		return native.version(slotOf(this));
	}

	/** Made in inference mode. */
	isInference(): boolean {
		return native.isInference(slotOf(this));
	}

	// ---- memory

	/** Lets go of the memory now; what uses this object afterwards throws `ERR_DISPOSED`. Other tensors over the same memory keep it. */
	dispose(): void {
		native.dispose(slotOf(this));
	}

	get isDisposed(): boolean {
		return native.isDisposed(slotOf(this));
	}

	[Symbol.dispose](): void {
		this.dispose();
	}

	// ---- printing

	override toString(): string {
		return this.isDisposed ? "tensor(<disposed>)" : formatTensor(this);
	}

	[inspect.custom](): string {
		return this.toString();
	}

	toJSON(): Nested<Element> {
		return this.tolist();
	}
}

registerTensor(Tensor);

export function isTensor(value: unknown): value is Tensor {
	return isHandle(value);
}

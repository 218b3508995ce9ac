import { inspect } from "node:util";
import { as } from "../arguments.ts";
import { native } from "../binding.ts";
import * as check from "../check.ts";
import { ComposedMethods } from "../composed/methods.ts";
import { TorchError } from "../errors.ts";
import { isTensor as isHandle, registerTensor, slotOf } from "../handle.ts";
import { privateOperator } from "../operator.ts";
import type { RemovableHandle } from "../removable.ts";
import type { Device, DType, Layout, MemoryFormat, Scalar } from "../types.ts";
import {
	type Element,
	type Nested,
	type NestedScalars,
	type TensorOptions,
	tensor,
	toArray,
	tolist,
	toTypedArray,
} from "./creation.ts";
import {
	type AccumulateOptions,
	accumulate,
	slotsOfGradients,
} from "./gradients.ts";
import { type GraphNode, nodeOf } from "./graphNode.ts";
import {
	registerHook,
	registerPostAccumulateGradHook,
	type TensorHook,
} from "./hooks.ts";
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

export interface BackwardOptions extends AccumulateOptions {
	/** dL/dx, of x's shape; needed unless x has one element. Default: null, which stands for 1. */
	gradient?: Tensor | null;
}

/** The Tensor that was given last for a tensor's grad, so that `x.grad === x.grad`. */
const grads = new WeakMap<Tensor, Tensor>();

const dtypes = native.dtypes() as DType[];

/** The form of `to` that has all others within it. */
const to = privateOperator("to", "dtype_layout");

/** What a string that stands for one or the other stands for; undefined for other values than strings. */
export function dtypeOrDevice(
	target: unknown,
): { device: Device } | { dtype: DType } | undefined {
	if (typeof target === "object") return undefined;
	if (dtypes.includes(target as DType)) return { dtype: target as DType };
	if (
		typeof target === "string" &&
		/^(cpu|cuda|meta|mps|xpu)(:\d+)?$/.test(target)
	)
		return { device: target as Device };
	throw check.invalidType(
		"to",
		"target",
		'a dtype such as "float64", a device such as "cuda:0", a Tensor or options',
		target,
	);
}

/** Arguments that stand in this order, the rest by name in a last object; null stands for none. */
function byName(
	op: string,
	order: readonly string[],
	given: readonly unknown[],
): ToOptions {
	const last = given.at(-1);
	const isNamed = typeof last === "object" && last !== null;
	const positional = isNamed ? given.slice(0, -1) : given;
	if (positional.length > order.length)
		throw check.invalidValue(
			op,
			order[0] as string,
			`expected at most ${order.length} arguments after the first: ${order.join(", ")}`,
		);
	const named = positional.map((value, i) => [order[i], value ?? undefined]);
	return { ...Object.fromEntries(named), ...(isNamed ? last : {}) };
}

/** The number for a dimension; a negative one counts from the end. */
function elementAt(op: string, list: number[], dim: number): number {
	const value = list.at(check.integer(op, "dim", dim));
	if (value !== undefined) return value;
	throw new TorchError(
		`dimension out of range: ${dim} of a tensor with ${list.length} dimensions`,
		{ code: "ERR_OUT_OF_RANGE", op, argument: "dim" },
	);
}

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
// It has neither private members nor fields: results are made without its constructor (see lib/handle.ts).
export class Tensor extends ComposedMethods {
	/** Sizes of all dimensions; [] for a tensor of none. */
	get shape(): number[] {
		return native.shape(slotOf(this));
	}

	/** The type of its elements. */
	get dtype(): DType {
		return dtypes[native.dtype(slotOf(this))] as DType;
	}

	/** "cpu" or "cuda:0". */
	get device(): Device {
		return native.device(slotOf(this)) as Device;
	}

	/** How its elements lie: "strided", or one of the sparse layouts. */
	get layout(): Layout {
		return native.layout(slotOf(this)) as Layout;
	}

	/** The number of dimensions. */
	get ndim(): number {
		return native.dim(slotOf(this));
	}

	/** The number of dimensions. */
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

	/** The sizes of all dimensions, or of one; negative ones count from the end. @throws TorchError `ERR_OUT_OF_RANGE` */
	size(): number[];
	size(dim: number): number;
	size(dim?: number): number[] | number {
		return dim === undefined ? this.shape : elementAt("size", this.shape, dim);
	}

	/** How many elements lie between neighbours of each dimension, or of one. @throws TorchError `ERR_OUT_OF_RANGE` */
	stride(): number[];
	stride(dim: number): number;
	stride(dim?: number): number[] | number {
		const strides = native.strides(slotOf(this));
		return dim === undefined ? strides : elementAt("stride", strides, dim);
	}

	/** Where it begins within its memory, in elements. */
	storageOffset(): number {
		return native.storageOffset(slotOf(this));
	}

	/** Where the data begins: equal for two tensors that begin at the same memory. */
	dataPtr(): number | bigint {
		return native.dataPointer(slotOf(this));
	}

	/** Whether its elements lie one after the other, in rows or in the order of `memoryFormat`. */
	isContiguous(options: { memoryFormat?: MemoryFormat } = {}): boolean {
		return native.isContiguous(slotOf(this), options.memoryFormat);
	}

	/** Whether it is on a GPU. */
	get isCuda(): boolean {
		return this.device.startsWith("cuda");
	}

	/** Whether its layout is "sparse_coo". */
	get isSparse(): boolean {
		return this.layout === "sparse_coo";
	}

	// ---- data

	/**
	 * The only element. int64 beyond 2^53 is a bigint, complex numbers are { re, im }.
	 *
	 * @throws TorchError unless there is exactly one
	 * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.item.html
	 *
	 * @example
	 * torch.tensor([1.5, 2.5]).sum().item(); // 4
	 */
	item(): Element {
		return native.item(slotOf(this)) as Element;
	}

	/**
	 * The values in nested arrays; a single value for a tensor of no dimensions. int64 beyond 2^53 are bigints, complex numbers { re, im }.
	 *
	 * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.tolist.html
	 *
	 * @example
	 * torch.tensor([[1, 2], [3, 4]]).tolist(); // [[1, 2], [3, 4]]
	 */
	tolist(): Nested<Element> {
		return tolist(this);
	}

	/** The values in one array, in order. */
	toArray(): Element[] {
		return toArray(this);
	}

	/**
	 * The values in order, in a new typed array of the tensor's own type: int64 in a BigInt64Array, bool as 0 and 1 in a Uint8Array, float16 and
	 * bfloat16 as their bits in a Uint16Array (float8 in a Uint8Array), complex numbers as pairs. `torch.fromBlob` takes it back.
	 *
	 * @param into an array to fill instead, of as many elements, which is returned. It has the values as its own type, so a Float32Array
	 *   takes float16 and bfloat16 as numbers; a Float16Array (from Node 24 on) takes float16 as it is.
	 * @throws TorchError where its length is another
	 *
	 * @example
	 * const values = torch.linspace(0, 1, 5).toTypedArray() as Float32Array;
	 * const frame = new Float32Array(5);
	 * torch.linspace(0, 1, 5).bfloat16().toTypedArray(frame); // the same memory each time
	 */
	toTypedArray(): TypedArray;
	toTypedArray<T extends TypedArray>(into: T): T;
	toTypedArray(into?: TypedArray): TypedArray {
		return toTypedArray(this, into);
	}

	/** Views along the first dimension: rows of a matrix. @throws TorchError for a tensor of no dimensions */
	*[Symbol.iterator](): Generator<Tensor> {
		if (this.ndim === 0)
			throw new TorchError("iteration over a 0-d tensor", {
				code: "ERR_INVALID_ARG_VALUE",
				op: "iterator",
			});
		yield* this.unbind(0);
	}

	/**
	 * Python's x[…]. Numbers, slices, "..." and null give a view; tensors, arrays and booleans a copy.
	 *
	 * @throws TorchError where there are more indices than dimensions, or one is out of range or of no such kind
	 * @see https://docs.pytorch.org/cppdocs/notes/tensor_indexing.html
	 *
	 * @example
	 * const x = torch.arange(24).reshape(2, 3, 4);
	 * x.index(0, torch.slice(1, 3)); // x[0, 1:3]
	 * x.index("...", null); // x[..., None]
	 * x.index(x.gt(0)); // x[x > 0]
	 * x.index([0, 1], torch.slice(), [3, 0]); // x[[0, 1], :, [3, 0]]
	 */
	index(...indices: Index[]): Tensor {
		return getIndex(this, indices);
	}

	/**
	 * Python's x[…] = value. The value is spread over the place, and converted to this dtype; where tensors or arrays choose the place, a
	 * tensor of values must have it.
	 *
	 * @returns this tensor
	 * @throws TorchError where the value's shape does not fit, or as `index` does
	 *
	 * @example
	 * const x = torch.zeros([2, 3]);
	 * x.setIndex([0, torch.slice(1, 3)], 5); // x[0, 1:3] = 5
	 */
	setIndex(indices: readonly Index[], value: Tensor | Scalar): this {
		setIndex(this, indices, value);
		return this;
	}

	// ---- device and dtype

	/**
	 * This tensor, with another dtype or on another device; itself where nothing changes. Autograd goes through it.
	 *
	 * @param target a dtype, a device, a tensor to be like, or options
	 * @throws TorchError `ERR_DEVICE_UNAVAILABLE` where there is no such device
	 * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html
	 *
	 * @example
	 * const x = torch.ones([2]);
	 * x.to("float64");
	 * x.to("cpu", { dtype: "int32", copy: true });
	 */
	to(
		target: DType | Device | (string & {}) | Tensor | ToOptions,
		options?: Omit<ToOptions, "device">,
	): Tensor;
	to(
		device: Device,
		dtype: DType | null,
		nonBlocking?: boolean,
		copy?: boolean,
		options?: Pick<ToOptions, "memoryFormat">,
	): Tensor;
	to(
		target: DType | Tensor,
		nonBlocking: boolean,
		copy?: boolean,
		options?: Pick<ToOptions, "memoryFormat">,
	): Tensor;
	to(target: unknown, ...rest: unknown[]): Tensor {
		const read = isHandle(target)
			? { dtype: (target as Tensor).dtype, device: (target as Tensor).device }
			: dtypeOrDevice(target);
		if (read !== undefined) {
			const order =
				"device" in read && !("dtype" in read)
					? ["dtype", "nonBlocking", "copy"]
					: ["nonBlocking", "copy"];
			return this.to({ ...byName("to", order, rest), ...read });
		}
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
		} = target as ToOptions;
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

	/**
	 * A new tensor with a copy of `data`, of this tensor's dtype and on its device unless others are given.
	 * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.new_tensor.html
	 *
	 * @example
	 * torch.ones([2], { dtype: "int8" }).newTensor([[0, 1], [2, 3]]); // int8
	 */
	newTensor(
		data: NestedScalars | TypedArray | Tensor,
		options: TensorOptions = {},
	): Tensor {
		const { dtype, device } = this;
		return tensor(data, { dtype, device, ...options });
	}

	/** On the CPU; itself where it is there. */
	cpu(): Tensor {
		return this.to({ device: "cpu" });
	}

	/** On a GPU; default: the current one. @throws TorchError `ERR_DEVICE_UNAVAILABLE` where there is none */
	cuda(device: Device | number = "cuda"): Tensor {
		return this.to({
			device: typeof device === "number" ? `cuda:${device}` : device,
		});
	}

	/** As float32. */
	float(): Tensor {
		return this.to({ dtype: "float32" });
	}
	/** As float64. */
	double(): Tensor {
		return this.to({ dtype: "float64" });
	}
	/** As float16. */
	half(): Tensor {
		return this.to({ dtype: "float16" });
	}
	/** As bfloat16. */
	bfloat16(): Tensor {
		return this.to({ dtype: "bfloat16" });
	}
	/** As int64. */
	long(): Tensor {
		return this.to({ dtype: "int64" });
	}
	/** As int32. */
	int(): Tensor {
		return this.to({ dtype: "int32" });
	}
	/** As int16. */
	short(): Tensor {
		return this.to({ dtype: "int16" });
	}
	/** As int8. */
	char(): Tensor {
		return this.to({ dtype: "int8" });
	}
	/** As uint8. */
	byte(): Tensor {
		return this.to({ dtype: "uint8" });
	}
	/** As complex64. */
	cfloat(): Tensor {
		return this.to({ dtype: "complex64" });
	}
	/** As complex128. */
	cdouble(): Tensor {
		return this.to({ dtype: "complex128" });
	}
	/** As bool. */
	bool(): Tensor {
		return this.to({ dtype: "bool" });
	}

	// ---- autograd

	/** Whether operators record what is done with it, for gradients. Can be set on leaves. */
	get requiresGrad(): boolean {
		return native.requiresGrad(slotOf(this));
	}
	set requiresGrad(value: boolean) {
		if (value === false && !this.isLeaf)
			throw check.invalidValue(
				"requiresGrad",
				"value",
				"only leaves can stop to require gradients; x.detach() gives a tensor that does not",
			);
		native.setRequiresGrad(slotOf(this), value);
	}

	/**
	 * Sets `requiresGrad` (default: true), and returns this tensor.
	 *
	 * @throws TorchError where the dtype is neither floating point nor complex, or where this is no leaf and should not require gradients
	 * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.requires_grad_.html
	 */
	requiresGrad_(requiresGrad = true): this {
		check.boolean("requiresGrad_", "requiresGrad", requiresGrad);
		as("requiresGrad_", () => {
			this.requiresGrad = requiresGrad;
		});
		return this;
	}

	/**
	 * What `backward` has accumulated, or null. Setting it replaces that; null frees it.
	 *
	 * @throws TorchError where it is set to a tensor of another shape, dtype or device, or to this tensor itself
	 */
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
			if (value === this)
				throw check.invalidValue(
					"grad",
					"value",
					"a tensor cannot be its own gradient",
				);
			native.setGrad(slotOf(this), slotOf(value));
			grads.set(this, value);
		}
	}

	/** Made by the user, not by an operator that records gradients. */
	get isLeaf(): boolean {
		return native.isLeaf(slotOf(this));
	}

	/** The node of the graph that made this tensor; null for a leaf. The same object as long as somebody holds it. */
	get gradFn(): GraphNode | null {
		return nodeOf(this);
	}

	/**
	 * Calls `hook` with each gradient of this tensor that a backward computes; what it returns, if anything, is the gradient from then on.
	 * Hooks run in the order in which they were registered. A hook must not change the gradient in place. What a hook refers to lives
	 * as long as the graph, so one that refers to this very tensor keeps it until the hook is removed.
	 *
	 * @throws TorchError where this tensor does not require gradients. What the hook throws reaches the caller of `backward`.
	 * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.register_hook.html
	 *
	 * @example
	 * const x = torch.ones([2], { requiresGrad: true });
	 * const handle = x.registerHook((gradient) => gradient.mul(2));
	 * x.sum().backward(); // x.grad is tensor([2., 2.])
	 * handle.remove();
	 */
	registerHook(hook: TensorHook): RemovableHandle {
		return registerHook(this, hook);
	}

	/**
	 * Calls `hook(this)` after each time that a backward has added to this leaf's `grad`: an optimiser's step may be taken there, and the
	 * gradient be freed at once.
	 *
	 * @throws TorchError where this is no leaf, or does not require gradients
	 * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.register_post_accumulate_grad_hook.html
	 *
	 * @example
	 * const w = torch.ones([2], { requiresGrad: true });
	 * w.registerPostAccumulateGradHook((leaf) => {
	 *   torch.noGrad(() => leaf.sub_(leaf.grad ?? 0, { alpha: 0.1 }));
	 *   leaf.grad = null;
	 * });
	 * w.pow(2).sum().backward(); // w is tensor([0.8000, 0.8000])
	 */
	registerPostAccumulateGradHook(
		hook: (leaf: Tensor) => void,
	): RemovableHandle {
		return registerPostAccumulateGradHook(this, hook);
	}

	/** Whether `retainGrad` was called where this is no leaf. */
	get retainsGrad(): boolean {
		return native.retainsGrad(slotOf(this));
	}

	/** Keep `grad` also where this is no leaf. @throws TorchError where this does not require gradients */
	retainGrad(): void {
		native.retainGrad(slotOf(this));
	}

	/**
	 * Adds the gradients of this tensor to the `grad` of the leaves that it was computed from.
	 *
	 * @param options the gradient alone, or options
	 * @throws TorchError where this tensor has more than one element and no `gradient` is given, or the graph is gone
	 * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
	 *
	 * @example
	 * const x = torch.tensor([1.5, 2], { requiresGrad: true });
	 * x.pow(2).sum().backward();
	 * console.log(x.grad); // tensor([3., 4.])
	 */
	backward(options: Tensor | BackwardOptions = {}): void {
		const given: BackwardOptions = isHandle(options)
			? { gradient: options as Tensor }
			: (options as BackwardOptions);
		check.options("backward", given, [
			"gradient",
			"retainGraph",
			"createGraph",
			"inputs",
		]);
		accumulate(
			[slotOf(this)],
			slotsOfGradients("backward", "gradient", given.gradient),
			given,
		);
	}

	/**
	 * The same memory without its history, unseen by autograd: a change in place does not count as one of this tensor (`detach` gives a
	 * tensor whose changes do). Setting it makes this tensor one over another's memory.
	 *
	 * @throws TorchError where it is set to a tensor of another kind: of another layout, or whole numbers where gradients are required
	 */
	get data(): Tensor {
		const bare = this.newEmpty([0]);
		native.setData(slotOf(bare), slotOf(this));
		return bare;
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

	/**
	 * Lets go of the memory now; what uses this object afterwards throws `ERR_DISPOSED`. Other tensors over the same memory, and what
	 * autograd has saved, keep it. Nobody has to: the garbage collector does so, too.
	 *
	 * @example
	 * using x = torch.ones([1000, 1000]); // disposes at the end of the block
	 */
	dispose(): void {
		native.dispose(slotOf(this));
	}

	/** Whether `dispose` was called. */
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

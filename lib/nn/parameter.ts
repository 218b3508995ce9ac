import { native } from "../binding.ts";
import * as check from "../check.ts";
import { empty } from "../generated/factories.ts";
import { fill, slotOf } from "../handle.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Device, DType } from "../types.ts";
import { checkTensor } from "./arguments.ts";

/**
 * A tensor that a module learns: in a field of a `Module` it is among `parameters()`, and autograd records operations on it. It shares
 * the memory of the tensor that it is made of.
 *
 * ```ts
 * readonly scale = new nn.Parameter(torch.ones([16]));
 * ```
 */
export class Parameter extends Tensor {
	/** Tells the type from Tensor's. */
	declare protected readonly kind: "parameter";

	/** `requiresGrad: false` freezes the parameter. Default true. */
	constructor(
		data: Tensor,
		options: { requiresGrad?: boolean | undefined } = {},
	) {
		super();
		checkTensor("Parameter", "data", data);
		check.options("Parameter", options, ["requiresGrad"]);
		const { requiresGrad = true } = options;
		check.boolean("Parameter", "requiresGrad", requiresGrad);
		share(this, data);
		this.requiresGrad = requiresGrad;
	}

	override toString(): string {
		return `Parameter containing:\n${super.toString()}`;
	}
}

/**
 * A tensor that a module keeps but does not learn, such as running statistics: in a field of a `Module` it is among `buffers()`, moves
 * with the module, and is in its state dict unless `persistent` is false. It shares the memory of the tensor that it is made of.
 *
 * ```ts
 * readonly runningMean = new nn.Buffer(torch.zeros([16]));
 * ```
 */
export class Buffer extends Tensor {
	/** Whether state dicts have it. */
	readonly persistent: boolean;

	/** `persistent: false` keeps the buffer out of state dicts. Default true. */
	constructor(
		data: Tensor,
		options: { persistent?: boolean | undefined } = {},
	) {
		super();
		checkTensor("Buffer", "data", data);
		check.options("Buffer", options, ["persistent"]);
		const { persistent = true } = options;
		check.boolean("Buffer", "persistent", persistent);
		share(this, data);
		this.persistent = persistent;
	}
}

const REFUSED =
	"is not there yet: its shape comes with the module's first input";

/** The parameter of a lazy module before its first input. It has a dtype and a device, but no shape. */
export class UninitializedParameter extends Parameter {
	constructor(
		options: { device?: Device | undefined; dtype?: DType | undefined } = {},
	) {
		super(empty([0], options));
	}

	/** Makes it a parameter of this shape, whose values are still to be set. */
	materialize(shape: readonly number[]): void {
		materialize(this, shape, Parameter);
	}

	override get shape(): number[] {
		throw check.invalidValue("UninitializedParameter", "shape", REFUSED);
	}

	override toString(): string {
		return "<UninitializedParameter>";
	}
}

/** The buffer of a lazy module before its first input. It has a dtype and a device, but no shape. */
export class UninitializedBuffer extends Buffer {
	constructor(
		options: { device?: Device | undefined; dtype?: DType | undefined } = {},
	) {
		super(empty([0], options));
	}

	/** Makes it a buffer of this shape, whose values are still to be set. */
	materialize(shape: readonly number[]): void {
		materialize(this, shape, Buffer);
	}

	override get shape(): number[] {
		throw check.invalidValue("UninitializedBuffer", "shape", REFUSED);
	}

	override toString(): string {
		return "<UninitializedBuffer>";
	}
}

export function isUninitialized(
	value: unknown,
): value is UninitializedParameter | UninitializedBuffer {
	return (
		value instanceof UninitializedParameter ||
		value instanceof UninitializedBuffer
	);
}

/** The same object from now on: optimisers and hooks that know it go on working. */
function materialize(
	tensor: Tensor,
	shape: readonly number[],
	{ prototype }: { prototype: Tensor },
): void {
	tensor.data = tensor.data.newEmpty(shape);
	Object.setPrototypeOf(tensor, prototype);
}

/** Makes `tensor` one over the memory of `data`, which may be of another kind, such as on a device instead of "meta"; the object stays. */
export function replaceData(tensor: Tensor, data: Tensor): void {
	const isMeta = ({ device }: Tensor) => device === "meta";
	if (isMeta(tensor) === isMeta(data) && tensor.layout === data.layout) {
		tensor.data = data;
		return;
	}
	const { requiresGrad } = tensor;
	const before = slotOf(tensor);
	share(tensor, data);
	native.dispose(before);
	tensor.requiresGrad = requiresGrad;
}

let detach: number | undefined;

/** Makes `into` a tensor over the memory of `data`, without its history. */
function share(into: Tensor, data: Tensor): void {
	detach ??= native.findOperator("aten::detach", "");
	fill(into, native.call(detach, into, slotOf(data)) as number);
}

import { isGradEnabled } from "../autograd/index.ts";
import { full, maximum } from "../generated/functions.ts";
import { privateOperator } from "../operator.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
	type Hyper,
	hyperValue,
	minusScaled_,
	multiplier,
	oneMinus,
	operand,
	plusScaled,
} from "./hyper.ts";

/**
 * What a formula computes with: one tensor, or the same part of many parameters at once. Both do the same to each element, by the same
 * kernels, so a formula is stated once. Other operands are of the same kind and length. Names are Tensor's; what ends in `_` works in place.
 */
export interface Lanes {
	/** x + factor · other; a number is added as it is. */
	add(other: Lanes | Hyper, factor?: Hyper): Lanes;
	add_(other: Lanes | Hyper, factor?: number): Lanes;
	/** x - factor · other, in place; the factor may want a gradient. */
	sub_(other: Lanes, factor: Hyper): Lanes;
	sub(other: Lanes): Lanes;
	mul(other: Lanes | Hyper): Lanes;
	mul_(other: Lanes | Hyper): Lanes;
	div(other: Lanes | Hyper): Lanes;
	div_(other: Lanes | Hyper): Lanes;
	addcmul(a: Lanes, b: Lanes, value: number): Lanes;
	addcmul_(a: Lanes, b: Lanes, value: number): Lanes;
	addcdiv_(a: Lanes, b: Lanes, value: number): Lanes;
	/** x + weight · (other - x) */
	lerp_(other: Lanes, weight: Hyper): Lanes;
	/** beta · x + (1 - beta) · grad² */
	decaySquare_(grad: Lanes, beta: Hyper): Lanes;
	maximum_(other: Lanes): Lanes;
	clamp_(min: number, max: number): Lanes;
	sqrt(): Lanes;
	sqrt_(): Lanes;
	reciprocal(): Lanes;
	abs(): Lanes;
	neg(): Lanes;
	sign(): Lanes;
	clone(): Lanes;
	/** The same values, without their history. */
	detach(): Lanes;
	copy_(other: Lanes): Lanes;
	/** What has no kernel for many: `change` of each tensor, with that of `other` beside it. */
	each(change: (x: Tensor, other: Tensor) => Tensor, other?: Lanes): Lanes;
	/** A hyperparameter that is a tensor, on the device and in the dtype of these. */
	like(value: Hyper): Hyper;
}

const maximumInto = privateOperator("maximum", "out");

/** One tensor, by operators that autograd records. */
export class One implements Lanes {
	readonly tensor: Tensor;

	constructor(tensor: Tensor) {
		this.tensor = tensor;
	}

	add(other: Lanes | Hyper, factor: Hyper = 1): Lanes {
		const { tensor } = this;
		return new One(
			other instanceof One
				? plusScaled(tensor, other.tensor, factor)
				: tensor.add(operandOf(other)),
		);
	}
	add_(other: Lanes | Hyper, factor = 1): Lanes {
		this.tensor.add_(operandOf(other), { alpha: factor });
		return this;
	}
	sub_(other: Lanes, factor: Hyper): Lanes {
		minusScaled_(this.tensor, operandOf(other), factor);
		return this;
	}
	sub(other: Lanes): Lanes {
		return new One(this.tensor.sub(operandOf(other)));
	}
	mul(other: Lanes | Hyper): Lanes {
		const { tensor } = this;
		return new One(tensor.mul(factorOf(tensor, other)));
	}
	mul_(other: Lanes | Hyper): Lanes {
		const { tensor } = this;
		tensor.mul_(factorOf(tensor, other));
		return this;
	}
	div(other: Lanes | Hyper): Lanes {
		return new One(this.tensor.div(operandOf(other)));
	}
	div_(other: Lanes | Hyper): Lanes {
		this.tensor.div_(operandOf(other));
		return this;
	}
	addcmul(a: Lanes, b: Lanes, value: number): Lanes {
		return new One(this.tensor.addcmul(operandOf(a), operandOf(b), { value }));
	}
	addcmul_(a: Lanes, b: Lanes, value: number): Lanes {
		this.tensor.addcmul_(operandOf(a), operandOf(b), { value });
		return this;
	}
	addcdiv_(a: Lanes, b: Lanes, value: number): Lanes {
		this.tensor.addcdiv_(operandOf(a), operandOf(b), { value });
		return this;
	}
	lerp_(other: Lanes, weight: Hyper): Lanes {
		this.tensor.lerp_(operandOf(other), operand(weight));
		return this;
	}
	decaySquare_(grad: Lanes, beta: Hyper): Lanes {
		const g = operandOf(grad);
		if (typeof beta !== "number" && beta.requiresGrad)
			this.tensor.lerp_(g.square(), operand(oneMinus(beta)));
		else
			this.tensor
				.mul_(factorOf(this.tensor, beta))
				.addcmul_(g, g, { value: hyperValue(oneMinus(beta)) });
		return this;
	}
	maximum_(other: Lanes): Lanes {
		const { tensor } = this;
		// What autograd saves must not be what is overwritten.
		if (isGradEnabled())
			tensor.copy_(maximum(tensor.clone(), operandOf(other)));
		else maximumInto(tensor, operandOf(other), tensor);
		return this;
	}
	clamp_(min: number, max: number): Lanes {
		this.tensor.clamp_(min, max);
		return this;
	}
	sqrt(): Lanes {
		return new One(this.tensor.sqrt());
	}
	sqrt_(): Lanes {
		this.tensor.sqrt_();
		return this;
	}
	reciprocal(): Lanes {
		return new One(this.tensor.reciprocal());
	}
	abs(): Lanes {
		return new One(this.tensor.abs());
	}
	neg(): Lanes {
		return new One(this.tensor.neg());
	}
	sign(): Lanes {
		return new One(this.tensor.sign());
	}
	clone(): Lanes {
		return new One(this.tensor.clone());
	}
	detach(): Lanes {
		return new One(this.tensor.detach());
	}
	copy_(other: Lanes): Lanes {
		this.tensor.copy_(operandOf(other));
		return this;
	}
	each(
		change: (x: Tensor, other: Tensor) => Tensor,
		other: Lanes = this,
	): Lanes {
		return new One(change(this.tensor, operandOf(other)));
	}
	like(value: Hyper): Hyper {
		return typeof value === "number" ? value : value.to(this.tensor);
	}
}

/** For operators that take tensors or numbers at the same place. */
function operandOf(x: Lanes | Hyper): Tensor {
	return x instanceof One ? x.tensor : (x as Tensor);
}

function factorOf(x: Tensor, other: Lanes | Hyper): Tensor {
	return other instanceof One
		? other.tensor
		: operand(multiplier(x, other as Hyper));
}

const foreach = (name: string, overload = "") =>
	privateOperator(`_foreach_${name}`, overload) as (
		...args: unknown[]
	) => Tensor[];
/** The kernels for an operand of each kind. */
const kernelsOf = (name: string) => ({
	list: foreach(name, "List"),
	number: foreach(name, "Scalar"),
	tensor: foreach(name, "Tensor"),
});
const kernels = {
	add: kernelsOf("add"),
	add_: kernelsOf("add_"),
	mul: kernelsOf("mul"),
	mul_: kernelsOf("mul_"),
	div: kernelsOf("div"),
	div_: kernelsOf("div_"),
};

/**
 * A number as kernels for many take it fastest. On the CPU each tensor makes a plain number a tensor of its own; one of the same dtype
 * without dimensions serves all. (Half precision would round it.)
 */
export function shared(tensors: readonly Tensor[], value: Hyper): Hyper {
	const [first] = tensors;
	if (typeof value !== "number" || first?.device !== "cpu") return value;
	const { dtype } = first;
	return /^float(32|64)$/.test(dtype) ? full([], value, { dtype }) : value;
}

const sub = foreach("sub", "List");
const addcmul = foreach("addcmul", "Scalar");
const addcmul_ = foreach("addcmul_", "Scalar");
const addcdiv_ = foreach("addcdiv_", "Scalar");
const lerp_ = foreach("lerp_", "Scalar");
const maximum_ = foreach("maximum_", "List");
const clampMin_ = foreach("clamp_min_", "Scalar");
const clampMax_ = foreach("clamp_max_", "Scalar");
const sqrt = foreach("sqrt");
const sqrt_ = foreach("sqrt_");
const reciprocal = foreach("reciprocal");
const abs = foreach("abs");
const neg = foreach("neg");
const sign = foreach("sign");
const clone = foreach("clone");
const copy_ = foreach("copy_");

/** Tensors of one dtype and device, by `_foreach_` kernels: one call for all of them. Hyperparameters are numbers. */
export class Many implements Lanes {
	readonly tensors: readonly Tensor[];

	constructor(tensors: readonly Tensor[]) {
		this.tensors = tensors;
	}

	#by(name: keyof typeof kernels, other: Lanes | Hyper): Tensor[] {
		const { tensors } = this;
		const { list, number, tensor } = kernels[name];
		if (other instanceof Many) return list(tensors, other.tensors);
		const factor = name.startsWith("mul")
			? multiplier(tensors[0] as Tensor, other as Hyper)
			: (other as Hyper);
		const value = shared(tensors, factor);
		return (typeof value === "number" ? number : tensor)(tensors, value);
	}

	add(other: Lanes | Hyper, factor: Hyper = 1): Lanes {
		return new Many(
			other instanceof Many
				? kernels.add.list(this.tensors, other.tensors, factor)
				: this.#by("add", other),
		);
	}
	add_(other: Lanes | Hyper, factor = 1): Lanes {
		if (other instanceof Many)
			kernels.add_.list(this.tensors, other.tensors, factor);
		else this.#by("add_", other);
		return this;
	}
	sub_(other: Lanes, factor: Hyper): Lanes {
		return this.add_(other, -hyperValue(factor));
	}
	sub(other: Lanes): Lanes {
		return new Many(sub(this.tensors, listOf(other)));
	}
	mul(other: Lanes | Hyper): Lanes {
		return new Many(this.#by("mul", other));
	}
	mul_(other: Lanes | Hyper): Lanes {
		this.#by("mul_", other);
		return this;
	}
	div(other: Lanes | Hyper): Lanes {
		return new Many(this.#by("div", other));
	}
	div_(other: Lanes | Hyper): Lanes {
		this.#by("div_", other);
		return this;
	}
	addcmul(a: Lanes, b: Lanes, value: number): Lanes {
		return new Many(addcmul(this.tensors, listOf(a), listOf(b), value));
	}
	addcmul_(a: Lanes, b: Lanes, value: number): Lanes {
		addcmul_(this.tensors, listOf(a), listOf(b), value);
		return this;
	}
	addcdiv_(a: Lanes, b: Lanes, value: number): Lanes {
		addcdiv_(this.tensors, listOf(a), listOf(b), value);
		return this;
	}
	lerp_(other: Lanes, weight: Hyper): Lanes {
		lerp_(this.tensors, listOf(other), weight);
		return this;
	}
	decaySquare_(grad: Lanes, beta: Hyper): Lanes {
		return this.mul_(beta).addcmul_(grad, grad, 1 - hyperValue(beta));
	}
	maximum_(other: Lanes): Lanes {
		maximum_(this.tensors, listOf(other));
		return this;
	}
	clamp_(min: number, max: number): Lanes {
		clampMin_(this.tensors, min);
		clampMax_(this.tensors, max);
		return this;
	}
	sqrt(): Lanes {
		return new Many(sqrt(this.tensors));
	}
	sqrt_(): Lanes {
		sqrt_(this.tensors);
		return this;
	}
	reciprocal(): Lanes {
		return new Many(reciprocal(this.tensors));
	}
	abs(): Lanes {
		return new Many(abs(this.tensors));
	}
	neg(): Lanes {
		return new Many(neg(this.tensors));
	}
	sign(): Lanes {
		return new Many(sign(this.tensors));
	}
	clone(): Lanes {
		return new Many(clone(this.tensors));
	}
	detach(): Lanes {
		return this;
	}
	copy_(other: Lanes): Lanes {
		copy_(this.tensors, listOf(other));
		return this;
	}
	each(
		change: (x: Tensor, other: Tensor) => Tensor,
		other: Lanes = this,
	): Lanes {
		const others = listOf(other);
		return new Many(this.tensors.map((x, i) => change(x, others[i] as Tensor)));
	}
	like(value: Hyper): Hyper {
		return value;
	}
}

function listOf(lanes: Lanes): readonly Tensor[] {
	return (lanes as Many).tensors;
}

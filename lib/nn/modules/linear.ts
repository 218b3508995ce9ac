import * as check from "../../check.ts";
import { empty } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import * as F from "../functional/index.ts";
import {
	calculateFanInAndFanOut,
	kaimingUniform_,
	uniform_,
} from "../init/index.ts";
import { Module } from "../module.ts";
import { python } from "../names.ts";
import { Parameter } from "../parameter.ts";
import { FACTORY, type FactoryOptions, flag, settings } from "../settings.ts";

/** Returns its input: a placeholder. Its own arguments do not matter. */
export class Identity extends Module<[input: Tensor], Tensor> {
	constructor(..._unused: unknown[]) {
		super();
	}

	override forward(input: Tensor): Tensor {
		return input;
	}
}

export interface LinearOptions extends FactoryOptions {
	/** Whether a bias is learnt and added. Default true. */
	bias?: boolean | undefined;
}

/**
 * y = x Wᵀ + b: [..., inFeatures] to [..., outFeatures]. Weight and bias start as U(-k, k), k = 1 / √inFeatures.
 *
 * ```ts
 * const layer = new nn.Linear(20, 30, { bias: false });
 * layer(torch.randn([128, 20])).shape; // [128, 30]
 * ```
 */
export class Linear extends Module<[input: Tensor], Tensor> {
	inFeatures: number;
	outFeatures: number;
	weight: Parameter; // [outFeatures, inFeatures]
	bias: Parameter | null; // [outFeatures]

	constructor(
		inFeatures: number,
		outFeatures: number,
		options: LinearOptions = {},
	) {
		super();
		const op = new.target.name;
		check.integer(op, "inFeatures", inFeatures, { min: 0 });
		check.integer(op, "outFeatures", outFeatures, { min: 0 });
		const { bias, ...factory } = settings(op, options, {
			bias: flag(true),
			...FACTORY,
		});
		this.inFeatures = inFeatures;
		this.outFeatures = outFeatures;
		this.weight = new Parameter(empty([outFeatures, inFeatures], factory));
		this.bias = bias ? new Parameter(empty([outFeatures], factory)) : null;
		this.resetParameters();
	}

	/** Draws weight and bias anew. */
	resetParameters(): void {
		resetByFanIn(this.weight, this.bias);
	}

	override forward(input: Tensor): Tensor {
		return F.linear(input, this.weight, this.bias);
	}

	override extraRepr(): string {
		return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${python(this.bias !== null)}`;
	}
}

/** The linear layer at the end of `MultiheadAttention`, by the name that PyTorch prints. */
export class NonDynamicallyQuantizableLinear extends Linear {}

/** y = x₁ᵀ A x₂ + b: [..., in1Features] and [..., in2Features] to [..., outFeatures]. */
export class Bilinear extends Module<[input1: Tensor, input2: Tensor], Tensor> {
	readonly in1Features: number;
	readonly in2Features: number;
	readonly outFeatures: number;
	weight: Parameter; // [outFeatures, in1Features, in2Features]
	bias: Parameter | null; // [outFeatures]

	constructor(
		in1Features: number,
		in2Features: number,
		outFeatures: number,
		options: LinearOptions = {},
	) {
		super();
		const op = new.target.name;
		check.integer(op, "in1Features", in1Features, { min: 1 });
		check.integer(op, "in2Features", in2Features, { min: 0 });
		check.integer(op, "outFeatures", outFeatures, { min: 0 });
		const { bias, ...factory } = settings(op, options, {
			bias: flag(true),
			...FACTORY,
		});
		this.in1Features = in1Features;
		this.in2Features = in2Features;
		this.outFeatures = outFeatures;
		this.weight = new Parameter(
			empty([outFeatures, in1Features, in2Features], factory),
		);
		this.bias = bias ? new Parameter(empty([outFeatures], factory)) : null;
		this.resetParameters();
	}

	/** Draws weight and bias anew, from U(-k, k), k = 1 / √in1Features. */
	resetParameters(): void {
		const bound = 1 / Math.sqrt(this.in1Features);
		uniform_(this.weight, -bound, bound);
		if (this.bias !== null) uniform_(this.bias, -bound, bound);
	}

	override forward(input1: Tensor, input2: Tensor): Tensor {
		return F.bilinear(input1, input2, this.weight, this.bias);
	}

	override extraRepr(): string {
		return (
			`in1_features=${this.in1Features}, in2_features=${this.in2Features}, out_features=${this.outFeatures}, ` +
			`bias=${python(this.bias !== null)}`
		);
	}
}

/** PyTorch's initialisation of linear layers and convolutions: both from U(-k, k), k = 1 / √fanIn, the weight first. */
export function resetByFanIn(weight: Parameter, bias: Parameter | null): void {
	kaimingUniform_(weight, { a: Math.sqrt(5) });
	if (bias === null) return;
	const { fanIn } = calculateFanInAndFanOut(weight);
	const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
	uniform_(bias, -bound, bound);
}

import * as check from "../../check.ts";
import { empty } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Device, DType } from "../../types.ts";
import * as F from "../functional/index.ts";
import {
	calculateFanInAndFanOut,
	kaimingUniform_,
	uniform_,
} from "../init/index.ts";
import { Module } from "../module.ts";
import { python } from "../names.ts";
import { Parameter } from "../parameter.ts";

/** Where a module's parameters are made, and their dtype. Defaults: the CPU, float32. */
export interface FactoryOptions {
	device?: Device | undefined;
	dtype?: DType | undefined;
}

/** Returns its input: a placeholder. */
export class Identity extends Module<[input: Tensor], Tensor> {
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
	readonly inFeatures: number;
	readonly outFeatures: number;
	readonly weight: Parameter; // [outFeatures, inFeatures]
	readonly bias: Parameter | null; // [outFeatures]

	constructor(
		inFeatures: number,
		outFeatures: number,
		options: LinearOptions = {},
	) {
		super();
		const op = new.target.name;
		check.integer(op, "inFeatures", inFeatures, { min: 0 });
		check.integer(op, "outFeatures", outFeatures, { min: 0 });
		check.options(op, options, ["bias", "device", "dtype"]);
		const { bias = true, ...factory } = options;
		check.boolean(op, "bias", bias);
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

/** PyTorch's initialisation of linear layers and convolutions: both from U(-k, k), k = 1 / √fanIn, the weight first. */
export function resetByFanIn(weight: Parameter, bias: Parameter | null): void {
	kaimingUniform_(weight, { a: Math.sqrt(5) });
	if (bias === null) return;
	const { fanIn } = calculateFanInAndFanOut(weight);
	const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
	uniform_(bias, -bound, bound);
}

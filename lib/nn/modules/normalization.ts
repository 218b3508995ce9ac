import * as check from "../../check.ts";
import { empty } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { sizes } from "../arguments.ts";
import * as F from "../functional/index.ts";
import { ones_, zeros_ } from "../init/index.ts";
import { Module } from "../module.ts";
import { python } from "../names.ts";
import { Parameter } from "../parameter.ts";
import type { FactoryOptions } from "./linear.ts";

export interface LayerNormModuleOptions extends FactoryOptions {
	/** Added to the variance. Default 1e-5. */
	eps?: number | undefined;
	/** Whether a scale and a shift per element are learnt. Default true. */
	elementwiseAffine?: boolean | undefined;
	/** With `elementwiseAffine`, whether there is a shift. Default true. */
	bias?: boolean | undefined;
}

/** Normalises over the last dimensions, whose sizes are `normalizedShape`, for each index of the others. */
export class LayerNorm extends Module<[input: Tensor], Tensor> {
	readonly normalizedShape: readonly number[];
	readonly eps: number;
	readonly elementwiseAffine: boolean;
	readonly weight: Parameter | null; // normalizedShape
	readonly bias: Parameter | null; // normalizedShape

	constructor(
		normalizedShape: number | readonly number[],
		options: LayerNormModuleOptions = {},
	) {
		super();
		const op = new.target.name;
		const count = Array.isArray(normalizedShape) ? normalizedShape.length : 1;
		const shape = sizes(op, "normalizedShape", normalizedShape, count);
		check.options(op, options, [
			"eps",
			"elementwiseAffine",
			"bias",
			"device",
			"dtype",
		]);
		const {
			eps = 1e-5,
			elementwiseAffine = true,
			bias = true,
			...factory
		} = options;
		check.number(op, "eps", eps);
		check.boolean(op, "elementwiseAffine", elementwiseAffine);
		check.boolean(op, "bias", bias);
		this.normalizedShape = shape;
		this.eps = eps;
		this.elementwiseAffine = elementwiseAffine;
		this.weight = elementwiseAffine
			? new Parameter(empty(shape, factory))
			: null;
		this.bias =
			elementwiseAffine && bias ? new Parameter(empty(shape, factory)) : null;
		this.resetParameters();
	}

	/** Makes the scale 1 and the shift 0. */
	resetParameters(): void {
		if (this.weight !== null) ones_(this.weight);
		if (this.bias !== null) zeros_(this.bias);
	}

	override forward(input: Tensor): Tensor {
		return F.layerNorm(
			input,
			this.normalizedShape,
			this.weight,
			this.bias,
			this.eps,
		);
	}

	override extraRepr(): string {
		return (
			`${python(this.normalizedShape)}, eps=${python(this.eps)}, ` +
			`elementwise_affine=${python(this.elementwiseAffine)}, bias=${python(this.bias !== null)}`
		);
	}
}

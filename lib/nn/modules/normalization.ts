import * as check from "../../check.ts";
import { empty } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { sizes } from "../arguments.ts";
import * as F from "../functional/index.ts";
import { ones_, zeros_ } from "../init/index.ts";
import { Module } from "../module.ts";
import { float, python } from "../names.ts";
import { Parameter } from "../parameter.ts";
import {
	FACTORY,
	type FactoryOptions,
	flag,
	nullable,
	real,
	settings,
} from "../settings.ts";

export interface LayerNormModuleOptions extends FactoryOptions {
	/** Added to the variance. Default 1e-5. */
	eps?: number | undefined;
	/** Whether a scale and a shift per element are learnt. Default true. */
	elementwiseAffine?: boolean | undefined;
	/** With `elementwiseAffine`, whether there is a shift. Default true. */
	bias?: boolean | undefined;
}

function shapeOf(op: string, shape: number | readonly number[]): number[] {
	const count = Array.isArray(shape) ? shape.length : 1;
	return sizes(op, "normalizedShape", shape, count);
}

/** Normalises over the last dimensions, whose sizes are `normalizedShape`, for each index of the others. */
export class LayerNorm extends Module<[input: Tensor], Tensor> {
	readonly normalizedShape: readonly number[];
	readonly eps: number;
	readonly elementwiseAffine: boolean;
	weight: Parameter | null; // normalizedShape
	bias: Parameter | null; // normalizedShape

	constructor(
		normalizedShape: number | readonly number[],
		options: LayerNormModuleOptions = {},
	) {
		super();
		const op = new.target.name;
		const shape = shapeOf(op, normalizedShape);
		const { eps, elementwiseAffine, bias, ...factory } = settings(op, options, {
			eps: real(1e-5),
			elementwiseAffine: flag(true),
			bias: flag(true),
			...FACTORY,
		});
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

export interface RMSNormModuleOptions extends FactoryOptions {
	/** Added to the mean square. Default: the dtype's smallest step at 1. */
	eps?: number | null | undefined;
	/** Whether a scale per element is learnt. Default true. */
	elementwiseAffine?: boolean | undefined;
}

/** Divides by the root of the mean square over the last dimensions, whose sizes are `normalizedShape`: https://arxiv.org/abs/1910.07467 */
export class RMSNorm extends Module<[input: Tensor], Tensor> {
	readonly normalizedShape: readonly number[];
	readonly eps: number | null;
	readonly elementwiseAffine: boolean;
	weight: Parameter | null; // normalizedShape

	constructor(
		normalizedShape: number | readonly number[],
		options: RMSNormModuleOptions = {},
	) {
		super();
		const op = new.target.name;
		const shape = shapeOf(op, normalizedShape);
		const { eps, elementwiseAffine, ...factory } = settings(op, options, {
			eps: nullable(real(0)),
			elementwiseAffine: flag(true),
			...FACTORY,
		});
		this.normalizedShape = shape;
		this.eps = eps;
		this.elementwiseAffine = elementwiseAffine;
		this.weight = elementwiseAffine
			? new Parameter(empty(shape, factory))
			: null;
		this.resetParameters();
	}

	/** Makes the scale 1. */
	resetParameters(): void {
		if (this.weight !== null) ones_(this.weight);
	}

	override forward(input: Tensor): Tensor {
		return F.rmsNorm(input, this.normalizedShape, this.weight, this.eps);
	}

	override extraRepr(): string {
		return (
			`${python(this.normalizedShape)}, eps=${python(this.eps)}, ` +
			`elementwise_affine=${python(this.elementwiseAffine)}`
		);
	}
}

export interface GroupNormModuleOptions extends FactoryOptions {
	/** Added to the variance. Default 1e-5. */
	eps?: number | undefined;
	/** Whether a scale and a shift per channel are learnt. Default true. */
	affine?: boolean | undefined;
	/** With `affine`, whether there is a shift. Default true. */
	bias?: boolean | undefined;
}

/** Normalises each of `numGroups` groups of `numChannels` channels of each sample [N, C, …]: https://arxiv.org/abs/1803.08494 */
export class GroupNorm extends Module<[input: Tensor], Tensor> {
	readonly numGroups: number;
	readonly numChannels: number;
	readonly eps: number;
	readonly affine: boolean;
	weight: Parameter | null; // [numChannels]
	bias: Parameter | null; // [numChannels]

	constructor(
		numGroups: number,
		numChannels: number,
		options: GroupNormModuleOptions = {},
	) {
		super();
		const op = new.target.name;
		check.integer(op, "numGroups", numGroups, { min: 1 });
		check.integer(op, "numChannels", numChannels, { min: 0 });
		if (numChannels % numGroups !== 0)
			throw check.invalidValue(
				op,
				"numChannels",
				`expected a multiple of numGroups (${numGroups}), got ${numChannels}`,
			);
		const { eps, affine, bias, ...factory } = settings(op, options, {
			eps: real(1e-5),
			affine: flag(true),
			bias: flag(true),
			...FACTORY,
		});
		this.numGroups = numGroups;
		this.numChannels = numChannels;
		this.eps = eps;
		this.affine = affine;
		this.weight = affine ? new Parameter(empty([numChannels], factory)) : null;
		this.bias =
			affine && bias ? new Parameter(empty([numChannels], factory)) : null;
		this.resetParameters();
	}

	/** Makes the scale 1 and the shift 0. */
	resetParameters(): void {
		if (this.weight !== null) ones_(this.weight);
		if (this.bias !== null) zeros_(this.bias);
	}

	override forward(input: Tensor): Tensor {
		return F.groupNorm(input, this.numGroups, this.weight, this.bias, this.eps);
	}

	override extraRepr(): string {
		return (
			`${this.numGroups}, ${this.numChannels}, eps=${python(this.eps)}, affine=${python(this.affine)}, ` +
			`bias=${python(this.bias !== null)}`
		);
	}
}

export interface LocalResponseNormOptions {
	/** Default 1e-4. */
	alpha?: number | undefined;
	/** Default 0.75. */
	beta?: number | undefined;
	/** Default 1. */
	k?: number | undefined;
}

/** x / (k + α · the mean square of `size` neighbouring channels)^β. */
export class LocalResponseNorm extends Module<[input: Tensor], Tensor> {
	readonly size: number;
	readonly alpha: number;
	readonly beta: number;
	readonly k: number;

	constructor(size: number, options: LocalResponseNormOptions = {}) {
		super();
		const op = new.target.name;
		const { alpha, beta, k } = settings(op, options, {
			alpha: real(1e-4),
			beta: real(0.75),
			k: real(1),
		});
		this.size = check.integer(op, "size", size, { min: 1 });
		this.alpha = alpha;
		this.beta = beta;
		this.k = k;
	}

	override forward(input: Tensor): Tensor {
		return F.localResponseNorm(input, this.size, this.alpha, this.beta, this.k);
	}

	override extraRepr(): string {
		return `${this.size}, alpha=${python(this.alpha)}, beta=${python(this.beta)}, k=${float(this.k)}`;
	}
}

import * as check from "../../../check.ts";
import { empty } from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import * as F from "../../functional/index.ts";
import { constant_ } from "../../init/index.ts";
import { Module } from "../../module.ts";
import { float, python } from "../../names.ts";
import { Parameter } from "../../parameter.ts";
import {
	FACTORY,
	type FactoryOptions,
	flag,
	real,
	settings,
	whole,
	withLeading,
} from "../../settings.ts";
import { type InplaceOptions, inplaceText } from "./inPlace.ts";

export interface AlphaOptions extends InplaceOptions {
	/** Default 1. */
	alpha?: number | undefined;
}

abstract class WithAlpha extends Module<[input: Tensor], Tensor> {
	readonly alpha: number;
	readonly inplace: boolean;

	/** `new ELU(0.5)` and `new ELU({ alpha: 0.5 })` are the same. */
	constructor(alpha: number | AlphaOptions = {}, options: InplaceOptions = {}) {
		super();
		const given = settings(
			new.target.name,
			withLeading("alpha", alpha, options),
			{ alpha: real(1), inplace: flag(false) },
		);
		this.alpha = given.alpha;
		this.inplace = given.inplace;
	}

	override extraRepr(): string {
		return `alpha=${float(this.alpha)}${inplaceText(this.inplace)}`;
	}
}

/** max(0, x) + min(0, α (eˣ - 1)): https://arxiv.org/abs/1511.07289 */
export class ELU extends WithAlpha {
	override forward(input: Tensor): Tensor {
		return F.elu(input, this.alpha, this.inplace);
	}
}

/** max(0, x) + min(0, α (e^(x / α) - 1)): https://arxiv.org/abs/1704.07483 */
export class CELU extends WithAlpha {
	override forward(input: Tensor): Tensor {
		return F.celu(input, this.alpha, this.inplace);
	}
}

export interface LeakyReLUOptions extends InplaceOptions {
	/** What negative numbers are multiplied by. Default 0.01. */
	negativeSlope?: number | undefined;
}

/** x where it is positive, else `negativeSlope` times x. `new LeakyReLU(0.2)` and `new LeakyReLU({ negativeSlope: 0.2 })` are the same. */
export class LeakyReLU extends Module<[input: Tensor], Tensor> {
	readonly negativeSlope: number;
	readonly inplace: boolean;

	constructor(
		negativeSlope: number | LeakyReLUOptions = {},
		options: InplaceOptions = {},
	) {
		super();
		const given = settings(
			new.target.name,
			withLeading("negativeSlope", negativeSlope, options),
			{ negativeSlope: real(0.01), inplace: flag(false) },
		);
		this.negativeSlope = given.negativeSlope;
		this.inplace = given.inplace;
	}

	override forward(input: Tensor): Tensor {
		return F.leakyRelu(input, this.negativeSlope, this.inplace);
	}

	override extraRepr(): string {
		return `negative_slope=${python(this.negativeSlope)}${inplaceText(this.inplace)}`;
	}
}

export interface HardtanhOptions extends InplaceOptions {
	/** Default -1. */
	minVal?: number | undefined;
	/** Default 1. */
	maxVal?: number | undefined;
}

/** x between `minVal` and `maxVal`, and the nearer bound outside. */
export class Hardtanh extends Module<[input: Tensor], Tensor> {
	readonly minVal: number;
	readonly maxVal: number;
	readonly inplace: boolean;

	constructor(options: HardtanhOptions = {}) {
		super();
		const op = new.target.name;
		const { minVal, maxVal, inplace } = settings(op, options, {
			minVal: real(-1),
			maxVal: real(1),
			inplace: flag(false),
		});
		if (maxVal <= minVal)
			throw check.invalidValue(
				op,
				"maxVal",
				`expected a number above minVal (${minVal}), got ${maxVal}`,
			);
		this.minVal = minVal;
		this.maxVal = maxVal;
		this.inplace = inplace;
	}

	override forward(input: Tensor): Tensor {
		return F.hardtanh(input, this.minVal, this.maxVal, this.inplace);
	}

	override extraRepr(): string {
		return `min_val=${float(this.minVal)}, max_val=${float(this.maxVal)}${inplaceText(this.inplace)}`;
	}
}

export interface RReLUOptions extends InplaceOptions {
	/** Default 1/8. */
	lower?: number | undefined;
	/** Default 1/3. */
	upper?: number | undefined;
}

/** `LeakyReLU` whose slope is drawn from U(lower, upper) for each element in training, and their mean in evaluation. */
export class RReLU extends Module<[input: Tensor], Tensor> {
	readonly lower: number;
	readonly upper: number;
	readonly inplace: boolean;

	constructor(options: RReLUOptions = {}) {
		super();
		const { lower, upper, inplace } = settings(new.target.name, options, {
			lower: real(1 / 8),
			upper: real(1 / 3),
			inplace: flag(false),
		});
		this.lower = lower;
		this.upper = upper;
		this.inplace = inplace;
	}

	override forward(input: Tensor): Tensor {
		const { lower, upper, training, inplace } = this;
		return F.rrelu(input, lower, upper, training, inplace);
	}

	override extraRepr(): string {
		return `lower=${python(this.lower)}, upper=${python(this.upper)}${inplaceText(this.inplace)}`;
	}
}

/** x where it is above `threshold`, else `value`. */
export class Threshold extends Module<[input: Tensor], Tensor> {
	readonly threshold: number;
	readonly value: number;
	readonly inplace: boolean;

	constructor(threshold: number, value: number, options: InplaceOptions = {}) {
		super();
		const op = new.target.name;
		check.number(op, "threshold", threshold);
		check.number(op, "value", value);
		this.threshold = threshold;
		this.value = value;
		this.inplace = settings(op, options, { inplace: flag(false) }).inplace;
	}

	override forward(input: Tensor): Tensor {
		return F.threshold(input, this.threshold, this.value, this.inplace);
	}

	override extraRepr(): string {
		return `threshold=${python(this.threshold)}, value=${python(this.value)}${inplaceText(this.inplace)}`;
	}
}

export interface PReLUOptions extends FactoryOptions {
	/** One slope for all, 1 (default), or one per channel. */
	numParameters?: number | undefined;
	/** What slopes start as. Default 0.25. */
	init?: number | undefined;
}

/** x where it is positive, else a learnt slope times x: https://arxiv.org/abs/1502.01852. `new PReLU(3)` has a slope for each of 3 channels. */
export class PReLU extends Module<[input: Tensor], Tensor> {
	readonly numParameters: number;
	readonly init: number;
	weight: Parameter; // [numParameters]

	constructor(
		numParameters: number | PReLUOptions = {},
		options: Omit<PReLUOptions, "numParameters"> = {},
	) {
		super();
		const given = settings(
			new.target.name,
			withLeading("numParameters", numParameters, options),
			{ numParameters: whole(1, { min: 1 }), init: real(0.25), ...FACTORY },
		);
		const { device, dtype } = given;
		this.numParameters = given.numParameters;
		this.init = given.init;
		this.weight = new Parameter(empty([this.numParameters], { device, dtype }));
		this.resetParameters();
	}

	/** Sets all slopes to what they started as. */
	resetParameters(): void {
		constant_(this.weight, this.init);
	}

	override forward(input: Tensor): Tensor {
		return F.prelu(input, this.weight);
	}

	override extraRepr(): string {
		return `num_parameters=${this.numParameters}`;
	}
}

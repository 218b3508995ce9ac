import * as check from "../../check.ts";
import { empty } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import * as F from "../functional/index.ts";
import { constant_ } from "../init/index.ts";
import { Module } from "../module.ts";
import { float, python } from "../names.ts";
import { Parameter } from "../parameter.ts";
import {
	choice,
	FACTORY,
	type FactoryOptions,
	flag,
	nullable,
	real,
	settings,
	whole,
	withLeading,
} from "../settings.ts";

/** σ(x) of each element. */
export class Sigmoid extends Module<[input: Tensor], Tensor> {
	override forward(input: Tensor): Tensor {
		return input.sigmoid();
	}
}

/** tanh(x) of each element. */
export class Tanh extends Module<[input: Tensor], Tensor> {
	override forward(input: Tensor): Tensor {
		return input.tanh();
	}
}

/** log σ(x) of each element. */
export class LogSigmoid extends Module<[input: Tensor], Tensor> {
	override forward(input: Tensor): Tensor {
		return F.logsigmoid(input);
	}
}

/** x / (1 + |x|) of each element. */
export class Softsign extends Module<[input: Tensor], Tensor> {
	override forward(input: Tensor): Tensor {
		return F.softsign(input);
	}
}

/** x - tanh(x) of each element. */
export class Tanhshrink extends Module<[input: Tensor], Tensor> {
	override forward(input: Tensor): Tensor {
		return F.tanhshrink(input);
	}
}

export interface InplaceOptions {
	/** Whether the input is overwritten. Default false. */
	inplace?: boolean | undefined;
}

/** An activation with no other option than to overwrite its input. */
abstract class InPlace extends Module<[input: Tensor], Tensor> {
	readonly inplace: boolean;

	constructor(options: InplaceOptions = {}) {
		super();
		const { inplace } = settings(new.target.name, options, {
			inplace: flag(false),
		});
		this.inplace = inplace;
	}

	override extraRepr(): string {
		return this.inplace ? "inplace=True" : "";
	}
}

/** max(0, x) of each element. */
export class ReLU extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.relu(input, this.inplace);
	}
}

/** min(max(0, x), 6) of each element. */
export class ReLU6 extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.relu6(input, this.inplace);
	}
}

/** scale · (max(0, x) + min(0, α (eˣ - 1))), for self-normalising networks: https://arxiv.org/abs/1706.02515 */
export class SELU extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.selu(input, this.inplace);
	}
}

/** x σ(x), also called swish. */
export class SiLU extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.silu(input, this.inplace);
	}
}

/** x tanh(log(1 + eˣ)): https://arxiv.org/abs/1908.08681 */
export class Mish extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.mish(input, this.inplace);
	}
}

/** x relu6(x + 3) / 6: https://arxiv.org/abs/1905.02244 */
export class Hardswish extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.hardswish(input, this.inplace);
	}

	override extraRepr(): string {
		return "";
	}
}

/** relu6(x + 3) / 6 of each element. */
export class Hardsigmoid extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.hardsigmoid(input, this.inplace);
	}

	override extraRepr(): string {
		return "";
	}
}

/** What Python prints for `inplace` after another argument. */
function inplaceText(inplace: boolean): string {
	return inplace ? ", inplace=True" : "";
}

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

/** An activation with one number, `lambd`. */
abstract class Shrink extends Module<[input: Tensor], Tensor> {
	readonly lambd: number;

	/** `new Hardshrink(0.2)` and `new Hardshrink({ lambd: 0.2 })` are the same. Default 0.5. */
	constructor(lambd: number | { lambd?: number | undefined } = {}) {
		super();
		this.lambd = settings(new.target.name, withLeading("lambd", lambd, {}), {
			lambd: real(0.5),
		}).lambd;
	}

	override extraRepr(): string {
		return python(this.lambd);
	}
}

/** x outside of [-λ, λ], else 0. */
export class Hardshrink extends Shrink {
	override forward(input: Tensor): Tensor {
		return F.hardshrink(input, this.lambd);
	}
}

/** x, λ nearer to 0, and 0 in [-λ, λ]. */
export class Softshrink extends Shrink {
	override forward(input: Tensor): Tensor {
		return F.softshrink(input, this.lambd);
	}
}

export interface SoftplusOptions {
	/** Default 1. */
	beta?: number | undefined;
	/** βx above which the result is x itself. Default 20. */
	threshold?: number | undefined;
}

/** log(1 + e^(βx)) / β: a smooth `ReLU`. */
export class Softplus extends Module<[input: Tensor], Tensor> {
	readonly beta: number;
	readonly threshold: number;

	constructor(options: SoftplusOptions = {}) {
		super();
		const { beta, threshold } = settings(new.target.name, options, {
			beta: real(1),
			threshold: real(20),
		});
		this.beta = beta;
		this.threshold = threshold;
	}

	override forward(input: Tensor): Tensor {
		return F.softplus(input, this.beta, this.threshold);
	}

	override extraRepr(): string {
		return `beta=${float(this.beta)}, threshold=${float(this.threshold)}`;
	}
}

/** x Φ(x), with the normal distribution's Φ; `approximate: "tanh"` estimates it (default "none"). */
export class GELU extends Module<[input: Tensor], Tensor> {
	readonly approximate: "none" | "tanh";

	constructor(options: { approximate?: "none" | "tanh" | undefined } = {}) {
		super();
		this.approximate = settings(new.target.name, options, {
			approximate: choice<"none" | "tanh">("none", ["none", "tanh"]),
		}).approximate;
	}

	override forward(input: Tensor): Tensor {
		return F.gelu(input, { approximate: this.approximate });
	}

	override extraRepr(): string {
		return `approximate=${python(this.approximate)}`;
	}
}

/** a σ(b) of the input's halves a and b along `dim` (default -1): `new GLU(1)`. */
export class GLU extends Module<[input: Tensor], Tensor> {
	readonly dim: number;

	constructor(dim: number | { dim?: number | undefined } = {}) {
		super();
		this.dim = settings(new.target.name, withLeading("dim", dim, {}), {
			dim: whole(-1),
		}).dim;
	}

	override forward(input: Tensor): Tensor {
		return F.glu(input, this.dim);
	}

	override extraRepr(): string {
		return `dim=${this.dim}`;
	}
}

abstract class AlongDim extends Module<[input: Tensor], Tensor> {
	readonly dim: number | null;

	/** `new Softmax(1)` and `new Softmax({ dim: 1 })` are the same. */
	constructor(dim: number | null | { dim?: number | null | undefined } = null) {
		super();
		this.dim = settings(new.target.name, withLeading("dim", dim, {}), {
			dim: nullable(whole(0)),
		}).dim;
	}

	override extraRepr(): string {
		return `dim=${python(this.dim)}`;
	}
}

/** exp(x) / Σ exp(x) along `dim`: numbers between 0 and 1 that add up to 1. */
export class Softmax extends AlongDim {
	override forward(input: Tensor): Tensor {
		return F.softmax(input, this.dim);
	}
}

/** softmax(-x) along `dim`. */
export class Softmin extends AlongDim {
	override forward(input: Tensor): Tensor {
		return F.softmin(input, this.dim);
	}
}

/** log(softmax(x)) along `dim`, computed without overflow. */
export class LogSoftmax extends AlongDim {
	override forward(input: Tensor): Tensor {
		return F.logSoftmax(input, this.dim);
	}
}

/** Softmax over the channels of each place of [N, C, H, W] or [C, H, W]. */
export class Softmax2d extends Module<[input: Tensor], Tensor> {
	override forward(input: Tensor): Tensor {
		if (input.dim() !== 3 && input.dim() !== 4)
			throw check.invalidValue(
				this.constructor.name,
				"input",
				`expected 3 or 4 dimensions, got ${input.dim()}`,
			);
		return F.softmax(input, -3);
	}
}

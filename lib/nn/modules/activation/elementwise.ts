import type { Tensor } from "../../../tensor/tensor.ts";
import * as F from "../../functional/index.ts";
import { Module } from "../../module.ts";
import { float, python } from "../../names.ts";
import { choice, real, settings, withLeading } from "../../settings.ts";

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

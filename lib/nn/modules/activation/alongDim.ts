import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import * as F from "../../functional/index.ts";
import { Module } from "../../module.ts";
import { python } from "../../names.ts";
import { nullable, settings, whole, withLeading } from "../../settings.ts";

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

import type { Tensor } from "../../tensor/tensor.ts";
import * as F from "../functional/index.ts";
import { Module } from "../module.ts";
import { float, python } from "../names.ts";
import { flag, real, settings, withLeading } from "../settings.ts";

export interface DropoutModuleOptions {
	/** The probability of a zero, 0 to 1. Default 0.5. */
	p?: number | undefined;
	/** Whether the input is overwritten. Default false. */
	inplace?: boolean | undefined;
}

abstract class DropoutNd extends Module<[input: Tensor], Tensor> {
	readonly p: number;
	readonly inplace: boolean;

	/** `new Dropout(0.2)` and `new Dropout({ p: 0.2 })` are the same. */
	constructor(
		p: number | DropoutModuleOptions = {},
		options: Omit<DropoutModuleOptions, "p"> = {},
	) {
		super();
		const given = settings(new.target.name, withLeading("p", p, options), {
			p: real(0.5, { min: 0, max: 1 }),
			inplace: flag(false),
		});
		this.p = given.p;
		this.inplace = given.inplace;
	}

	override extraRepr(): string {
		return `p=${float(this.p)}, inplace=${python(this.inplace)}`;
	}
}

/** In training zeroes each element with probability `p` and scales the others by 1 / (1 - p); in evaluation gives its input. */
export class Dropout extends DropoutNd {
	override forward(input: Tensor): Tensor {
		return F.dropout(input, this.p, this.training, this.inplace);
	}
}

/** As `Dropout`, but zeroes whole channels of [N, C, L] or [C, L]. */
export class Dropout1d extends DropoutNd {
	override forward(input: Tensor): Tensor {
		return F.dropout1d(input, this.p, this.training, this.inplace);
	}
}

/** As `Dropout`, but zeroes whole channels of [N, C, H, W] or [N, C, L]. */
export class Dropout2d extends DropoutNd {
	override forward(input: Tensor): Tensor {
		return F.dropout2d(input, this.p, this.training, this.inplace);
	}
}

/** As `Dropout`, but zeroes whole channels of [N, C, D, H, W] or [C, D, H, W]. */
export class Dropout3d extends DropoutNd {
	override forward(input: Tensor): Tensor {
		return F.dropout3d(input, this.p, this.training, this.inplace);
	}
}

/** Dropout that keeps mean and variance of what `SELU` gives: https://arxiv.org/abs/1706.02515 */
export class AlphaDropout extends DropoutNd {
	override forward(input: Tensor): Tensor {
		return F.alphaDropout(input, this.p, this.training, this.inplace);
	}
}

/** As `AlphaDropout`, but masks whole channels. */
export class FeatureAlphaDropout extends DropoutNd {
	override forward(input: Tensor): Tensor {
		return F.featureAlphaDropout(input, this.p, this.training, this.inplace);
	}
}

import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import * as F from "../functional/index.ts";
import { Module } from "../module.ts";
import { python } from "../names.ts";

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
		const op = new.target.name;
		const given: DropoutModuleOptions =
			typeof p === "object" ? p : { ...options, p };
		check.options(op, given, ["p", "inplace"]);
		const { p: probability = 0.5, inplace = false } = given;
		check.number(op, "p", probability, { min: 0, max: 1 });
		check.boolean(op, "inplace", inplace);
		this.p = probability;
		this.inplace = inplace;
	}

	override extraRepr(): string {
		return `p=${python(this.p)}, inplace=${python(this.inplace)}`;
	}
}

/** In training zeroes each element with probability `p` and scales the others by 1 / (1 - p); in evaluation gives its input. */
export class Dropout extends DropoutNd {
	override forward(input: Tensor): Tensor {
		return F.dropout(input, this.p, this.training, this.inplace);
	}
}

/** As `Dropout`, but zeroes whole channels of [N, C, H, W] or [N, C, L]. */
export class Dropout2d extends DropoutNd {
	override forward(input: Tensor): Tensor {
		return F.dropout2d(input, this.p, this.training, this.inplace);
	}
}

import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import * as F from "../functional/index.ts";
import { Module } from "../module.ts";
import { python } from "../names.ts";

/** max(0, x) of each element; with `inplace` (default false) the input is overwritten. */
export class ReLU extends Module<[input: Tensor], Tensor> {
	readonly inplace: boolean;

	constructor(options: { inplace?: boolean | undefined } = {}) {
		super();
		check.options(new.target.name, options, ["inplace"]);
		const { inplace = false } = options;
		check.boolean(new.target.name, "inplace", inplace);
		this.inplace = inplace;
	}

	override forward(input: Tensor): Tensor {
		return F.relu(input, this.inplace);
	}

	override extraRepr(): string {
		return this.inplace ? "inplace=True" : "";
	}
}

/** x Φ(x), with the normal distribution's Φ; `approximate: "tanh"` estimates it (default "none"). */
export class GELU extends Module<[input: Tensor], Tensor> {
	readonly approximate: "none" | "tanh";

	constructor(options: { approximate?: "none" | "tanh" | undefined } = {}) {
		super();
		check.options(new.target.name, options, ["approximate"]);
		const { approximate = "none" } = options;
		check.oneOf(new.target.name, "approximate", approximate, ["none", "tanh"]);
		this.approximate = approximate;
	}

	override forward(input: Tensor): Tensor {
		return F.gelu(input, { approximate: this.approximate });
	}

	override extraRepr(): string {
		return `approximate=${python(this.approximate)}`;
	}
}

abstract class AlongDim extends Module<[input: Tensor], Tensor> {
	readonly dim: number | null;

	/** `new Softmax(1)` and `new Softmax({ dim: 1 })` are the same. */
	constructor(dim: number | null | { dim?: number | null | undefined } = null) {
		super();
		const op = new.target.name;
		const given = typeof dim === "object" && dim !== null ? dim : { dim };
		check.options(op, given, ["dim"]);
		this.dim = given.dim ?? null;
		if (this.dim !== null) check.integer(op, "dim", this.dim);
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

/** log(softmax(x)) along `dim`, computed without overflow. */
export class LogSoftmax extends AlongDim {
	override forward(input: Tensor): Tensor {
		return F.logSoftmax(input, this.dim);
	}
}

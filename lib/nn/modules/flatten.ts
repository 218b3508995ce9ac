import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { sizes } from "../arguments.ts";
import { Module } from "../module.ts";
import { python } from "../names.ts";

export interface FlattenOptions {
	/** The first dimension that is merged. Default 1: the batch stays. */
	startDim?: number | undefined;
	/** The last one. Default -1. */
	endDim?: number | undefined;
}

/** Merges dimensions: [N, C, H, W] becomes [N, C·H·W]. */
export class Flatten extends Module<[input: Tensor], Tensor> {
	readonly startDim: number;
	readonly endDim: number;

	constructor(options: FlattenOptions = {}) {
		super();
		const op = new.target.name;
		check.options(op, options, ["startDim", "endDim"]);
		const { startDim = 1, endDim = -1 } = options;
		check.integer(op, "startDim", startDim);
		check.integer(op, "endDim", endDim);
		this.startDim = startDim;
		this.endDim = endDim;
	}

	override forward(input: Tensor): Tensor {
		return input.flatten(this.startDim, this.endDim);
	}

	override extraRepr(): string {
		return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
	}
}

/** Splits dimension `dim` into several of the sizes `unflattenedSize`, one of which may be -1. */
export class Unflatten extends Module<[input: Tensor], Tensor> {
	readonly dim: number;
	readonly unflattenedSize: readonly number[];

	constructor(dim: number, unflattenedSize: readonly number[]) {
		super();
		const op = new.target.name;
		check.integer(op, "dim", dim);
		this.dim = dim;
		const count = Array.isArray(unflattenedSize) ? unflattenedSize.length : 1;
		this.unflattenedSize = sizes(
			op,
			"unflattenedSize",
			unflattenedSize,
			count,
			{ min: -1 },
		);
	}

	override forward(input: Tensor): Tensor {
		return input.unflatten(this.dim, this.unflattenedSize);
	}

	override extraRepr(): string {
		return `dim=${this.dim}, unflattened_size=${python(this.unflattenedSize)}`;
	}
}

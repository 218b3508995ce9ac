import type { Tensor } from "../../../tensor/tensor.ts";
import { type Sizes, sizes } from "../../arguments.ts";
import * as F from "../../functional/index.ts";
import { Module } from "../../module.ts";
import { python } from "../../names.ts";
import { flag, settings } from "../../settings.ts";
import type { Pooled } from "./sizes.ts";

/** A size for all dimensions, or one for each; null keeps the input's. */
type OutputSize<S extends readonly (number | null)[]> = number | null | S;
type Output1d = OutputSize<readonly [number | null]>;
type Output2d = OutputSize<readonly [number | null, number | null]>;
type Output3d = OutputSize<
	readonly [number | null, number | null, number | null]
>;

function checkOutputSize(
	op: string,
	size: number | null | readonly (number | null)[],
	count: number,
): void {
	const known = Array.isArray(size)
		? size.map((each) => each ?? 1)
		: (size ?? 1);
	sizes(op, "outputSize", known, count);
}

/** The output's size, with the input's own where it is null. */
function outputSize<Count extends number>(
	size: number | null | readonly (number | null)[],
	input: Tensor,
	count: Count,
): Sizes<Count> {
	return input.shape
		.slice(-count)
		.map(
			(own, i) => (Array.isArray(size) ? size[i] : size) ?? own,
		) as Sizes<Count>;
}

abstract class AdaptiveAvgPoolNd<
	S extends Output1d | Output2d | Output3d,
> extends Module<[input: Tensor], Tensor> {
	readonly outputSize: S;

	constructor(dims: number, outputSize: S) {
		super();
		checkOutputSize(new.target.name, outputSize, dims);
		this.outputSize = outputSize;
	}

	override extraRepr(): string {
		return `output_size=${python(this.outputSize)}`;
	}
}

/** Averages [N, C, L] or [C, L] to a given length. */
export class AdaptiveAvgPool1d extends AdaptiveAvgPoolNd<Output1d> {
	constructor(outputSize: Output1d) {
		super(1, outputSize);
	}

	override forward(input: Tensor): Tensor {
		return F.adaptiveAvgPool1d(input, outputSize(this.outputSize, input, 1));
	}
}

/** Averages [N, C, H, W] or [C, H, W] to a given height and width; null keeps the input's. */
export class AdaptiveAvgPool2d extends AdaptiveAvgPoolNd<Output2d> {
	constructor(outputSize: Output2d) {
		super(2, outputSize);
	}

	override forward(input: Tensor): Tensor {
		const size = outputSize(this.outputSize, input, 2);
		return F.adaptiveAvgPool2d(input, size as [number, number]);
	}
}

/** Averages [N, C, D, H, W] or [C, D, H, W] to a given depth, height and width; null keeps the input's. */
export class AdaptiveAvgPool3d extends AdaptiveAvgPoolNd<Output3d> {
	constructor(outputSize: Output3d) {
		super(3, outputSize);
	}

	override forward(input: Tensor): Tensor {
		const size = outputSize(this.outputSize, input, 3);
		return F.adaptiveAvgPool3d(input, size as [number, number, number]);
	}
}

/** With `returnIndices: true` the module gives [maxima, where they were]. */
export interface AdaptiveMaxPoolOptions<Indices extends boolean = boolean> {
	returnIndices?: Indices | undefined;
}

abstract class AdaptiveMaxPoolNd<
	S extends Output1d | Output2d | Output3d,
	Indices extends boolean,
> extends Module<[input: Tensor], Pooled<Indices>> {
	readonly outputSize: S;
	readonly returnIndices: boolean;

	constructor(
		dims: number,
		outputSize: S,
		options: AdaptiveMaxPoolOptions<Indices>,
	) {
		super();
		const op = new.target.name;
		checkOutputSize(op, outputSize, dims);
		this.outputSize = outputSize;
		this.returnIndices = settings(op, options, {
			returnIndices: flag(false),
		}).returnIndices;
	}

	/** Maxima and where they were. */
	protected abstract pool(input: Tensor): [Tensor, Tensor];

	override forward(input: Tensor): Pooled<Indices> {
		const both = this.pool(input);
		return (this.returnIndices ? both : both[0]) as Pooled<Indices>;
	}

	override extraRepr(): string {
		return `output_size=${python(this.outputSize)}`;
	}
}

/** Maxima of [N, C, L] or [C, L] to a given length. */
export class AdaptiveMaxPool1d<
	Indices extends boolean = false,
> extends AdaptiveMaxPoolNd<Output1d, Indices> {
	constructor(
		outputSize: Output1d,
		options: AdaptiveMaxPoolOptions<Indices> = {},
	) {
		super(1, outputSize, options);
	}

	protected override pool(input: Tensor): [Tensor, Tensor] {
		const size = outputSize(this.outputSize, input, 1) as [number];
		return F.adaptiveMaxPool1d(input, size, true);
	}
}

/** Maxima of [N, C, H, W] or [C, H, W] to a given height and width; null keeps the input's. */
export class AdaptiveMaxPool2d<
	Indices extends boolean = false,
> extends AdaptiveMaxPoolNd<Output2d, Indices> {
	constructor(
		outputSize: Output2d,
		options: AdaptiveMaxPoolOptions<Indices> = {},
	) {
		super(2, outputSize, options);
	}

	protected override pool(input: Tensor): [Tensor, Tensor] {
		const size = outputSize(this.outputSize, input, 2) as [number, number];
		return F.adaptiveMaxPool2d(input, size, true);
	}
}

/** Maxima of [N, C, D, H, W] or [C, D, H, W] to a given depth, height and width; null keeps the input's. */
export class AdaptiveMaxPool3d<
	Indices extends boolean = false,
> extends AdaptiveMaxPoolNd<Output3d, Indices> {
	constructor(
		outputSize: Output3d,
		options: AdaptiveMaxPoolOptions<Indices> = {},
	) {
		super(3, outputSize, options);
	}

	protected override pool(input: Tensor): [Tensor, Tensor] {
		const size = outputSize(this.outputSize, input, 3);
		return F.adaptiveMaxPool3d(input, size as [number, number, number], true);
	}
}

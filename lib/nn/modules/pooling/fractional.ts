import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { checkTensor } from "../../arguments.ts";
import * as F from "../../functional/index.ts";
import { Module } from "../../module.ts";
import { Buffer } from "../../parameter.ts";
import { flag, nullable, settings, unchecked } from "../../settings.ts";
import {
	checked,
	type Pooled,
	type Size,
	type Size2d,
	type Size3d,
} from "./sizes.ts";

/** Either `outputSize`, or `outputRatio`, each between 0 and 1, is needed. */
export interface FractionalMaxPoolModuleOptions<
	S = Size,
	Indices extends boolean = boolean,
> {
	outputSize?: S | null | undefined;
	outputRatio?: S | null | undefined;
	/** Also gives where in the input's flattened places each maximum was. Default false. */
	returnIndices?: Indices | undefined;
	/** Where the windows lie, [N, C, dimensions], between 0 and 1. Default: drawn for each input. */
	randomSamples?: Tensor | null | undefined;
}

abstract class FractionalMaxPoolNd<
	S extends Size,
	Indices extends boolean,
> extends Module<[input: Tensor], Pooled<Indices>> {
	readonly kernelSize: S;
	readonly outputSize: S | null;
	readonly outputRatio: S | null;
	readonly returnIndices: boolean;
	readonly _random_samples: Buffer | null; // by PyTorch's own name, as in state dicts

	constructor(
		dims: number,
		kernelSize: S,
		options: FractionalMaxPoolModuleOptions<S, Indices>,
	) {
		super();
		const op = new.target.name;
		const given = settings(op, options, {
			outputSize: unchecked<S | null>(null),
			outputRatio: unchecked<S | null>(null),
			returnIndices: flag(false),
			randomSamples: nullable({
				fallback: null as Tensor | null,
				check: checkTensor,
			}),
		});
		const { outputSize, outputRatio, randomSamples } = given;
		if ((outputSize === null) === (outputRatio === null))
			throw check.invalidValue(
				op,
				"outputSize",
				"expected either an outputSize or an outputRatio",
			);
		this.kernelSize = checked(op, "kernelSize", kernelSize, dims, 1);
		this.outputSize =
			outputSize === null
				? null
				: checked(op, "outputSize", outputSize, dims, 1);
		this.outputRatio =
			outputRatio === null ? null : ratios(op, outputRatio, dims);
		this.returnIndices = given.returnIndices;
		this._random_samples = randomSamples && new Buffer(randomSamples);
	}

	/** Maxima and where they were. */
	protected abstract pool(
		input: Tensor,
		options: Omit<F.FractionalMaxPoolOptions<S>, "returnIndices">,
	): [Tensor, Tensor];

	override forward(input: Tensor): Pooled<Indices> {
		const { outputSize, outputRatio } = this;
		const randomSamples = this._random_samples;
		const both = this.pool(input, { outputSize, outputRatio, randomSamples });
		return (this.returnIndices ? both : both[0]) as Pooled<Indices>;
	}
}

function ratios<S extends Size>(op: string, ratio: S, count: number): S {
	const all = Array.isArray(ratio) ? ratio : new Array(count).fill(ratio);
	if (all.length === count && all.every((each) => each > 0 && each < 1))
		return ratio;
	throw check.invalidType(
		op,
		"outputRatio",
		`number, or ${count} numbers, between 0 and 1`,
		ratio,
	);
}

/** Maxima of windows at random places of [N, C, H, W] or [C, H, W]: https://arxiv.org/abs/1412.6071 */
export class FractionalMaxPool2d<
	Indices extends boolean = false,
> extends FractionalMaxPoolNd<Size2d, Indices> {
	constructor(
		kernelSize: Size2d,
		options: FractionalMaxPoolModuleOptions<Size2d, Indices>,
	) {
		super(2, kernelSize, options);
	}

	protected override pool(
		input: Tensor,
		options: Omit<F.FractionalMaxPoolOptions<Size2d>, "returnIndices">,
	): [Tensor, Tensor] {
		return F.fractionalMaxPool2dWithIndices(input, this.kernelSize, options);
	}
}

/** Maxima of windows at random places of [N, C, D, H, W] or [C, D, H, W]. */
export class FractionalMaxPool3d<
	Indices extends boolean = false,
> extends FractionalMaxPoolNd<Size3d, Indices> {
	constructor(
		kernelSize: Size3d,
		options: FractionalMaxPoolModuleOptions<Size3d, Indices>,
	) {
		super(3, kernelSize, options);
	}

	protected override pool(
		input: Tensor,
		options: Omit<F.FractionalMaxPoolOptions<Size3d>, "returnIndices">,
	): [Tensor, Tensor] {
		return F.fractionalMaxPool3dWithIndices(input, this.kernelSize, options);
	}
}

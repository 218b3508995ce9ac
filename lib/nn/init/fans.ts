import * as check from "../../check.ts";
import type { Generator } from "../../generator.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { optional } from "../arguments.ts";
import {
	drawNormal,
	drawUniform,
	type Gain,
	noGenerator,
	type Random,
} from "./random.ts";

/** Names that `calculateGain` knows; convolutions and linear layers are "linear". */
export type Nonlinearity =
	| "linear"
	| "conv1d"
	| "conv2d"
	| "conv3d"
	| "conv_transpose1d"
	| "conv_transpose2d"
	| "conv_transpose3d"
	| "sigmoid"
	| "tanh"
	| "relu"
	| "leaky_relu"
	| "selu";

/** Which of a layer's widths keeps its variance: the forward pass's, or the backward pass's. */
export type FanMode = "fan_in" | "fan_out";

/** The recommended gain for a nonlinearity; `param` is leaky_relu's negative slope (default 0.01). */
export function calculateGain(
	nonlinearity: Nonlinearity,
	param = 0.01,
): number {
	check.number("calculateGain", "param", param);
	if (/^(linear|sigmoid|conv(_transpose)?[123]d)$/.test(nonlinearity)) return 1;
	if (nonlinearity === "tanh") return 5 / 3;
	if (nonlinearity === "relu") return Math.sqrt(2);
	if (nonlinearity === "leaky_relu") return Math.sqrt(2 / (1 + param ** 2));
	if (nonlinearity === "selu") return 3 / 4;
	throw check.invalidValue(
		"calculateGain",
		"nonlinearity",
		`unsupported nonlinearity ${nonlinearity}`,
	);
}

/** How many inputs feed an output of a weight [out, in, …kernel], and how many outputs an input feeds. */
export function calculateFanInAndFanOut(tensor: Tensor): {
	fanIn: number;
	fanOut: number;
} {
	const [outputs = 0, inputs, ...kernel] = tensor.shape;
	if (inputs === undefined)
		throw check.invalidValue(
			"calculateFanInAndFanOut",
			"tensor",
			`expected 2 or more dimensions, got ${tensor.dim()}`,
		);
	const field = kernel.reduce((product, width) => product * width, 1);
	return { fanIn: inputs * field, fanOut: outputs * field };
}

/** Fills with U(-x, x), x = gain √(6 / (fanIn + fanOut)): Glorot's initialisation. */
export function xavierUniform_<T extends Tensor>(
	tensor: T,
	gain?: number,
	generator?: Generator,
): T;
export function xavierUniform_<T extends Tensor>(tensor: T, options: Gain): T;
export function xavierUniform_<T extends Tensor>(
	tensor: T,
	...rest: unknown[]
): T {
	const { gain, generator } = optional(
		"xavierUniform_",
		{ gain: 1, generator: noGenerator },
		rest,
	);
	const { fanIn, fanOut } = calculateFanInAndFanOut(tensor);
	const bound = Math.sqrt(3) * (gain * Math.sqrt(2 / (fanIn + fanOut)));
	return drawUniform(tensor, -bound, bound, generator);
}

/** Fills with N(0, gain² 2 / (fanIn + fanOut)): Glorot's initialisation. */
export function xavierNormal_<T extends Tensor>(
	tensor: T,
	gain?: number,
	generator?: Generator,
): T;
export function xavierNormal_<T extends Tensor>(tensor: T, options: Gain): T;
export function xavierNormal_<T extends Tensor>(
	tensor: T,
	...rest: unknown[]
): T {
	const { gain, generator } = optional(
		"xavierNormal_",
		{ gain: 1, generator: noGenerator },
		rest,
	);
	const { fanIn, fanOut } = calculateFanInAndFanOut(tensor);
	return drawNormal(
		tensor,
		0,
		gain * Math.sqrt(2 / (fanIn + fanOut)),
		generator,
	);
}

type Kaiming = Random & {
	a?: number | undefined;
	mode?: FanMode | undefined;
	nonlinearity?: Nonlinearity | undefined;
};

const kaiming = {
	a: 0,
	mode: "fan_in" as FanMode,
	nonlinearity: "leaky_relu" as Nonlinearity,
	generator: noGenerator,
};

/**
 * Fills with U(-x, x), x = gain √(3 / fan): He's initialisation. `a` is the negative slope of the leaky_relu after the layer (default 0),
 * `mode` says which fan (default "fan_in").
 */
export function kaimingUniform_<T extends Tensor>(
	tensor: T,
	a?: number,
	mode?: FanMode,
	nonlinearity?: Nonlinearity,
	generator?: Generator,
): T;
export function kaimingUniform_<T extends Tensor>(
	tensor: T,
	options: Kaiming,
): T;
export function kaimingUniform_<T extends Tensor>(
	tensor: T,
	...rest: unknown[]
): T {
	const { a, mode, nonlinearity, generator } = optional(
		"kaimingUniform_",
		kaiming,
		rest,
	);
	if (tensor.numel() === 0) return tensor;
	const bound =
		Math.sqrt(3) * kaimingStd("kaimingUniform_", tensor, a, mode, nonlinearity);
	return drawUniform(tensor, -bound, bound, generator);
}

/** Fills with N(0, gain² / fan): He's initialisation, see `kaimingUniform_`. */
export function kaimingNormal_<T extends Tensor>(
	tensor: T,
	a?: number,
	mode?: FanMode,
	nonlinearity?: Nonlinearity,
	generator?: Generator,
): T;
export function kaimingNormal_<T extends Tensor>(
	tensor: T,
	options: Kaiming,
): T;
export function kaimingNormal_<T extends Tensor>(
	tensor: T,
	...rest: unknown[]
): T {
	const { a, mode, nonlinearity, generator } = optional(
		"kaimingNormal_",
		kaiming,
		rest,
	);
	if (tensor.numel() === 0) return tensor;
	return drawNormal(
		tensor,
		0,
		kaimingStd("kaimingNormal_", tensor, a, mode, nonlinearity),
		generator,
	);
}

function kaimingStd(
	op: string,
	tensor: Tensor,
	a: number,
	mode: FanMode,
	nonlinearity: Nonlinearity,
): number {
	check.oneOf(op, "mode", mode, ["fan_in", "fan_out"]);
	const { fanIn, fanOut } = calculateFanInAndFanOut(tensor);
	return (
		calculateGain(nonlinearity, a) /
		Math.sqrt(mode === "fan_in" ? fanIn : fanOut)
	);
}

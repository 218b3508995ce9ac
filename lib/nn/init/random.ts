import { noGrad } from "../../autograd/index.ts";
import type { Generator } from "../../generator.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { optional } from "../arguments.ts";

/** Where random numbers come from: the default generator unless given. */
export interface Random {
	generator?: Generator | undefined;
}
export type Uniform = Random & {
	a?: number | undefined;
	b?: number | undefined;
};
export type Normal = Random & {
	mean?: number | undefined;
	std?: number | undefined;
};
export type Gain = Random & { gain?: number | undefined };

export const noGenerator = undefined as Generator | undefined;

/** Fills with U(a, b), by default U(0, 1). */
export function uniform_<T extends Tensor>(
	tensor: T,
	a?: number,
	b?: number,
	generator?: Generator,
): T;
export function uniform_<T extends Tensor>(tensor: T, options: Uniform): T;
export function uniform_<T extends Tensor>(tensor: T, ...rest: unknown[]): T {
	const { a, b, generator } = optional(
		"uniform_",
		{ a: 0, b: 1, generator: noGenerator },
		rest,
	);
	return drawUniform(tensor, a, b, generator);
}

/** Fills with N(mean, std²), by default N(0, 1). */
export function normal_<T extends Tensor>(
	tensor: T,
	mean?: number,
	std?: number,
	generator?: Generator,
): T;
export function normal_<T extends Tensor>(tensor: T, options: Normal): T;
export function normal_<T extends Tensor>(tensor: T, ...rest: unknown[]): T {
	const { mean, std, generator } = optional(
		"normal_",
		{ mean: 0, std: 1, generator: noGenerator },
		rest,
	);
	return drawNormal(tensor, mean, std, generator);
}

export function drawUniform<T extends Tensor>(
	tensor: T,
	a: number,
	b: number,
	generator: Generator | undefined,
): T {
	return noGrad(() => tensor.uniform_(a, b, { generator }));
}

export function drawNormal<T extends Tensor>(
	tensor: T,
	mean: number,
	std: number,
	generator: Generator | undefined,
): T {
	return noGrad(() => tensor.normal_(mean, std, { generator }));
}

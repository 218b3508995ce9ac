import * as check from "../check.ts";
import { Tensor } from "../tensor/tensor.ts";
import { hyperValue } from "./hyper.ts";
import type { LoopOptions } from "./types.ts";

/** `given` with `defaults` for what is missing; unknown names are refused. */
export function complete<Options extends object>(
	op: string,
	defaults: Readonly<Options>,
	given: object,
): Options {
	check.options(op, given, Object.keys(defaults));
	const options: { [name: string]: unknown } = { ...defaults };
	for (const [name, value] of Object.entries(given))
		if (value !== undefined) options[name] = value;
	return options as Options;
}

/** A number, or a tensor of one element, that is at least 0 and less than `below`. `words` are PyTorch's name for it. */
export function checkRange(
	op: string,
	argument: string,
	words: string,
	value: unknown,
	below = Number.POSITIVE_INFINITY,
): void {
	if (typeof value !== "number" && !(value instanceof Tensor))
		throw check.invalidType(op, argument, "number", value);
	if (value instanceof Tensor && value.numel() !== 1)
		throw check.invalidValue(
			op,
			argument,
			`Tensor ${argument} must be 1-element`,
		);
	const number = hyperValue(value);
	if (!(number >= 0 && number < below))
		throw check.invalidValue(op, argument, `Invalid ${words}: ${number}`);
}

/** A plain number from `min` to `max`. */
export function checkBetween(
	op: string,
	argument: string,
	words: string,
	value: unknown,
	min: number,
	max: number,
): void {
	if (typeof value !== "number")
		throw check.invalidType(op, argument, "number", value);
	if (!(value >= min && value <= max))
		throw check.invalidValue(op, argument, `Invalid ${words}: ${value}`);
}

/** Two numbers or tensors from 0 to below 1. */
export function checkBetas(op: string, betas: unknown): void {
	if (!Array.isArray(betas) || betas.length !== 2)
		throw check.invalidValue(op, "betas", "expected [number, number]");
	for (const [i, beta] of betas.entries())
		checkRange(op, "betas", `beta parameter at index ${i}`, beta, 1);
}

/** What the options have to be that several optimisers have. `undefined`: this one does not have it. */
export function checkBase(op: string, options: LoopOptions): void {
	checkRange(op, "lr", "learning rate", options.lr);
	for (const name of ["maximize", "differentiable", "capturable"] as const)
		if (options[name] !== undefined) check.boolean(op, name, options[name]);
	for (const name of ["foreach", "fused"] as const)
		if (options[name] !== undefined && options[name] !== null)
			check.boolean(op, name, options[name]);
	if (options.fused && options.differentiable)
		throw check.invalidValue(
			op,
			"fused",
			"`fused` does not support `differentiable`",
		);
	if (options.fused && options.foreach)
		throw check.invalidValue(
			op,
			"fused",
			"`fused` and `foreach` cannot be `true` together",
		);
}

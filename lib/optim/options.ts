import * as check from "../check.ts";
import { Tensor } from "../tensor/tensor.ts";
import { hyperValue } from "./hyper.ts";
import type { CommonOptions } from "./types.ts";

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

/** What the options of every optimiser have to be. */
export function checkCommon(op: string, options: CommonOptions): void {
	checkRange(op, "lr", "learning rate", options.lr);
	check.boolean(op, "maximize", options.maximize);
	check.boolean(op, "differentiable", options.differentiable);
	if (options.foreach !== null) check.boolean(op, "foreach", options.foreach);
	if (options.fused !== null) check.boolean(op, "fused", options.fused);
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

/** Arguments of functions that are written by hand: by position or by name, and checked. */
import * as check from "./check.ts";
import { TorchError } from "./errors.ts";
import { isTensor } from "./handle.ts";

/**
 * The types of arguments from the first optional one on: some by position, in the order of `Order`, the rest by name in a last object.
 */
export type Optional<T extends object, Order extends readonly (keyof T)[]> =
	| [options?: { [Name in Order[number]]?: T[Name] | undefined }]
	| (Order extends readonly [
			infer First extends keyof T,
			...infer Rest extends readonly (keyof T)[],
	  ]
			? [value: T[First] | undefined, ...rest: Optional<T, Rest>]
			: []);

/**
 * Arguments from the first optional one on: by position, in the order of `defaults`, or from any point on by name in a last plain
 * object. What is left out or undefined has its default.
 */
export function optional<T extends object>(
	op: string,
	defaults: T,
	given: readonly unknown[],
): T {
	if (given.length === 0) return defaults;
	const names = Object.keys(defaults);
	const named = given.at(-1);
	const byName = isPlainObject(named);
	const count = byName ? given.length - 1 : given.length;
	if (count > names.length) {
		throw check.invalidValue(
			op,
			"",
			`expected at most ${names.length} optional arguments (${names.join(", ")}), got ${count}`,
		);
	}
	const values = { ...defaults } as Record<string, unknown>;
	for (let i = 0; i < count; i++)
		if (given[i] !== undefined) values[names[i] as string] = given[i];
	if (byName) {
		check.options(op, named, names);
		for (const name of names)
			if (named[name] !== undefined) values[name] = named[name];
	}
	return values as T;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
	if (typeof value !== "object" || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	// Another realm's Object.prototype (Jest's, a vm's) is recognised by having no prototype itself.
	return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export function checkTensor(
	op: string,
	argument: string,
	value: unknown,
): void {
	if (!isTensor(value)) throw check.invalidType(op, argument, "Tensor", value);
}

/**
 * What `call` gives; an error that it throws is `op`'s, whatever LibTorch calls the operator. `names` has the arguments that have other
 * names here.
 */
export function as<T>(
	op: string,
	call: () => T,
	names: { readonly [argument: string]: string } = {},
): T {
	try {
		return call();
	} catch (error) {
		if (!(error instanceof TorchError) || error.op === undefined) throw error;
		const { code, argument, message } = error;
		const text = message.slice(
			[error.op, argument].filter(Boolean).join(": ").length + 2,
		);
		const name = argument === undefined ? undefined : names[argument];
		throw new TorchError(text, {
			code,
			op,
			argument: name ?? argument,
			cause: error,
		});
	}
}

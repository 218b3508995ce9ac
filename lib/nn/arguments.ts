/** Arguments of functionals and modules. */
import * as check from "../check.ts";

export { as, checkTensor, type Optional, optional } from "../arguments.ts";

/** A number for each of `Count` dimensions, where it is known which. */
export type Sizes<Count extends number> = Count extends 1
	? [number]
	: Count extends 2
		? [number, number]
		: Count extends 3
			? [number, number, number]
			: number[];

/** `value` for each of `count` dimensions: a number stands for all of them. Errors are `op`'s. */
export function sizes<Count extends number>(
	op: string,
	name: string,
	value: unknown,
	count: Count,
	{ min = 0 }: { min?: number } = {},
): Sizes<Count> {
	if (!Array.isArray(value)) {
		if (typeof value === "number") check.integer(op, name, value, { min });
		else throw unexpected(op, name, value, count);
		return new Array<number>(count).fill(value) as Sizes<Count>;
	}
	if (value.length !== count) throw unexpected(op, name, value, count);
	for (const [i, each] of value.entries())
		check.integer(op, `${name}[${i}]`, each, { min });
	return [...value] as Sizes<Count>;
}

function unexpected(
	op: string,
	argument: string,
	value: unknown,
	count: number,
): Error {
	return check.invalidType(
		op,
		argument,
		`number or [${new Array(count).fill("number").join(", ")}]`,
		value,
	);
}

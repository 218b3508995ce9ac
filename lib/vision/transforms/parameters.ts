import * as check from "../../check.ts";
import { checkPair } from "./functional/affine.ts";

/** From … to. */
export type Range = readonly [from: number, to: number];

/** @internal A range; a number d stands for [-d, d]. */
export function rangeOf(
	op: string,
	name: string,
	value: number | Range,
): Range {
	if (typeof value === "number") {
		check.number(op, name, value, { min: 0 });
		return [-value, value];
	}
	checkPair(op, name, value);
	checkOrder(op, name, value);
	return value;
}

/** @internal */
export function checkOrder(op: string, name: string, [from, to]: Range): void {
	if (from <= to) return;
	throw check.invalidValue(
		op,
		name,
		`expected [from, to] with from <= to, got [${from}, ${to}]`,
	);
}

/** @internal Height and width; one number stands for both. */
export function heightAndWidth(
	op: string,
	size: number | readonly [number, number],
): [number, number] {
	const pair = typeof size === "number" ? ([size, size] as const) : size;
	checkPair(op, "size", pair);
	for (const side of pair) check.integer(op, "size", side, { min: 1 });
	return [pair[0], pair[1]];
}

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

/** A number for a square, or [height, width]. */
export type CropSize =
	| number
	| readonly [number]
	| readonly [height: number, width: number];

/** @internal Height and width; one number stands for both. */
export function heightAndWidth(op: string, size: CropSize): [number, number] {
	const sides = typeof size === "number" ? [size] : size;
	const pair = sides.length === 1 ? [sides[0], sides[0]] : sides;
	checkPair(op, "size", pair);
	for (const side of pair) check.integer(op, "size", side, { min: 1 });
	return [pair[0] as number, pair[1] as number];
}

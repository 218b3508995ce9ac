import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Mask } from "../tvTensors/image.ts";
import { checkPair } from "./functional/affine.ts";
import { checkFill, type Fill } from "./functional/image.ts";

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
	const sides: unknown = typeof size === "number" ? [size] : size;
	if (!Array.isArray(sides) || ![1, 2].includes(sides.length)) {
		throw check.invalidType(
			op,
			"size",
			"number, [number] or [height, width]",
			size,
		);
	}
	for (const side of sides) check.integer(op, "size", side, { min: 1 });
	return [sides[0] as number, sides.at(-1) as number];
}

/** What is put where there is no image: the same for images and masks, or one for each (0 where it is left out). */
export type Fills = Fill | { readonly image?: Fill; readonly mask?: Fill };

/** @internal */
export function checkFills(op: string, fills: Fills): void {
	if (fills === null || typeof fills !== "object" || Array.isArray(fills)) {
		checkFill(op, fills as Fill);
		return;
	}
	const {
		image = 0,
		mask = 0,
		...rest
	} = fills as { image?: Fill; mask?: Fill };
	const [unknown] = Object.keys(rest);
	if (unknown !== undefined) {
		throw check.invalidValue(
			op,
			"fill",
			`expected a number, numbers, null or { image, mask }, got an object with ${unknown}`,
		);
	}
	checkFill(op, image);
	checkFill(op, mask);
}

/** @internal */
export function fillFor(fills: Fills, input: Tensor): Fill {
	if (fills === null || typeof fills !== "object" || Array.isArray(fills)) {
		return fills as Fill;
	}
	const { image = 0, mask = 0 } = fills as { image?: Fill; mask?: Fill };
	return input instanceof Mask ? mask : image;
}

/** @internal Two numbers; one stands for both. */
export function pairOf(
	op: string,
	name: string,
	value: number | readonly number[],
	range: check.Range = {},
): [number, number] {
	const values = typeof value === "number" ? [value] : value;
	const pair = values.length === 1 ? [values[0], values[0]] : values;
	checkPair(op, name, pair as number[], range);
	return [pair[0] as number, pair[1] as number];
}

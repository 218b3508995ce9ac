import * as check from "../../../check.ts";
import type { Range } from "../parameters.ts";

/** How much is changed: factors from 1 - x to 1 + x for a number x (or hues from -x to x), or [from, to]; null: none. */
export type Amount = number | Range | null;

export interface JitterOptions {
	/** Factors of at least 0. Default null. */
	brightness: Amount;
	/** Factors of at least 0. Default null. */
	contrast: Amount;
	/** Factors of at least 0. Default null. */
	saturation: Amount;
	/** Parts of a turn, from -0.5 to 0.5. Default null. */
	hue: Amount;
}

/** @internal */
export type Jitter = { [Name in keyof JitterOptions]: Range | null };

/** @internal What factors are drawn from; null where nothing changes. */
export function jitterOf(op: string, options: JitterOptions): Jitter {
	const factor = (name: "brightness" | "contrast" | "saturation") =>
		rangeAround(op, name, options[name], 1, [0, Infinity]);
	return {
		brightness: factor("brightness"),
		contrast: factor("contrast"),
		saturation: factor("saturation"),
		hue: rangeAround(op, "hue", options.hue, 0, [-0.5, 0.5]),
	};
}

function rangeAround(
	op: string,
	name: string,
	value: Amount,
	center: number,
	[least, most]: Range,
): Range | null {
	if (value === null) return null;
	const range =
		typeof value === "number" ? around(op, name, value, center) : value;
	check.array<number>(op, name, range);
	const fine =
		range.length === 2 &&
		range.every((end) => typeof end === "number") &&
		least <= range[0] &&
		range[0] <= range[1] &&
		range[1] <= most;
	if (fine) return range[0] === center && range[1] === center ? null : range;
	throw check.invalidValue(
		op,
		name,
		`expected a number or [from, to] with ${least} <= from <= to <= ${most}, got ${check.describe(value)}`,
	);
}

/** Factors do not go below 0; hues go where they must not, and are refused. */
function around(op: string, name: string, by: number, center: number): Range {
	check.number(op, name, by, { min: 0 });
	const from = center - by;
	return [center === 1 ? Math.max(from, 0) : from, center + by];
}

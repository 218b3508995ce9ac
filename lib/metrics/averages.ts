/** One number of several classes' numbers. */

import * as check from "../check.ts";
import type { Setting } from "../nn/settings.ts";

/**
 * - "binary": of class 1 alone
 * - "micro": of all samples, whatever their class
 * - "macro": the mean over classes
 * - "weighted": the mean over classes by their number of samples
 * - "none": a list, class by class
 */
export type Average = "binary" | "micro" | "macro" | "weighted" | "none";

/** What `compute` gives: a list with "none", else a number. */
export type Averaged<A extends Average> = "none" extends A
	? A extends "none"
		? number[]
		: number | number[]
	: number;

const AVERAGES: readonly Average[] = [
	"binary",
	"micro",
	"macro",
	"weighted",
	"none",
];

export const AVERAGE: Setting<Average | undefined> = {
	fallback: undefined,
	check(op, name, value) {
		check.oneOf(op, name, value, AVERAGES);
	},
};

/** A division whose result for 0 / 0 is stated. */
export function divided(a: number, b: number, ofNothing = 0): number {
	return b === 0 ? ofNothing : a / b;
}

export const sum = (values: readonly number[]): number =>
	values.reduce((total, value) => total + value, 0);

/** The mean of `values`, each counting `weights` times. */
export function mean(
	values: readonly number[],
	weights: readonly number[] = values.map(() => 1),
): number {
	return divided(
		sum(values.map((value, i) => (weights[i] ? value * weights[i] : 0))),
		sum(weights),
	);
}

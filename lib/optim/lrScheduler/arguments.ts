import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";

/** A number for each parameter group: one number stands for all of them. */
export function perGroup(
	op: string,
	name: string,
	value: unknown,
	optimizer: Optimizer,
): number[] {
	const count = optimizer.paramGroups.length;
	if (!Array.isArray(value))
		return new Array<number>(count).fill(check.number(op, name, value));
	if (value.length !== count)
		throw check.invalidValue(
			op,
			name,
			`${name} must have the same length as optimizer.paramGroups. ${name} has ${value.length} values, paramGroups has ${count}.`,
		);
	return value.map((x, i) => check.number(op, `${name}[${i}]`, x));
}

/** A function of the epoch for each parameter group: one function stands for all of them. */
export function functionPerGroup(
	op: string,
	name: string,
	value: unknown,
	optimizer: Optimizer,
): ((epoch: number) => number)[] {
	const count = optimizer.paramGroups.length;
	const list: unknown[] = Array.isArray(value)
		? value
		: new Array(count).fill(value);
	if (list.length !== count)
		throw check.invalidValue(
			op,
			name,
			`Expected ${count} ${name}s, but got ${list.length}`,
		);
	for (const each of list) check.callable(op, name, each);
	return list as ((epoch: number) => number)[];
}

/** How many milestones, which are in order, are at most `epoch`. */
export function passed(milestones: readonly number[], epoch: number): number {
	return milestones.filter((milestone) => milestone <= epoch).length;
}

/** What every scheduler takes that goes by epochs. */
export interface EpochOptions {
	/** The epoch from which to go on; the optimizer's groups then have `initialLr`. Default: -1, the beginning. */
	lastEpoch?: number;
}

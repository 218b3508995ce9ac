import * as check from "../check.ts";
import { isTensor } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A class, or a group, for each sample. */
export type Labels = Tensor | Iterable<number | bigint | string>;

/** The labels, one by one. */
export function labelsOf(
	op: string,
	argument: string,
	labels: Labels,
): (number | bigint | string)[] {
	const list = isTensor(labels)
		? ((labels as Tensor).tolist() as (number | string)[])
		: Symbol.iterator in Object(labels)
			? [...(labels as Iterable<number | string>)]
			: [];
	const wrong = !Array.isArray(list)
		? 0
		: list.findIndex(
				(label) => !["number", "bigint", "string"].includes(typeof label),
			);
	if (wrong >= 0 || list.length === 0) {
		throw check.invalidType(
			op,
			argument,
			"a label (number or string) for each of one or more samples",
			list.length === 0 ? labels : list[wrong],
		);
	}
	return list;
}

/** The samples of each class, in the order in which classes appear. */
export function classesOf(
	op: string,
	labels: Labels,
	argument = "labels",
): Map<number | bigint | string, number[]> {
	const classes = new Map<number | bigint | string, number[]>();
	for (const [i, label] of labelsOf(op, argument, labels).entries()) {
		const members = classes.get(label);
		if (members) members.push(i);
		else classes.set(label, [i]);
	}
	return classes;
}

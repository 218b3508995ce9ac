/** Which arguments of a function are differentiated. */
import * as check from "../../check.ts";
import { isTensor } from "../../handle.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { flatten } from "./tree.ts";

/** One argument's place, or several. */
export type Argnums = number | readonly number[];

/** The types of those arguments. */
export type Picked<
	Inputs extends unknown[],
	Numbers extends Argnums,
> = Numbers extends number
	? Inputs[Numbers]
	: { -readonly [K in keyof Numbers]: Inputs[Numbers[K] & number] };

export interface ArgnumsOptions<Numbers extends Argnums = Argnums> {
	/** Which arguments: a place, or several. Default: 0. */
	argnums?: Numbers;
}

/** Arguments by place, negative ones counted from the end. */
export function placesOf(
	op: string,
	argnums: Argnums,
	count: number,
): number[] {
	const list = typeof argnums === "number" ? [argnums] : argnums;
	check.array(op, "argnums", list as readonly number[]);
	if (list.length === 0)
		throw check.invalidValue(op, "argnums", "expected one place or more");
	const places = list.map((number) => {
		check.integer(op, "argnums", number);
		if (number >= -count && number < count)
			return number < 0 ? number + count : number;
		throw check.invalidValue(
			op,
			"argnums",
			`got ${number} for a function of ${count} arguments`,
		);
	});
	if (new Set(places).size < places.length)
		throw check.invalidValue(op, "argnums", "expected each place once");
	return places;
}

/** Those arguments: one itself, several in an array. */
export function pick(
	argnums: Argnums,
	places: readonly number[],
	inputs: readonly unknown[],
): unknown {
	const picked = places.map((place) => inputs[place]);
	return typeof argnums === "number" ? picked[0] : picked;
}

/** The inputs with those arguments exchanged. */
export function replace(
	argnums: Argnums,
	places: readonly number[],
	inputs: readonly unknown[],
	picked: unknown,
): unknown[] {
	const values = typeof argnums === "number" ? [picked] : (picked as unknown[]);
	const result = [...inputs];
	for (const [i, place] of places.entries()) result[place] = values[i];
	return result;
}

/** The leaves of a tree of which each must be a tensor. */
export function tensorLeaves(
	op: string,
	argument: string,
	value: unknown,
): { leaves: Tensor[]; tree: ReturnType<typeof flatten>["tree"] } {
	const { leaves, tree } = flatten(value);
	for (const leaf of leaves)
		if (!isTensor(leaf))
			throw check.invalidType(op, argument, "Tensors only", leaf);
	if (leaves.length === 0)
		throw check.invalidValue(op, argument, "expected one Tensor or more");
	return { leaves: leaves as Tensor[], tree };
}

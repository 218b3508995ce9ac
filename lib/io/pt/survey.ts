import * as check from "../../check.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { Complex } from "../../types.ts";

const MAX_DEPTH = 1000;

/** What kind of value something is, of those that a file can hold. */
export type Kind =
	| "none"
	| "boolean"
	| "number"
	| "bigint"
	| "string"
	| "tensor"
	| "bytes"
	| "complex"
	| "list"
	| "tuple"
	| "map"
	| "set"
	| "object";

/** @returns undefined for what no file can hold */
export function kindOf(value: unknown): Kind | undefined {
	if (value === null || value === undefined) return "none";
	if (
		typeof value === "boolean" ||
		typeof value === "number" ||
		typeof value === "bigint" ||
		typeof value === "string"
	)
		return typeof value as Kind;
	if (typeof value !== "object") return undefined;
	if (value instanceof Tensor) return "tensor";
	if (Array.isArray(value)) return Object.isFrozen(value) ? "tuple" : "list";
	// By name, not by instanceof: the value may come from another realm.
	switch (Object.prototype.toString.call(value)) {
		case "[object Uint8Array]":
			return "bytes";
		case "[object Map]":
			return "map";
		case "[object Set]":
			return "set";
	}
	if (!isPlain(value)) return undefined;
	return isComplex(value) ? "complex" : "object";
}

/** All tensors of a value, each once, with the place where it was found first. */
export function tensorsOf(op: string, value: unknown): Map<Tensor, string> {
	const tensors = new Map<Tensor, string>();
	const done = new Set<unknown>();
	const open = new Set<unknown>();
	const visit = (value: unknown, place: string) => {
		const kind = kindOf(value);
		if (kind === undefined)
			throw check.invalidType(op, place, "a tensor or plain data", value);
		if (kind === "string" && /\p{Surrogate}/u.test(value as string))
			throw check.invalidValue(op, place, "a string that is not well-formed");
		if (kind === "tensor" && !tensors.has(value as Tensor))
			tensors.set(value as Tensor, place);
		if (typeof value !== "object" || value === null || done.has(value)) return;
		if (open.has(value)) throw check.invalidValue(op, place, "holds itself");
		if (open.size >= MAX_DEPTH)
			throw check.invalidValue(op, place, `is deeper than ${MAX_DEPTH}`);
		open.add(value);
		for (const [child, at] of children(kind, value, place)) visit(child, at);
		open.delete(value);
		done.add(value);
	};
	visit(value, "value");
	return tensors;
}

function* children(
	kind: Kind,
	value: object,
	place: string,
): Generator<[child: unknown, place: string]> {
	switch (kind) {
		case "list":
		case "tuple":
			for (const [i, item] of (value as unknown[]).entries())
				yield [item, `${place}.${i}`];
			return;
		case "map":
			for (const [key, item] of value as Map<unknown, unknown>) {
				yield [key, `${place}'s key`];
				yield [item, `${place}.${String(key)}`];
			}
			return;
		case "set":
			for (const item of value as Set<unknown>) yield [item, `${place}'s item`];
			return;
		case "object":
			for (const [key, item] of Object.entries(value)) {
				yield [key, `${place}'s key`];
				yield [item, `${place}.${key}`];
			}
	}
}

function isPlain(value: object): boolean {
	const prototype = Object.getPrototypeOf(value);
	return prototype === null || Object.getPrototypeOf(prototype) === null; // not instanceof: objects of other realms, too
}

function isComplex(value: object): value is Complex {
	const { re, im } = value as Partial<Complex>;
	return (
		typeof re === "number" &&
		typeof im === "number" &&
		Object.keys(value).length === 2
	);
}

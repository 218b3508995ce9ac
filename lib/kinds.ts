/** What kind of value an argument is: how overloads of one name are told apart. */
import { slotOfGenerator } from "./generator.ts";
import { isTensor, slotOf, TensorHandle } from "./handle.ts";
import type { Argument } from "./schema.ts";

/** What a value is, as far as it tells overloads apart: one bit each. */
export const Kind = {
	undefined: 1,
	null: 2,
	tensor: 4,
	boolean: 8,
	integer: 16,
	float: 32,
	complex: 64,
	string: 128,
	generator: 256,
	other: 512,
	/** An array without elements, and the place of one of others: a kind shifted by so much. */
	emptyArray: 1 << 10,
	array: 11,
} as const;

export function kindOf(value: unknown): number {
	switch (typeof value) {
		case "undefined":
			return Kind.undefined;
		case "number":
			return Number.isInteger(value) ? Kind.integer : Kind.float;
		case "bigint":
			return Kind.integer;
		case "boolean":
			return Kind.boolean;
		case "string":
			return Kind.string;
		case "object":
			if (value === null) return Kind.null;
			if (Array.isArray(value)) return kindOfArray(value);
			if (isTensor(value)) return Kind.tensor;
			if (isComplexNumber(value)) return Kind.complex;
			return slotOfGenerator(value) === null ? Kind.other : Kind.generator;
		default:
			return Kind.other;
	}
}

export function isComplexNumber(
	value: unknown,
): value is { re: number; im: number } {
	return (
		typeof value === "object" &&
		value !== null &&
		"re" in value &&
		"im" in value
	);
}

/** A plain object's look: named arguments, or a complex number. */
export const plain = -(1 << 30);

/** What a value is, in one look: the slot of a tensor, which is positive; of others minus their kind, or `plain`. */
export function look(value: unknown): number {
	if (value === undefined) return -Kind.undefined;
	if (typeof value !== "object") return -kindOf(value);
	const slot = slotOf(value);
	if (slot > 0) return slot;
	return isOptions(value) ? plain : -kindOf(value);
}

/** The kind that a look stands for. */
export function kindSeen(looked: number, value: unknown): number {
	if (looked > 0) return Kind.tensor;
	return looked === plain ? kindOf(value) : -looked;
}

/** By the first element that is not null; an array that begins with many nulls goes for one without elements. */
function kindOfArray(values: readonly unknown[]): number {
	for (let i = 0; i < Math.min(values.length, 64); i++) {
		const value = values[i];
		if (value === null || value === undefined) continue;
		return Array.isArray(value) ? Kind.other : kindOf(value) << Kind.array;
	}
	return Kind.emptyArray;
}

const numbers = Kind.integer | Kind.float | Kind.boolean | Kind.complex;
const kindsOfType: { readonly [type: string]: number } = {
	Tensor: Kind.tensor,
	"Tensor|Scalar": Kind.tensor | numbers,
	Scalar: numbers,
	complex: numbers,
	int: Kind.integer,
	SymInt: Kind.integer,
	float: Kind.integer | Kind.float,
	bool: Kind.boolean,
	Generator: Kind.generator,
};

/** The kinds of value that may be meant for an argument: enough to tell overloads apart, not a check. */
export function kindsFor({ type, default: fallback }: Argument): number {
	const bare = type.endsWith("?") ? type.slice(0, -1) : type;
	const optional =
		(fallback === undefined ? 0 : Kind.undefined) |
		(bare === type ? 0 : Kind.null);
	if (!bare.endsWith("]")) return optional | (kindsOfType[bare] ?? Kind.string);
	const open = bare.lastIndexOf("[");
	const element =
		kindsOfType[bare.slice(0, open).replace("?", "")] ?? Kind.string;
	// int[2]: one number stands for both
	const single = bare.length > open + 2 ? element : 0;
	return optional | single | Kind.emptyArray | (element << Kind.array);
}

export function isInteger(value: unknown): value is number | bigint {
	return (
		typeof value === "bigint" ||
		(typeof value === "number" && Number.isInteger(value))
	);
}

/**
 * Whether a value is an object of named arguments: a plain one. A complex number is one, too, and known by its names, which no
 * operator has: to look for them here takes longer than the rest of a call's preparation.
 */
export function isOptions(value: unknown): value is Record<string, unknown> {
	if (
		typeof value !== "object" ||
		value === null ||
		value instanceof TensorHandle ||
		Array.isArray(value)
	)
		return false;
	return value.constructor === Object || isPlain(value);
}

/** Another realm's Object.prototype (a vm's) is known by having no prototype itself. */
function isPlain(value: object): boolean {
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === null || Object.getPrototypeOf(prototype) === null;
}

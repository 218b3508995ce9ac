/** Checks of arguments, each a TorchError that names the function and the argument. */
import { TorchError } from "./errors.ts";

/** A value as an error message shows it. */
export function describe(value: unknown): string {
	if (value === null || value === undefined) return String(value);
	if (typeof value === "string")
		return `string ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
	if (typeof value === "number" || typeof value === "boolean")
		return `${typeof value} ${value}`;
	if (typeof value === "bigint") return `bigint ${value}`;
	if (Array.isArray(value))
		return value.length <= 8 && value.every((v) => typeof v === "number")
			? `[${value.join(", ")}]`
			: "array";
	if (typeof value === "function" || typeof value === "object") {
		const name = (Object.getPrototypeOf(value) as object | null)?.constructor
			?.name;
		return name && name !== "Object" && name !== "Function"
			? name
			: typeof value;
	}
	return typeof value;
}

export function invalidType(
	op: string,
	argument: string,
	expected: string,
	value: unknown,
): TorchError {
	return new TorchError(`expected ${expected}, got ${describe(value)}`, {
		code: "ERR_INVALID_ARG_TYPE",
		op,
		argument,
	});
}

export function invalidValue(
	op: string,
	argument: string,
	message: string,
): TorchError {
	return new TorchError(message, {
		code: "ERR_INVALID_ARG_VALUE",
		op,
		argument,
	});
}

export interface Range {
	min?: number;
	max?: number;
}

function inRange(
	op: string,
	argument: string,
	value: number,
	{ min = -Infinity, max = Infinity }: Range,
): number {
	if (value >= min && value <= max) return value;
	const wanted =
		max === Infinity
			? `at least ${min}`
			: min === -Infinity
				? `at most ${max}`
				: `from ${min} to ${max}`;
	throw invalidValue(op, argument, `expected a number ${wanted}, got ${value}`);
}

/** A finite or infinite number, not NaN. */
export function number(
	op: string,
	argument: string,
	value: unknown,
	range: Range = {},
): number {
	if (typeof value !== "number" || Number.isNaN(value))
		throw invalidType(op, argument, "number", value);
	return inRange(op, argument, value, range);
}

export function integer(
	op: string,
	argument: string,
	value: unknown,
	range: Range = {},
): number {
	if (!Number.isSafeInteger(value))
		throw invalidType(op, argument, "integer", value);
	return inRange(op, argument, value as number, range);
}

export function boolean(op: string, argument: string, value: unknown): boolean {
	if (typeof value !== "boolean")
		throw invalidType(op, argument, "boolean", value);
	return value;
}

export function string(op: string, argument: string, value: unknown): string {
	if (typeof value !== "string")
		throw invalidType(op, argument, "string", value);
	return value;
}

export function callable(op: string, argument: string, value: unknown): void {
	if (typeof value !== "function")
		throw invalidType(op, argument, "function", value);
}

export function array<T>(
	op: string,
	argument: string,
	value: readonly T[],
): readonly T[] {
	if (!Array.isArray(value)) throw invalidType(op, argument, "array", value);
	return value;
}

export function oneOf<T extends string>(
	op: string,
	argument: string,
	value: unknown,
	known: readonly T[],
): T {
	if (known.includes(value as T)) return value as T;
	throw invalidType(
		op,
		argument,
		`one of ${known.map((k) => JSON.stringify(k)).join(", ")}`,
		value,
	);
}

/** A plain object whose keys are all known. */
export function options(
	op: string,
	value: unknown,
	known: readonly string[],
): void {
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw invalidType(op, "options", "object", value);
	for (const key of Object.keys(value)) {
		if (!known.includes(key))
			throw invalidValue(
				op,
				key,
				`unknown option; known are ${known.join(", ") || "none"}`,
			);
	}
}

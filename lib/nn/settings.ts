/** A module's options: each has a default and a check, and what is wrong is named in the error. */
import * as check from "../check.ts";
import { chosenDevice } from "../placement.ts";
import type { Device, DType } from "../types.ts";

/** An option: what it is when it is not given, and a check of what is given. */
export interface Setting<T> {
	readonly fallback: T;
	check(op: string, name: string, value: unknown): void;
}

type Settings<Fields> = {
	[Name in keyof Fields]: Fields[Name] extends Setting<infer T> ? T : never;
};

/** The options of `given` by name, checked, and the defaults of those that it lacks. Errors are `op`'s. */
export function settings<Fields extends Record<string, Setting<unknown>>>(
	op: string,
	given: object,
	fields: Fields,
): Settings<Fields> {
	check.options(op, given, Object.keys(fields));
	const values: Record<string, unknown> = {};
	for (const [name, field] of Object.entries(fields)) {
		const value = (given as Record<string, unknown>)[name];
		if (value !== undefined) field.check(op, name, value);
		values[name] = value === undefined ? field.fallback : value;
	}
	return values as Settings<Fields>;
}

/** `first` may be the option `name`, as in `new Dropout(0.2)`, or all options, as in `new Dropout({ p: 0.2 })`. */
export function withLeading(
	name: string,
	first: unknown,
	options: object,
): object {
	return typeof first === "object" && first !== null && !Array.isArray(first)
		? first
		: { ...options, [name]: first };
}

export function flag(fallback: boolean): Setting<boolean> {
	return { fallback, check: check.boolean };
}

export function real(fallback: number, range?: check.Range): Setting<number> {
	return {
		fallback,
		check: (op, name, value) => check.number(op, name, value, range),
	};
}

export function whole(fallback: number, range?: check.Range): Setting<number> {
	return {
		fallback,
		check: (op, name, value) => check.integer(op, name, value, range),
	};
}

export function choice<T extends string>(
	fallback: T,
	known: readonly T[],
): Setting<T> {
	return {
		fallback,
		check: (op, name, value) => check.oneOf(op, name, value, known),
	};
}

/** An option that may also be null, which it is by default. */
export function nullable<T>(
	setting: Setting<T>,
	fallback: T | null = null,
): Setting<T | null> {
	return {
		fallback,
		check(op, name, value) {
			if (value !== null) setting.check(op, name, value);
		},
	};
}

/** An option that is checked elsewhere. */
export function unchecked<T>(fallback: T): Setting<T> {
	return { fallback, check() {} };
}

export { onDevice } from "../tensor/defaultDevice.ts";

/** Where a module's parameters are made, and their dtype. Defaults: `torch.getDefaultDevice()` and `torch.getDefaultDtype()`. */
export interface FactoryOptions {
	device?: Device | undefined;
	dtype?: DType | undefined;
}

/** The settings of a module that makes parameters. */
export const FACTORY = {
	device: {
		get fallback(): Device | undefined {
			return chosenDevice();
		},
		check: check.string,
	},
	dtype: { fallback: undefined as DType | undefined, check: check.string },
};

/** How a call reaches LibTorch: an overload is chosen, arguments are laid out in the schema's order, native code does the rest. */
import { libtorch, native } from "./binding.ts";
import { boolean, describe, invalidType, invalidValue } from "./check.ts";
import { TorchError } from "./errors.ts";
import { slotOfGenerator } from "./generator.ts";
import {
	emptyTensor,
	fill,
	isTensor,
	slotOf,
	type TensorHandle,
} from "./handle.ts";
import {
	type Argument,
	camelCase,
	isFactory,
	parseSchema,
	type Schema,
} from "./schema.ts";

/** What an operator gives back. */
type Returns = "tensor" | "argument" | "arguments" | "value";

/** One schema, ready to be called. */
class Overload {
	readonly schema: Schema;
	readonly number: number;
	readonly returns: Returns;
	/** Bit i: argument i is a tensor, tensors or a generator, which goes in as a slot. */
	readonly #slots: number;
	/** The kinds of value that may be meant for each argument, as bits. */
	readonly #kinds: readonly number[];
	readonly #places: ReadonlyMap<string, number>;
	/** The argument that is the result, where one is. */
	readonly #result: number;
	readonly #resultNames: readonly string[];

	constructor(schema: Schema) {
		this.schema = schema;
		this.number = native.findOperator(schema.fullName, schema.overload);
		if (this.number < 0) throw missing(schema);
		const { arguments: args, results } = schema;
		this.#slots = args.reduce(
			(bits, a, i) =>
				/^(Tensor|Generator)/.test(a.type) ? bits | (1 << i) : bits,
			0,
		);
		this.#kinds = args.map(kindsFor);
		this.#places = new Map(args.map((a, i) => [a.name, i]));
		this.#result = args.findIndex((a) => a.written);
		const isWritten = results.length > 0 && results.every((r) => r.written);
		if (isWritten)
			this.returns = results.length === 1 ? "argument" : "arguments";
		else if (results.length === 1 && results[0]?.type === "Tensor")
			this.returns = "tensor";
		else this.returns = "value";
		this.#resultNames = results.length > 1 ? results.map((r) => r.name) : [];
	}

	/** Whether values of these kinds may be meant for the first three arguments, and no others be needed. */
	accepts3(a: number, b: number, c: number): boolean {
		const kinds = this.#kinds;
		return (
			((kinds[0] ?? Kind.undefined) & a) !== 0 &&
			((kinds[1] ?? Kind.undefined) & b) !== 0 &&
			((kinds[2] ?? Kind.undefined) & c) !== 0 &&
			(kinds.length <= 3 || this.#misses(3))
		);
	}

	accepts(args: readonly unknown[]): boolean {
		const kinds = this.#kinds;
		for (let i = 0; i < args.length; i++)
			if (((kinds[i] ?? Kind.undefined) & kindOf(args[i])) === 0) return false;
		return this.#misses(args.length);
	}

	/** Whether all arguments from a position on have defaults. */
	#misses(from: number): boolean {
		const kinds = this.#kinds;
		for (let i = from; i < kinds.length; i++)
			if (((kinds[i] as number) & Kind.undefined) === 0) return false;
		return true;
	}

	/** Positional arguments and options in the schema's order, or the name that it does not know. */
	layOut(
		positional: readonly unknown[],
		options: Record<string, unknown>,
	): unknown[] | string {
		const args = positional.slice();
		for (const name in options) {
			const i = this.#places.get(name);
			if (i === undefined) return name;
			if (options[name] === undefined) continue;
			if (i < positional.length) return name;
			while (args.length < i) args.push(undefined);
			args[i] = options[name];
		}
		return args;
	}

	call3(a: unknown, b: unknown, c: unknown): unknown {
		const slots = this.#slots;
		const out = this.returns === "tensor" ? emptyTensor() : undefined;
		let value: unknown;
		try {
			value = native.call(
				this.number,
				out,
				slots & 1 ? this.#lower(0, a) : a,
				slots & 2 ? this.#lower(1, b) : b,
				slots & 4 ? this.#lower(2, c) : c,
			);
		} catch (error) {
			value = this.#callAgain(error, out, [a, b, c]);
		}
		return out === undefined
			? this.#finish(value, [a, b, c])
			: value === null
				? null
				: fill(out, value as number);
	}

	call(args: readonly unknown[]): unknown {
		if (args.length <= 3) return this.call3(args[0], args[1], args[2]);
		const out = this.returns === "tensor" ? emptyTensor() : undefined;
		let value: unknown;
		try {
			value = native.call(this.number, out, ...this.#lowerAll(args));
		} catch (error) {
			value = this.#callAgain(error, out, args);
		}
		return out === undefined
			? this.#finish(value, args)
			: value === null
				? null
				: fill(out, value as number);
	}

	/** Where memory has run out: frees what nothing refers to, and tries once more, unless an argument may be half changed. */
	#callAgain(
		error: unknown,
		out: TensorHandle | undefined,
		args: readonly unknown[],
	): unknown {
		if (!(error instanceof TorchError) || error.code !== "ERR_OUT_OF_MEMORY")
			throw error;
		native.collectGarbage();
		native.emptyCache("cuda");
		if (this.schema.arguments.some((a) => a.written)) throw error;
		return native.call(this.number, out, ...this.#lowerAll(args));
	}

	#lowerAll(args: readonly unknown[]): unknown[] {
		const lowered = args.slice();
		for (let i = 0; i < args.length; i++)
			if (this.#slots & (1 << i)) lowered[i] = this.#lower(i, args[i]);
		return lowered;
	}

	/** The value for argument i as native code takes it. */
	#lower(i: number, value: unknown): unknown {
		if (isTensor(value)) return slotOf(value);
		if (value === undefined || value === null) return value;
		const argument = this.schema.arguments[i] as Argument;
		if (argument.type.startsWith("Generator")) {
			const slot = slotOfGenerator(value);
			if (slot !== null) return slot;
		} else if (Array.isArray(value) && argument.type.includes("[")) {
			return value.map((item) => this.#lower(i, item));
		}
		throw invalidType(
			camelCase(this.schema.baseName),
			argument.name,
			expected(argument),
			value,
		);
	}

	/** The result of a call that makes no single tensor. */
	#finish(value: unknown, args: readonly unknown[]): unknown {
		if (this.returns === "argument") return args[this.#result];
		if (this.returns === "arguments")
			return args.filter((_, i) => this.schema.arguments[i]?.written);
		if (!Array.isArray(value)) return value;
		// Several results can be read by name too: `const { values, indices } = x.max(0)`.
		for (const [i, name] of this.#resultNames.entries())
			if (name) Object.defineProperty(value, name, { value: value[i] });
		return value;
	}
}

function missing(schema: Schema): TorchError {
	return new TorchError(
		`LibTorch ${libtorch.version} has no ${schema.fullName}${schema.overload && `.${schema.overload}`}; 2.13.0 has it`,
		{ code: "ERR_NOT_IMPLEMENTED", op: camelCase(schema.baseName) },
	);
}

/** What an argument takes, in JavaScript's words. */
function expected({ type }: Argument): string {
	return type.replace("?", " | null").replace(/\[\d+\]/, "[]");
}

/** What a value is, as far as it tells overloads apart: one bit each. */
const Kind = {
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

function kindOf(value: unknown): number {
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
			if (isTensor(value)) return Kind.tensor;
			if (Array.isArray(value)) return kindOfArray(value);
			if ("re" in value && "im" in value) return Kind.complex;
			return slotOfGenerator(value) === null ? Kind.other : Kind.generator;
		default:
			return Kind.other;
	}
}

/** By the first element that is not null: an array of nulls goes for one without elements. */
function kindOfArray(values: readonly unknown[]): number {
	for (const value of values) {
		if (value === null || value === undefined) continue;
		return Array.isArray(value) ? Kind.other : kindOf(value) << Kind.array;
	}
	return Kind.emptyArray;
}

const numbers = Kind.integer | Kind.float | Kind.boolean | Kind.complex;
const kindsOfType: { readonly [type: string]: number } = {
	Tensor: Kind.tensor,
	Scalar: numbers,
	complex: numbers,
	int: Kind.integer,
	SymInt: Kind.integer,
	float: Kind.integer | Kind.float,
	bool: Kind.boolean,
	Generator: Kind.generator,
};

/** The kinds of value that may be meant for an argument: enough to tell overloads apart, not a check. */
function kindsFor({ type, default: fallback }: Argument): number {
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

function isInteger(value: unknown): boolean {
	return (
		typeof value === "bigint" ||
		(typeof value === "number" && Number.isInteger(value))
	);
}

/** Whether a value is an object of named arguments. */
function isOptions(value: unknown): value is Record<string, unknown> {
	if (typeof value !== "object" || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return (
		(prototype === Object.prototype || prototype === null) && !("re" in value)
	);
}

/** A public function: all overloads of one name. Schemas are parsed at the first call. */
export class Operator {
	readonly #texts: readonly string[];
	#overloads: Overload[] | null = null;
	#only: Overload | null = null;

	constructor(...schemas: string[]) {
		this.#texts = schemas;
	}

	get #all(): Overload[] {
		if (this.#overloads === null) {
			this.#overloads = [];
			let error: unknown;
			for (const text of this.#texts) {
				try {
					this.#overloads.push(new Overload(parseSchema(text)));
				} catch (e) {
					error = e;
				}
			}
			if (this.#overloads.length === 0) {
				this.#overloads = null;
				throw error;
			}
			if (this.#overloads.length === 1) this.#only = this.#overloads[0] ?? null;
		}
		return this.#overloads;
	}

	/** Up to three arguments; the last may be an object of named ones. */
	call3(a: unknown, b: unknown, c: unknown): unknown {
		if (c === undefined) {
			if (b === undefined) {
				if (isOptions(a)) return this.callNamed([], a);
			} else if (isOptions(b)) return this.callNamed([a], b);
		} else if (isOptions(c))
			return this.callNamed(b === undefined ? [a] : [a, b], c);
		return (this.#only ?? this.#choose3(a, b, c)).call3(a, b, c);
	}

	/** Any number of arguments; the last may be an object of named ones. */
	call(...args: unknown[]): unknown {
		while (args.length > 1 && args.at(-1) === undefined) args.pop();
		const last = args.at(-1);
		if (isOptions(last)) return this.callNamed(args.slice(0, -1), last);
		return (this.#only ?? this.#choose(args)).call(args);
	}

	/** As `call`, for functions that take one list of numbers also as separate ones, from position `first`: x.view(2, 3). */
	callSpread(first: number, args: unknown[]): unknown {
		if (!isInteger(args[first])) return this.call(...args);
		const laid = args.slice(0, first);
		const list: unknown[] = [];
		let end = first;
		while (end < args.length && isInteger(args[end])) list.push(args[end++]);
		laid.push(list);
		if (end === args.length)
			return (this.#only ?? this.#choose(laid)).call(laid);
		return this.call(...laid, ...args.slice(end));
	}

	callNamed(positional: unknown[], options: Record<string, unknown>): unknown {
		if (options.requiresGrad !== undefined && this.#isFactory)
			return this.#callFactory(positional, options);
		let unknown: string | undefined;
		for (const overload of this.#all) {
			const args = overload.layOut(positional, options);
			if (typeof args === "string") unknown = args;
			else if (this.#only !== null || overload.accepts(args))
				return overload.call(args);
		}
		throw this.#unsuitable(positional, options, unknown);
	}

	get #isFactory(): boolean {
		return this.#all.some((o) => isFactory(o.schema));
	}

	#callFactory(
		positional: unknown[],
		{ requiresGrad, ...options }: Record<string, unknown>,
	): unknown {
		const recorded = boolean(
			camelCase(this.#all[0]?.schema.baseName ?? ""),
			"requiresGrad",
			requiresGrad,
		);
		const made = this.callNamed(positional, options) as TensorHandle;
		if (recorded) native.setRequiresGrad(slotOf(made), true);
		return made;
	}

	#choose(args: unknown[]): Overload {
		const all = this.#all;
		if (this.#only !== null) return this.#only;
		for (const overload of all) if (overload.accepts(args)) return overload;
		throw this.#unsuitable(args, {}, undefined);
	}

	#choose3(a: unknown, b: unknown, c: unknown): Overload {
		const all = this.#all;
		if (this.#only !== null) return this.#only;
		const [first, second, third] = [kindOf(a), kindOf(b), kindOf(c)];
		for (const overload of all)
			if (overload.accepts3(first, second, third)) return overload;
		const args = [a, b, c];
		while (args.at(-1) === undefined) args.pop();
		throw this.#unsuitable(args, {}, undefined);
	}

	#unsuitable(
		positional: readonly unknown[],
		options: Record<string, unknown>,
		unknown: string | undefined,
	): TorchError {
		const all = this.#all;
		const op = camelCase(all[0]?.schema.baseName ?? "");
		const known = new Set(
			all.flatMap((o) => o.schema.arguments.slice(1).map((a) => a.name)),
		);
		if (unknown !== undefined && !known.has(unknown))
			return invalidValue(
				op,
				unknown,
				`unknown argument; known are ${[...known].join(", ")}`,
			);
		if (unknown !== undefined && this.#only !== null)
			return invalidValue(op, unknown, "given twice, by position and by name");
		const given = [
			...positional.map(describeArgument),
			...Object.entries(options).map(
				([k, v]) => `${k}: ${describeArgument(v)}`,
			),
		];
		const forms = all.map(
			(o) =>
				`${op}(${o.schema.arguments.map((a) => `${a.name}${a.default === undefined ? "" : "?"}: ${expected(a)}`).join(", ")})`,
		);
		return new TorchError(
			`no form takes (${given.join(", ")}); there are\n  ${forms.join("\n  ")}`,
			{
				code: "ERR_INVALID_ARG_TYPE",
				op,
				argument: this.#culprit(positional) ?? undefined,
			},
		);
	}

	/** The first argument that no overload takes at its place. */
	#culprit(positional: readonly unknown[]): string | null {
		for (const [i, value] of positional.entries()) {
			const at = this.#all.flatMap((o) => o.schema.arguments[i] ?? []);
			if (at.length > 0 && !at.some((a) => kindsFor(a) & kindOf(value)))
				return at[0]?.name ?? null;
		}
		return null;
	}
}

function describeArgument(value: unknown): string {
	return isTensor(value) ? "Tensor" : describe(value);
}

/**
 * An operator that is private in PyTorch, such as `_fused_adam_`. Arguments are positional, in its schema's order; undefined stands
 * for a default.
 */
export function privateOperator(
	name: string,
	overload = "",
): (...args: unknown[]) => unknown {
	let found: Overload | undefined;
	return (...args) => {
		found ??= new Overload(
			parseSchema(native.operatorSchema(`aten::${name}`, overload)),
		);
		return found.call(args);
	};
}

/** How a call reaches LibTorch: an overload is chosen, arguments are laid out in the schema's order, native code does the rest. */
import { libtorch, native } from "./binding.ts";
import { describe, invalidType, invalidValue } from "./check.ts";
import { TorchError } from "./errors.ts";
import { slotOfGenerator } from "./generator.ts";
import { emptyTensor, fill, isTensor, slotOf } from "./handle.ts";
import { type Argument, camelCase, parseSchema, type Schema } from "./schema.ts";

/** What an operator gives back. */
type Returns = "tensor" | "argument" | "arguments" | "value";

/** One schema, ready to be called. */
class Overload {
	readonly schema: Schema;
	readonly number: number;
	readonly arity: number;
	/** How many arguments, from the first, have no default. */
	readonly required: number;
	/** Bit i: argument i is a tensor, tensors or a generator, which goes in as a slot. */
	readonly slots: number;
	readonly returns: Returns;
	/** The argument that is the result, where one is. */
	readonly result: number;
	readonly #resultNames: readonly string[];

	constructor(schema: Schema) {
		this.schema = schema;
		this.number = native.findOperator(schema.fullName, schema.overload);
		if (this.number < 0) throw missing(schema);
		const args = schema.arguments;
		this.arity = args.length;
		this.required = args.findLastIndex((a) => a.default === undefined) + 1;
		this.slots = args.reduce((bits, a, i) => (/^(Tensor|Generator)/.test(a.type) ? bits | (1 << i) : bits), 0);
		const [first] = schema.results;
		const isWritten = schema.results.length > 0 && schema.results.every((r) => r.written);
		this.result = args.findIndex((a) => a.written);
		if (isWritten) this.returns = schema.results.length === 1 ? "argument" : "arguments";
		else if (schema.results.length === 1 && first?.type === "Tensor") this.returns = "tensor";
		else this.returns = "value";
		this.#resultNames = schema.results.length > 1 ? schema.results.map((r) => r.name) : [];
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
		throw invalidType(camelCase(this.schema.baseName), argument.name, expected(argument), value);
	}

	call1(a: unknown): unknown {
		if (this.returns === "tensor") {
			const { slots } = this;
			const out = emptyTensor();
			const slot = native.call(this.number, out, slots & 1 ? this.#lower(0, a) : a);
			return slot === null ? null : fill(out, slot as number);
		}
		return this.call([a]);
	}

	call2(a: unknown, b: unknown): unknown {
		if (this.returns === "tensor") {
			const { slots } = this;
			const out = emptyTensor();
			const slot = native.call(
				this.number,
				out,
				slots & 1 ? this.#lower(0, a) : a,
				slots & 2 ? this.#lower(1, b) : b,
			);
			return slot === null ? null : fill(out, slot as number);
		}
		return this.call([a, b]);
	}

	call3(a: unknown, b: unknown, c: unknown): unknown {
		if (this.returns === "tensor") {
			const { slots } = this;
			const out = emptyTensor();
			const slot = native.call(
				this.number,
				out,
				slots & 1 ? this.#lower(0, a) : a,
				slots & 2 ? this.#lower(1, b) : b,
				slots & 4 ? this.#lower(2, c) : c,
			);
			return slot === null ? null : fill(out, slot as number);
		}
		return this.call([a, b, c]);
	}

	call(args: unknown[]): unknown {
		const lowered = new Array(args.length);
		for (let i = 0; i < args.length; i++)
			lowered[i] = this.slots & (1 << i) ? this.#lower(i, args[i]) : args[i];
		switch (this.returns) {
			case "tensor": {
				const out = emptyTensor();
				const slot = native.call(this.number, out, ...lowered);
				return slot === null ? null : fill(out, slot as number);
			}
			case "argument":
				native.call(this.number, undefined, ...lowered);
				return args[this.result];
			case "arguments":
				native.call(this.number, undefined, ...lowered);
				return args.filter((_, i) => this.schema.arguments[i]?.written);
			default:
				return this.#named(native.call(this.number, undefined, ...lowered));
		}
	}

	/** Several results can be read by name too: `const { values, indices } = x.max(0)`. */
	#named(value: unknown): unknown {
		if (!Array.isArray(value)) return value;
		for (const [i, name] of this.#resultNames.entries()) {
			if (name) Object.defineProperty(value, name, { value: value[i] });
		}
		return value;
	}

	/** Whether these arguments, laid out in order, are of this overload's types. */
	accepts(args: readonly unknown[], given = args.length): boolean {
		if (given < this.required) return false;
		for (let i = 0; i < given; i++) {
			const argument = this.schema.arguments[i];
			if (argument === undefined) {
				if (args[i] !== undefined) return false;
			} else if (!fits(argument, args[i])) return false;
		}
		return true;
	}

	/** Positional arguments and options in the schema's order, or the name that it does not know. */
	layOut(positional: readonly unknown[], options: Record<string, unknown>): unknown[] | string {
		const args = [...positional];
		for (const name in options) {
			const i = this.schema.arguments.findIndex((a) => a.name === name);
			if (i < 0) return name;
			if (options[name] === undefined) continue;
			if (i < positional.length) return name;
			args[i] = options[name];
		}
		return args;
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

function isInteger(value: unknown): boolean {
	return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
}

function isScalar(value: unknown): boolean {
	return (
		typeof value === "number" ||
		typeof value === "bigint" ||
		typeof value === "boolean" ||
		(typeof value === "object" && value !== null && "re" in value && "im" in value)
	);
}

/** Whether a value may be meant for an argument: enough to tell overloads apart, not a check. */
function fits({ type, default: fallback }: Argument, value: unknown): boolean {
	if (value === undefined) return fallback !== undefined;
	if (value === null) return type.endsWith("?");
	const bare = type.endsWith("?") ? type.slice(0, -1) : type;
	if (bare.endsWith("]")) {
		const open = bare.lastIndexOf("[");
		const element: Argument = { name: "", type: bare.slice(0, open), written: false, default: undefined, keywordOnly: false };
		if (Array.isArray(value)) return value.every((item) => fits(element, item));
		return bare.length > open + 2 && fits(element, value);
	}
	switch (bare) {
		case "Tensor":
			return isTensor(value);
		case "Scalar":
			return isScalar(value);
		case "int":
		case "SymInt":
			return isInteger(value);
		case "float":
			return typeof value === "number";
		case "bool":
			return typeof value === "boolean";
		case "Generator":
			return slotOfGenerator(value) !== null;
		default:
			return typeof value === "string";
	}
}

/** Whether a value is an object of named arguments. */
function isOptions(value: unknown): value is Record<string, unknown> {
	if (typeof value !== "object" || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return (prototype === Object.prototype || prototype === null) && !("re" in value);
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

	call1(a: unknown): unknown {
		if (isOptions(a)) return this.callNamed([], a);
		return (this.#only ?? this.#choose([a])).call1(a);
	}

	call2(a: unknown, b: unknown): unknown {
		if (isOptions(b)) return this.callNamed([a], b);
		if (b === undefined) return this.call1(a);
		return (this.#only ?? this.#choose([a, b])).call2(a, b);
	}

	call3(a: unknown, b: unknown, c: unknown): unknown {
		if (c === undefined) return this.call2(a, b);
		if (isOptions(c)) return this.callNamed([a, b], c);
		return (this.#only ?? this.#choose([a, b, c])).call3(a, b, c);
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
		let end = first;
		while (end < args.length && isInteger(args[end])) end++;
		return this.call(...args.slice(0, first), args.slice(first, end), ...args.slice(end));
	}

	callNamed(positional: unknown[], options: Record<string, unknown>): unknown {
		let unknown: string | undefined;
		for (const overload of this.#all) {
			const args = overload.layOut(positional, options);
			if (typeof args === "string") unknown = args;
			else if (this.#only !== null || overload.accepts(args)) return overload.call(args);
		}
		throw this.#unsuitable(positional, options, unknown);
	}

	#choose(args: unknown[]): Overload {
		const all = this.#all;
		if (this.#only !== null) return this.#only;
		for (const overload of all) if (overload.accepts(args)) return overload;
		throw this.#unsuitable(args, {}, undefined);
	}

	#unsuitable(positional: readonly unknown[], options: Record<string, unknown>, unknown: string | undefined): TorchError {
		const all = this.#all;
		const op = camelCase(all[0]?.schema.baseName ?? "");
		const known = new Set(all.flatMap((o) => o.schema.arguments.slice(1).map((a) => a.name)));
		if (unknown !== undefined && !known.has(unknown))
			return invalidValue(op, unknown, `unknown argument; known are ${[...known].join(", ")}`);
		if (unknown !== undefined && this.#only !== null) return invalidValue(op, unknown, "given twice, by position and by name");
		const given = [...positional.map(describeArgument), ...Object.entries(options).map(([k, v]) => `${k}: ${describeArgument(v)}`)];
		const forms = all.map((o) => `${op}(${o.schema.arguments.map((a) => `${a.name}${a.default === undefined ? "" : "?"}: ${expected(a)}`).join(", ")})`);
		return new TorchError(`no form takes (${given.join(", ")}); there are\n  ${forms.join("\n  ")}`, {
			code: "ERR_INVALID_ARG_TYPE",
			op,
			argument: this.#culprit(positional) ?? undefined,
		});
	}

	/** The first argument that no overload takes at its place. */
	#culprit(positional: readonly unknown[]): string | null {
		for (const [i, value] of positional.entries()) {
			const at = this.#all.flatMap((o) => o.schema.arguments[i] ?? []);
			if (at.length > 0 && !at.some((a) => fits(a, value))) return at[0]?.name ?? null;
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
export function privateOperator(name: string, overload = ""): (...args: unknown[]) => unknown {
	let found: Overload | undefined;
	return (...args) => {
		found ??= new Overload(parseSchema(native.operatorSchema(`aten::${name}`, overload)));
		return found.call(args);
	};
}

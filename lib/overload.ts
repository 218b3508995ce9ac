/** One schema of an operator, ready to be called: arguments are laid out in its order, native code does the rest. */
import { libtorch, native } from "./binding.ts";
import { invalidType } from "./check.ts";
import { TorchError } from "./errors.ts";
import { slotOfGenerator } from "./generator.ts";
import { emptyTensor, fill, type TensorHandle } from "./handle.ts";
import { isInteger, Kind, kindSeen, kindsFor, look } from "./kinds.ts";
import {
	beginLists,
	endLists,
	integerList,
	mostPlaced,
	noFourth,
	placeCall,
	placed,
	placedNumber,
	placeTensors,
	repeated,
	tensorList,
} from "./lists.ts";
import { expected, withGiven } from "./refusal.ts";
import { type Argument, publicName, type Schema } from "./schema.ts";

/** What an operator gives back. */
type Returns = "tensor" | "argument" | "arguments" | "value";

/** Returned where arguments do not suit an overload. */
export const unsuitable: unique symbol = Symbol("unsuitable");

/** How an argument goes in: as it is, or as a number that stands for it. */
const Form = {
	value: 0,
	tensor: 1,
	generator: 2,
	tensors: 3,
	integers: 4,
	tensorOrNumber: 5,
} as const;

function formOf({ type }: Argument): number {
	if (type === "Tensor|Scalar") return Form.tensorOrNumber;
	if (/^Tensor\??$/.test(type)) return Form.tensor;
	if (/^Generator/.test(type)) return Form.generator;
	if (/^Tensor/.test(type)) return Form.tensors;
	return /^(int|SymInt)\[/.test(type) ? Form.integers : Form.value;
}

/** 2 for `int[2]`, which one number may stand for; 0 for `int[]` and all else. */
function lengthOf({ type }: Argument): number {
	return Number(/\[(\d*)\]/.exec(type)?.[1] ?? 0);
}

export class Overload {
	readonly schema: Schema;
	readonly number: number;
	readonly returns: Returns;
	readonly #forms: readonly number[];
	readonly #lengths: readonly number[];
	/** The kinds of value that may be meant for each argument, as bits; and those by position. */
	readonly #kinds: readonly number[];
	readonly #positional: readonly number[];
	readonly #places: ReadonlyMap<string, number>;
	/** The argument that is the result, where one is. */
	readonly #result: number;
	readonly #resultNames: readonly string[];

	constructor(schema: Schema) {
		this.schema = schema;
		this.number = native.findOperator(schema.fullName, schema.overload);
		if (this.number < 0) throw missing(schema);
		const { arguments: args, results } = schema;
		this.#forms = args.map(formOf);
		this.#lengths = args.map(lengthOf);
		this.#kinds = args.map(kindsFor);
		this.#positional = args.map((a) =>
			a.keywordOnly ? kindsFor(a) & Kind.undefined : kindsFor(a),
		);
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

	/** The names of what is given only to be written to: `out`, or `values` and `indices`. */
	get written(): string[] {
		return this.schema.arguments
			.filter((a) => a.written && a.keywordOnly)
			.map((a) => a.name);
	}

	/** Whether values of these kinds may be meant for the first three positional arguments, and no others be needed. */
	takes3(a: number, b: number, c: number): boolean {
		return this.#suits3(this.#positional, a, b, c);
	}

	#suits3(kinds: readonly number[], a: number, b: number, c: number): boolean {
		return (
			((kinds[0] ?? Kind.undefined) & a) !== 0 &&
			((kinds[1] ?? Kind.undefined) & b) !== 0 &&
			((kinds[2] ?? Kind.undefined) & c) !== 0 &&
			(kinds.length <= 3 || this.#hasDefaults(3))
		);
	}

	/** As `takes3` for any number of arguments, of which the first `count` are positional: their looks, or null. */
	looksOf(args: readonly unknown[], count = args.length): number[] | null {
		const looks: number[] = [];
		for (let i = 0; i < args.length; i++) {
			const kinds = (i < count ? this.#positional : this.#kinds)[i];
			const seen = look(args[i]);
			if (((kinds ?? Kind.undefined) & kindSeen(seen, args[i])) === 0)
				return null;
			looks.push(seen);
		}
		return this.#hasDefaults(args.length) ? looks : null;
	}

	/** Whether all arguments from a position on have defaults. */
	#hasDefaults(from: number): boolean {
		const kinds = this.#kinds;
		for (let i = from; i < kinds.length; i++)
			if (((kinds[i] as number) & Kind.undefined) === 0) return false;
		return true;
	}

	takesNamed(
		positional: readonly unknown[],
		options: Record<string, unknown>,
	): boolean {
		const args = this.#layOut(positional, options);
		return args !== null && this.looksOf(args, positional.length) !== null;
	}

	/** Positional arguments and options in the schema's order, or null if they cannot be. */
	#layOut(
		positional: readonly unknown[],
		options: Record<string, unknown>,
	): unknown[] | null {
		if (positional.length > this.#kinds.length) return null;
		const args: unknown[] = new Array(this.#kinds.length);
		for (let i = 0; i < args.length; i++) args[i] = positional[i];
		for (const name in options) {
			const value = options[name];
			if (value === undefined) continue;
			const place = this.#places.get(name);
			if (place === undefined || place < positional.length) return null;
			args[place] = value;
		}
		return args;
	}

	/** The call with `count` positional arguments (x and y: their looks) and options, where all are three at most; or `unsuitable`. */
	callNamed3(
		count: number,
		a: unknown,
		x: number,
		b: unknown,
		y: number,
		options: Record<string, unknown>,
	): unknown {
		if (this.#kinds.length > 3) return unsuitable;
		let first = a;
		let seenFirst = x;
		let second = b;
		let seenSecond = y;
		let third: unknown;
		for (const name in options) {
			const value = options[name];
			if (value === undefined) continue;
			const place = this.#places.get(name);
			if (place === undefined || place < count) return unsuitable;
			if (place === 0) {
				first = value;
				seenFirst = look(value);
			} else if (place === 1) {
				second = value;
				seenSecond = look(value);
			} else third = value;
		}
		const seenThird = look(third);
		return this.#suits3(
			this.#kinds,
			kindSeen(seenFirst, first),
			kindSeen(seenSecond, second),
			kindSeen(seenThird, third),
		)
			? this.call3(first, seenFirst, second, seenSecond, third, seenThird)
			: unsuitable;
	}

	/** Whether the first `count` arguments are tensors, and one is made of them. */
	isOfTensors(count: number): boolean {
		return (
			this.returns === "tensor" &&
			this.#forms
				.slice(0, count)
				.every((form) => form === Form.tensor || form === Form.tensorOrNumber)
		);
	}

	/** `call3` for one tensor or two, where `isOfTensors`: half of all calls. x and y are their slots; 0 for no second one. */
	callTensors(a: unknown, x: number, b: unknown, y: number): unknown {
		const out = emptyTensor();
		let slot: unknown;
		try {
			placeTensors(this.number, x, y);
			slot = native.callFramed(out);
		} catch (error) {
			slot = this.#callAgain(error, out, y === 0 ? [a] : [a, b]);
		}
		return slot === null ? null : fill(out, slot as number);
	}

	/** The call with three arguments; x, y and z are their looks. */
	call3(
		a: unknown,
		x: number,
		b: unknown,
		y: number,
		c: unknown,
		z: number,
	): unknown {
		const out = this.returns === "tensor" ? emptyTensor() : undefined;
		const lists = beginLists();
		let value: unknown;
		try {
			const first = this.#lower(0, a, x);
			const second = this.#lower(1, b, y);
			const third = this.#lower(2, c, z);
			const tags =
				placed(0, first) | placed(1, second) | placed(2, third) | noFourth;
			if (tags > 0) {
				placeCall(this.number, tags);
				value = native.callFramed(out);
			} else value = native.call(this.number, out, first, second, third);
		} catch (error) {
			endLists(lists);
			value = this.#callAgain(error, out, [a, b, c]);
		}
		endLists(lists);
		if (out === undefined) return this.#finish(value, [a, b, c]);
		return value === null ? null : fill(out, value as number);
	}

	/** As `callNamed3` for any number of arguments. */
	callNamed(
		positional: readonly unknown[],
		options: Record<string, unknown>,
	): unknown {
		const args = this.#layOut(positional, options);
		const looks = args && this.looksOf(args, positional.length);
		return looks ? this.call(args as unknown[], looks) : unsuitable;
	}

	/** The call with any number of arguments and their looks, whose array it takes. */
	call(args: readonly unknown[], looks: number[] = args.map(look)): unknown {
		const { length } = args;
		const out = this.returns === "tensor" ? emptyTensor() : undefined;
		const lists = beginLists();
		let value: unknown;
		try {
			const lowered = this.#lowerAll(args, looks);
			let tags = length > mostPlaced ? -1 : 0;
			for (let i = 0; tags >= 0 && i < mostPlaced; i++)
				tags |= placed(i, lowered[i]);
			if (tags >= 0) {
				placeCall(this.number, tags);
				value = native.callFramed(out);
			} else value = native.call(this.number, out, ...lowered);
		} catch (error) {
			endLists(lists);
			value = this.#callAgain(error, out, args);
		}
		endLists(lists);
		if (out === undefined) return this.#finish(value, args);
		return value === null ? null : fill(out, value as number);
	}

	/** Where memory has run out: frees what nothing refers to, and tries once more, unless an argument may be half changed. */
	#callAgain(
		error: unknown,
		out: TensorHandle | undefined,
		args: readonly unknown[],
	): unknown {
		if (!(error instanceof TorchError)) throw error;
		if (error.code !== "ERR_OUT_OF_MEMORY")
			throw withGiven(error, this.schema, args);
		native.collectGarbage();
		native.emptyCache("cuda");
		if (this.schema.arguments.some((a) => a.written)) throw error;
		return native.call(
			this.number,
			out,
			...this.#lowerAll(args, args.map(look)),
		);
	}

	/** What the arguments go in as, in the array that had their looks. */
	#lowerAll(args: readonly unknown[], looks: number[]): unknown[] {
		const lowered: unknown[] = looks;
		for (let i = 0; i < args.length; i++)
			lowered[i] = this.#lower(i, args[i], looks[i] as number);
		return lowered;
	}

	/** The value for argument i, whose look is `seen`, as native code takes it. */
	#lower(i: number, value: unknown, seen: number): unknown {
		const form = this.#forms[i];
		let lowered: unknown = null;
		if (seen > 0) {
			if (form === Form.tensor || form === Form.tensorOrNumber) return seen;
			if (form === Form.value || form === undefined) return value; // native code says what is wrong
		} else if (
			form === Form.value ||
			seen === -Kind.undefined ||
			seen === -Kind.null
		) {
			return value;
		} else if (form === Form.tensorOrNumber) {
			return typeof value === "number" ? placedNumber(value) : value;
		} else if (form === Form.integers) {
			if (Array.isArray(value)) return integerList(value);
			const length = this.#lengths[i] as number;
			if (length > 0 && isInteger(value)) return repeated(value, length);
		} else if (form === Form.tensors) {
			if (Array.isArray(value)) lowered = tensorList(value);
		} else if (form === Form.generator) {
			lowered = slotOfGenerator(value);
		} else if (form !== Form.tensor) {
			return value; // one argument too many: native code says so
		}
		if (lowered !== null) return lowered;
		const argument = this.schema.arguments[i] as Argument;
		throw invalidType(
			publicName(this.schema.baseName),
			argument.name,
			expected(argument),
			value,
		);
	}

	/** The result of a call that makes no single tensor. */
	#finish(value: unknown, args: readonly unknown[]): unknown {
		if (this.returns === "argument") return args[this.#result];
		if (this.returns === "arguments")
			return this.#named(
				args.filter((_, i) => this.schema.arguments[i]?.written),
			);
		return Array.isArray(value) ? this.#named(value) : value;
	}

	/** Several results can be read by name too: `const { values, indices } = x.max(0)`. */
	#named(values: unknown[]): unknown[] {
		for (const [i, name] of this.#resultNames.entries())
			if (name) Object.defineProperty(values, name, { value: values[i] });
		return values;
	}
}

function missing(schema: Schema): TorchError {
	return new TorchError(
		`LibTorch ${libtorch.version} has no ${schema.fullName}${schema.overload && `.${schema.overload}`}; 2.13.0 has it`,
		{ code: "ERR_NOT_IMPLEMENTED", op: publicName(schema.baseName) },
	);
}

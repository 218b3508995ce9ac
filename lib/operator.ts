/** How a call reaches LibTorch: of all overloads of a name the one is chosen that the arguments suit. */
import { as } from "./arguments.ts";
import { native } from "./binding.ts";
import { boolean, invalidType, invalidValue } from "./check.ts";
import type { TorchError } from "./errors.ts";
import { isTensor, slotOf, type TensorHandle } from "./handle.ts";
import {
	isComplexNumber,
	isInteger,
	isOptions,
	Kind,
	kindSeen,
	look,
	plain,
} from "./kinds.ts";
import { Overload, unsuitable } from "./overload.ts";
import { refusal } from "./refusal.ts";
import { isFactory, parseSchema, publicName, type Schema } from "./schema.ts";

/** What is seen where no argument is. */
const none = look(undefined);

/** A public function: all overloads of one name. Schemas are parsed at the first call. */
export class Operator {
	readonly #texts: readonly string[];
	#overloads: Overload[] | null = null;
	/** Those that write their results to given tensors. */
	#outs: Overload[] | null = null;
	/** Those for one tensor and for two alone; null where there is none. */
	#ofOne: Overload | null | undefined;
	#ofTwo: Overload | null | undefined;

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
		}
		return this.#overloads;
	}

	/** Up to three arguments; the last may be an object of named ones. */
	call3(a: unknown, b: unknown, c: unknown): unknown {
		const x = look(a);
		const y = look(b);
		if (x > 0 && c === undefined) {
			if (y > 0) {
				if (this.#ofTwo === undefined) this.#ofTwo = this.#ofTensors(2);
				if (this.#ofTwo !== null) return this.#ofTwo.callTensors(a, x, b, y);
			} else if (b === undefined) {
				if (this.#ofOne === undefined) this.#ofOne = this.#ofTensors(1);
				if (this.#ofOne !== null) return this.#ofOne.callTensors(a, x, b, 0);
			}
		}
		const z = look(c);
		if (z === plain) return this.#callNamed3(2, a, x, b, y, c);
		if (c === undefined) {
			if (y === plain) return this.#callNamed3(1, a, x, undefined, none, b);
			if (b === undefined && x === plain)
				return this.#callNamed3(0, undefined, none, undefined, none, a);
		}
		const first = kindSeen(x, a);
		const second = kindSeen(y, b);
		const third = kindSeen(z, c);
		const overloads = this.#overloads ?? this.#all;
		for (let i = 0; i < overloads.length; i++) {
			const overload = overloads[i] as Overload;
			if (overload.takes3(first, second, third))
				return overload.call3(a, x, b, y, c, z);
		}
		const count =
			c !== undefined ? 3 : b !== undefined ? 2 : a !== undefined ? 1 : 0;
		throw this.#refusal([a, b, c].slice(0, count), {});
	}

	/** The overload that is chosen for so many tensors alone, if it can be called without looking further. */
	#ofTensors(count: number): Overload | null {
		const second = count === 2 ? Kind.tensor : Kind.undefined;
		const chosen = this.#all.find((overload) =>
			overload.takes3(Kind.tensor, second, Kind.undefined),
		);
		return chosen?.isOfTensors(count) ? chosen : null;
	}

	/** Any number of arguments, in an array to keep; the last may be an object of named ones. */
	call(args: unknown[]): unknown {
		if (args.length <= 3) return this.call3(args[0], args[1], args[2]);
		while (args.length > 1 && args[args.length - 1] === undefined) args.pop();
		const last = args[args.length - 1];
		if (!isOptions(last)) return this.#callPositional(args);
		args.pop();
		return this.callNamed(args, last);
	}

	/** As `call`, where a list of numbers may be written as separate ones: torch.zeros(2, 3), x.view(2, 3). */
	callSpread(self: TensorHandle | null, args: unknown[]): unknown {
		let count = 0;
		while (count < args.length && isInteger(args[count])) count++;
		let given = args;
		if (count > 0)
			given =
				count === args.length
					? [args]
					: [args.slice(0, count), ...args.slice(count)];
		const last = given[given.length - 1];
		if (isOptions(last)) {
			given.pop();
			return this.callNamed(self === null ? given : [self, ...given], last);
		}
		if (given.length > 2)
			return this.call(self === null ? given : [self, ...given]);
		return self === null
			? this.call3(given[0], given[1], undefined)
			: this.call3(self, given[0], given[1]);
	}

	#callNamed3(
		count: number,
		a: unknown,
		x: number,
		b: unknown,
		y: number,
		given: unknown,
	): unknown {
		const options = given as Record<string, unknown>;
		for (const overload of this.#all) {
			const result = overload.callNamed3(count, a, x, b, y, options);
			if (result !== unsuitable) return result;
		}
		return this.callNamed(
			count === 0 ? [] : count === 1 ? [a] : [a, b],
			options,
		);
	}

	callNamed(
		positional: readonly unknown[],
		options: Record<string, unknown>,
	): unknown {
		for (const overload of this.#all) {
			const result = overload.callNamed(positional, options);
			if (result !== unsuitable) return result;
		}
		return this.#callOtherwise(positional, options);
	}

	/** What looked like named arguments may be a complex number, or have the one name that is no schema's. */
	#callOtherwise(
		positional: readonly unknown[],
		options: Record<string, unknown>,
	): unknown {
		if (isComplexNumber(options)) {
			const args = [...positional, options];
			return this.#callPositional(args);
		}
		if (options.out !== undefined) return this.#callOut(positional, options);
		const schemas = this.#all.map((o) => o.schema);
		const { requiresGrad, ...others } = options;
		if (requiresGrad === undefined || !schemas.some(isFactory))
			throw this.#refusal(positional, options);
		const name = this.#name;
		const recorded = boolean(name, "requiresGrad", requiresGrad);
		const made = this.callNamed(positional, others) as TensorHandle;
		if (recorded) as(name, () => native.setRequiresGrad(slotOf(made), true));
		return made;
	}

	get #baseName(): string {
		return this.#all[0]?.schema.baseName ?? "";
	}

	get #name(): string {
		return publicName(this.#baseName);
	}

	get #outOverloads(): Overload[] {
		this.#outs ??= outsOf(this.#baseName, this.#texts);
		return this.#outs;
	}

	/** Writes the results to `out`: a tensor, or a list of several. */
	#callOut(
		positional: readonly unknown[],
		{ out, ...options }: Record<string, unknown>,
	): unknown {
		if (out === null) return this.callNamed(positional, options);
		const given = Array.isArray(out) ? out : [out];
		const others = this.#withoutPlace(given, options);
		const outs = this.#outOverloads;
		for (const overload of outs) {
			const names = overload.written;
			if (names.length !== given.length) continue;
			const named = Object.fromEntries(names.map((n, i) => [n, given[i]]));
			const result = overload.callNamed(positional, { ...others, ...named });
			if (result !== unsuitable) return result;
		}
		const name = this.#name;
		if (outs.length === 0)
			throw invalidValue(name, "out", "it has no form that writes to a tensor");
		for (const each of given)
			if (!isTensor(each)) throw invalidType(name, "out", "Tensor", each);
		const counts = new Set(outs.map((o) => o.written.length));
		if (!counts.has(given.length))
			throw invalidValue(
				name,
				"out",
				`expected ${[...counts].join(" or ")} tensor${counts.has(1) ? "" : "s"}, got ${given.length}`,
			);
		const isFine = this.#all.some((o) => o.takesNamed(positional, options));
		throw isFine
			? invalidValue(name, "out", "with these arguments it has no such form")
			: this.#refusal(positional, options);
	}

	/** What says where a new tensor would be made must say what `out` is. */
	#withoutPlace(
		[out]: readonly unknown[],
		options: Record<string, unknown>,
	): Record<string, unknown> {
		if (!isTensor(out) || !this.#all.some((o) => isFactory(o.schema)))
			return options;
		const others = { ...options };
		for (const option of ["dtype", "layout", "device"]) {
			const own: unknown = Reflect.get(out, option);
			const asked = options[option] ?? own;
			if (asked !== own)
				throw invalidValue(
					this.#name,
					option,
					`${asked} is asked for, and out has ${own}`,
				);
			delete others[option];
		}
		return others;
	}

	#callPositional(args: unknown[]): unknown {
		for (const overload of this.#all) {
			const looks = overload.looksOf(args);
			if (looks !== null) return overload.call(args, looks);
		}
		throw this.#refusal(args, {});
	}

	#refusal(
		positional: readonly unknown[],
		options: Record<string, unknown>,
	): TorchError {
		const schemas = this.#all.map((o) => o.schema);
		const others = this.#outOverloads.length > 0 ? ["out"] : [];
		return refusal(schemas, positional, options, others);
	}
}

let outTexts: Map<string, string[]> | undefined;

/** The overloads of a name that write to given tensors. */
function outsOf(baseName: string, texts: readonly string[]): Overload[] {
	if (outTexts === undefined) {
		outTexts = new Map();
		for (const text of native.operatorSchemas() as string[]) {
			const name = /^aten::(\w+)\S*\(.*\*.*![^>]*\) ->/.exec(text)?.[1];
			if (name !== undefined)
				outTexts.set(name, [...(outTexts.get(name) ?? []), text]);
		}
	}
	const takesNumbers = texts.some((text) => text.includes("Scalar other"));
	const shapes = new Set(texts.map((text) => shapeOf(parseSchema(text))));
	return (outTexts.get(baseName) ?? [])
		.filter((text) => shapes.has(shapeOf(parseSchema(text))))
		.map((text) =>
			takesNumbers
				? text.replace(", Tensor other", ", Tensor|Scalar other")
				: text,
		)
		.map((text) => new Overload(parseSchema(text)));
}

/** The names of a schema's arguments, but of those that say where results are made or written. */
function shapeOf(schema: Schema): string {
	const where = isFactory(schema)
		? ["dtype", "layout", "device", "pinMemory"]
		: [];
	return schema.arguments
		.filter((a) => !(a.written && a.keywordOnly) && !where.includes(a.name))
		.map((a) => a.name)
		.join();
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

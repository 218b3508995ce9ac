/** How a call reaches LibTorch: of all overloads of a name the one is chosen that the arguments suit. */
import { native } from "./binding.ts";
import { boolean, describe, invalidValue } from "./check.ts";
import { TorchError } from "./errors.ts";
import { isTensor, slotOf, type TensorHandle } from "./handle.ts";
import { isInteger, isOptions, kindOf, kindsFor } from "./kinds.ts";
import { expected, Overload, unsuitable } from "./overload.ts";
import { camelCase, isFactory, parseSchema } from "./schema.ts";

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
				if (isOptions(a)) return this.#callNamed3(0, undefined, undefined, a);
			} else if (isOptions(b)) return this.#callNamed3(1, a, undefined, b);
		} else if (isOptions(c)) return this.#callNamed3(2, a, b, c);
		return (this.#only ?? this.#choose3(a, b, c)).call3(a, b, c);
	}

	/** Any number of arguments; the last may be an object of named ones. */
	call(...args: unknown[]): unknown {
		while (args.length > 1 && args.at(-1) === undefined) args.pop();
		const last = args.at(-1);
		if (isOptions(last)) return this.callNamed(args.slice(0, -1), last);
		return (this.#only ?? this.#choose(args)).call(args);
	}

	/** As `call`, where a list of numbers may be written as separate ones: torch.zeros(2, 3), x.view(2, 3). */
	callSpread(self: TensorHandle | null, args: unknown[]): unknown {
		let count = 0;
		while (count < args.length && isInteger(args[count])) count++;
		const given =
			count === 0 ? args : [args.slice(0, count), ...args.slice(count)];
		if (given.length > 2)
			return this.call(...(self === null ? given : [self, ...given]));
		return self === null
			? this.call3(given[0], given[1], undefined)
			: this.call3(self, given[0], given[1]);
	}

	#callNamed3(
		count: number,
		a: unknown,
		b: unknown,
		options: Record<string, unknown>,
	): unknown {
		for (const overload of this.#all) {
			const result = overload.callNamed3(count, a, b, options);
			if (result !== unsuitable) return result;
		}
		return this.callNamed([a, b].slice(0, count), options);
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
		while (args.length > 0 && args.at(-1) === undefined) args.pop();
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

import { TorchError } from "../../errors.ts";
import type { Exported } from "../importable.ts";

/**
 * A new instance of a class like the transforms, whose constructor takes what its fields hold: positional parameters are fields of the same name, the other fields
 * are given as options. What is left (`#private` fields) is made by the constructor; public fields are then those given.
 *
 * @throws what the constructor throws, where its class is of another kind
 */
export function rebuild(made: Exported, fields: object): object {
	const others = { ...fields } as Record<string, unknown>;
	const args: unknown[] = [];
	for (const name of parametersOf(made)) {
		const rest = name.startsWith("...") ? name.slice(3) : undefined;
		if (rest !== undefined) {
			const values = others[rest];
			if (Array.isArray(values)) args.push(...values);
		} else if (name in others) {
			args.push(others[name]);
			delete others[name];
		} else args.push(name === "options" ? others : undefined);
	}
	for (;;) {
		try {
			const instance = Reflect.construct(made, args) as object;
			for (const [key, value] of Object.entries(fields)) {
				Object.defineProperty(instance, key, {
					value,
					writable: true,
					enumerable: true,
					configurable: true,
				});
			}
			return instance;
		} catch (error) {
			// a field that is no option: the constructor works it out again
			const { argument = "" } = error as TorchError;
			if (!(error instanceof TorchError) || !(argument in others)) throw error;
			if (!error.message.includes("unknown option")) throw error;
			delete others[argument];
		}
	}
}

/** The names of a constructor's parameters; "options" for one that is taken apart, "...name" for the rest. */
function parametersOf(made: Exported): string[] {
	const text = Function.prototype.toString.call(made);
	const begin = /\bconstructor\s*\(/.exec(text);
	if (!begin) {
		const parent = Object.getPrototypeOf(made) as Exported;
		return parent === Function.prototype ? [] : parametersOf(parent);
	}
	return split(text.slice(begin.index + begin[0].length)).map((parameter) =>
		parameter.startsWith("{")
			? "options"
			: (/^(?:\.\.\.)?[\w$]*/.exec(parameter)?.[0] ?? ""),
	);
}

/** A list up to its closing bracket, at its own commas. */
function split(text: string): string[] {
	const parts: string[] = [];
	let depth = 0;
	let start = 0;
	for (let i = 0; i < text.length; i++) {
		const c = text[i] as string;
		if ("([{".includes(c)) depth++;
		else if (depth > 0 && ")]}".includes(c)) depth--;
		else if (depth === 0 && (c === "," || c === ")")) {
			parts.push(text.slice(start, i).trim());
			start = i + 1;
			if (c === ")") break;
		}
	}
	return parts.filter((part) => part !== "");
}

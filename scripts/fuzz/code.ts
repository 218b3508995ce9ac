/** A program as one would write it. */
import type { Program, Start, Step } from "./program.ts";
import type { Value } from "./values.ts";

const quoted = JSON.stringify;

function show(value: Value): string {
	if (value === undefined) return "undefined";
	if (typeof value === "bigint") return `${value}n`;
	if (typeof value === "string") return quoted(value);
	if (typeof value !== "object" || value === null) return String(value);
	if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
	if ("tensor" in value) return `t(${value.tensor})`;
	if ("make" in value)
		return {
			generator: "new torch.Generator()",
			slice: "torch.slice(0, null, 2)",
			disposed: "disposed",
		}[value.make];
	return `{ re: ${value.re}, im: ${value.im} }`;
}

function codeOfStart({ shape, dtype, form }: Start): string {
	const made = `arange(${quoted(shape)}, ${quoted(dtype)})`;
	return form === "plain" ? made : `${form}(${made})`;
}

export function codeOfStep({
	name,
	isMethod,
	positional,
	named,
}: Step): string {
	const entries = Object.entries(named).map(
		([key, value]) => `${key}: ${show(value)}`,
	);
	const given = positional.map(show);
	const self = isMethod ? given.shift() : "torch";
	if (entries.length > 0) given.push(`{ ${entries.join(", ")} }`);
	return `${self}.${name}(${given.join(", ")})`;
}

/** One line a step; `t(n)` is tensor n, counted round, of those that there are by then. */
export function codeOf({ starts, steps }: Program): string {
	return [
		`tensors: ${starts.map(codeOfStart).join(", ")}`,
		...steps.map(codeOfStep),
	].join("\n");
}

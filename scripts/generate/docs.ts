/** The comments of generated functions: what scripts/generate/help says of them, or else the schemas. */
import type { Argument, Schema } from "../../lib/schema.ts";
import { common, type Help, helpOf } from "./help/index.ts";

/** An argument of one way to write a call: the name of its parameter, and what it is in the schema; `out` is in none. */
export interface Documented {
	param: string;
	argument: Pick<Argument, "name"> & Partial<Pick<Argument, "default">>;
}

const comment = (lines: readonly string[], indent: string): string[] => [
	`${indent}/**`,
	...lines.map((line) => `${indent} * ${line}`.trimEnd()),
	`${indent} */`,
];

/** The schemas: for those who read them here where the editor has better, else for the editor, too. */
export function schemasOf(
	name: string,
	schemas: readonly Schema[],
	indent: string,
): string[] {
	const texts = schemas.map((s) =>
		s.text.replace("aten::", "").replaceAll("*/", "* /"),
	);
	if (helpOf(name) === null)
		return comment(
			texts.map((text) => `\`${text}\``),
			indent,
		);
	return texts.map((text) => `${indent}// ${text}`);
}

/** What one form's comment says; nothing where there is no help. */
export function docsOf(
	name: string,
	args: readonly Documented[],
	indent: string,
): string[] {
	const help = helpOf(name);
	if (help === null) return [];
	const lines = [help.about, ""];
	for (const { param, argument } of args)
		lines.push(`@param ${param} ${meaningOf(help, argument)}`);
	if (help.result !== null) lines.push(`@returns ${help.result}`);
	lines.push("@example", help.example);
	return comment(lines, indent);
}

/** What an argument means, and what it is where it is left out. */
function meaningOf(help: Help, argument: Documented["argument"]): string {
	const name = argument.name === "self" ? "input" : argument.name;
	const meaning = help.args[name] ?? help.family[name] ?? common[name];
	if (meaning === undefined) throw new Error(`no help for ${name}`);
	const fallback =
		enums[`${name} ${argument.default}`] ?? defaultOf(argument.default);
	return fallback === null || /; (else|without it|none)\b|default/.test(meaning)
		? meaning
		: `${meaning}; default: ${fallback}`;
}

/** What stands for a word in schemas. */
const enums: { readonly [argument: string]: string } = {
	"dtype 4": "int64",
	"memoryFormat 0": "contiguous_format",
	"reduction 1": "1",
};

/** A schema's default as JavaScript has it: `False` is false; null where it says nothing. */
function defaultOf(text: string | undefined): string | null {
	if (text === undefined || ["None", "[]"].includes(text)) return null;
	if (text === "True" || text === "False") return text.toLowerCase();
	const number = Number(text);
	return Number.isNaN(number) ? text : String(Number(number.toPrecision(6)));
}

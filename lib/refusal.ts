/** The error for a call that no overload of an operator takes: it names what is wrong, where that is one thing. */
import { describe, invalidType, invalidValue } from "./check.ts";
import { TorchError } from "./errors.ts";
import { isTensor } from "./handle.ts";
import { kindOf, kindsFor } from "./kinds.ts";
import { type Argument, isFactory, publicName, type Schema } from "./schema.ts";

/** A call: positional arguments and named ones. */
interface Given {
	positional: readonly unknown[];
	options: Readonly<Record<string, unknown>>;
}

const words: { readonly [type: string]: string } = {
	Scalar: "number",
	"Tensor|Scalar": "Tensor or number",
	int: "integer",
	SymInt: "integer",
	float: "number",
	bool: "boolean",
	str: "string",
	ScalarType: "dtype",
	MemoryFormat: "memory format",
};

/** What an argument takes, in JavaScript's words: `SymInt[2]?` is "integer, integer[] or null". */
export function expected({ type }: Argument): string {
	const bare = type.endsWith("?") ? type.slice(0, -1) : type;
	const list = /^(.*?)(\??)\[(\d*)\]$/.exec(bare);
	let text =
		words[bare] ??
		bare
			.toLowerCase()
			.replace("tensor", "Tensor")
			.replace("generator", "Generator");
	if (list) {
		const [, name = "", nullable, length] = list;
		const element = words[name] ?? name;
		text = nullable ? `(${element} | null)[]` : `${element}[]`;
		if (length) text = `${element} or ${text}`;
	}
	return bare === type ? text : `${text} or null`;
}

const positionals = (schema: Schema) =>
	schema.arguments.filter((a) => !a.keywordOnly);

/** The value for an argument of a schema. */
function argumentOf(schema: Schema, i: number, given: Given): unknown {
	const { name, keywordOnly } = schema.arguments[i] as Argument;
	if (!keywordOnly && i < given.positional.length) return given.positional[i];
	return given.options[name];
}

/** The arguments that this schema does not take as they are given. */
function misfits(schema: Schema, given: Given): number[] {
	return schema.arguments.flatMap((argument, i) =>
		kindsFor(argument) & kindOf(argumentOf(schema, i, given)) ? [] : [i],
	);
}

function knows(schema: Schema, options: Given["options"]): boolean {
	return Object.keys(options).every(
		(name) =>
			options[name] === undefined ||
			schema.arguments.some((a) => a.name === name),
	);
}

export function refusal(
	schemas: readonly Schema[],
	positional: readonly unknown[],
	options: Readonly<Record<string, unknown>>,
	/** Names that are known besides those of the schemas. */
	others: readonly string[] = [],
): TorchError {
	const op = publicName(schemas[0]?.baseName ?? "");
	const given = { positional, options };
	const unknown = unknownName(schemas, options, others);
	if (unknown !== null) return invalidValue(op, unknown.name, unknown.message);

	const named = schemas.filter((s) => knows(s, options));
	const fitting = named.filter(
		(s) => positional.length <= positionals(s).length,
	);
	if (named.length > 0 && fitting.length === 0) {
		const most = Math.max(...named.map((s) => positionals(s).length));
		return new TorchError(
			`expected at most ${most} arguments by position, got ${positional.length}`,
			{ code: "ERR_INVALID_ARG_TYPE", op },
		);
	}
	for (const schema of fitting) {
		const twice = schema.arguments.findIndex(
			(a, i) => i < positional.length && options[a.name] !== undefined,
		);
		if (twice >= 0 && fitting.length === 1)
			return invalidValue(
				op,
				schema.arguments[twice]?.name ?? "",
				"given twice, by position and by name",
			);
	}
	return culprit(op, fitting, given) ?? noForm(op, schemas, given);
}

function unknownName(
	schemas: readonly Schema[],
	options: Given["options"],
	others: readonly string[],
): { name: string; message: string } | null {
	const known = new Set(schemas.flatMap((s) => s.arguments.map((a) => a.name)));
	for (const name of others) known.add(name);
	known.delete("self");
	if (schemas.some(isFactory)) known.add("requiresGrad");
	for (const name of Object.keys(options))
		if (options[name] !== undefined && !known.has(name))
			return {
				name,
				message: `unknown argument; known are ${[...known].join(", ") || "none"}`,
			};
	return null;
}

/** The argument that keeps the schemas from fitting best, if it is the same for all of these, whatever they call it. */
function culprit(
	op: string,
	schemas: readonly Schema[],
	given: Given,
): TorchError | null {
	const found = schemas.map((schema) => ({
		schema,
		at: misfits(schema, given),
	}));
	const fewest = Math.min(...found.map(({ at }) => at.length));
	const best = found.filter(({ at }) => at.length === fewest && at.length > 0);
	const wrong = best.map(({ schema, at: [place = 0] }) => ({
		place,
		argument: schema.arguments[place] as Argument,
		value: argumentOf(schema, place, given),
	}));
	const [first] = wrong;
	if (first === undefined) return null;
	const names = new Set(wrong.map((w) => nameOf(w.argument)));
	const isOnePlace = wrong.every(
		(w) => w.place === first.place && w.value === first.value,
	);
	if (names.size > 1 && !isOnePlace) return null;
	const name = [...names].join(" or ");
	const wanted = [...new Set(wrong.map((w) => expected(w.argument)))].join(
		" or ",
	);
	const { value } = first;
	return isTensor(value)
		? new TorchError(`expected ${wanted}, got Tensor`, {
				code: "ERR_INVALID_ARG_TYPE",
				op,
				argument: name,
			})
		: invalidType(op, name, wanted, value);
}

/** Schemas say "self" for what Python's functions call "input". */
const nameOf = ({ name }: Argument): string =>
	name === "self" ? "input" : name;

function noForm(
	op: string,
	schemas: readonly Schema[],
	{ positional, options }: Given,
): TorchError {
	const show = (value: unknown) =>
		isTensor(value) ? "Tensor" : describe(value);
	const given = [
		...positional.map(show),
		...Object.entries(options).map(
			([name, value]) => `${name}: ${show(value)}`,
		),
	];
	const forms = schemas.map((s) => {
		const args = s.arguments.map(
			(a) =>
				`${nameOf(a)}${a.default === undefined ? "" : "?"}: ${expected(a)}`,
		);
		return `${op}(${args.join(", ")})`;
	});
	return new TorchError(
		`no form takes (${given.join(", ")}); there are\n  ${forms.join("\n  ")}`,
		{ code: "ERR_INVALID_ARG_TYPE", op },
	);
}

/** Codes of errors that LibTorch words: those of this package name the argument already. */
const worded = new Set([
	"ERR_TORCH",
	"ERR_OUT_OF_RANGE",
	"ERR_NOT_IMPLEMENTED",
]);

/** LibTorch's error, with what each argument was: it tells shapes and dtypes, but seldom whose they are. */
export function withGiven(
	error: TorchError,
	schema: Schema,
	args: readonly unknown[],
): TorchError {
	if (!worded.has(error.code)) return error;
	const given = schema.arguments.flatMap((argument, i) =>
		args[i] === undefined || args[i] === null
			? []
			: [`${nameOf(argument)} ${shown(args[i])}`],
	);
	if (given.length === 0) return error;
	const before = error.message;
	error.message = `${before} (given: ${given.join(", ")})`;
	error.stack = error.stack?.replace(before, () => error.message);
	return error;
}

/** `float32 [2, 3]` for a tensor, several in brackets; else the value. */
function shown(value: unknown): string {
	if (Array.isArray(value) && value.some(isTensor))
		return `[${value
			.slice(0, 4)
			.map(shown)
			.join(", ")}${value.length > 4 ? ", …" : ""}]`;
	if (!isTensor(value)) return describe(value);
	try {
		const { dtype, shape } = value as unknown as Record<string, unknown>;
		return `${dtype} [${(shape as number[]).join(", ")}]`;
	} catch {
		return "Tensor"; // disposed
	}
}

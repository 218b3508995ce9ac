/** TypeScript for a table of operators: declarations with overloads, bodies of one line. */
import {
	type Argument,
	camelCase,
	isFactory,
	namespaces,
	publicName,
	type Result,
	type Schema,
} from "../../lib/schema.ts";
import { type Documented, docsOf, schemasOf } from "./docs.ts";
import {
	inPlaceFunctions,
	isPerDimension,
	methodOnly,
	onDefaultDevice,
	operatorOnly,
	pairs,
	repeatsOne,
	reserved,
	spread,
} from "./policy.ts";

/** All overloads of a name, and those that write their results to given tensors. */
export interface Entry {
	schemas: Schema[];
	outs: Schema[];
}

const elements: Record<string, string> = {
	Tensor: "Tensor",
	"Tensor|Scalar": "Tensor | Scalar",
	Scalar: "Scalar",
	int: "Int",
	SymInt: "Int",
	float: "number",
	bool: "boolean",
	str: "string",
	ScalarType: "DType",
	Layout: "Layout",
	Device: "Device",
	MemoryFormat: "MemoryFormat",
	Generator: "Generator",
	complex: "Scalar",
};

/** `SymInt[2]?` → `Int | readonly [Int, Int] | null`, `int[1]` → `Int | readonly Int[]`, `Tensor?[]` → `readonly (Tensor | null)[]` */
function argumentType(argument: Argument, operator: string): string {
	const { type } = argument;
	if (type.endsWith("?"))
		return `${argumentType({ ...argument, type: type.slice(0, -1) }, operator)} | null`;
	const list = /^(.*)\[(\d*)\]$/.exec(type);
	if (!list) return elements[type] ?? "never";
	const element = argumentType({ ...argument, type: list[1] ?? "" }, operator);
	if (pairs[operator] === argument.name)
		return `readonly [${element}, ${element}]`;
	const length = Number(list[2]);
	if (isPerDimension(argument, length))
		return [element, ...tuplesOf(argument, operator, element, length)].join(
			" | ",
		);
	const array = `readonly ${element.includes("|") ? `(${element})` : element}[]`;
	return list[2] ? `${element} | ${array}` : array;
}

/** The lists that may stand for `length` numbers: all of them; one, where the operator repeats it; none, where that is the default. */
function tuplesOf(
	argument: Argument,
	operator: string,
	element: string,
	length: number,
): string[] {
	const lengths = new Set([
		...(argument.default === "[]" ? [0] : []),
		...(repeatsOne.test(operator) ? [1] : []),
		length,
	]);
	return [...lengths].map(
		(n) => `readonly [${new Array(n).fill(element).join(", ")}]`,
	);
}

function resultType(type: string): string {
	const list = /^(.*)\[\d*\]$/.exec(type);
	if (list) return `${resultType(list[1] ?? "")}[]`;
	const known: Record<string, string> = {
		...elements,
		int: "number",
		SymInt: "number",
	};
	return known[type] ?? "unknown";
}

function resultsType(results: readonly Result[], own: string): string {
	if (results.length === 0) return "void";
	if (results.every((r) => r.written))
		return results.length === 1 ? own : "Tensor[]";
	const types = results.map((r) => resultType(r.type));
	if (types.length === 1) return types[0] ?? "void";
	const names = results
		.filter((r) => r.name)
		.map((r) => `readonly ${r.name}: ${resultType(r.type)}`);
	const tuple = `[${types.join(", ")}]`;
	return names.length ? `${tuple} & { ${names.join("; ")} }` : tuple;
}

const isOptional = (a: Argument) =>
	a.default !== undefined || a.type.endsWith("?");
const nameOf = (a: Argument) =>
	["var", "in", "with", "default", "function", "arguments"].includes(a.name)
		? `${a.name}_`
		: a.name === "self"
			? "input"
			: a.name;
const property = (a: Argument, operator: string) =>
	`${a.name}${a.default === undefined ? "" : "?"}: ${argumentType(a, operator)}`;

interface Param {
	/** With "?" where it may be left out. */
	name: string;
	type: string;
}

/** One way to write a call. */
interface Form {
	params: Param[];
	result: string;
	/** What it takes, in order; what has no parameter of its own goes by name. */
	documented: Documented[];
}

const print = ({ params, result }: Form) =>
	`(${params.map((p) => `${p.name}: ${p.type}`).join(", ")}): ${result}`;

/** What `out` takes where an overload has a form that writes its results to given tensors; null where it has none. */
function outType(schema: Schema, outs: readonly Schema[]): string | null {
	const shape = (args: readonly Argument[]) =>
		args
			.filter((a) => !(a.written && a.keywordOnly))
			.map((a) => `${a.name} ${a.type.replace("|Scalar", "")}`)
			.join();
	const own = isFactory(schema)
		? schema.arguments.filter((a) => !factoryArguments.has(a.name))
		: schema.arguments;
	const found = outs.find((out) => shape(out.arguments) === shape(own));
	if (found === undefined) return null;
	const types = found.arguments
		.filter((a) => a.written && a.keywordOnly)
		.map((a) => argumentType(a, schema.baseName));
	return types.length === 1
		? (types[0] ?? null)
		: `readonly [${types.join(", ")}]`;
}

const factoryArguments = new Set(["dtype", "layout", "device", "pinMemory"]);

/** All ways to write one overload: positional up to some optional argument, the rest by name. */
function formsOf(
	schema: Schema,
	isMethod: boolean,
	outs: readonly Schema[],
): Form[] {
	const args = isMethod ? schema.arguments.slice(1) : schema.arguments;
	const positional = args.filter((a) => !a.keywordOnly);
	const keywords = args.filter((a) => a.keywordOnly);
	const firstOptional = positional.findIndex(isOptional);
	const from = firstOptional < 0 ? positional.length : firstOptional;
	const result = resultsType(schema.results, isMethod ? "this" : "Tensor");
	const out = isMethod ? null : outType(schema, outs);
	const forms: Form[] = [];
	for (let i = positional.length; i >= from; i--) {
		const byName = [...positional.slice(i), ...keywords];
		// The longest form, whose last arguments may be left out, covers the ones before it, unless something is named.
		const isLongest = i === positional.length;
		if (!isLongest && byName.length === 0) continue;
		const mustName = byName.some((a) => a.default === undefined);
		const params = positional.slice(0, i).map((a, k) => {
			const mayMiss =
				isLongest &&
				!mustName &&
				positional.slice(k, i).every((b) => b.default !== undefined);
			return {
				name: `${nameOf(a)}${mayMiss ? "?" : ""}`,
				type: argumentType(a, schema.baseName),
			};
		});
		const properties = byName.map((a) => property(a, schema.baseName));
		if (isFactory(schema)) properties.push("requiresGrad?: boolean");
		if (out !== null) properties.push(`out?: ${out}`);
		const options = {
			name: `options${mustName ? "" : "?"}`,
			type: `{ ${properties.join("; ")} }`,
		};
		const documented: Documented[] = [
			...positional.slice(0, i).map((a) => ({ param: nameOf(a), argument: a })),
			...byName.map((a) => ({ param: `options.${a.name}`, argument: a })),
		];
		for (const name of [
			...(isFactory(schema) ? ["requiresGrad"] : []),
			...(out === null ? [] : ["out"]),
		])
			documented.push({ param: `options.${name}`, argument: { name } });
		if (properties.length > 0) params.push(options);
		forms.push({ params, result, documented });
		const [first] = positional;
		if (
			isLongest &&
			i === 1 &&
			first &&
			first.type !== "Tensor" &&
			spread.has(schema.baseName)
		) {
			forms.push({
				params: [{ name: `...${nameOf(first)}`, type: "Int[]" }],
				result,
				documented: documented.slice(0, 1),
			});
			if (keywords.length > 0)
				for (let n = 1; n <= 5; n++)
					forms.push({
						params: [...sizes(n), options],
						result,
						documented: [
							{ param: "size0", argument: first },
							...documented.slice(1),
						],
					});
		}
	}
	return forms;
}

const sizes = (count: number): Param[] =>
	Array.from({ length: count }, (_, k) => ({ name: `size${k}`, type: "Int" }));

/** One form for two that differ in one argument only, a Tensor here and a number there; null for others. */
function merge(a: Form, b: Form): Form | null {
	if (a.result !== b.result || a.params.length !== b.params.length) return null;
	let differing = 0;
	const params = a.params.map((p, i) => {
		const q = b.params[i] as Param;
		if (p.name === q.name && p.type === q.type) return p;
		differing +=
			p.name === q.name && p.type === "Tensor" && q.type === "Scalar" ? 1 : 2;
		return { name: p.name, type: "Tensor | Scalar" };
	});
	return differing === 1 ? { ...a, params } : null;
}

/** The forms of all overloads, each once. */
function forms({ schemas, outs }: Entry, isMethod: boolean): Map<string, Form> {
	const found: Form[] = [];
	for (const form of schemas.flatMap((s) => formsOf(s, isMethod, outs))) {
		const partner = found.findIndex((f) => merge(f, form));
		if (partner >= 0)
			found[partner] = merge(found[partner] as Form, form) as Form;
		else found.push(form);
	}
	return new Map(found.map((form) => [print(form), form]));
}

/** The most arguments that any form takes, with the object of options. */
function arity({ schemas, outs }: Entry): number {
	return Math.max(
		...schemas.map((s) => {
			const positional = s.arguments.filter((a) => !a.keywordOnly).length;
			const hasOptions =
				s.arguments.length > positional || outType(s, outs) !== null;
			return positional + (hasOptions ? 1 : 0);
		}),
	);
}

const letters = "abcdefghijklmnopqrstuvwxyz";

function implementation(
	operator: string,
	entry: Entry,
	isMethod: boolean,
): string {
	const { schemas } = entry;
	const bare = arity({ schemas, outs: [] });
	const count = Math.max(isMethod ? bare : arity(entry), isMethod ? 1 : 0);
	const isSpread = spread.has(schemas[0]?.baseName ?? "");
	if (isSpread && (isMethod || schemas[0]?.arguments[0]?.type !== "Tensor"))
		return `(...args: unknown[]): never { return ops.${operator}.callSpread(${isMethod ? "this" : "null"}, args) as never; }`;
	// Only with `out` there are four: the call without it stays the fast one.
	if (count === 4 && bare === 3)
		return `(a?: unknown, b?: unknown, c?: unknown, d?: unknown): never { return (d === undefined ? ops.${operator}.call3(a, b, c) : ops.${operator}.call([a, b, c, d])) as never; }`;
	if (count === 3 && isMethod)
		return `(a?: unknown, b?: unknown, c?: unknown): never { return (c === undefined ? ops.${operator}.call3(this, a, b) : ops.${operator}.call([this, a, b, c])) as never; }`;
	if (count > 3 || count === 0)
		return isMethod
			? `(...args: unknown[]): never { return ops.${operator}.call([this, ...args]) as never; }`
			: `(...args: unknown[]): never { return ops.${operator}.call(args) as never; }`;
	// A method takes one argument more than it has use for, which is refused; functions do not, for list.map(torch.relu).
	const names = Array.from(
		{ length: isMethod ? 2 : count },
		(_, i) => letters[i] ?? "",
	);
	const params = names.map((n) => `${n}?: unknown`).join(", ");
	const args = [
		...(isMethod ? ["this"] : []),
		...names,
		"undefined",
		"undefined",
	]
		.slice(0, 3)
		.join(", ");
	return `(${params}): never { return ops.${operator}.call3(${args}) as never; }`;
}

/** The body of a function that makes tensors on the default device. */
function placedImplementation(operator: string, entry: Entry): string {
	const usual = implementation(operator, entry, false);
	const call = usual.includes("callSpread")
		? "callSpread(null, withDevice(args))"
		: "call(withDevice(args))";
	return `(...args: unknown[]): never { return ops.${operator}.${call} as never; }`;
}

/** Each form with what the editor shows of it, unless that is shown elsewhere. */
function declarations(
	head: string,
	entry: Entry,
	name: string,
	isMethod: boolean,
	isShown = true,
): string[] {
	const indent = isMethod ? "\t" : "";
	const all = [...forms(entry, isMethod)];
	if (!isShown) return all.map(([text]) => `${head}${text};`);
	const documented = all.map(([text, { documented }]) => [
		...docsOf(name, documented, indent),
		`${head}${text};`,
	]);
	return [...schemasOf(name, entry.schemas, indent), ...documented.flat()];
}

const header =
	"// Generated by scripts/generate from LibTorch's schemas. Do not edit: change the generator or its policy.";

export function emitOperators(table: ReadonlyMap<string, Entry>): string {
	const lines = [...table].map(
		([name, { schemas }]) =>
			`export const ${operatorName(name)} = new Operator(${schemas.map((s) => JSON.stringify(s.text)).join(", ")});`,
	);
	return [
		header,
		'import { Operator } from "../operator.ts";',
		"",
		...lines,
		"",
	].join("\n");
}

function operatorName(baseName: string): string {
	return `$${camelCase(baseName)}`;
}

const typeImports = [
	'import type { Generator } from "../generator.ts";',
	'import type { Tensor } from "../tensor/tensor.ts";',
	'import type { Device, DType, Int, Layout, MemoryFormat, Scalar } from "../types.ts";',
	'import * as ops from "./operators.ts";',
];

const placedImport = 'import { withDevice } from "../placement.ts";';

/** A file of functions: those of `torch` itself, or of one of its namespaces, whose prefix their names lose. */
export function emitFunctions(
	table: ReadonlyMap<string, Entry>,
	namespace: string | null,
): string {
	const isPlaced = namespace === "fft";
	const out = [header, ...typeImports, ...(isPlaced ? [placedImport] : []), ""];
	for (const [baseName, entry] of table) {
		if (
			(baseName.endsWith("_") && !inPlaceFunctions.has(baseName)) ||
			methodOnly.has(baseName) ||
			operatorOnly.has(baseName) ||
			namespaceOf(baseName) !== namespace
		)
			continue;
		const name = camelCase(
			namespace === null ? baseName : baseName.slice(namespace.length + 1),
		);
		const local = reserved.has(name) ? `${name}_` : name;
		const keyword = local === name ? "export function" : "function";
		out.push(
			...declarations(
				`${keyword} ${local}`,
				entry,
				publicName(baseName),
				false,
				isPlaced || !onDefaultDevice.has(baseName),
			),
		);
		const body =
			isPlaced && onDefaultDevice.has(baseName)
				? placedImplementation(operatorName(baseName), entry)
				: implementation(operatorName(baseName), entry, false);
		out.push(`${keyword} ${local}${body}`);
		if (local !== name) out.push(`export { ${local} as ${name} };`);
	}
	return `${out.join("\n")}\n`;
}

/** Those functions of `torch` that make tensors on the default device. */
export function emitFactories(table: ReadonlyMap<string, Entry>): string {
	const out = [header, ...typeImports, placedImport, ""];
	for (const [baseName, entry] of table) {
		if (!onDefaultDevice.has(baseName) || namespaceOf(baseName) !== null)
			continue;
		const head = `export function ${camelCase(baseName)}`;
		out.push(...declarations(head, entry, publicName(baseName), false));
		out.push(`${head}${placedImplementation(operatorName(baseName), entry)}`);
	}
	return `${out.join("\n")}\n`;
}

function namespaceOf(baseName: string): string | null {
	return namespaces.find((n) => baseName.startsWith(`${n}_`)) ?? null;
}

export function emitMethods(table: ReadonlyMap<string, Entry>): string {
	const out = [
		header,
		'import { TensorHandle } from "../handle.ts";',
		...typeImports,
		"",
		"/** The methods of Tensor that are operators. */",
		"export abstract class TensorMethods extends TensorHandle {",
	];
	for (const [baseName, all] of table) {
		if (operatorOnly.has(baseName) || namespaceOf(baseName) !== null) continue;
		const schemas = all.schemas.filter(
			(s) =>
				s.arguments[0]?.name === "self" && s.arguments[0].type === "Tensor",
		);
		if (schemas.length === 0) continue;
		const name = camelCase(baseName);
		const entry = { schemas, outs: [] };
		out.push(...declarations(`\t${name}`, entry, publicName(baseName), true));
		out.push(`\t${name}${implementation(operatorName(baseName), entry, true)}`);
	}
	return `${out.join("\n")}\n}\n`;
}

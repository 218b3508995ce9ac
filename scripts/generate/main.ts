/**
 * Writes lib/generated from the schemas of the LibTorch in use.
 * usage: npm run generate [-- --check]    (--check: writes nothing, fails if the files differ)
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { libtorch, native } from "../../lib/binding.ts";
import { packageRoot } from "../../lib/package.ts";
import {
	type Argument,
	namespaces,
	parseSchema,
	type Schema,
} from "../../lib/schema.ts";
import {
	type Entry,
	emitFactories,
	emitFunctions,
	emitMethods,
	emitOperators,
} from "./emit.ts";
import {
	hidden,
	isOut,
	isSkippedOverload,
	numbersAsTensors,
	skipped,
} from "./policy.ts";

/** Tensors before numbers before lists, so that the more special overload is tried first. */
const specific = ["Tensor", "int", "SymInt", "float", "bool", "Scalar"];
const rank = (a: Argument): number => {
	const found = specific.findIndex((t) => a.type.startsWith(t));
	return found < 0 ? specific.length : found;
};

function order(a: Schema, b: Schema): number {
	const required = (s: Schema) =>
		s.arguments.filter((x) => x.default === undefined).length;
	if (required(a) !== required(b)) return required(a) - required(b);
	for (let i = 0; i < Math.min(a.arguments.length, b.arguments.length); i++) {
		const difference =
			rank(a.arguments[i] as Argument) - rank(b.arguments[i] as Argument);
		if (difference !== 0) return difference;
	}
	return (
		a.arguments.length - b.arguments.length ||
		(a.overload < b.overload ? -1 : 1)
	);
}

/** The schema with a number allowed for the second tensor. */
function takingNumbers(text: string): Schema {
	return parseSchema(text.replace(", Tensor other", ", Tensor|Scalar other"));
}

function table(): Map<string, Entry> {
	const byName = new Map<string, Entry>();
	for (const text of native.operatorSchemas()) {
		if (!text.startsWith("aten::")) continue;
		const schema = parseSchema(text);
		const { baseName } = schema;
		if (baseName in skipped || hidden.some((h) => h.pattern.test(baseName)))
			continue;
		const entry = byName.get(baseName) ?? { schemas: [], outs: [] };
		byName.set(baseName, entry);
		if (isOut(schema)) entry.outs.push(schema);
		if (isSkippedOverload(schema) !== null) continue;
		const own = numbersAsTensors.has(baseName) ? takingNumbers(text) : schema;
		entry.schemas.push(own);
	}
	for (const { schemas } of byName.values()) schemas.sort(order);
	return new Map(
		[...byName]
			.filter(([, { schemas }]) => schemas.length > 0)
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	);
}

const operators = table();
const files = {
	"operators.ts": emitOperators(operators),
	"functions.ts": emitFunctions(operators, null),
	"factories.ts": emitFactories(operators),
	...Object.fromEntries(
		namespaces.map((n) => [`${n}.ts`, emitFunctions(operators, n)]),
	),
	"methods.ts": emitMethods(operators),
};

let differing = 0;
for (const [name, text] of Object.entries(files)) {
	const file = join(packageRoot, "lib", "generated", name);
	if (!process.argv.includes("--check")) writeFileSync(file, text);
	else if (readFileSync(file, "utf8") !== text) {
		console.error(
			`lib/generated/${name} is not what LibTorch ${libtorch.version} gives: run npm run generate`,
		);
		differing++;
	}
}
const schemas = [...operators.values()].flatMap((entry) => entry.schemas);
console.log(
	`${operators.size} names, ${schemas.length} schemas from LibTorch ${libtorch.version}`,
);
process.exitCode = differing > 0 ? 1 : 0;

// Holds lib/ to its one-way imports (npm run check): a file imports from its own layer or a lower one, layers of one
// rank do not import each other in a circle, and nothing but the command line imports the public index.
// Type-only imports are free: nothing of them is left at run time.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { packageRoot } from "../lib/package.ts";

/** From the lowest to the highest; what stands in one line may be imported by the lines below it. */
const ranks = [
	[
		"errors.ts",
		"schema.ts",
		"types.ts",
		"check.ts",
		"callable.ts",
		"constants.ts",
		"garbage.ts",
		"package.ts",
		"removable.ts",
	],
	["files"],
	["libtorch"],
	["binding.ts", "threads.ts", "settings.ts", "backends"],
	["handle.ts"],
	["arguments.ts"],
	["generator.ts", "random.ts"],
	["kinds.ts", "lists.ts"],
	["placement.ts"],
	["refusal.ts"],
	["overload.ts"],
	["operator.ts"],
	["generated"],
	["composed"],
	["tensor"],
	["autograd", "masked", "signal", "sparse", "nested", "lobpcg"],
	["nn/arguments.ts"],
	["nn/functional"],
	[
		"nn",
		"func",
		"optim",
		"amp",
		"data",
		"vision",
		"metrics",
		"select",
		"io",
		"plot",
		"jit",
		"cuda",
		"distributed",
		"utils",
	],
	["train", "tune"],
	["cli"],
	["index.ts"],
];
const names = ranks.flat().sort((a, b) => b.length - a.length); // "nn/functional" before "nn"
const lib = join(packageRoot, "lib");

interface Import {
	from: string;
	to: string;
	file: string;
}

/** The layer of a path relative to lib/: "nn/linear.ts" → "nn". */
function layerOf(path: string): string | undefined {
	return names.find((name) => path === name || path.startsWith(`${name}/`));
}

function rankOf(layer: string): number {
	return ranks.findIndex((rank) => rank.includes(layer));
}

/** The relative imports of a file that remain at run time. */
function importsOf(text: string): string[] {
	const statements =
		/^(?:import|export)\s+(?!type\b)(?:[^;"']*?\sfrom\s+)?"(\.[^"]+)"/gm;
	return [...text.matchAll(statements)].map(([, path = ""]) => path);
}

function problemsOf(imports: Import[]): string[] {
	const problems: string[] = [];
	for (const { from, to, file } of imports) {
		if (rankOf(to) > rankOf(from) && !(from === "cli" && to === "index.ts")) {
			problems.push(`${file}: ${from} must not import from ${to}`);
		}
		const back = imports.find(
			(other) => other.from === to && other.to === from,
		);
		if (back && from < to) {
			problems.push(
				`${file} and ${back.file}: ${from} and ${to} import each other`,
			);
		}
	}
	return [...new Set(problems)];
}

const imports: Import[] = [];
const problems: string[] = [];
for (const file of readdirSync(lib, { recursive: true, encoding: "utf8" })) {
	if (!file.endsWith(".ts") || file.endsWith(".d.ts")) continue;
	const from = layerOf(file);
	if (from === undefined) {
		problems.push(
			`lib/${file}: has no place in the import order; give it one in scripts/checkImports.ts`,
		);
		continue;
	}
	for (const path of importsOf(readFileSync(join(lib, file), "utf8"))) {
		const target = relative(lib, join(lib, dirname(file), path));
		const to = layerOf(target);
		if (to === undefined) {
			problems.push(`lib/${file}: imports ${path}, from outside of the order`);
		} else if (to !== from) {
			imports.push({ from, to, file: `lib/${file}` });
		}
	}
}
problems.push(...problemsOf(imports));
for (const problem of problems) console.error(problem);
if (problems.length) process.exitCode = 1;

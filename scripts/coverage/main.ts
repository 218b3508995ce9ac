/**
 * Writes docs/coverage.md: every public name of PyTorch's namespaces, and its state here.
 *
 * usage: npm run coverage [-- --check]    (--check: writes nothing, fails if the page differs or a name has no state)
 *
 * The names are those of test/fixtures/operators/names.json, which scripts/fixtures/names.py makes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";
import { packageRoot } from "../../lib/package.ts";
import { camelCase } from "../../lib/schema.ts";
import { elsewhere, reasons } from "./reasons.ts";

interface Names {
	version: string;
	namespaces: { [namespace: string]: { [name: string]: string } };
}

const { version, namespaces } = JSON.parse(
	readFileSync(join(packageRoot, "test/fixtures/operators/names.json"), "utf8"),
) as Names;

/** What holds a namespace's names here. */
function holderOf(namespace: string): object {
	if (namespace === "torch") return torch;
	if (namespace === "Tensor") return torch.Tensor.prototype;
	return namespace
		.split(".")
		.reduce((at, part) => Reflect.get(at, part) as object, torch as object);
}

interface Missing {
	name: string;
	/** undefined: nobody has said why. */
	reason: string | undefined;
}

function survey(namespace: string, names: readonly string[]) {
	const holder = holderOf(namespace);
	const here: string[] = [];
	const missing: Missing[] = [];
	for (const name of names) {
		const full = `${namespace}.${name}`;
		const own = camelCase(name);
		const place = elsewhere[full];
		if (own in holder) here.push(own);
		else if (place !== undefined) missing.push({ name, reason: place });
		else
			missing.push({
				name,
				reason: reasons.find((r) => r.pattern.test(full))?.reason,
			});
	}
	return { here, missing };
}

const surveys = Object.entries(namespaces).map(([namespace, names]) => ({
	namespace,
	...survey(namespace, Object.keys(names)),
}));

const title = (namespace: string): string =>
	namespace === "torch" || namespace === "Tensor"
		? namespace
		: `torch.${namespace}`;

function section({ namespace, here, missing }: (typeof surveys)[number]) {
	const rows = [...byReason(missing)].map(
		([reason, found]) =>
			`| ${found.map((m) => `\`${m.name}\``).join(" ")} | ${reason} |`,
	);
	return [
		`## ${title(namespace)}`,
		"",
		`Here, ${here.length}: ${here.map((name) => `\`${name}\``).join(" ")}`,
		"",
		...(rows.length > 0
			? [
					`Not here under their names, ${missing.length}:`,
					"",
					"| names in Python | why, or where else |",
					"|---|---|",
					...rows,
					"",
				]
			: []),
	];
}

/** Node 20 has no Map.groupBy. */
function byReason(missing: readonly Missing[]) {
	const groups = new Map<string | undefined, Missing[]>();
	for (const each of missing)
		groups.set(each.reason, [...(groups.get(each.reason) ?? []), each]);
	return groups;
}

const page = [
	`# What of PyTorch ${version} is here`,
	"",
	"Made by `npm run coverage`; do not edit. Names are PyTorch's, in camelCase. What a name does is held to PyTorch by its own tests: `npm run conformance`.",
	"",
	"| namespace | public names | here |",
	"|---|---:|---:|",
	...surveys.map(
		({ namespace, here, missing }) =>
			`| ${title(namespace)} | ${here.length + missing.length} | ${here.length} |`,
	),
	"",
	...surveys.flatMap(section),
].join("\n");

const unexplained = surveys.flatMap(({ namespace, missing }) =>
	missing
		.filter((m) => m.reason === undefined)
		.map((m) => `${namespace}.${m.name}`),
);
for (const name of unexplained)
	console.error(`${name} is not here, and scripts/coverage does not say why`);
const file = join(packageRoot, "docs", "coverage.md");
let isCurrent = true;
if (!process.argv.includes("--check")) writeFileSync(file, page);
else isCurrent = readFileSync(file, "utf8") === page;
if (!isCurrent)
	console.error("docs/coverage.md is not current: run npm run coverage");
const here = surveys.reduce((sum, s) => sum + s.here.length, 0);
const all = Object.values(namespaces).reduce(
	(sum, names) => sum + Object.keys(names).length,
	0,
);
console.log(`${here} of ${all} public names of PyTorch ${version} are here`);
process.exitCode = isCurrent && unexplained.length === 0 ? 0 : 1;

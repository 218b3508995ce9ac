/** What the editor shows of generated functions: every argument is described, examples are true. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";
import { aliases, help } from "../../scripts/generate/help/index.ts";

const generated = (name: string) =>
	readFileSync(join(__dirname, "../../lib/generated", `${name}.ts`), "utf8");

/** A value as the examples show it: four digits after the point are enough. */
function show(value: unknown): string {
	if (torch.isTensor(value)) return show((value as torch.Tensor).tolist());
	if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
	if (typeof value === "number") return String(Number(value.toFixed(4)));
	if (typeof value !== "object" || value === null) return String(value);
	const { re, im } = value as torch.Complex;
	return `{ re: ${show(re)}, im: ${show(im)} }`;
}

test("the functions that are used most are described", () => {
	const names = [...Object.keys(help), ...Object.keys(aliases)];
	expect(new Set(names).size).toBe(names.length);
	expect(Object.keys(help).length).toBeGreaterThan(330);
});

test.each(Object.entries(help))("%s: its example", (_name, { example }) => {
	const [code = "", wanted] = example.split(" // ");
	const value = new Function("torch", `return ${code}`)(torch);
	expect(`${code} // ${show(value)}`).toBe(`${code} // ${wanted}`);
});

/** Each declaration with its comment: the parameters that are described, and those that there are. */
function declarations(): {
	name: string;
	described: string[];
	there: string[];
}[] {
	const found = [];
	const form =
		/\/\*\*\n((?:\s*\*.*\n)+)\s*(?:export function |function )?(\w+)\((.*)\): .*;$/gm;
	for (const [file, prefix] of [
		["functions", ""],
		["factories", ""],
		["methods", ""],
		["linalg", "linalg."],
		["fft", "fft."],
		["special", "special."],
	] as const)
		for (const [, text = "", name = "", params = ""] of generated(
			file,
		).matchAll(form)) {
			if (!text.includes("@example")) continue;
			const described = [...text.matchAll(/@param (\S+) \S/g)].map(
				(m) => m[1] ?? "",
			);
			const [positional = "", options = ""] = params.split(/options\??: /);
			const named = [...options.matchAll(/(\w+)\??: /g)].map(
				(m) => `options.${m[1]}`,
			);
			const there = [...positional.matchAll(/(\w+)\??: /g)].map(
				(m) => m[1] ?? "",
			);
			found.push({
				name: `${prefix}${name}`,
				described,
				there: [...there.filter((p) => !/^size[1-4]$/.test(p)), ...named],
			});
		}
	return found;
}

const all = declarations();

test("each form of them says what each of its arguments means", () => {
	expect(all.length).toBeGreaterThan(1_500);
	for (const { name, described, there } of all)
		expect({ name, params: described }).toEqual({ name, params: there });
});

test("no argument is described that no form has", () => {
	const known = new Map<string, Set<string>>();
	for (const { name, described } of all) {
		const own = name.replace(/_$/, "");
		for (const key of new Set([
			name,
			own,
			aliases[name] ?? name,
			aliases[own] ?? own,
		])) {
			const set = known.get(key) ?? new Set(["input"]);
			for (const param of described)
				set.add(param.replace("options.", "").replace("size0", "size"));
			known.set(key, set);
		}
	}
	const unknown = Object.entries(help).flatMap(([name, { args }]) =>
		Object.keys(args)
			.filter((argument) => !known.get(name)?.has(argument))
			.map((argument) => `${name}: ${argument}`),
	);
	expect(unknown).toEqual([]);
});

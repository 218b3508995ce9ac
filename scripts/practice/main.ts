/**
 * Runs the programs of examples/practice, one after the other, and shows what they reach: `npm run practice`.
 *
 *   --small                   short runs, as in CI
 *   --only NAME               this one only; may be given several times
 *   --beside-python PYTHON    the same programs in Python, with five seeds; a full run of all then writes docs/practice.md
 *   --threads N               of each program (2)
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
	compareScores,
	curveDifference,
	curveText,
	numberText,
	type Results,
} from "./compare.ts";
import { writePage } from "./page.ts";
import { type Program, programs } from "./programs.ts";
import { runHere, runPython } from "./run.ts";

const { values } = parseArgs({
	options: {
		small: { type: "boolean", default: false },
		only: { type: "string", multiple: true },
		"beside-python": { type: "string" },
		threads: { type: "string", default: "2" },
	},
});
const { small, only, "beside-python": python } = values;
const threads = Number(values.threads);
const unknown = only?.filter((name) => !programs.some((p) => p.name === name));
if (unknown?.length || !(Number.isInteger(threads) && threads > 0)) {
	console.error(
		unknown?.length
			? `--only: there is no ${unknown.join(", ")}; known are ${programs.map(({ name }) => name).join(", ")}`
			: `--threads: expected a whole number above 0, got "${values.threads}"`,
	);
	process.exit(2);
}
const wanted = programs.filter(({ name }) => !only || only.includes(name));

/** Results are kept, so that one program can be run anew and the page still has all. */
const folder = join("build/practice", small ? "small" : "full");
mkdirSync(folder, { recursive: true });
const fileOf = ({ name }: Program) => join(folder, `${name}.json`);

async function results({ name, seeds }: Program): Promise<Results> {
	const options = { small, threads };
	const here = await runHere(name, options);
	const theirs = python ? await runPython(python, name, seeds, options) : [];
	return { here, python: theirs, threads };
}

function line(found: Results, seconds: number): string {
	const { here, python: theirs } = found;
	const parts = compareScores(found).map(
		({ score, here, min, max, isWithin }) => {
			const other = `${numberText(min)} to ${numberText(max)}`;
			const beside = theirs.length
				? ` (Python ${other}${isWithin ? "" : ": OUTSIDE"})`
				: "";
			return `${score} ${numberText(here)}${beside}`;
		},
	);
	const curve = curveText(curveDifference(found), here.losses.length);
	return `${parts.join(", ")}${theirs.length ? ` · loss curve ${curve}` : ""} · ${seconds.toFixed(1)} s`;
}

let failed = 0;
for (const [i, program] of wanted.entries()) {
	const title = `[${String(i + 1).padStart(String(wanted.length).length)}/${wanted.length}] ${program.name}`;
	try {
		const start = performance.now();
		const found = await results(program);
		const seconds = (performance.now() - start) / 1000;
		console.log(`${title}: ${line(found, seconds)}`);
		if (python) writeFileSync(fileOf(program), JSON.stringify(found));
		if (python && compareScores(found).some(({ isWithin }) => !isWithin))
			failed++;
	} catch (error) {
		failed++;
		console.error(`${title}: ${(error as Error).message}`);
	}
}
if (failed > 0) console.error(`${failed} of ${wanted.length} failed`);
process.exitCode = failed > 0 ? 1 : 0;

if (python && !small) {
	const missing: string[] = [];
	const all = programs.flatMap((program) => {
		try {
			const found = JSON.parse(
				readFileSync(fileOf(program), "utf8"),
			) as Results;
			return [{ program, found }];
		} catch {
			missing.push(program.name);
			return [];
		}
	});
	if (missing.length === 0) console.log(`Written: ${writePage(all)}`);
	else
		console.log(
			`docs/practice.md is written when these have been run: ${missing.join(", ")}`,
		);
}

/**
 * Measures torch-node beside Python's PyTorch, and writes bench/RESULTS.md.
 *
 * usage: npm run bench [-- --quick]      PYTHON names the Python to compare with (default: python3)
 *
 * Both run in processes of their own that take turns, so that whatever else the machine does meets both. A time is the median over rounds
 * of (total time / iterations), so garbage collection is counted; a ratio is the median of the rounds' ratios.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Child, type Hello, timeOf } from "./child.ts";
import {
	duration,
	geometricMean,
	machine,
	type Row,
	rowOf,
	rowsTable,
	times,
	verdict,
} from "./report.ts";
import {
	loadTarget,
	operatorsTarget,
	operatorTargets,
	optimizerTargets,
	residencyTarget,
	stepTargets,
} from "./targets.ts";

const quick = process.argv.includes("--quick");
const python = process.env.PYTHON ?? "python3";
// This file runs as dist/bench/main.js.
const compiled = (name: string) =>
	fileURLToPath(new URL(`${name}.js`, import.meta.url));
const source = (path: string) =>
	fileURLToPath(new URL(`../../bench/${path}`, import.meta.url));

const hasPython = spawnSync(python, ["-c", "import torch"]).status === 0;
if (!hasPython)
	console.log(
		`Skipped: the comparison, for ${python} has no PyTorch (PYTHON names another Python).\n`,
	);

/** What Node runs, and what Python runs to compare it with. */
interface Case {
	name: string;
	variants: { name: string; title: string; target: number | undefined }[];
}

interface Method {
	/** Of one round. */
	seconds: number;
	rounds: number;
	/** Default: what LibTorch chooses. */
	threads?: number;
}

const versions: { node?: Hello; python?: Hello } = {};

/** Measures each case beside each variant in turns: Node, Python, and again. One that had two turns at once would do better in the second. */
async function compare(cases: Case[], method: Method): Promise<Row[]> {
	const threads = method.threads && String(method.threads);
	const env = threads
		? { OMP_NUM_THREADS: threads, MKL_NUM_THREADS: threads }
		: {};
	const node = new Child(process.execPath, [compiled("worker")], env);
	const other = hasPython
		? new Child(python, [source("python/worker.py")], env)
		: null;
	// what is said of threads is meant of those that LibTorch chooses
	if (threads === undefined || versions.node === undefined) {
		versions.node = await node.hello;
		if (other) versions.python = await other.hello;
	}
	const rows: Row[] = [];
	for (const { name, variants } of cases)
		for (const variant of variants) {
			const ours: number[] = [];
			const theirs: number[] = [];
			for (let i = 0; i < (quick ? 3 : method.rounds); i++) {
				ours.push(await node.measure(name, method.seconds));
				if (other)
					theirs.push(await other.measure(variant.name, method.seconds));
			}
			rows.push(row(variant.title, ours, theirs, variant.target));
		}
	await node.end();
	await other?.end();
	return rows;
}

function row(
	name: string,
	ours: number[],
	theirs: number[],
	target: number | undefined,
): Row {
	const result = rowOf(name, ours, theirs, target);
	console.log(
		`${name}: ${duration(result.node)}, Python ${duration(result.python)}, ${times(result.ratio)} ${verdict(result.ratio, target)}`,
	);
	return result;
}

function basket(): Promise<Row[]> {
	const cases = Object.entries(operatorTargets).map(([name, target]) => ({
		name,
		variants: [{ name, title: name, target }],
	}));
	return compare(cases, { seconds: 0.2, rounds: 15, threads: 1 });
}

function steps(where: string, threads?: number): Promise<Row[]> {
	const cases = Object.entries(stepTargets).map(([name, target]) => ({
		name,
		variants: [
			{ name, title: `${name}, ${where}`, target: target.plain },
			{
				name: `${name}, fused`,
				title: `${name}, ${where}, beside fused Adam`,
				target: target.fused,
			},
		],
	}));
	const method: Method = { seconds: 0.5, rounds: 15 };
	return compare(
		cases,
		threads === undefined ? method : { ...method, threads },
	);
}

function optimizerSteps(): Promise<Row[]> {
	const cases = Object.entries(optimizerTargets).map(([name, target]) => ({
		name,
		variants: [{ name, title: name, target }],
	}));
	return compare(cases, { seconds: 1, rounds: 5, threads: 1 });
}

async function loading(): Promise<Row> {
	const ours: number[] = [];
	const theirs: number[] = [];
	for (let i = 0; i < (quick ? 3 : 9); i++) {
		ours.push(await timeOf(process.execPath, [compiled("load")]));
		if (hasPython)
			theirs.push(await timeOf(python, [source("python/load.py")]));
	}
	return row("load, and make a tensor", ours, theirs, loadTarget);
}

function residency(): string {
	const args = [compiled("residency"), ...(quick ? ["--quick"] : [])];
	const said = execFileSync(process.execPath, args, { encoding: "utf8" });
	const { steps, before, after, peak } = JSON.parse(said) as Record<
		"steps" | "before" | "after" | "peak",
		number
	>;
	const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
	const grown = after - before;
	const line =
		`Resident memory over ${steps.toLocaleString("en")} synchronous training steps of a small MLP without dispose: ` +
		`${megabytes(before)} after the warm-up, ${megabytes(after)} at the end (at most ${megabytes(peak)}): ` +
		`${grown < 0 ? "−" : "+"}${megabytes(Math.abs(grown))}; target < ${megabytes(residencyTarget)} ${grown < residencyTarget ? "met" : "missed"}.`;
	console.log(line);
	return line;
}

const operatorRows = await basket();
const mean = geometricMean(operatorRows.map((row) => row.ratio));
console.log(
	`geometric mean: ${times(mean)} ${verdict(mean, operatorsTarget)}\n`,
);
const stepRows = [
	...(await steps("1 thread", 1)),
	...(await steps("all threads")),
];
console.log();
const optimizerRows = await optimizerSteps();
console.log();
const loadRow = await loading();
const memory = residency();

const { node: ours, python: theirs } = versions;
const report = `# Results of \`npm run bench\`

Times of torch-node beside the same in Python's PyTorch, on one machine in one run, in processes that take turns: medians of
total time / iterations, so garbage collection is counted. A ratio is the median of the rounds' ratios, for the speed of a shared
machine changes from one second to the next; below 1 torch-node is faster.

- Machine: ${machine()}
- torch-node: Node ${process.version}, LibTorch ${ours?.torch}
- Python: ${theirs ? `PyTorch ${theirs.torch}` : "skipped, no PyTorch found"}
- Threads: 1, or ${ours?.threads} where it says all threads

## Small operators (1 thread)

${rowsTable(operatorRows)}

Geometric mean: ${times(mean)} (${verdict(mean, operatorsTarget)})

## Training steps

MLP: 784-512-256-10, batch 256. CNN: that of pytorch/examples' mnist, batch 64. Both with Adam; torch-node's is fused by
default, Python's is not: the second line of each is beside \`Adam(fused=True)\`.

${rowsTable(stepRows)}

## Steps of optimisers (1 thread)

On the parameters of ResNet-18 (62 tensors, 11.7 million elements), with default options on both sides.

${rowsTable(optimizerRows)}

## Loading (a process from start to end)

${rowsTable([loadRow])}

## Memory

${memory}
`;
if (quick) console.log("\n--quick: bench/RESULTS.md is left as it is");
else writeFileSync(source("RESULTS.md"), report);

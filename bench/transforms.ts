/**
 * Images per second through torchvision's pipelines, beside the same in Python's torchvision v2, which takes them one by one: one by one
 * here, and as a batch. Written to bench/TRANSFORMS.md.
 *
 * usage: node dist/bench/transforms.js [--quick]        (PYTHON: the interpreter, python3)
 */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../lib/package.ts";
import { Child } from "./child.ts";
import { duration, machine, median, table } from "./report.ts";

const quick = process.argv.includes("--quick");
const python = process.env.PYTHON ?? "python3";
const repetitions = quick ? 3 : 9;
const seconds = quick ? 0.3 : 1;

/** How many times as many images per second as Python's there should be. */
const targets: { [name: string]: number } = {
	MNIST: 1.1,
	"MNIST, batch": 3,
	classification: 1.1,
	"classification, batch": 3,
};

const rows: string[][] = [];
for (const threads of new Set([1, availableParallelism()])) {
	const env = {
		OMP_NUM_THREADS: String(threads),
		MKL_NUM_THREADS: String(threads),
	};
	const node = new Child(
		process.execPath,
		[join(packageRoot, "dist/bench/pipelines.js")],
		env,
	);
	const other = new Child(
		python,
		[join(packageRoot, "bench/python/transforms.py")],
		env,
	);
	for (const [name, target] of Object.entries(targets)) {
		const [pipeline] = name.split(", ") as [string];
		const ours: number[] = [];
		const theirs: number[] = [];
		for (let i = 0; i < repetitions; i++) {
			ours.push(await node.measure(name, seconds));
			theirs.push(await other.measure(pipeline, seconds));
		}
		const [a, b] = [median(ours), median(theirs)];
		const times = b / a;
		rows.push([
			`${name}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
			duration(a),
			duration(b),
			`${times.toFixed(2)} ×`,
			`≥ ${target} × ${times >= target ? "met" : "missed"}`,
		]);
		console.log(rows.at(-1)?.join("  "));
	}
	await node.end();
	await other.end();
}
const result = table(
	[
		"time per image",
		"torch-node",
		"torchvision",
		"images per second",
		"target",
	],
	rows,
);
console.log(`\n${result}`);
writeFileSync(
	join(packageRoot, "bench/TRANSFORMS.md"),
	`# Results of \`node dist/bench/transforms.js\`

Medians of the time per image, with processes that take turns. torchvision v2 takes images one by one. MNIST: RandomRotation(15),
RandomAffine(translate 0.1), Normalize. Classification: RandomResizedCrop(224), flip, ColorJitter, ToDtype, Normalize.

- Machine: ${machine()}

${result}
`,
);

/**
 * The Node side of the bench: reads cases from stdin, one JSON object a line, and answers with seconds per iteration.
 * Its argument is the device to compute on (cpu).
 * {"case": name, "seconds": s} → {"time": seconds per iteration}. What garbage collection costs is part of that.
 */
import { createInterface } from "node:readline";
import { libtorch, native } from "../lib/binding.ts";
import * as torch from "../lib/index.ts";
import { operators } from "./operators.ts";
import { optimizers } from "./optimizers.ts";
import { steps } from "./steps.ts";

type Loop = (count: number) => number;

/** A loop of its own for each case, which V8 compiles for it alone, as timeit makes one for each statement in Python. */
function loopOf(run: () => unknown, finish: () => void): Loop {
	const make = new Function(
		"run",
		"finish",
		`return (count) => {
			const start = performance.now();
			for (let i = 0; i < count; i++) run();
			finish();
			return (performance.now() - start) / 1000;
		};`,
	);
	return make(run, finish) as Loop;
}

const device = (process.argv[2] ?? "cpu") as torch.Device;
/** A GPU works on by itself: its work is to be done before the time is taken. */
const finish = device === "cpu" ? () => {} : () => torch.cuda.synchronize();
const basket = operators(device);
const known = new Map<string, { loop: Loop; count: number }>();

function measure(name: string, seconds: number): number {
	let entry = known.get(name);
	if (entry === undefined) {
		const run = basket[name] ?? (steps[name] ?? optimizers[name])?.(device);
		if (run === undefined) throw new Error(`no case ${name}`);
		const loop = loopOf(run, finish);
		// The first calls choose kernels and are not compiled yet: what they take says nothing.
		let count = 10;
		loop(count);
		let took = loop(count);
		while (took < seconds / 2) {
			count *= 2;
			took = loop(count);
		}
		entry = { loop, count: Math.max(1, Math.round((count * seconds) / took)) };
		known.set(name, entry);
	}
	return entry.loop(entry.count) / entry.count;
}

console.log(
	JSON.stringify({ torch: libtorch.version, threads: native.numThreads() }),
);
for await (const line of createInterface({ input: process.stdin })) {
	const request = JSON.parse(line) as { case: string; seconds: number };
	const time = measure(request.case, request.seconds);
	console.log(JSON.stringify({ time }));
}

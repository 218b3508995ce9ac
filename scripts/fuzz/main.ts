/**
 * Random programs over all functions and methods, on tensors of odd shapes, layouts and dtypes: none ends the process, every error is a TorchError that names its
 * operator, every result is whole.
 *
 * usage: npm run fuzz [-- --runs 10000] [--seed N] [--first N]
 *
 * Prints the seed, what was called, and of each program that fails the smallest found that still does. --first: the number of the first program, to see one again.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { serialize } from "node:v8";
import fc from "fast-check";
import { codeOf } from "./code.ts";
import { type Program, program } from "./program.ts";

const { values } = parseArgs({
	options: {
		runs: { type: "string", default: "10000" },
		seed: { type: "string" },
		first: { type: "string", default: "0" },
	},
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const [first, runs] = [Number(values.first), Number(values.runs)];
const folder = mkdtempSync(join(tmpdir(), "torch-node-fuzz-"));
const log = join(folder, "log");

/** Programs of one process: fewer would be slower, more would keep what fails for longer. */
const block = 1_000;
/** A program that takes longer is at fault: milliseconds are usual. */
const patience = 60_000;
const mostFailures = 40;

interface Ended {
	/** What ended it, if not itself. */
	death: string | null;
	output: string;
	errors: string;
}

/** Runs child.js to its end, with at most 6 GB of addresses: results of any size are asked for. */
function child(args: readonly string[], timeout = patience): Promise<Ended> {
	const path = join(dirname(fileURLToPath(import.meta.url)), "child.js");
	// WebAssembly, which Node itself uses, would reserve 10 GB.
	const command = [process.execPath, "--disable-wasm-trap-handler", path];
	const limit = 'ulimit -c 0 && ulimit -v 6000000 && exec "$@"';
	return new Promise((resolve, reject) => {
		const running = spawn("sh", ["-c", limit, "sh", ...command, ...args, log]);
		const end = () => running.kill("SIGKILL");
		process.once("exit", end);
		let [output, errors, seen, isStuck] = ["", "", "", false];
		const watch = setInterval(() => {
			const now = underWay();
			isStuck = now === seen;
			if (isStuck) end();
			seen = now;
		}, timeout);
		running.stdout.on("data", (text) => {
			output += text;
		});
		running.stderr.on("data", (text) => {
			errors += text;
		});
		running.on("error", reject);
		running.on("close", (code, signal) => {
			clearInterval(watch);
			process.off("exit", end);
			const death = isStuck ? "no end within a minute" : signal;
			if (death === null && code !== 0) reject(new Error(errors));
			else resolve({ death, output, errors });
		});
	});
}

/** The program and the step under way. */
function underWay(): string {
	try {
		return readFileSync(log, "utf8");
	} catch {
		return "";
	}
}

/** The program with this number, or a smaller one that ends the process, too, as far as one was found in two minutes. */
async function smallest(number: number): Promise<string> {
	const file = join(folder, "program");
	let last: Program | undefined;
	const property = fc.asyncProperty(program, async (one) => {
		writeFileSync(file, serialize(one));
		const { death } = await child([file], 20_000);
		if (death === null) return;
		last = one;
		throw new Error(death);
	});
	await fc.check(property, {
		seed,
		path: String(number),
		numRuns: 1,
		interruptAfterTimeLimit: 120_000,
	});
	if (last !== undefined) return codeOf(last);
	const [one] = fc.sample(program, { seed, path: String(number), numRuns: 1 });
	return `(only together with programs before it)\n${one && codeOf(one)}`;
}

console.log(`seed ${seed}: programs ${first} to ${first + runs - 1}`);
const totals = { steps: 0, values: 0 };
let failures = 0;
let next = first;
while (next < first + runs && failures < mostFailures) {
	const count = Math.min(block, first + runs - next);
	const ended = await child([String(seed), String(next), String(count)]);
	if (ended.death !== null) {
		failures++;
		const number = Number.parseInt(underWay(), 10);
		if (Number.isNaN(number)) throw new Error(ended.errors);
		console.log(
			`\nprogram ${number}: ${ended.death} at step ${underWay().trim()} ${ended.errors.slice(-800)}\n${await smallest(number)}`,
		);
		next = number + 1;
		continue;
	}
	// LibTorch's libraries may print before it
	const last = ended.output.trimEnd().split("\n").at(-1) ?? "";
	const { steps, values, failure } = JSON.parse(last);
	totals.steps += steps;
	totals.values += values;
	if (failure === null) {
		next += count;
		continue;
	}
	failures++;
	next = failure.number + 1;
	console.log(
		`\nprogram ${failure.number}: ${failure.message}\n${failure.program}`,
	);
}
rmSync(folder, { recursive: true });
console.log(
	`${next - first} programs, ${totals.steps} calls, of which ${totals.values} gave a value; ${failures} programs failed`,
);
process.exitCode = failures > 0 ? 1 : 0;

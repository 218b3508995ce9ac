/**
 * Runs random programs, since one may end its process: node child.js SEED FIRST COUNT LOG, the programs FIRST, FIRST + 1, … of a seed; or node child.js FILE LOG, the
 * one in a file. LOG has the number of the program and of the step under way. Prints { steps, values, failure } as JSON.
 */
import { openSync, readFileSync, writeSync } from "node:fs";
import { deserialize } from "node:v8";
import fc from "fast-check";
import * as torch from "../../lib/index.ts";
import { codeOf } from "./code.ts";
import { type Program, program } from "./program.ts";
import { type Counts, run } from "./run.ts";

const args = process.argv.slice(2);
const log = openSync(args.at(-1) as string, "w");
const counts: Counts = { steps: 0, values: 0 };
torch.setNumThreads(1);
torch.setPrintoptions({ threshold: 20 });

function runNumber(number: number, one: Program): void {
	run(one, counts, (step) => writeSync(log, `${number} ${step}`.padEnd(24), 0));
}

interface Failure {
	/** The number of the program. */
	number: number;
	program: string;
	message: string;
}

function runMany(seed: number, first: number, count: number): Failure | null {
	let number = first - 1;
	const details = fc.check(
		fc.property(program, (one) => {
			runNumber(++number, one);
		}),
		{
			seed,
			path: String(first),
			numRuns: count,
			interruptAfterTimeLimit: 600_000,
		},
	);
	if (!details.failed || details.counterexample === null) return null;
	const error = details.errorInstance;
	return {
		number: Number.parseInt(details.counterexamplePath ?? "", 10),
		program: codeOf(details.counterexample[0]),
		message: error instanceof Error ? error.message : String(error),
	};
}

function runFile(file: string): Failure | null {
	const one = deserialize(readFileSync(file)) as Program;
	try {
		runNumber(0, one);
		return null;
	} catch (error) {
		return { number: 0, program: codeOf(one), message: String(error) };
	}
}

const [seed, first, count] = args.map(Number) as [number, number, number];
const failure =
	args.length === 2 ? runFile(args[0] as string) : runMany(seed, first, count);
console.log(JSON.stringify({ ...counts, failure }));

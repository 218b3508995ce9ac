/** Every public operator with thousands of random arguments, of the right types and of none: always an error or a value, never a crash. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Ended } from "../support/dist.ts";
import { temporaryFolder } from "../support/folder.ts";
import { programs, runProgram } from "../support/program.ts";

// The same calls in each run, so that what fails can be seen again; other seeds are for those who look for more.
const seed = Number(process.env.TORCH_NODE_FUZZ_SEED ?? 1);
const rounds = Number(process.env.TORCH_NODE_FUZZ_ROUNDS ?? 4);
const path = programs(join(__dirname, "programs"));
const file = temporaryFolder();

/** Runs the calls from number `first` on; ends the process where one call takes a minute. */
async function runFrom(first: number, log: string): Promise<Ended> {
	const controller = new AbortController();
	let before = "";
	const watch = setInterval(() => {
		const now = readFileSync(log, "utf8");
		if (now !== "" && now === before) controller.abort();
		before = now;
	}, 60_000);
	try {
		return await runProgram(
			path("operators"),
			[String(seed), String(rounds), String(first), log],
			// results of any size are asked for: those beyond 4 GB are refused at once
			{ addressSpace: 4_000, signal: controller.signal },
		);
	} finally {
		clearInterval(watch);
	}
}

test(`operators (TORCH_NODE_FUZZ_SEED=${seed})`, async () => {
	const problems: string[] = [];
	const log = file("call");
	let calls = 0;
	for (let first = 0; problems.length < 10; ) {
		const ended = await runFrom(first, log);
		if (ended.code === 0) {
			const result = JSON.parse(ended.stdout);
			calls += result.calls;
			problems.push(...result.complaints);
			break;
		}
		// The call under way ended the process: go on behind it.
		const call = readFileSync(log, "utf8");
		problems.push(
			`${ended.died ?? ended.code}: ${call} ${ended.stderr.slice(-500)}`,
		);
		first = Number.parseInt(call, 10) + 1;
		if (Number.isNaN(first)) break;
	}
	expect(problems).toEqual([]);
	expect(calls).toBeGreaterThan(3_000);
}, 600_000);

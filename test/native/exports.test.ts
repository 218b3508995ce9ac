/** Every exported native function, called with what it does not expect: always an error or a value, never a crash. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../support/folder.ts";
import { programs, resultOf, runProgram } from "../support/program.ts";

// The same calls in each run, so that what fails can be seen again; other seeds are for those who look for more.
const seed = Number(process.env.TORCH_NODE_FUZZ_SEED ?? 1);
const path = programs(join(__dirname, "programs"));
const file = temporaryFolder();

test(`wrong arguments are refused by name, and nothing crashes (TORCH_NODE_FUZZ_SEED=${seed})`, async () => {
	const log = file("call");
	const ended = await runProgram(
		path("exports"),
		[String(seed), "4000", log],
		// one thread and little address space: what asks for too much memory is refused at once
		{ flags: ["--expose-gc"], addressSpace: 16_000 },
	);
	if (ended.code !== 0)
		throw new Error(
			`${ended.died ?? ended.code} in ${readFileSync(log, "utf8")}\n${ended.stderr.slice(-2000)}`,
		);
	const { calls, complaints } = resultOf(ended) as {
		calls: number;
		complaints: string[];
	};
	expect(complaints).toEqual([]);
	expect(calls).toBeGreaterThan(10_000);
}, 240_000);

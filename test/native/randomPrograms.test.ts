/** Random programs over all functions and methods: no process dies, every error is this package's own, every result is whole. `npm run fuzz` runs more. */
import { compiled, run } from "../support/dist.ts";

// The same programs in each run, so that what fails can be seen again; another seed is for those who look for more.
const seed = process.env.TORCH_NODE_FUZZ_SEED ?? "1";
const runs = process.env.TORCH_NODE_FUZZ_RUNS ?? "500";

test(`random programs (TORCH_NODE_FUZZ_SEED=${seed})`, async () => {
	const args = ["--runs", runs, "--seed", seed];
	const ended = await run(process.execPath, [
		compiled("scripts/fuzz/main.js"),
		...args,
	]);
	if (ended.code !== 0) throw new Error(ended.stdout + ended.stderr);
	const [, programs, calls, values] =
		/(\d+) programs, (\d+) calls, of which (\d+) gave a value; 0 programs failed/.exec(
			ended.stdout,
		) ?? [];
	expect(ended.stdout).toContain(`seed ${seed}: programs 0 to`);
	expect(Number(programs)).toBe(Number(runs));
	expect(Number(calls)).toBeGreaterThan(4 * Number(runs));
	expect(Number(values)).toBeGreaterThan(Number(runs));
}, 300_000);

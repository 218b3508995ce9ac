import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What a program reports, and how long it took. */
export interface Result {
	scores: Record<string, number>;
	/** Of each epoch or step. */
	losses: number[];
	seconds: number;
}

export interface RunOptions {
	small: boolean;
	seed: number;
	threads: number;
}

/** dist/scripts/practice is where this runs. */
const root = new URL("../../../", import.meta.url);
const inRoot = (path: string) => fileURLToPath(new URL(path, root));

export const runHere = (name: string, options: RunOptions): Promise<Result> =>
	run(
		process.execPath,
		[inRoot(`dist/examples/practice/${name}.js`), "--json"],
		options,
	);

export const runPython = (
	python: string,
	name: string,
	options: RunOptions,
): Promise<Result> =>
	run(python, [inRoot(`examples/practice/python/${name}.py`)], options);

/** Runs a program to its end. The number of threads is the same for all, since sums depend on it. @throws Error with what it printed last */
async function run(
	command: string,
	args: readonly string[],
	{ small, seed, threads }: RunOptions,
): Promise<Result> {
	const start = performance.now();
	const given = [
		...args,
		"--seed",
		String(seed),
		...(small ? ["--small"] : []),
	];
	const child = spawn(command, given, {
		cwd: inRoot("."),
		env: { ...process.env, OMP_NUM_THREADS: String(threads) },
		stdio: ["ignore", "pipe", "pipe"],
	});
	let [stdout, stderr] = ["", ""];
	child.stdout.setEncoding("utf8").on("data", (text) => {
		stdout += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text) => {
		stderr += text;
	});
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on("error", reject);
		child.on("close", resolve);
	});
	if (code !== 0)
		throw new Error(
			`${command} ${given.join(" ")} ended with ${code}:\n${stderr.slice(-2000)}`,
		);
	const seconds = (performance.now() - start) / 1000;
	const last = stdout.trimEnd().split("\n").at(-1) ?? "";
	return { ...(JSON.parse(last) as Omit<Result, "seconds">), seconds };
}

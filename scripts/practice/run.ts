import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What a program reports. */
export interface Result {
	scores: Record<string, number>;
	/** Of each epoch or step. */
	losses: number[];
}

export interface RunOptions {
	small: boolean;
	threads: number;
}

/** dist/scripts/practice is where this runs. */
const root = new URL("../../../", import.meta.url);
const inRoot = (path: string) => fileURLToPath(new URL(path, root));

/** With seed 0. */
export async function runHere(
	name: string,
	options: RunOptions,
): Promise<Result> {
	const program = inRoot(`dist/examples/practice/${name}.js`);
	const found = await run(process.execPath, [program, "--json"], options);
	return found.at(-1) as Result;
}

/** With seeds 0, 1, …, `seeds` of them. */
export function runPython(
	python: string,
	name: string,
	seeds: number,
	options: RunOptions,
): Promise<Result[]> {
	const script = inRoot("examples/practice/python/seeds.py");
	return run(python, [script, name, String(seeds)], options);
}

/** Runs a program to its end. The number of threads is the same for all, since sums depend on it. @throws Error with what it printed last */
async function run(
	command: string,
	args: readonly string[],
	{ small, threads }: RunOptions,
): Promise<Result[]> {
	const given = [...args, ...(small ? ["--small"] : [])];
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
	const reports = stdout.split("\n").filter((line) => line.startsWith("{"));
	if (code !== 0 || reports.length === 0)
		throw new Error(
			`${command} ${given.join(" ")} ended with ${code}:\n${stderr.slice(-2000)}`,
		);
	return reports.map((line) => JSON.parse(line) as Result);
}

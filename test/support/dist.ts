import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

export const root = join(__dirname, "../..");

/** The path of a compiled file: for tests of what runs in processes of its own. */
export function compiled(path: string): string {
	const file = join(root, "dist", path);
	if (!existsSync(file)) throw new Error(`${file}: run npm run compile first`);
	return file;
}

export interface Ended {
	code: number | null;
	/** The signal that ended it, if one did. */
	died: NodeJS.Signals | null;
	stdout: string;
	stderr: string;
}

export interface RunOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	/** Ends the process by SIGKILL when this is called off. */
	signal?: AbortSignal;
}

/** Runs a program to its end. */
export function run(
	command: string,
	args: string[],
	{ cwd, env = process.env, signal }: RunOptions = {},
): Promise<Ended> {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, {
			cwd,
			env,
			signal,
			killSignal: "SIGKILL",
			stdio: ["ignore", "pipe", "pipe"],
		});
		const ended: Ended = { code: null, died: null, stdout: "", stderr: "" };
		child.stdout.setEncoding("utf8").on("data", (text) => {
			ended.stdout += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text) => {
			ended.stderr += text;
		});
		child.on("error", (error) => {
			if (error.name !== "AbortError") reject(error);
		});
		child.on("close", (code, died) => resolve({ ...ended, code, died }));
	});
}

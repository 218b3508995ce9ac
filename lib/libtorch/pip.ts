import { spawn } from "node:child_process";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { TorchError } from "../errors.ts";

/**
 * Has pip download `requirements` as wheels into the empty folder `folder`; pip checks their hashes against its
 * index. On a terminal pip shows its own progress bar.
 *
 * @returns the paths of the wheels
 * @throws TorchError `ERR_DOWNLOAD` with pip's last words
 */
export async function pipDownload(
	requirements: string[],
	folder: string,
	options: string[] = [],
): Promise<string[]> {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	const { code, output } = await run("python3", [
		..."-m pip download --retries 0 --disable-pip-version-check -d".split(" "),
		folder,
		...options,
		...requirements,
	]);
	if (code !== 0) {
		throw new TorchError(`pip: ${lastError(output)}`, { code: "ERR_DOWNLOAD" });
	}
	return (await readdir(folder)).map((name) => join(folder, name));
}

interface Ended {
	code: number | null;
	output: string;
}

function run(command: string, args: string[]): Promise<Ended> {
	const terminal = process.stderr.isTTY === true;
	return new Promise((resolve) => {
		const child = spawn(command, args, {
			env: process.env,
			stdio: ["ignore", terminal ? process.stderr : "ignore", "pipe"],
		});
		let output = "";
		child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			output += text;
		});
		child.on("error", ({ message }) =>
			resolve({ code: null, output: `ERROR: ${message}` }),
		);
		child.on("close", (code) => resolve({ code, output }));
	});
}

/** pip's error lines say it; of a missing pip, Python's last line does. */
function lastError(output: string): string {
	const lines = output.split("\n").filter((line) => line.trim() !== "");
	const errors = lines.filter((line) => line.startsWith("ERROR: "));
	const line = errors.at(-1) ?? lines.at(-1) ?? "ended without a word";
	return line.replace(/^ERROR: /, "");
}

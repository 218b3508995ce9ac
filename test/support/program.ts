/** Programs that tests run in processes of their own, so that a crash is a result and not the end of all tests. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { transformSync } from "@swc/core";
import { compiled, type Ended, root, run } from "./dist.ts";

export interface ProgramOptions {
	/** Arguments of Node itself. */
	flags?: string[];
	env?: NodeJS.ProcessEnv;
	/** Most of the address space that it may take, in MB. */
	addressSpace?: number;
	signal?: AbortSignal;
}

/**
 * Makes all programs in a folder ready to run; `path(name)` is where one is then. They may import each other (`./other.ts`) and the
 * compiled library (`../../../lib/…`), which must be compiled already.
 */
export function programs(folder: string): (name: string) => string {
	const out = join(root, "build/programs", basename(join(folder, "..")));
	const dist = pathToFileURL(join(compiled("lib/index.js"), "../..")).href;
	mkdirSync(out, { recursive: true });
	for (const file of readdirSync(folder)) {
		const { code } = transformSync(readFileSync(join(folder, file), "utf8"), {
			filename: file,
			jsc: { target: "es2022", parser: { syntax: "typescript" } },
			module: { type: "es6" },
		});
		const imports = code
			.replaceAll(/"(?:\.\.\/)+(lib\/[\w/]+)\.ts"/g, `"${dist}/$1.js"`)
			.replaceAll(/"\.\/(\w+)\.ts"/g, '"./$1.mjs"');
		writeFileSync(join(out, file.replace(/\.ts$/, ".mjs")), imports);
	}
	return (name) => join(out, `${name}.mjs`);
}

/** Runs a program to its end. */
export function runProgram(
	path: string,
	args: readonly string[] = [],
	{ flags = [], addressSpace, ...options }: ProgramOptions = {},
): Promise<Ended> {
	const command = [process.execPath, ...flags, path, ...args];
	if (addressSpace === undefined)
		return run(command[0] as string, command.slice(1), options);
	// WebAssembly, which Node itself uses, would reserve 10 GB of it.
	command.splice(1, 0, "--disable-wasm-trap-handler");
	const limit = `ulimit -c 0 && ulimit -v ${addressSpace * 1024} && exec "$@"`;
	return run("sh", ["-c", limit, "sh", ...command], options);
}

/** What a program printed as JSON; fails where it ended by a signal or with an error. */
export function resultOf(ended: Ended): unknown {
	expect(ended).toMatchObject({ code: 0, died: null });
	return JSON.parse(ended.stdout);
}

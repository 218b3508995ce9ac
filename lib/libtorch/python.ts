import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Finds torch as `import torch` would, without importing it (which takes seconds). */
const findTorch =
	'import importlib.util as u; s = u.find_spec("torch"); print(s.submodule_search_locations[0] if s else "")';

/** A place where a Python has, or would have, its torch. `path` is null when there is none. */
export interface PythonTorch {
	place: string;
	path: string | null;
	problem: string | null;
}

/** The torch of a Python environment (a folder like `VIRTUAL_ENV`), found without starting Python. */
export function torchOfEnvironment(place: string, root: string): PythonTorch {
	for (const lib of ["lib", "lib64"]) {
		for (const version of list(join(root, lib))) {
			const path = join(root, lib, version, "site-packages", "torch");
			if (version.startsWith("python") && existsSync(path)) {
				return { place, path, problem: null };
			}
		}
	}
	return { place, path: null, problem: `no torch in ${root}` };
}

/** The torch that `python3` on the PATH would import. Starts it: about 0.1 s. */
export function torchOfPython(): PythonTorch {
	const place = "python3";
	const { status, stdout, error } = spawnSync("python3", ["-c", findTorch], {
		encoding: "utf8",
		timeout: 10_000,
		env: process.env,
		stdio: ["ignore", "pipe", "ignore"],
	});
	if (error || status !== 0) {
		const problem = error ? "not there" : `ended with ${status}`;
		return { place, path: null, problem };
	}
	const path = stdout.trim();
	if (!path) return { place, path: null, problem: "has no torch" };
	return { place, path, problem: null };
}

function list(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

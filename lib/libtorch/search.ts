import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { TorchError } from "../errors.ts";
import { cacheFolder, installedFolders } from "./cache.ts";
import { torchOfEnvironment, torchOfPython } from "./python.ts";
import { inspect, testedVersions } from "./version.ts";

/** One place that was looked at. `problem` is null for the one that was taken. */
export interface Try {
	place: string;
	path: string | null;
	problem: string | null;
}

export interface LibTorch {
	/** The folder that contains lib/, and include/ where it can be built against. */
	path: string;
	/** The folder of the shared libraries; nearly always lib/ in `path`. */
	lib: string;
	/** As LibTorch says it: "2.13.0+cpu". */
	version: string;
	/** The place in words: "LIBTORCH", "cache", "python3", … */
	source: string;
	/** Whether it is a build with CUDA. */
	cuda: boolean;
	/** Every place looked at, in order; the last is the one taken. */
	tries: Try[];
}

interface Candidate {
	place: string;
	path: string | null;
	problem: string | null;
}

/**
 * Finds the LibTorch to load: the `libtorch` option, `LIBTORCH`, the optional package, the cache that
 * `torch-node install` fills, a Python torch (`VIRTUAL_ENV`, `CONDA_PREFIX`, `python3`), the system. The first
 * that can be used is taken; but one that was asked for by option or `LIBTORCH` is taken or refused, never passed over.
 *
 * Nothing is started or loaded before the Python step, so a hit in the cache takes about a millisecond.
 *
 * @throws TorchError `ERR_LIBTORCH_NOT_FOUND` with each place and why it would not do.
 */
export function findLibTorch(options: { libtorch?: string } = {}): LibTorch {
	const tries: Try[] = [];
	for (const { place, path, problem } of candidates(options.libtorch)) {
		if (path === null) {
			tries.push({ place, path, problem });
			continue;
		}
		const found = inspect(path);
		tries.push({ place, path, problem: found.problem });
		if (found.problem === null) {
			const version = found.version ?? "unknown";
			const { lib, cuda } = found;
			return { path, lib, version, source: place, cuda, tries };
		}
	}
	throw new TorchError(explain(tries), { code: "ERR_LIBTORCH_NOT_FOUND" });
}

/** Lazy: what starts a process is asked last, and only when nothing before it would do. */
function* candidates(option: string | undefined): Generator<Candidate> {
	const asked = option ?? process.env.LIBTORCH;
	if (asked) {
		const place = option ? "option libtorch" : "LIBTORCH";
		yield { place, path: resolve(asked), problem: null };
		return;
	}
	yield { place: "LIBTORCH", path: null, problem: "not set" };
	yield optionalPackage();
	yield* cached();
	yield* pythons();
	yield* system();
}

function optionalPackage(): Candidate {
	const place = `@torch-node/libtorch-${process.platform}-${process.arch}-cpu`;
	try {
		const require = createRequire(fileURLToPath(import.meta.url));
		const path = dirname(require.resolve(`${place}/package.json`));
		return { place, path, problem: null };
	} catch {
		return { place, path: null, problem: "not installed" };
	}
}

function* cached(): Generator<Candidate> {
	const folders = installedFolders();
	for (const path of folders) yield { place: "cache", path, problem: null };
	if (folders.length === 0) {
		const problem = `nothing in ${cacheFolder()}`;
		yield { place: "cache", path: null, problem };
	}
}

function* pythons(): Generator<Candidate> {
	for (const name of ["VIRTUAL_ENV", "CONDA_PREFIX"]) {
		const root = process.env[name];
		if (root) yield torchOfEnvironment(name, root);
		else yield { place: name, path: null, problem: "not set" };
	}
	yield torchOfPython();
}

function* system(): Generator<Candidate> {
	const conda = process.env.CONDA_PREFIX; // conda has LibTorch without Python, too
	const roots = ["/usr/local/libtorch", "/opt/libtorch", "/usr/local", "/usr"];
	for (const path of conda ? [conda, ...roots] : roots) {
		yield { place: "system", path, problem: null };
	}
}

function explain(tries: Try[]): string {
	const lines = tries.map(({ place, path, problem }) =>
		path === null
			? `  ${place}: ${problem}`
			: `  ${place} (${path}): ${problem}`,
	);
	const asked = tries.length === 1;
	const { first, last } = testedVersions;
	return [
		asked ? "This LibTorch cannot be used:" : "No LibTorch was found:",
		...lines,
		asked
			? `Name the folder of a LibTorch ${first} to ${last}, the one that contains lib/; or leave the choice to torch-node and run: npx torch-node install`
			: "This command gets one: npx torch-node install",
	].join("\n");
}

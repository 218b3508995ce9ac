import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TorchError } from "../errors.ts";
import { withLock } from "../files/lock.ts";
import { type Report, silent } from "../files/report.ts";
import { unzip } from "../files/unzip.ts";
import { nvidiaRequirements, placeNvidia, placeTorch } from "./archives.ts";
import { cacheError, cacheFolder, installFolder } from "./cache.ts";
import { unresolved } from "./linker.ts";
import {
	type Archive,
	type Build,
	fetchBuild,
	fetchFrom,
	fetchNvidia,
} from "./sources.ts";
import { inspect } from "./version.ts";

/** The builds that the project itself is tested with. */
export const defaultVersions = { cpu: "2.13.0", cuda: "2.14.1" };

export interface InstallOptions {
	/** CUDA's version ("13", "12.8") for a CUDA build, null for a CPU build. Default: null; with `from`, whichever it is. */
	cuda?: string | null;
	/** LibTorch's version: 2.13.0 for CPU builds, 2.14.1 for CUDA ones. */
	version?: string | undefined;
	/** A file, an address, or a folder of wheels, instead of the usual sources. */
	from?: string | undefined;
	/** What LibTorch's archive must hash to, in hex. */
	sha256?: string | undefined;
	report?: Report;
}

export interface Installed {
	/** The folder that contains lib/ and include/. */
	path: string;
	version: string;
	cuda: boolean;
	/** True when it was there before, and nothing was done. */
	already: boolean;
}

/**
 * Puts a LibTorch into the cache, where every project on this machine finds it. It appears whole or not at all; a
 * second install at the same time waits for the first.
 *
 * @throws TorchError `ERR_DOWNLOAD`, `ERR_HASH`, `ERR_ARCHIVE`, `ERR_CACHE`, `ERR_LIBTORCH_INVALID`
 */
export async function install(
	options: InstallOptions = {},
): Promise<Installed> {
	const { report = silent } = options;
	const lock = join(cacheFolder(), "libtorch", ".lock");
	const step = (message: string) => report.step(message);
	try {
		return await withLock(lock, step, () => installLocked(options, report));
	} catch (error) {
		throw cacheError(error);
	}
}

async function installLocked(
	options: InstallOptions,
	report: Report,
): Promise<Installed> {
	const { from, sha256 } = options;
	const build = buildOf(options);
	const found = from ? null : installed(build);
	if (found) return found;
	const work = join(cacheFolder(), "libtorch", ".new"); // ours alone: we hold the lock
	const downloads = join(cacheFolder(), "downloads");
	await remove(work);
	try {
		const archives = from
			? await fetchFrom(from, downloads, report, sha256)
			: [await fetchBuild(build, downloads, report, sha256)];
		const unpacked = await unpack(archives[0], work, options, report);
		if (unpacked.cuda) await addNvidia(archives, work, downloads, report);
		refuseUnresolved(join(work, "torch", "lib"));
		const path = await putInPlace(work, unpacked, archives);
		await remove(downloads);
		const { cuda, fullVersion: version } = unpacked;
		return { path, version, cuda: cuda !== null, already: false };
	} finally {
		await remove(work);
		await remove(join(downloads, "pip")); // what pip began it begins anew; downloads of our own are continued
		await remove(join(downloads, "nvidia"));
	}
}

function remove(path: string): Promise<void> {
	return rm(path, { recursive: true, force: true });
}

function buildOf({ cuda = null, version }: InstallOptions): Build {
	version ??= cuda ? defaultVersions.cuda : defaultVersions.cpu;
	return { version: version.replace(/\+.*/, ""), cuda };
}

function nameOf({ version, cuda }: Build): string {
	return `${version}-${cuda === null ? "cpu" : `cu${Number.parseInt(cuda, 10)}`}`;
}

function installed(build: Build): Installed | null {
	const path = join(installFolder(nameOf(build)), "torch");
	const { problem, version, cuda } = inspect(path);
	if (problem !== null || version === null) return null;
	return { path, version, cuda, already: true };
}

interface Unpacked extends Build {
	/** As the build says it: "2.14.1+cu130". */
	fullVersion: string;
}

/** Extracts LibTorch, and refuses what is none or another build than was asked for. */
async function unpack(
	archive: Archive | undefined,
	work: string,
	asked: InstallOptions,
	report: Report,
): Promise<Unpacked> {
	if (archive === undefined) throw new Error("install: no archive");
	report.step("Unpacking LibTorch");
	await unzip(archive.file, work, placeTorch, report);
	const found = inspect(join(work, "torch"));
	if (found.lib === "") found.problem = "there is no LibTorch in it";
	const cuda = found.cuda ? cudaOf(found.version) : null;
	const problem = found.problem ?? mismatch(found.version, cuda, asked);
	if (problem !== null || found.version === null) {
		throw new TorchError(
			`${asked.from ?? archive.origin} cannot be used: ${problem}`,
			{ code: "ERR_LIBTORCH_INVALID" },
		);
	}
	const version = found.version.replace(/\+.*/, "");
	return { version, cuda, fullVersion: found.version };
}

/** "2.14.1+cu130" → "13.0" */
function cudaOf(version: string | null): string {
	const [, major = "0", minor = "0"] =
		/\+cu(\d+)(\d)$/.exec(version ?? "") ?? [];
	return `${major}.${minor}`;
}

function mismatch(
	version: string | null,
	cuda: string | null,
	asked: InstallOptions,
): string | null {
	if (version === null) return "its version cannot be told";
	if (asked.version && !version.startsWith(asked.version)) {
		return `it is version ${version}, not ${asked.version}`;
	}
	if (asked.cuda === undefined && asked.from) return null;
	const wanted = asked.cuda ?? null;
	if (cuda === wanted || `${cuda}.`.startsWith(`${wanted}.`)) return null;
	const words = (which: string | null) =>
		which === null ? "CPU" : `CUDA ${which}`;
	return `it is a ${words(cuda)} build, not a ${words(wanted)} one`;
}

/** The official zip has NVIDIA's libraries in it; a wheel names them, and expects them beside torch/. */
async function addNvidia(
	archives: Archive[],
	work: string,
	downloads: string,
	report: Report,
): Promise<void> {
	if (archives.length === 1) {
		const needs = await nvidiaRequirements(join(work, "torch", "METADATA"));
		if (needs.length === 0) return;
		archives.push(...(await fetchNvidia(needs, downloads, report)));
	}
	report.step("Unpacking the NVIDIA libraries");
	for (const { file } of archives.slice(1)) {
		await unzip(file, work, placeNvidia, report);
	}
}

function refuseUnresolved(lib: string): void {
	const missing = unresolved(lib);
	if (missing.length === 0) return;
	throw new TorchError(
		`LibTorch needs libraries that this machine does not have: ${missing.join(", ")}`,
		{ code: "ERR_LIBTORCH_INVALID" },
	);
}

/** Gives the finished folder its name. Whoever runs on an old one of that name keeps its files until they end. */
async function putInPlace(
	work: string,
	unpacked: Unpacked,
	archives: Archive[],
): Promise<string> {
	const sources = archives.map(({ origin, sha256 }) => ({ origin, sha256 }));
	const record = { version: unpacked.fullVersion, sources };
	const json = `${JSON.stringify(record, null, "\t")}\n`;
	await writeFile(join(work, "install.json"), json);
	const target = installFolder(nameOf(unpacked));
	const old = `${work}-old`;
	await remove(old);
	if (existsSync(target)) await rename(target, old);
	await rename(work, target);
	await remove(old);
	return join(target, "torch");
}

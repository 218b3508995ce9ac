import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasNvidiaDriver } from "../libtorch/cache.ts";
import { unresolved } from "../libtorch/linker.ts";
import { findLibTorch, type LibTorch, type Try } from "../libtorch/search.ts";
import { noCudaDevice } from "../libtorch/version.ts";
import { packageRoot, packageVersion } from "../package.ts";
import type { Probe } from "./probe.ts";

/** `torch-node doctor`: prints what is there and what is wrong. Returns 0 when nothing is, else 1. */
export function doctor(): number {
	const problems: string[] = [];
	console.log(`torch-node ${packageVersion()}, ${packageRoot}`);
	console.log(
		`Node ${process.versions.node}, ${process.platform} ${process.arch}, ${libc(problems)}, ${processor()}`,
	);
	console.log(`NVIDIA driver: ${nvidiaDriver() ?? "none"}`);
	const addon = findAddon(problems);
	console.log(`Addon: ${addon ?? "none"}`);
	const libtorch = findAndTell(problems);
	if (libtorch && addon) load(libtorch, problems);
	return conclude(problems);
}

function conclude(problems: string[]): number {
	if (problems.length === 0) {
		console.log("\nAll is well.");
		return 0;
	}
	console.log("\nWhat is wrong:");
	for (const problem of problems) console.log(`  - ${problem}`);
	return 1;
}

function libc(problems: string[]): string {
	const { header } = process.report.getReport() as {
		header: { glibcVersionRuntime?: string };
	};
	const version = header.glibcVersionRuntime;
	if (version === undefined) {
		problems.push(
			"This system's C library is not glibc (Alpine's is musl), and LibTorch is built for glibc: use a Debian, Ubuntu or Fedora system or image.",
		);
		return "no glibc";
	}
	const [major = 0, minor = 0] = version.split(".").map(Number);
	if (major < 2 || (major === 2 && minor < 28)) {
		problems.push(`glibc is ${version}; LibTorch needs 2.28 or newer.`);
	}
	return `glibc ${version}`;
}

function processor(): string {
	const all = cpus();
	return `${all.length} × ${all[0]?.model.trim() ?? "unknown processor"}`;
}

function nvidiaDriver(): string | null {
	if (!hasNvidiaDriver()) return null;
	try {
		const text = readFileSync("/proc/driver/nvidia/version", "utf8");
		return /\s(\d+\.\d+[.\d]*)\s/.exec(text)?.[1] ?? "of unknown version";
	} catch {
		return "of unknown version";
	}
}

/** The addon as node-gyp-build would choose it: one that was built here, else the package's own. */
function findAddon(problems: string[]): string | null {
	const prebuilds = `prebuilds/${process.platform}-${process.arch}`;
	for (const folder of ["build/Release", prebuilds]) {
		const name = list(join(packageRoot, folder)).find((file) =>
			file.endsWith(".node"),
		);
		if (name) return join(packageRoot, folder, name);
	}
	const tools = ["cmake", "make", "c++"].filter(
		(tool) => spawnSync(tool, ["--version"]).error,
	);
	problems.push(
		`There is no addon for ${process.platform} ${process.arch}. In a clone, npm run compile makes it${
			tools.length ? `, and needs ${tools.join(", ")}, which are not here` : ""
		}.`,
	);
	return null;
}

function findAndTell(problems: string[]): LibTorch | null {
	let found: LibTorch | null = null;
	let tries: Try[] = [];
	try {
		found = findLibTorch();
		tries = found.tries;
	} catch (error) {
		problems.push((error as Error).message);
	}
	const kind = found?.cuda ? "a CUDA build" : "a CPU build";
	console.log(`LibTorch: ${found ? `${found.version}, ${kind}` : "none"}`);
	for (const { place, path, problem } of tries) {
		const where = path ? `${place}, ${path}` : place;
		console.log(`  ${where}: ${problem ?? "taken"}`);
	}
	if (found && !found.cuda && nvidiaDriver()) {
		console.log(
			"  (There is an NVIDIA driver, and this build does not use it: npx torch-node install --cuda 13)",
		);
	}
	return found;
}

/** Loads it all in a process of its own, so that even a crash is told in words. */
function load({ lib, cuda }: LibTorch, problems: string[]): void {
	const missing = unresolved(lib);
	if (missing.length) {
		problems.push(`LibTorch needs ${missing.join(", ")}, not found here.`);
	}
	const probe = fileURLToPath(new URL("./probe.js", import.meta.url));
	const { status, signal, stdout, stderr } = spawnSync(
		process.execPath,
		[probe],
		{ encoding: "utf8" },
	);
	if (status !== 0) {
		const how = signal ? `was ended by ${signal}` : "failed";
		problems.push(`Loading torch-node ${how}:\n${stderr.trim()}`);
		return;
	}
	const { devices, threads, milliseconds, cudaProblem } = JSON.parse(
		stdout,
	) as Probe;
	console.log(`Devices: ${devices.join(", ")}`);
	if (cuda && devices.length === 1 && hasNvidiaDriver()) {
		problems.push(`CUDA finds no device: ${cudaProblem ?? noCudaDevice}.`);
	}
	console.log(`Threads: ${threads}`);
	console.log(`Loads and computes; loading took ${milliseconds} ms`);
}

function list(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

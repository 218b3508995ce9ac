import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readElfHeader } from "./elf.ts";

/** The first and last LibTorch that the addon was tried with. */
export const testedVersions = { first: "2.11", last: "2.14" };

/** Why a CUDA build that opens may find no device. */
export const noCudaDevice =
	"CUDA 13 needs NVIDIA's driver 580 or newer, and the devices must be visible here (nvidia-smi; CUDA_VISIBLE_DEVICES)";

/** What a folder holds. `problem` says in words why it cannot be used; null when it can. */
export interface Inspection {
	/** The folder of the shared libraries, "" where none was found. */
	lib: string;
	version: string | null;
	cuda: boolean;
	problem: string | null;
}

/** Looks at a LibTorch folder (the one that contains lib/) without loading anything: some ten small reads. */
export function inspect(path: string): Inspection {
	if (!existsSync(path)) return unusable("no such folder");
	const lib = libraryFolder(path);
	if (lib === null) return unusable("no lib/libtorch_cpu.so in it");
	const version = readVersion(path, lib);
	const cuda = existsSync(join(lib, "libtorch_cuda.so"));
	return { lib, version, cuda, problem: problemOf(lib, version) };
}

function unusable(problem: string): Inspection {
	return { lib: "", version: null, cuda: false, problem };
}

function libraryFolder(path: string): string | null {
	for (const name of ["lib", "lib64", "lib/x86_64-linux-gnu"]) {
		if (existsSync(join(path, name, "libtorch_cpu.so"))) {
			return join(path, name);
		}
	}
	return null;
}

function problemOf(lib: string, version: string | null): string | null {
	for (const name of ["libtorch_cpu.so", "libc10.so"]) {
		const problem = problemOfLibrary(join(lib, name));
		if (problem) return `${name}: ${problem}`;
	}
	return problemOfVersion(version);
}

function problemOfLibrary(file: string): string | null {
	try {
		const header = readElfHeader(file);
		if (header === null) return "not a shared library";
		if (header.arch !== process.arch) {
			return `built for ${header.arch}, this is Node for ${process.arch}`;
		}
		return header.complete ? null : "the file is cut short";
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

function problemOfVersion(version: string | null): string | null {
	if (process.env.TORCH_NODE_ANY_LIBTORCH === "1") return null;
	const { first, last } = testedVersions;
	const advice = `torch-node is tested with ${first} to ${last} (TORCH_NODE_ANY_LIBTORCH=1 loads it all the same)`;
	if (version === null) return `its version cannot be told; ${advice}`;
	return isTested(version) ? null : `version ${version}; ${advice}`;
}

/** Whether a version ("2.13.0+cpu") is one of those the addon was tried with. */
export function isTested(version: string): boolean {
	const [major = 0, minor = 0] = version.split(".").map(Number);
	const release = `${major}.${minor}`;
	return (
		compareVersions(release, testedVersions.first) >= 0 &&
		compareVersions(release, testedVersions.last) <= 0
	);
}

/** Compares the numbers of two versions: negative when a is older. What follows "+" or "-" does not count. */
export function compareVersions(a: string, b: string): number {
	const [left, right] = [numbers(a), numbers(b)];
	for (let i = 0; i < Math.max(left.length, right.length); i++) {
		const difference = (left[i] ?? 0) - (right[i] ?? 0);
		if (difference) return difference;
	}
	return 0;
}

function numbers(version: string): number[] {
	return (version.split(/[+-]/)[0] ?? "").split(".").map(Number);
}

/** Each kind of LibTorch says its version in another file: the zip, a wheel, conda's and a distribution's. */
function readVersion(path: string, lib: string): string | null {
	return (
		match(join(path, "build-version"), /^(\d+\.\S+)/) ??
		match(join(path, "version.py"), /^__version__ = '([^']+)'/m) ??
		match(
			join(path, "share/cmake/Torch/TorchConfigVersion.cmake"),
			/PACKAGE_VERSION "([^"]+)"/,
		) ??
		versionOfHeader(path) ??
		versionOfSoname(lib)
	);
}

function versionOfHeader(path: string): string | null {
	for (const header of [
		"torch/headeronly/version.h",
		"torch/csrc/api/include/torch/version.h",
	]) {
		const file = join(path, "include", header);
		const parts = ["MAJOR", "MINOR", "PATCH"].map((part) =>
			match(file, new RegExp(`#define TORCH_VERSION_${part} (\\d+)`)),
		);
		if (parts.every((part) => part !== null)) return parts.join(".");
	}
	return null;
}

function versionOfSoname(lib: string): string | null {
	for (const name of readdirSync(lib)) {
		const found = /^libtorch_cpu\.so\.(\d+\.\d+(\.\d+)?)$/.exec(name);
		if (found?.[1]) return found[1];
	}
	return null;
}

function match(file: string, pattern: RegExp): string | null {
	try {
		return pattern.exec(readFileSync(file, "utf8"))?.[1] ?? null;
	} catch {
		return null;
	}
}

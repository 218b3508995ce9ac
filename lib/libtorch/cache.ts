import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { TorchError } from "../errors.ts";
import { isDiskError } from "../files/diskError.ts";
import { compareVersions } from "./version.ts";

/** Where torch-node keeps what it downloads: `TORCH_NODE_CACHE`, else torch-node/ in the XDG cache folder (~/.cache). */
export function cacheFolder(): string {
	const { TORCH_NODE_CACHE, XDG_CACHE_HOME } = process.env;
	if (TORCH_NODE_CACHE) return TORCH_NODE_CACHE;
	return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "torch-node");
}

/** The folder that the LibTorch of this name ("2.13.0-cpu", "2.14.1-cu13") is installed to. */
export function installFolder(name: string): string {
	return join(cacheFolder(), "libtorch", name);
}

/**
 * The LibTorch folders in the cache, the best first: builds with CUDA where an NVIDIA driver is, those
 * without where none is; then the newest.
 */
export function installedFolders(): string[] {
	const cuda = (name: string) => name.includes("-cu") === hasNvidiaDriver();
	return names()
		.filter((name) => /^\d/.test(name)) // not the dot folders of an install under way
		.sort((a, b) => Number(cuda(b)) - Number(cuda(a)) || compareVersions(b, a))
		.map((name) => join(installFolder(name), "torch"));
}

/** Whether this machine has an NVIDIA driver (under WSL, too). */
export function hasNvidiaDriver(): boolean {
	return existsSync("/dev/nvidiactl") || existsSync("/dev/dxg");
}

/** A file error that means the cache cannot be written, as an error that says so; any other error as it is. */
export function cacheError(error: unknown): unknown {
	if (!isDiskError(error)) return error;
	return new TorchError(
		`The cache ${cacheFolder()} cannot be written: ${(error as Error).message}. Set TORCH_NODE_CACHE to a folder that can.`,
		{ code: "ERR_CACHE" },
	);
}

function names(): string[] {
	try {
		return readdirSync(join(cacheFolder(), "libtorch"));
	} catch {
		return [];
	}
}

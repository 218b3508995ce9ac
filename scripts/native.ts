// Makes sure that there is a LibTorch and an addon that is newer than its sources: what `npm run compile` does after tsc.
//   node dist/scripts/native.js [--sanitize address,undefined]
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { progressReport } from "../lib/cli/progress.ts";
import { install } from "../lib/libtorch/install.ts";
import { findLibTorch, type LibTorch } from "../lib/libtorch/search.ts";
import { packageRoot } from "../lib/package.ts";

const outputs = ["build/Release/torch_node.node", "build/Release/loader.so"];

/** Finds a LibTorch, or installs one as `torch-node install` does. */
export async function ensureLibTorch(): Promise<LibTorch> {
	try {
		return findLibTorch();
	} catch (error) {
		if (process.env.LIBTORCH) throw error; // one was named: another would not be what was meant
	}
	const report = progressReport();
	await install({ report }).finally(() => report.end());
	return findLibTorch();
}

/** Builds native/ into build/Release, unless that is newer than every source. Returns whether it built. */
export function buildAddon(libtorch: LibTorch, sanitize = ""): boolean {
	if (!sanitize && isBuilt()) return false;
	requireTools();
	if (!existsSync(join(libtorch.path, "include/ATen"))) {
		throw new Error(
			`The LibTorch in ${libtorch.path} has no headers to build with. This gets one that has: npx torch-node install`,
		);
	}
	console.error(`Building the addon with LibTorch ${libtorch.version}`);
	const started = Date.now();
	cmakeJs("configure", libtorch, sanitize);
	cmakeJs("build", libtorch, sanitize);
	const seconds = Math.round((Date.now() - started) / 1000);
	console.error(`Built the addon in ${seconds} s`);
	return true;
}

function cmakeJs(command: string, { path }: LibTorch, sanitize: string): void {
	const require = createRequire(import.meta.url);
	const cmakeJsFolder = dirname(require.resolve("cmake-js/package.json"));
	const { status } = spawnSync(
		process.execPath,
		[
			join(cmakeJsFolder, "bin/cmake-js"),
			command,
			"--log-level=warn",
			`--parallel=${availableParallelism()}`,
			`--CDLIBTORCH=${path}`,
			`--CDSANITIZE=${sanitize}`,
		],
		{ cwd: packageRoot, stdio: ["ignore", 2, 2] },
	);
	if (status !== 0) throw new Error(`cmake-js ${command} failed, see above`);
}

function isBuilt(): boolean {
	const built = Math.min(...outputs.map(timeOf));
	const sources = ["CMakeLists.txt", ...nativeSources()];
	return built > Math.max(...sources.map(timeOf));
}

function nativeSources(): string[] {
	return readdirSync(join(packageRoot, "native"))
		.filter((name) => /\.(cc|h)$/.test(name))
		.map((name) => join("native", name));
}

/** When the file was changed, in ms; 0 for one that is not there. */
function timeOf(file: string): number {
	const found = statSync(join(packageRoot, file), { throwIfNoEntry: false });
	return found?.mtimeMs ?? 0;
}

function requireTools(): void {
	const isThere = (command: string) => !spawnSync(command, ["--version"]).error;
	const missing = [
		["cmake", "cmake"],
		...(isThere("ninja") ? [] : [["make", "make"]]), // cmake-js takes either
		["c++", "g++"],
	].filter(([command = ""]) => !isThere(command));
	if (missing.length === 0) return;
	const commands = missing.map(([command]) => command).join(", ");
	const packages = missing.map(([, name]) => name).join(" ");
	throw new Error(
		`Building the addon needs ${commands}, which this machine lacks. On Debian and Ubuntu: apt-get install ${packages}`,
	);
}

if (process.argv[1] === import.meta.filename) {
	const { values } = parseArgs({ options: { sanitize: { type: "string" } } });
	try {
		const libtorch = await ensureLibTorch();
		if (buildAddon(libtorch, values.sanitize)) {
			console.error(`LibTorch: ${libtorch.path} (${libtorch.source})`);
		}
	} catch (error) {
		console.error((error as Error).message);
		process.exitCode = 1;
	}
}

// Makes of dist/lib what the package has: few files, since Node takes longer to find and link 700 modules than to run them.
//   node dist/scripts/bundle.js      what `npm run compile` does after tsc
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { packageRoot } from "../lib/package.ts";

interface Manifest {
	exports: Record<string, string | { types: string; default: string }>;
}

const folder = join(packageRoot, "dist/package");

/** What is imported or started from outside, by its file in the package: the exports of package.json, and programs. */
function entryPoints(): Record<string, string> {
	const text = readFileSync(join(packageRoot, "package.json"), "utf8");
	const entries: Record<string, string> = {
		cli: "dist/lib/cli/main.js",
		probe: "dist/lib/cli/probe.js",
		worker: "dist/lib/data/worker/worker.js",
	};
	for (const entry of Object.values((JSON.parse(text) as Manifest).exports)) {
		if (typeof entry === "string") continue;
		const name = /^\.\/dist\/package\/(.*)\.js$/.exec(entry.default)?.[1];
		if (!name) throw new Error(`package.json exports ${entry.default}`);
		entries[name] = entry.types.replace(/\.d\.ts$/, ".js");
	}
	return entries;
}

rmSync(folder, { recursive: true, force: true });
await build({
	entryPoints: entryPoints(),
	outdir: folder,
	chunkNames: "[name]-[hash]", // beside the programs, which are found from where they are started
	bundle: true,
	splitting: true,
	packages: "external",
	format: "esm",
	platform: "node",
	target: "es2022",
	keepNames: true, // modules print the names of their classes
	logLevel: "warning",
	absWorkingDir: packageRoot,
});

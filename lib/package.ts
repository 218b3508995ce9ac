import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this package: the one with package.json, above lib/ as above dist/lib/. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

/** This package's version. Read when asked for: nobody needs it to compute. */
export function packageVersion(): string {
	const text = readFileSync(join(packageRoot, "package.json"), "utf8");
	return (JSON.parse(text) as { version: string }).version;
}

function findRoot(folder: string): string {
	if (existsSync(join(folder, "package.json"))) return folder;
	return findRoot(dirname(folder));
}

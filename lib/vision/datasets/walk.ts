import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { missing } from "./problems.ts";

/** @internal In the order of Python's `sorted`: by code points, which UTF-8's bytes have, too. */
export function byCodePoint(a: string, b: string): number {
	return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** @internal */
export const isFolder = (path: string): boolean =>
	existsSync(path) && statSync(path).isDirectory();

/**
 * @internal The folders in a folder, in order; links to folders are folders.
 *
 * @throws TorchError `ERR_MISSING_DATA` when there is no such folder
 */
export function foldersIn(op: string, folder: string): string[] {
	if (!isFolder(folder)) throw missing(`${op}: ${folder} is no folder`);
	return readdirSync(folder)
		.filter((name) => isFolder(join(folder, name)))
		.sort(byCodePoint);
}

/** @internal All files below a folder: those of a folder are together, folders in the order of their paths. Links are followed, but not in circles. */
export function filesBelow(folder: string): string[] {
	const found: [folder: string, files: string[]][] = [];
	const visit = (path: string, above: readonly string[]): void => {
		const real = realpathSync(path);
		if (above.includes(real)) return;
		const files: string[] = [];
		for (const entry of readdirSync(path, { withFileTypes: true })) {
			const inside = join(path, entry.name);
			const isLink = entry.isSymbolicLink();
			if (entry.isDirectory() || (isLink && isFolder(inside)))
				visit(inside, [...above, real]);
			else files.push(entry.name);
		}
		found.push([path, files.sort(byCodePoint)]);
	};
	visit(folder, []);
	return found
		.sort(([a], [b]) => byCodePoint(a, b))
		.flatMap(([path, files]) => files.map((name) => join(path, name)));
}

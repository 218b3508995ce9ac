import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for this test file's files, gone when its tests have run. */
export function temporaryFolder(): (name: string) => string {
	const folder = mkdtempSync(join(tmpdir(), "torch-node-"));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	return (name) => join(folder, name);
}

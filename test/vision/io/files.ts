/** What scripts/fixtures/vision_io.py wrote. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { SavedTensor } from "../fixtures.ts";

const folder = join(__dirname, "../../fixtures/vision-io");

export const pathOf = (name: string): string => join(folder, name);

/** What Pillow decoded, by file and mode. */
export const decoded = JSON.parse(
	gunzipSync(readFileSync(pathOf("decoded.json.gz"))).toString(),
) as Record<string, Record<string, SavedTensor>>;

// Holds native/ to .clang-format (npm run check); with --write, formats it (npm run format).
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageRoot } from "../lib/package.ts";

const require = createRequire(import.meta.url);
const { getNativeBinary } = require("clang-format") as {
	getNativeBinary(): string;
};

const files = readdirSync(join(packageRoot, "native"))
	.filter((name) => /\.(cc|h)$/.test(name))
	.map((name) => join("native", name));
const mode = process.argv.includes("--write")
	? ["-i"]
	: ["--dry-run", "-Werror"];
const { status, error } = spawnSync(getNativeBinary(), [...mode, ...files], {
	cwd: packageRoot,
	stdio: "inherit",
});
if (error) console.error(`clang-format: ${error.message}`);
process.exitCode = status ?? 1;

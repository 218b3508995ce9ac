/**
 * Epochs of a DataLoader beside Python's: Fashion-MNIST with the augmentation of examples/trainCnn.ts, and a folder of 2,000 JPEG files.
 *
 * usage: node dist/bench/loader.js [--quick]      PYTHON names the Python to compare with (default: python3); it needs torchvision, and scikit-learn for its
 * photos, from which the JPEG files are made
 *
 * Written to bench/LOADER.md. Both sides take turns, epoch by epoch, and give nothing to a model: what is measured is loading. Times are medians.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Child } from "./child.ts";
import { machine, median } from "./report.ts";

const quick = process.argv.includes("--quick");
const python = process.env.PYTHON ?? "python3";
const script = fileURLToPath(
	new URL("../../bench/python/loader.py", import.meta.url),
);
const program = fileURLToPath(new URL("loaderWorker.js", import.meta.url));
/** Python's time by torch-node's, with workers, should be at least so much. */
const target = 1.2;

const folder = mkdtempSync(join(tmpdir(), "torch-node-jpeg-"));
const made = spawnSync(python, [script, "make", folder, "2000"], {
	stdio: "inherit",
});
const hasJpeg = made.status === 0;
if (!hasJpeg) console.log("Skipped: JPEG files, which Python could not make.");

const node = new Child(process.execPath, [program, folder], {});
const other = new Child(python, [script, "measure", folder], {});
const [, theirs] = await Promise.all([node.hello, other.hello]);
const lines: string[] = [];
console.log(`${machine()}; PyTorch ${theirs.torch}`);

try {
	for (const name of ["Fashion-MNIST", ...(hasJpeg ? ["JPEG files"] : [])]) {
		for (const persistent of [false, true]) {
			const workers = 2;
			const request = { case: name, workers, persistent };
			const times: [node: number[], python: number[]] = [[], []];
			for (let i = 0; i < (quick ? 2 : 5); i++) {
				for (const [side, child] of [node, other].entries()) {
					const { time, samples } = await child.ask<{
						time: number;
						samples: number;
					}>(request);
					times[side as 0 | 1].push((time / samples) * 1e6);
				}
			}
			const [a, b] = times.map(median) as [number, number];
			const kind = `${workers} ${persistent ? "persistent " : ""}workers`;
			const isMet = b / a >= target ? "met" : "missed";
			lines.push(
				`${name}, ${kind}: ${a.toFixed(1)} µs a sample, Python ${b.toFixed(1)} µs: ${(b / a).toFixed(2)} × as fast, target ${target} ${isMet}`,
			);
			console.log(lines.at(-1));
		}
	}
} finally {
	await node.end();
	await other.end();
	rmSync(folder, { recursive: true });
}
writeFileSync(
	fileURLToPath(new URL("../../bench/LOADER.md", import.meta.url)),
	`# Results of \`node dist/bench/loader.js\`

Epochs of a DataLoader that give nothing to a model, in processes that take turns: medians of the time per sample.

- Machine: ${machine()}

${lines.map((line) => `- ${line}`).join("\n")}
`,
);

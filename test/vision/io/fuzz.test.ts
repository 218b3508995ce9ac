import { readFileSync } from "node:fs";
import { TorchError } from "../../../lib/errors.ts";
import { decodeImage } from "../../../lib/vision/io/index.ts";
import {
	filesToDamage,
	fuzzSeed,
	mutate,
	numbers,
} from "../../support/mutate.ts";
import { decoded, pathOf } from "./files.ts";

const count = filesToDamage(1_500);
const originals = Object.keys(decoded).map((name) =>
	readFileSync(pathOf(name)),
);
const maxPixels = 1_000_000;

test(
	`${count} damaged files give an image or one TorchError (TORCH_NODE_FUZZ_SEED=${fuzzSeed})`,
	async () => {
		const random = numbers(fuzzSeed);
		let refused = 0;
		const before = process.memoryUsage().rss;
		for (let i = 0; i < count; i++) {
			const original = originals[Math.floor(random() * originals.length)];
			const file = mutate(original as Buffer, random);
			try {
				const image = await decodeImage(file, { mode: "rgb", maxPixels });
				const channels = image.size(-3);
				const pixels = image.numel() / 3;
				image.dispose();
				if (channels !== 3 || pixels > maxPixels)
					throw new Error(`[${image.shape}]`);
			} catch (error) {
				if (!(error instanceof TorchError)) throw error;
				if (!/^image: [^\n]{1,300}$/.test(error.message)) throw error;
				refused++;
			}
		}
		expect(refused).toBeGreaterThan(count / 4);
		expect(process.memoryUsage().rss - before).toBeLessThan(500e6);
	},
	30 * 60_000,
);

/** node fixtures.mjs FILE: what the loaders of scripts/fixtures/data.py's workers.json give here, in the same form. */
import { readFileSync } from "node:fs";
import { DataLoader } from "../../../lib/data/index.ts";
import { rand } from "../../../lib/generated/functions.ts";
import { Generator } from "../../../lib/generator.ts";
import { manualSeed } from "../../../lib/random.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import { Drawing, Stream } from "./datasets.ts";

interface Case {
	kind: "map" | "stream";
	length: number;
	seed: number;
	generatorSeed: number | null;
	options: { numWorkers: number; persistentWorkers?: boolean };
	left: unknown[];
	after: unknown[] | null;
}

const results = [];
for (const c of JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"))) {
	const { kind, length, seed, generatorSeed, options, left, after }: Case = c;
	const dataset = kind === "map" ? new Drawing(length) : new Stream(length);
	const generator =
		generatorSeed === null
			? undefined
			: new Generator().manualSeed(generatorSeed);
	manualSeed(seed);
	const loader = new DataLoader(dataset, { ...options, generator });
	const run = async (most = Number.POSITIVE_INFINITY) => {
		const batches: unknown[] = [];
		for await (const batch of loader) {
			batches.push((batch as Tensor[]).map((part) => part.tolist()));
			if (batches.length === most) break;
		}
		return batches;
	};
	results.push({
		...c,
		epochs: [await run(), await run()],
		left: await run(left.length),
		after: after && (await run()),
		next: rand([1]).item(),
	});
	await loader.close();
}
console.log(JSON.stringify(results));

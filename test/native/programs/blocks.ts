/** Workers that make small tensors and end, one after the other: node blocks.mjs. Prints whether what came after them is intact. */
import { once } from "node:events";
import { isMainThread, Worker } from "node:worker_threads";
import * as torch from "../../../lib/index.ts";

if (isMainThread) {
	const intact: boolean[] = [];
	for (let i = 0; i < 3; i++) {
		await once(new Worker(new URL(import.meta.url)), "exit");
		const made = Array.from({ length: 2000 }, (_, j) =>
			torch.full([1 + (j % 100)], j),
		);
		intact.push(made.every((each, j) => each.eq(j).all().item() === true));
	}
	console.log(JSON.stringify(intact));
} else {
	for (let i = 0; i < 20_000; i++) torch.ones([1 + (i % 100)]);
}

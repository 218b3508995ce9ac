/** How far resident memory grows over 100,000 synchronous training steps of a small MLP in which nothing is disposed. */
import * as torch from "../lib/index.ts";
import { mlp, stepOf } from "./steps.ts";

const quick = process.argv.includes("--quick");
const warmUp = quick ? 1_000 : 5_000;
const steps = quick ? 5_000 : 100_000;

torch.manualSeed(0);
const [x, y] = [torch.randn([8, 16]), torch.randint(4, [8])];
const step = stepOf(mlp([16, 32, 4]), x, y, torch.nn.functional.crossEntropy);

for (let i = 0; i < warmUp; i++) step();
const before = process.memoryUsage.rss();
let peak = before;
for (let i = 1; i <= steps; i++) {
	step();
	if (i % 1000 === 0) peak = Math.max(peak, process.memoryUsage.rss());
}
const after = process.memoryUsage.rss();
console.log(JSON.stringify({ steps, before, after, peak }));

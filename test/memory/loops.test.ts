/** Nothing is disposed in these loops, and they never return to the event loop: memory stays flat even so. */
import { join } from "node:path";
import { programs, resultOf, runProgram } from "../support/program.ts";

const path = programs(join(__dirname, "programs"));

/** Of 500 MB, those that are left beside the pages of LibTorch's files. */
const most = 400;

async function loop(name: string): Promise<{ peak: number; grown: number }> {
	const ended = await runProgram(path("loops"), [name]);
	return resultOf(ended) as { peak: number; grown: number };
}

test.each([
	["20,000 results of 1 MB", "results"],
	["20,000 views that each keep 1 MB", "views"],
	["5,000 tensors that grow to 1 MB in place", "inPlace"],
	["20,000 typed arrays of 1 MB, shared", "blobs"],
	["20,000 typed arrays of 1 MB, copied", "copies"],
	["2,000 lists of two results of 1 MB", "lists"],
	["1,500 graphs that saved 2 MB", "graphs"],
	["1,500 custom functions and hooks on 1 MB", "functions"],
	["1,500 graphs whose saved tensors were packed", "packed"],
	["800 checkpoints", "checkpoints"],
	["800 gradients by vmap", "transforms"],
	["1,500 backwards that threw", "thrown"],
])(
	"%s peak below 500 MB",
	async (_, name) => {
		const { peak } = await loop(name);
		expect(peak).toBeLessThan(most);
	},
	300_000,
);

test("4,000 training steps do not grow", async () => {
	const { peak, grown } = await loop("training");
	expect(peak).toBeLessThan(most);
	expect(grown).toBeLessThan(30);
}, 400_000);

test.each(["mixed", "taken"])(
	"large and small results in turn, %s, end well",
	async (name) => {
		const { peak } = await loop(name);
		expect(peak).toBeLessThan(name === "taken" ? 800 : most); // 256 MB are held, 64 MB and a quarter may be waiting
	},
	300_000,
);

test("dead tensors of shared arrays, found while V8 is told of a large one, begin no collection within that", async () => {
	const flags = ["--max-old-space-size=100"]; // so that V8 collects at once
	const ended = await runProgram(path("shared"), [], { flags });
	expect(resultOf(ended)).toEqual({ ended: true });
}, 60_000);

describe("a garbage collection during a call frees nothing that the call uses", () => {
	test.each([
		["interpreted", ["--no-opt", "--gc-interval=97"], 100],
		["optimised", ["--gc-interval=97"], 500],
		["optimised at once", ["--always-turbofan", "--gc-interval=61"], 50],
		["with each scavenge moving objects", ["--stress-scavenge=20"], 300],
	])(
		"%s",
		async (_, flags, times) => {
			const ended = await runProgram(path("arguments"), [String(times)], {
				flags,
			});
			expect(resultOf(ended)).toEqual({ wrong: 0 });
		},
		400_000,
	);
});

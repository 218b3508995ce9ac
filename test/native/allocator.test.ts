/** Where small tensors lie: native/allocator.cc. */
import { join } from "node:path";
import * as torch from "../../lib/index.ts";
import { programs, resultOf, runProgram } from "../support/program.ts";

const path = programs(join(__dirname, "programs"));

/** Elements of one byte: below, at and above the sizes of blocks, up to what LibTorch's own allocator takes. */
const sizes = [0, 1, 63, 64, 65, 128, 129, 256, 257, 511, 512, 513, 5000];

function made(count: number): { tensor: torch.Tensor; value: number }[] {
	return Array.from({ length: count }, (_, i) => {
		const value = i % 251;
		const size = sizes[i % sizes.length] as number;
		return { tensor: torch.full([size], value, { dtype: "uint8" }), value };
	});
}

const isIntact = ({ tensor, value }: { tensor: torch.Tensor; value: number }) =>
	tensor.eq(value).all().item() === true;

test("small tensors never share memory, in whatever order they end", () => {
	torch.manualSeed(0);
	const kept = made(5000);
	for (let round = 0; round < 5; round++) {
		for (let i = round; i < kept.length; i += 3) kept[i]?.tensor.dispose();
		made(5000); // for the garbage collector
		const rest = kept.filter(({ tensor }) => !tensor.isDisposed);
		expect(rest.every(isIntact)).toBe(true);
	}
});

test("a small tensor's memory grows with it", () => {
	const a = torch.arange(0, 4, { dtype: "uint8" });
	a.resize_([2000]);
	expect(a.slice(0, 0, 4).tolist()).toEqual([0, 1, 2, 3]);
	a.resize_([3]);
	expect(a.clone().tolist()).toEqual([0, 1, 2]);
});

test("threads that end leave their blocks to others", async () => {
	const ended = await runProgram(path("blocks"));
	expect(resultOf(ended)).toEqual([true, true, true]);
}, 60_000);

import { join } from "node:path";
import * as torch from "../../lib/index.ts";
import { io, nn, type Tensor } from "../../lib/index.ts";
import { privateOperator } from "../../lib/operator.ts";

// What Python saved: scripts/fixtures/checkpoint_files.py
const fixture = (name: string) =>
	join(__dirname, "../fixtures/checkpoint", `${name}.pt`);
const ways = [{ mmap: true }, { mmap: false }];
const ramp = [
	[0, 1, 2],
	[3, 4, 5],
];

describe.each(ways)("Python's files, %j", (options) => {
	test("every dtype", () => {
		const tensors = io.load<Record<string, Tensor>>(fixture("dtypes"), options);
		expect(Object.keys(tensors)).toHaveLength(21);
		for (const [name, tensor] of Object.entries(tensors)) {
			expect([name, tensor.dtype, tensor.shape]).toEqual([name, name, [2, 3]]);
			const expected =
				name === "bool"
					? ramp.map((row) => row.map(Number).map((n) => Math.min(n, 1)))
					: name === "float8_e8m0fnu"
						? [
								[2 ** -127, 1, 2],
								[4, 4, 4],
							]
						: ramp;
			const real = name.startsWith("complex")
				? torch.viewAsReal(tensor.to("complex64")).select(2, 0)
				: tensor;
			expect([name, real.to("float64").tolist()]).toEqual([name, expected]);
		}
	});

	test("tensors over one storage are so again", () => {
		const t = io.load<Record<string, Tensor>>(fixture("tensors"), options);
		const { base, again, transposed, row, last, expanded } = t as Record<
			string,
			Tensor
		> & { base: Tensor; row: Tensor };
		expect(again).toBe(base);
		expect(transposed?.stride()).toEqual([1, 4]);
		expect(expanded?.stride()).toEqual([4, 0]);
		row.fill_(9);
		expect(base.tolist()).toEqual([
			[0, 1, 2, 3],
			[9, 9, 9, 9],
			[8, 9, 10, 11],
		]);
		expect(transposed?.select(1, 1).tolist()).toEqual([9, 9, 9, 9]);
		expect(last?.item()).toBe(11);
		expect(expanded?.select(1, 4).tolist()).toEqual([0, 9, 8]);
	});

	test("other tensors", () => {
		const { tied, ...t } = io.load<
			Record<string, Tensor> & { tied: [Tensor] | Tensor }
		>(fixture("tensors"), options);
		expect((tied as [Tensor])[0]).toBe(t.weight);
		expect(t.weight).toBeInstanceOf(nn.Parameter);
		expect(t.weight?.requiresGrad).toBe(true);
		expect(t.frozen).toBeInstanceOf(nn.Parameter);
		expect(t.frozen?.requiresGrad).toBe(false);
		expect(t.leaf).not.toBeInstanceOf(nn.Parameter);
		expect([t.leaf?.requiresGrad, t.leaf?.isLeaf]).toEqual([true, true]);
		expect(t.base?.requiresGrad).toBe(false);
		expect(t.buffer?.tolist()).toEqual([0, 0]);
		expect(t.marked?.tolist()).toEqual([5]);
		expect(t.conj?.isConj()).toBe(true);
		expect(t.conj?.tolist()).toEqual([
			{ re: 1, im: -2 },
			{ re: 3, im: 4 },
		]);
		expect(t.neg?.isNeg()).toBe(true);
		expect(t.neg?.tolist()).toEqual([-2, 4]);
		expect([t.scalar?.shape, t.scalar?.item()]).toEqual([[], 2.5]);
		expect(t.empty?.shape).toEqual([0, 3]);
		expect(t.typed?.tolist()).toEqual([1, 2]);
		expect([t.untyped?.dtype, t.untyped?.tolist()]).toEqual(["uint8", [1, 2]]);
		expect(t.channels?.stride()).toEqual([16, 1, 8, 2]);
		expect(t.channels?.select(1, 1).flatten().tolist()).toEqual([
			8, 9, 10, 11, 12, 13, 14, 15,
		]);
		expect(t.coo?.layout).toBe("sparse_coo");
		expect(t.coo?.isCoalesced()).toBe(false);
		expect(t.coo?.toDense().tolist()).toEqual([
			[0, 0, 3],
			[4, 0, 5],
		]);
		expect(t.csr?.toDense().tolist()).toEqual([
			[0, 1],
			[2, 0],
		]);
		expect(t.bsc?.toDense().equal(torch.eye(4))).toBe(true);
		expect([t.meta?.device, t.meta?.shape]).toEqual(["meta", [2, 3]]);
		const dequantize = privateOperator("dequantize", "self");
		expect((dequantize(t.quantized) as Tensor).tolist()).toEqual([0, 0.5, 1]);
		expect((dequantize(t.channelled) as Tensor).tolist()).toEqual([[1], [1]]);
	});

	test("the format before PyTorch 1.6", () => {
		const t = io.load<
			Record<string, Tensor> & { tied: Tensor[]; text: string }
		>(fixture("legacy"), options) as Record<string, Tensor>;
		expect(t.again).toBe(t.base);
		expect(t.text).toBe("ü");
		t.row?.fill_(9);
		expect(t.base?.select(0, 1).tolist()).toEqual([9, 9, 9, 9]);
		expect(t.transposed?.select(1, 1).tolist()).toEqual([9, 9, 9, 9]);
		expect(t.weight).toBeInstanceOf(nn.Parameter);
		expect(t.long?.tolist()).toEqual([0, 1, 2, 3, 4]);
		expect(t.empty?.shape).toEqual([0, 3]);
		expect(t.scalar?.item()).toBe(2.5);
	});

	test("no checksums", () => {
		const { base } = io.load<{ base: Tensor }>(fixture("unsummed"), options);
		expect(base.sum().item()).toBe(66);
	});
});

test.each(["values", "protocol3", "protocol4", "protocol5"])(
	"what is no tensor, %s",
	(name) => {
		const loaded = io.load<Record<string, unknown>>(fixture(name));
		const { mixed, protocol, ["__proto__"]: proto, ...values } = loaded;
		const twice = [1, 2];
		expect(values).toStrictEqual({
			none: null,
			flags: [true, false],
			integers: [
				0,
				255,
				256,
				65536,
				-1,
				2 ** 31,
				-(2 ** 31) - 1,
				2 ** 53 - 1,
				2n ** 53n,
				-(2n ** 53n),
				2n ** 63n,
				-(2n ** 200n),
			],
			floats: [0.5, -0, 1e300, Infinity, -Infinity, Number.NaN],
			text: ["", "ü😀\n\0", "x".repeat(300)],
			tuple: [1, ["a", []], [2]],
			set: new Set([1, 2]),
			bytes: [new Uint8Array(), new Uint8Array([97, 0, 255])],
			bytearray: new Uint8Array([1, 254]),
			complex: { re: 1, im: -2 },
			ordered: { z: 1, a: 2 },
			counter: new Map([
				[3, 2],
				[5, 1],
			]),
			twice: [twice, twice],
			dtype: "bfloat16",
			device: ["cpu", "cuda:1"],
			size: [2, 3],
			long: Array.from({ length: 2500 }, (_, i) => i),
		});
		expect(Object.keys(loaded)).toContain("__proto__");
		expect(proto).toEqual({ polluted: 1 });
		expect(Object.keys(values.ordered as object)).toEqual(["z", "a"]);
		expect([...(mixed as Map<unknown, unknown>)]).toEqual([
			[1, "a"],
			["b", 2],
			[[1, 2], null],
		]);
		expect(protocol).toBe(name === "values" ? undefined : Number(name.at(-1)));
		const [a, b] = values.twice as unknown[];
		expect(a).toBe(b);
		// Tuples are frozen, lists are not
		expect(Object.isFrozen(values.tuple)).toBe(true);
		expect(Object.isFrozen(values.size)).toBe(true);
		expect(Object.isFrozen(values.flags)).toBe(false);
	},
);

test("a loaded tensor can be changed, and the file stays as it was", () => {
	const first = io.load<{ base: Tensor }>(fixture("tensors")).base;
	first.zero_();
	const second = io.load<{ base: Tensor }>(fixture("tensors")).base;
	expect(second.sum().item()).toBe(66);
	expect(first.sum().item()).toBe(0);
});

test("loadAsync gives the same, and lets others run", async () => {
	for (const options of ways) {
		const t = await io.loadAsync<Record<string, Tensor>>(
			fixture("tensors"),
			options,
		);
		expect(t.again).toBe(t.base);
		expect(t.base?.sum().item()).toBe(66);
	}
	let ran = false;
	setImmediate(() => {
		ran = true;
	});
	await io.loadAsync(fixture("dtypes"), { mmap: false });
	expect(ran).toBe(true);
});

test("arguments are checked by name", async () => {
	// @ts-expect-error: not a string
	expect(() => io.load(3)).toThrow("load: path: expected string, got number 3");
	// @ts-expect-error: no such option
	expect(() => io.load("x", { devise: "cpu" })).toThrow("unknown option");
	// @ts-expect-error: not a boolean
	expect(() => io.load("x", { mmap: 1 })).toThrow(
		"load: mmap: expected boolean, got number 1",
	);
	// @ts-expect-error: not a string
	await expect(io.loadAsync()).rejects.toThrow("loadAsync: path: ");
	expect(() => io.load("/nowhere/at/all")).toThrow("ENOENT");
});

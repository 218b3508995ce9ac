import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import * as torch from "../../lib/index.ts";
import { io, nn, type Tensor } from "../../lib/index.ts";
import { temporaryFolder } from "../support/folder.ts";

const temporary = temporaryFolder();
const fixture = (name: string) =>
	join(__dirname, "../fixtures/checkpoint", `${name}.pt`);

function roundTrip<T>(value: T, options: io.LoadOptions = {}): T {
	const path = temporary("trip.pt");
	io.save(value, path);
	return io.load<T>(path, options);
}

test("plain values come back as they were", () => {
	const state = {
		text: "ü\n\u0000",
		"": [],
		numbers: [0, -0, 1.5, 1e300, Number.NaN, Infinity, -Infinity, 2 ** 60],
		whole: [255, 256, 65535, 65536, -1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1],
		big: [2n ** 80n, -(2n ** 80n), 2n ** 63n, 2n ** 3000n],
		flags: { yes: true, no: false, nothing: null },
		empty: [{}, [], new Set(), new Uint8Array()],
		dotted: { "a.b": { "0": 0, x: 1 } },
		complex: { re: 1, im: -0.5 },
		map: new Map<unknown, unknown>([
			[1, "one"],
			["two", 2n ** 70n],
			[true, null],
		]),
		set: new Set(["a", 1]),
		bytes: new Uint8Array([0, 127, 128, 255]),
		long: Array.from({ length: 2500 }, (_, i) => ({ [`k${i}`]: i })),
		many: Object.fromEntries(
			Array.from({ length: 1200 }, (_, i) => [`k${i}`, "same"]),
		),
	};
	expect(roundTrip(state)).toStrictEqual(state);
	const proto = JSON.parse('{"__proto__":{"polluted":true}}');
	expect(JSON.stringify(roundTrip({ proto }))).toBe(
		`{"proto":{"__proto__":{"polluted":true}}}`,
	);
	for (const value of [null, 3, "text", [1]])
		expect(roundTrip(value)).toEqual(value);
});

test("small bigints are numbers, empty Maps objects; undefined is left out of objects and null in arrays", () => {
	const value = { a: 3n, b: undefined, c: [undefined], d: new Map() };
	expect(roundTrip(value)).toStrictEqual({
		a: 3,
		c: [null],
		d: {},
	});
});

test("frozen arrays are tuples, and come back frozen", () => {
	const { tuple, list } = roundTrip({
		tuple: Object.freeze([1, Object.freeze(["a", "b", "c", "d"])]),
		list: [1],
	});
	expect(tuple).toEqual([1, ["a", "b", "c", "d"]]);
	expect([Object.isFrozen(tuple), Object.isFrozen(list)]).toEqual([
		true,
		false,
	]);
});

test("an optimizer's state has numbers for keys in the file, and is an object here", () => {
	const state = {
		state: { 0: { step: torch.tensor(3) }, 12: { step: torch.tensor(4) } },
		param_groups: [{ lr: 0.1, params: [0, 12] }],
	};
	const path = temporary("optimizer.pt");
	io.save({ optimizer: state, other: { 0: "zero" } }, path);
	const pickle = readFileSync(path);
	expect(pickle.includes(Buffer.from("\x00\x00\x00zero"))).toBe(true);
	const { optimizer, other } = io.load<{
		optimizer: typeof state;
		other: object;
	}>(path);
	expect(optimizer.state[12].step.item()).toBe(4);
	expect(Object.keys(optimizer.state)).toEqual(["0", "12"]);
	expect(other).toEqual({ 0: "zero" });
	// BININT1 0, BININT1 12
	expect(pickle.includes(Buffer.from([0x4b, 12, 0x7d]))).toBe(true);
});

test.each([{ mmap: true }, { mmap: false }])(
	"tensors of all kinds come back, %j",
	(options) => {
		const base = torch.arange(12, { dtype: "float32" }).reshape([3, 4]);
		const weight = new nn.Parameter(torch.ones([2]));
		const value = {
			base,
			again: [base],
			transposed: base.t(),
			row: base.select(0, 1),
			expanded: base.select(1, 0).unsqueeze(1).expand([3, 5]),
			bits: base.view("int32"),
			weight,
			tied: { weight },
			frozen: new nn.Parameter(torch.zeros([1]), { requiresGrad: false }),
			leaf: torch.ones([2]).requiresGrad_(),
			conj: torch.tensor([{ re: 1, im: 2 }]).conj(),
			scalar: torch.tensor(2.5, { dtype: "float64" }),
			empty: torch.zeros([0, 3]),
			coo: torch.eye(3).toSparse(),
			csr: torch.eye(3).toSparseCsr(),
			meta: torch.empty([2, 3], { device: "meta" }),
		};
		const t = roundTrip(value, options);
		expect(t.again[0]).toBe(t.base);
		expect(t.tied.weight).toBe(t.weight);
		expect(t.weight).toBeInstanceOf(nn.Parameter);
		expect([t.weight.requiresGrad, t.frozen.requiresGrad]).toEqual([
			true,
			false,
		]);
		expect([t.leaf.requiresGrad, t.leaf instanceof nn.Parameter]).toEqual([
			true,
			false,
		]);
		t.row.fill_(9);
		expect(t.base.select(0, 1).tolist()).toEqual([9, 9, 9, 9]);
		expect(t.transposed.select(1, 1).tolist()).toEqual([9, 9, 9, 9]);
		expect(t.expanded.select(1, 4).tolist()).toEqual([0, 9, 8]);
		expect(t.expanded.stride()).toEqual([4, 0]);
		expect(t.bits.select(0, 0).tolist()).toEqual([
			0, 0x3f800000, 0x40000000, 0x40400000,
		]);
		t.bits.zero_();
		expect(t.base.sum().item()).toBe(0);
		expect(t.conj.tolist()).toEqual([{ re: 1, im: -2 }]);
		expect([t.scalar.dtype, t.scalar.item()]).toEqual(["float64", 2.5]);
		expect(t.empty.shape).toEqual([0, 3]);
		expect(t.coo.toDense().equal(torch.eye(3))).toBe(true);
		expect(t.csr.toDense().equal(torch.eye(3))).toBe(true);
		expect([t.meta.device, t.meta.shape]).toEqual(["meta", [2, 3]]);
		expect(base.sum().item()).toBe(66); // the saved ones stayed
	},
);

test("what Python saved, saved again, is the same", () => {
	const tensors = io.load<Record<string, Tensor>>(fixture("dtypes"));
	const again = roundTrip(tensors);
	for (const [name, tensor] of Object.entries(tensors)) {
		expect(again[name]?.dtype).toBe(name);
		expect(again[name]?.view("uint8").equal(tensor.view("uint8"))).toBe(true);
	}
	const { dtype, device, ...values } = io.load<Record<string, unknown>>(
		fixture("values"),
	);
	expect(roundTrip(values)).toStrictEqual(values);
});

test("of a storage only what the tensors cover is written", () => {
	const path = temporary("part.pt");
	const big = torch.arange(1_000_000);
	io.save([big.narrow(0, 500_001, 3), big.narrow(0, 500_010, 2)], path);
	expect(statSync(path).size).toBeLessThan(4000);
	const [a, b] = io.load<[Tensor, Tensor]>(path);
	expect([a.tolist(), b.tolist()]).toEqual([
		[500_001, 500_002, 500_003],
		[500_010, 500_011],
	]);
	expect(Number(b.dataPtr()) - Number(a.dataPtr())).toBe(9 * 8);
});

test("what cannot be saved is refused with its place, and the old file stays", () => {
	const path = temporary("kept.pt");
	io.save({ a: 1 }, path);
	const loop: unknown[] = [];
	loop.push([loop]);
	let deep: unknown[] = [];
	for (let i = 0; i < 2000; i++) deep = [deep];
	const cases: [unknown, string][] = [
		[
			{ a: { b: () => 1 } },
			"value.a.b: expected a tensor or plain data, got function",
		],
		[
			{ a: [0, new Date()] },
			"value.a.1: expected a tensor or plain data, got Date",
		],
		[new nn.Linear(1, 1), "value: expected a tensor or plain data, got Linear"],
		[
			{ s: Symbol("s") },
			"value.s: expected a tensor or plain data, got symbol",
		],
		[
			new Float32Array(1),
			"value: expected a tensor or plain data, got Float32Array",
		],
		[{ a: "\ud800" }, "value.a: a string that is not well-formed"],
		[{ loop }, "value.loop.0.0: holds itself"],
		[deep, "is deeper than 1000"],
		[new Map([["k", new WeakMap()]]), "value.k: expected a tensor"],
	];
	for (const [value, message] of cases) {
		expect(() => io.save(value, path)).toThrow(
			expect.objectContaining({
				name: "TorchError",
				message: expect.stringContaining(message),
			}),
		);
	}
	const gone = torch.ones([1]);
	gone.dispose();
	expect(() => io.save({ gone }, path)).toThrow("dispose");
	// @ts-expect-error: not a string
	expect(() => io.save({}, 3)).toThrow("save: path: expected string");
	expect(io.load(path)).toEqual({ a: 1 });
	expect(
		readdirSync(dirname(path)).filter((name) => name.endsWith(".tmp")),
	).toEqual([]);
});

test("saveAsync writes the same bytes, and refuses what is changed meanwhile", async () => {
	const value = { a: torch.arange(5_000_000), b: "text" };
	const [one, other] = [temporary("one.pt"), temporary("other.pt")];
	io.save(value, one);
	await io.saveAsync(value, other);
	expect(readFileSync(one).equals(readFileSync(other))).toBe(true);

	const saving = io.saveAsync(value, other);
	value.a.add_(1);
	await expect(saving).rejects.toThrow(
		`saveAsync: ${other}: "value.a" was changed while it was saved`,
	);
	expect(readFileSync(one).equals(readFileSync(other))).toBe(true);
	const saved = io.saveFileAsync(other, { a: value.a });
	value.a.add_(1);
	await expect(saved).rejects.toThrow('"a" was changed while it was saved');
	await io.saveFileAsync(other, { a: value.a });
	const { a } = await io.loadFileAsync(other, { mmap: false });
	expect(a?.equal(value.a)).toBe(true);
});

test("a file that is loaded can be saved over", () => {
	const path = temporary("over.pt");
	io.save({ a: torch.ones([1000]) }, path);
	const { a } = io.load<{ a: Tensor }>(path);
	io.save({ a: a.add(1) }, path);
	expect(a.sum().item()).toBe(1000);
	expect(io.load<{ a: Tensor }>(path).a.sum().item()).toBe(2000);
});

// With TORCH_NODE_TEST_PYTHON, the path of a Python that has torch, it reads what is saved here.
const python = process.env.TORCH_NODE_TEST_PYTHON;
if (python)
	test("Python reads what is saved here", () => {
		const path = temporary("python.pt");
		const base = torch.arange(12, { dtype: "float32" }).reshape([3, 4]);
		const dtypes = io.load<Record<string, Tensor>>(fixture("dtypes"));
		io.save(
			{
				base,
				column: base.select(1, 1),
				bits: base.view("int32"),
				weight: new nn.Parameter(torch.ones([2])),
				coo: torch.eye(3).toSparse(),
				csr: torch.eye(3).toSparseCsr(),
				conj: torch.tensor([{ re: 1, im: 2 }]).conj(),
				empty: torch.zeros([0, 3]),
				numbers: [1, -1, 2 ** 40, 2n ** 80n, 1.5, -0, true, null, "ü"],
				tuple: Object.freeze([1, "a"]),
				set: new Set([1, 2]),
				map: new Map([[1, "a"]]),
				bytes: new Uint8Array([1, 255]),
				complex: { re: 1, im: -2 },
				optimizer: { state: { 0: 1 }, param_groups: [] },
				dtypes,
			},
			path,
		);
		const script = `
import sys, torch, zipfile
assert zipfile.ZipFile(sys.argv[1]).testzip() is None
for mmap in (False, True):
    v = torch.load(sys.argv[1], weights_only=True, mmap=mmap)
    base = torch.arange(12.0).reshape(3, 4)
    assert v["base"].equal(base) and v["column"].equal(base[:, 1]) and v["bits"].equal(base.view(torch.int32))
    v["column"].fill_(0)
    assert v["base"][:, 1].sum() == 0 and v["bits"][:, 1].sum() == 0
    assert isinstance(v["weight"], torch.nn.Parameter) and v["weight"].requires_grad
    assert v["coo"].is_coalesced() and v["coo"].to_dense().equal(torch.eye(3)) and v["csr"].to_dense().equal(torch.eye(3))
    assert v["conj"].equal(torch.tensor([1 - 2j])) and v["empty"].shape == (0, 3)
    assert repr(v["numbers"]) == repr([1, -1, 2**40, 2**80, 1.5, -0.0, True, None, "ü"])
    assert v["tuple"] == (1, "a") and v["set"] == {1, 2} and v["map"] == {1: "a"} and v["bytes"] == b"\\x01\\xff"
    assert v["complex"] == 1 - 2j and v["optimizer"] == {"state": {0: 1}, "param_groups": []}
    theirs = torch.load(sys.argv[2], weights_only=True)
    for name, tensor in v["dtypes"].items():
        assert tensor.dtype == theirs[name].dtype and tensor.view(torch.uint8).equal(theirs[name].view(torch.uint8)), name
print("read")
`;
		const args = ["-W", "ignore", "-c", script, path, fixture("dtypes")];
		expect(execFileSync(python, args, { encoding: "utf8" })).toBe("read\n");
	});

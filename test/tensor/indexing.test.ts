import * as torch from "../../lib/index.ts";
import { fixture, isStored, revive, tensor } from "../support/stored.ts";

interface IndexCase {
	shape: number[];
	index: unknown[];
	value?: unknown;
	result: unknown;
	resultShape?: number[];
	stride?: number[];
	offset?: number;
	grad?: number[];
	error?: string;
}

const cases = fixture<IndexCase[]>("tensor/indexing.json").map((c) => ({
	...c,
	name: JSON.stringify([c.shape, c.index, c.value]),
}));

function toIndex(part: unknown): torch.Index {
	if (isStored(part)) return tensor(part);
	if (typeof part === "string" && part !== "...") {
		const [start, stop, step] = part
			.split(":")
			.map((text) => (text === "" ? null : Number(text)));
		return torch.slice(start, stop, step ?? 1);
	}
	if (typeof part === "object" && part !== null)
		return (part as { array: number[] }).array;
	return part as number | boolean | null | "...";
}

const base = (shape: number[]): torch.Tensor =>
	torch
		.arange(
			shape.reduce((a, b) => a * b, 1),
			{ dtype: "float64" },
		)
		.reshape(shape);

beforeAll(() => {
	jest.spyOn(process, "emitWarning").mockImplementation(() => {});
});

test.each(cases.filter((c) => c.value === undefined && !c.error))(
	"read $name",
	({ shape, index, result, resultShape = [], stride, offset, grad }) => {
		const x = base(shape).requiresGrad_();
		const y = x.index(...index.map(toIndex));
		expect([y.shape, y.tolist()]).toEqual([resultShape, result]);
		if (stride)
			expect([y.stride(), y.storageOffset()]).toEqual([stride, offset]);
		// a view exactly where PyTorch gives one
		const before = x.version;
		torch.noGrad(() => y.zero_());
		if (y.numel() > 0) expect(x.version > before).toBe(stride !== undefined);

		const z = x.index(...index.map(toIndex));
		const weights = torch.arange(1, z.numel() + 1, { dtype: "float64" });
		z.backward(weights.reshape(z.shape));
		expect(x.grad?.toArray()).toEqual(grad);
	},
);

test.each(cases.filter((c) => c.value !== undefined && !c.error))(
	"write $name",
	({ shape, index, value, result }) => {
		const x = base(shape);
		const given = revive(value) as torch.Tensor | torch.Scalar;
		expect(x.setIndex(index.map(toIndex), given)).toBe(x);
		expect(x.tolist()).toEqual(revive(result));
	},
);

test.each(cases.filter((c) => c.error))(
	"refuse $name",
	({ shape, index, value }) => {
		const x = base(shape);
		const act = () =>
			value === undefined
				? x.index(...index.map(toIndex))
				: x.setIndex(index.map(toIndex), revive(value) as torch.Tensor);
		expect(act).toThrow(torch.TorchError);
		expect(x.tolist()).toEqual(base(shape).tolist());
	},
);

const x = torch.arange(24).reshape(2, 3, 4);

test.each<[() => unknown, string]>([
	[
		() => x.index("a" as never),
		'index: indices: expected integer, slice, "...", null, boolean, Tensor or array, got string "a"',
	],
	[() => x.index(1.5), "index: indices: expected integer, slice"],
	[() => x.index(undefined as never), "index: indices: expected integer"],
	[() => x.index({} as never), "index: indices: expected integer"],
	[() => x.index([0.5]), "index: indices: expected integers (int64, int32) or"],
	[
		() => x.index(0, 0, 0, 0),
		"index: indices: too many indices for tensor of dimension 3",
	],
	[
		() => x.index("...", "..."),
		'index: indices: only one "..." can stand in an index',
	],
	[() => x.index(5), "index 5 out of range for tensor of size [2, 3, 4]"],
	[() => x.index([5]), "index: index 5 is out of bounds for dimension 0"],
	[
		() => x.setIndex(0 as never, 1),
		"setIndex: indices: expected array, got number 0",
	],
	[
		() => x.setIndex([0], "a" as never),
		'setIndex: value: expected Tensor, number, bigint, boolean or { re, im }, got string "a"',
	],
	[() => x.setIndex([0], [1, 2] as never), "setIndex: value: expected Tensor"],
	[() => x.setIndex([0], null as never), "setIndex: value: expected Tensor"],
	[
		() => torch.slice(0, 1, 0),
		"slice: step: expected a number at least 1, got 0",
	],
	[() => torch.slice(0, 1, -1), "slice: step: expected a number at least 1"],
	[() => torch.slice(0.5), "slice: start: expected integer, got number 0.5"],
	[
		() => torch.slice(0, "1" as never),
		'slice: stop: expected integer, got string "1"',
	],
])("wrong indices are named: %s", (act, message) => {
	expect(act).toThrow(message);
	expect(act).toThrow(torch.TorchError);
});

test("values of another dtype are converted, but not where tensors choose the place", () => {
	const whole = torch.zeros(4, { dtype: "int64" });
	whole.setIndex([0], torch.tensor(1.7)).setIndex([[1, 2]], 2.7);
	expect(() => whole.setIndex([[1, 2]], torch.tensor(2.7))).toThrow(
		/^setIndex: .*dtypes match, got Long for the destination and Float for the source/,
	);
	expect(whole.setIndex([3], 2n ** 60n).tolist()).toEqual([1, 2, 2, 2n ** 60n]);
	const complex = torch.zeros(2, { dtype: "complex64" });
	complex.setIndex([[0]], { re: 1, im: 2 }).setIndex([1], { re: 3, im: 4 });
	expect(complex.tolist()).toEqual([
		{ re: 1, im: 2 },
		{ re: 3, im: 4 },
	]);
});

test("gradients go into what is set, and not into what is replaced", () => {
	const a = torch.ones(2, 3, { requiresGrad: true });
	const b = torch.ones(3, { requiresGrad: true });
	const c = a.mul(2);
	c.setIndex([0], b.mul(3)).setIndex([1, [0, 2]], b.index(0));
	c.mul(
		torch.tensor([
			[1, 2, 3],
			[4, 5, 6],
		]),
	)
		.sum()
		.backward();
	expect(a.grad?.tolist()).toEqual([
		[0, 0, 0],
		[0, 10, 0],
	]);
	expect(b.grad?.tolist()).toEqual([13, 6, 9]);
});

test("a leaf that requires gradients cannot be set", () => {
	const leaf = torch.ones(2, { requiresGrad: true });
	expect(() => leaf.setIndex([0], 1)).toThrow(
		"a view of a leaf Variable that requires grad is being used in an in-place operation",
	);
	expect(() => leaf.setIndex([[0]], 1)).toThrow(
		"a leaf Variable that requires grad is being used in an in-place operation",
	);
	torch.noGrad(() => leaf.setIndex([0], 5));
	expect(leaf.tolist()).toEqual([5, 1]);
});

test("indexing the whole makes another tensor over the same memory", () => {
	const y = torch.ones(2);
	for (const same of [y.index(), y.index("...")]) {
		expect(same).not.toBe(y);
		same.fill_(3);
	}
	expect(y.tolist()).toEqual([3, 3]);
});

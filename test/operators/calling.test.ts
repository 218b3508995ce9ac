/** One function, called in each of the ways that it can be. */
import * as torch from "../../lib/index.ts";

const x = torch.arange(6).reshape(2, 3).to("float32");
const image = torch.arange(16).reshape(1, 1, 4, 4).float();
const kernel = torch.ones(1, 1, 2, 2);

test.each<[string, (() => unknown)[]]>([
	[
		"sum over a dimension",
		[
			() => x.sum(1),
			() => x.sum([1]),
			() => x.sum({ dim: 1 }),
			() => x.sum({ dim: [-1] }),
			() => torch.sum(x, 1),
			() => torch.sum(x, { dim: 1 }),
			() => torch.sum(x, [1], { keepdim: false }),
			() => torch.sum(x, 1, false, { dtype: "float32" }),
		],
	],
	[
		"sum that keeps it",
		[
			() => x.sum(1, true),
			() => x.sum(1, { keepdim: true }),
			() => x.sum({ dim: 1, keepdim: true }),
			() => torch.sum(x, 1, true),
			() => torch.sum(x, { keepdim: true, dim: [1] }),
		],
	],
	[
		"sum of all",
		[
			() => x.sum(),
			() => torch.sum(x),
			() => x.sum({}),
			() => x.sum({ dtype: "float32" }),
			() => x.sum([0, 1]),
		],
	],
	[
		"add",
		[
			() => x.add(x, { alpha: 2 }),
			() => torch.add(x, x, { alpha: 2 }),
			() => x.clone().add_(x, { alpha: 2 }),
			() => x.add({ other: x, alpha: 2 } as never),
		],
	],
	[
		"a view",
		[
			() => x.view(3, 2),
			() => x.view([3, 2]),
			() => x.reshape(3, -1),
			() => x.reshape([3, 2]),
			() => torch.reshape(x, [3, 2]),
		],
	],
	[
		"zeros",
		[
			() => torch.zeros(2, 3),
			() => torch.zeros([2, 3]),
			() => torch.zeros(2, 3, { dtype: "float32" }),
			() => torch.zeros([2, 3], { device: "cpu" }),
			() => torch.zeros({ size: [2, 3] } as never),
			() => torch.zerosLike(x),
			() => x.newZeros(2, 3),
			() => x.newZeros([2, 3]),
		],
	],
	[
		"full",
		[
			() => torch.full([2], 3.5),
			() => torch.full([2], 3.5, { dtype: "float32" }),
			() => x.newFull([2], 3.5),
			() => torch.empty(2).fill_(3.5),
		],
	],
	[
		"permute",
		[
			() => x.permute(1, 0),
			() => x.permute([1, 0]),
			() => torch.permute(x, [1, 0]),
			() => x.t(),
			() => x.transpose(0, 1),
		],
	],
	[
		"expand",
		[
			() => x.index(0).expand(2, 3),
			() => x.index(0).expand([2, 3]),
			() => x.index(0).broadcastTo([2, 3]),
		],
	],
	[
		"repeat",
		[
			() => x.repeat(2, 1),
			() => x.repeat([2, 1]),
			() => x.tile(2, 1),
			() => torch.tile(x, [2, 1]),
		],
	],
	["flip", [() => x.flip(0), () => x.flip([0]), () => torch.flip(x, [0])]],
	[
		"conv2d",
		[
			() => torch.conv2d(image, kernel, null, 2, 1),
			() => torch.conv2d(image, kernel, undefined, [2, 2], [1, 1]),
			() => torch.conv2d(image, kernel, { stride: 2, padding: 1 }),
			() =>
				torch.conv2d(image, kernel, null, { stride: [2, 2], padding: [1, 1] }),
			() => torch.conv2d(image, kernel, null, 2, { padding: 1 }),
		],
	],
	[
		"max with its place",
		[
			() => x.max(1),
			() => torch.max(x, 1),
			() => x.max({ dim: 1 } as never),
			() => x.max(1, { keepdim: false }),
			() => x.max(-1, false),
		],
	],
	[
		"softmax",
		[
			() => x.softmax(1),
			() => torch.softmax(x, 1),
			() => torch.softmax(x, { dim: 1 } as never),
			() => x.softmax(1, "float32"),
			() => x.softmax(1, { dtype: "float32" }),
		],
	],
	[
		"clamp",
		[
			() => x.clamp(1, 3),
			() => x.clamp({ min: 1, max: 3 }),
			() => x.clamp(1, { max: 3 }),
			() => torch.clamp(x, 1, 3),
			() => x.clip(1, 3),
			() => x.clamp(torch.tensor(1), torch.tensor(3)),
		],
	],
	[
		"cat",
		[
			() => torch.cat([x, x], 1),
			() => torch.cat([x, x], { dim: 1 }),
			() => torch.concat([x, x], -1),
			() => torch.hstack([x, x]),
		],
	],
	[
		"arange",
		[
			() => torch.arange(1, 7, 2),
			() => torch.arange({ start: 1, end: 7, step: 2 } as never),
			() => torch.arange(1n, 7n, 2n),
			() => torch.arange(1, 7, { step: 2 } as never),
		],
	],
	[
		"where",
		[
			() => torch.where(x.gt(2), x, 0),
			() => torch.where(x.gt(2), x, torch.zeros([])),
			() => x.mul(x.gt(2)),
		],
	],
	[
		"topk",
		[
			() => x.topk(2),
			() => x.topk(2, -1, true, true),
			() => x.topk({ k: 2 } as never),
			() => torch.topk(x, 2, { sorted: true }),
		],
	],
	[
		"norm",
		[
			() => x.norm(),
			() => x.norm(2),
			() => x.norm({ p: 2 }),
			() => torch.norm(x, 2, [0, 1]),
			() => torch.linalg.norm(x),
		],
	],
	[
		"lerp",
		[
			() => x.lerp(x.mul(3), 0.5),
			() => torch.lerp(x, x.mul(3), { weight: 0.5 } as never),
			() => x.mul(2),
		],
	],
])("%s", (_name, ways) => {
	const plain = (value: unknown): unknown =>
		torch.isTensor(value)
			? [value.dtype, value.shape, value.tolist()]
			: (value as unknown[]).map(plain);
	const [first, ...others] = ways.map((way) => plain(way()));
	for (const [i, other] of others.entries())
		expect([i + 1, other]).toEqual([i + 1, first]);
});

test("undefined stands for a default, at any place", () => {
	expect(x.sum(undefined as never, undefined as never).item()).toBe(15);
	expect(torch.conv2d(image, kernel, undefined, undefined, 1).shape).toEqual([
		1, 1, 5, 5,
	]);
	expect(x.clamp(undefined, 2).max().item()).toBe(2);
	expect(x.clamp({ min: undefined, max: 2 }).max().item()).toBe(2);
});

test("several results can be taken by place and by name", () => {
	const result = x.max(1);
	const [values, indices] = result;
	const named = result as unknown as {
		values: torch.Tensor;
		indices: torch.Tensor;
	};
	expect([values.tolist(), indices.tolist()]).toEqual([
		[2, 5],
		[2, 2],
	]);
	expect([named.values === values, named.indices === indices]).toEqual([
		true,
		true,
	]);
	expect(Object.keys(result)).toEqual(["0", "1"]);
});

test("in-place functions give their own tensor", () => {
	const y = torch.zeros(2, 3);
	expect(y.add_(1).mul_(3)).toBe(y);
	expect(y.relu_()).toBe(y);
	expect(y.index(0).fill_(0).sum().item()).toBe(0);
	expect(y.sum().item()).toBe(9);
});

test("numbers keep what they are: whole, broken, big, complex, boolean", () => {
	const whole = torch.ones(1, { dtype: "int64" });
	const dtypes = [2, 2.5, 2n, true, { re: 0, im: 1 }].map(
		(v) => whole.mul(v).dtype,
	);
	expect(dtypes).toEqual(["int64", "float32", "int64", "int64", "complex64"]);
	expect(whole.mul(2n ** 62n).item()).toBe(2n ** 62n);
	expect(torch.ones(1, { dtype: "float64" }).mul(0.1).item()).toBe(0.1);
	expect(torch.ones(1).mul({ re: 0.5, im: -2 }).item()).toEqual({
		re: 0.5,
		im: -2,
	});
	expect(torch.full([1], Infinity).item()).toBe(Infinity);
});

test("factories require gradients on demand", () => {
	for (const made of [
		torch.zeros(2, { requiresGrad: true }),
		torch.full([2], 1.5, { requiresGrad: true }),
		torch.randn([2], { requiresGrad: true, dtype: "float64" }),
		torch.arange(0.5, 2, { requiresGrad: true }),
		torch.zerosLike(x, { requiresGrad: true }),
		torch.emptyLike(x, {
			requiresGrad: true,
			memoryFormat: "contiguous_format",
		}),
		torch.eye(2, { requiresGrad: true }),
		x.newOnes([2], { requiresGrad: true }),
	])
		expect([made.requiresGrad, made.isLeaf]).toEqual([true, true]);
});

test("memory formats and strides are as asked for", () => {
	const last = { memoryFormat: "channels_last" } as const;
	expect(torch.empty([2, 3, 4, 5], last).stride()).toEqual([60, 1, 15, 3]);
	expect(torch.zerosLike(torch.ones(2, 3, 4, 5), last).stride()).toEqual([
		60, 1, 15, 3,
	]);
	expect(torch.ones(2, 3, 4, 5).contiguous(last).stride()).toEqual([
		60, 1, 15, 3,
	]);
	expect(torch.emptyStrided([2, 3], [1, 2]).stride()).toEqual([1, 2]);
	expect(torch.onesLike(x.t()).stride()).toEqual(x.t().stride()); // preserved
});

/** Forms of composed functions that OpInfo's cases (test/conformance) do not have; what they refuse. */
import * as torch from "../../lib/index.ts";

const x = torch.tensor([
	[3, -4],
	[0.5, 2],
]);
const whole = torch.tensor([3, 1, 3, 2, 2]);
const lists = (value: unknown): unknown =>
	torch.isTensor(value)
		? value.tolist()
		: Array.isArray(value)
			? value.map(lists)
			: value;

/** Results as Python prints them. */
test.each<[string, () => unknown, unknown]>([
	["unique", () => torch.unique(whole), [1, 2, 3]],
	[
		"unique by position",
		() => torch.unique(whole, true, true, true),
		[
			[1, 2, 3],
			[2, 0, 2, 1, 1],
			[1, 2, 2],
		],
	],
	[
		"x.unique({ returnCounts })",
		() => whole.unique({ returnCounts: true }),
		[
			[1, 2, 3],
			[1, 2, 2],
		],
	],
	[
		"x.uniqueConsecutive",
		() => whole.uniqueConsecutive({ returnInverse: true }),
		[
			[3, 1, 3, 2],
			[0, 1, 2, 3, 3],
		],
	],
	["norm of order 1", () => torch.norm(x, 1), 9.5],
	["norm along a dimension", () => x.norm({ p: 1, dim: 0 }), [3.5, 6]],
	[
		"norm into a tensor",
		() => torch.norm(x, { p: Infinity, dim: 1, out: torch.empty(0) }),
		[4, 2],
	],
	["norm of a sparse tensor", () => torch.norm(x.toSparse(), 1), 9.5],
	[
		"tensordot by a number",
		() => torch.tensordot(x, x, 1),
		[
			[7, -20],
			[2.5, 2],
		],
	],
	[
		"tensordot into a tensor",
		() =>
			torch.tensordot(x, x, {
				dims: [
					[0, 1],
					[0, 1],
				],
				out: torch.empty(0),
			}),
		29.25,
	],
	["tensordot of a tensor of dimensions", () => torch.tensordot(x, x), 29.25],
	[
		"einsum of sublists",
		() => torch.einsum(x, [0, 1], x, [2, 1], [0, 2]),
		[
			[25, -6.5],
			[-6.5, 4.25],
		],
	],
	[
		"einsum with a path",
		() => torch.einsum("ij,jk,kl->il", [x, x, x], { path: [1, 2, 0, 1] }),
		[
			[11, -68],
			[8.5, -6],
		],
	],
	["einsum of operands by turns", () => torch.einsum("ij,ij->", x, x), 29.25],
	[
		"meshgrid of a list",
		() =>
			torch.meshgrid([torch.tensor([1, 2]), torch.tensor([3])], {
				indexing: "xy",
			}),
		[[[1, 2]], [[3, 3]]],
	],
	["atleast2d of several", () => torch.atleast2d(whole, x).length, 2],
	["atleast1d of one", () => torch.atleast1d(torch.tensor(3)), [3]],
	["broadcastShapes", () => torch.broadcastShapes([2], [3, 1], 1), [3, 2]],
	[
		"unravelIndex",
		() => torch.unravelIndex(torch.tensor([4, 5]), [3, 2]),
		[
			[2, 2],
			[0, 1],
		],
	],
	["chainMatmul", () => torch.chainMatmul(x, x).shape, [2, 2]],
	[
		"nonzero as a list",
		() => torch.nonzero(x.gt(1), { asTuple: true }),
		[
			[0, 1],
			[0, 1],
		],
	],
	["x.nonzero", () => x.gt(2.5).nonzero(), [[0, 0]]],
	[
		"x.where",
		() => x.where(x.gt(0), 0),
		[
			[3, 0],
			[0.5, 2],
		],
	],
	[
		"T, mT",
		() => [x.T, x.mT],
		[
			[
				[3, 0.5],
				[-4, 2],
			],
			[
				[3, 0.5],
				[-4, 2],
			],
		],
	],
	[
		"type",
		() => [x.type(), x.type("int8").type()],
		["torch.FloatTensor", "torch.CharTensor"],
	],
	[
		"sizes",
		() => [x.nbytes, x.itemsize, x.nelement(), x.ndimension()],
		[16, 4, 4, 2],
	],
	[
		"dimOrder",
		() => torch.ones(2, 3, 4).permute(2, 0, 1).dimOrder(),
		[1, 2, 0],
	],
	["apply_", () => torch.tensor([1, 2]).apply_((v) => v * 10), [10, 20]],
	[
		"map2_",
		() =>
			torch
				.tensor([1, 2])
				.map2_(torch.tensor([3]), torch.tensor([4, 5]), (a, b, c) => a + b * c),
		[13, 17],
	],
	["newTensor", () => x.newTensor([1, 2]).dtype, "float32"],
	["asTensor", () => torch.asTensor(x) === x, true],
	[
		"asTensor with a dtype",
		() => torch.asTensor([1, 2], { dtype: "int8" }).dtype,
		"int8",
	],
	[
		"asarray shares memory",
		() => torch.asarray(x).dataPtr() === x.dataPtr(),
		true,
	],
	[
		"asarray copies",
		() => torch.asarray(x, { copy: true }).dataPtr() === x.dataPtr(),
		false,
	],
	[
		"numel, typename, isInference",
		() => [torch.numel(x), torch.typename(x), torch.isInference(x)],
		[4, "torch.FloatTensor", false],
	],
	[
		"to by position",
		() => [
			x.to("cpu", "float64", true).dtype,
			x.to("float16", false, true).dtype,
		],
		["float64", "float16"],
	],
	[
		"dtypes by name",
		() => torch.zeros(2, { dtype: torch.long }).dtype,
		"int64",
	],
	[
		"finfo",
		() => [
			torch.finfo().eps,
			torch.finfo("complex128").max,
			torch.finfo("float16").tiny,
		],
		[2 ** -23, Number.MAX_VALUE, 2 ** -14],
	],
	[
		"iinfo",
		() => [torch.iinfo("uint8").max, torch.iinfo("int64").min],
		[255, -(2n ** 63n)],
	],
	["masked without a mask", () => torch.masked.mean(x), 0.375],
	["masked by position", () => torch.masked.sum(x, 0, true), [[3.5, -2]]],
	[
		"windows of one sample",
		() => [torch.signal.windows.hann(1), torch.signal.windows.bartlett(0)],
		[[1], []],
	],
])("%s", (_, call, expected) => {
	expect(lists(call())).toEqual(expected);
});

test.each<[string, () => unknown, RegExp]>([
	[
		"unique of a list",
		() => torch.unique([1] as never),
		/^unique: input: expected Tensor, got \[1\]$/,
	],
	[
		"unique with an unknown name",
		() => torch.unique(x, { count: true } as never),
		/^unique: count: unknown option; known are sorted/,
	],
	[
		"norm of an unknown kind",
		() => torch.norm(x, "max" as never),
		/^norm: p: expected one of "fro", "nuc"/,
	],
	[
		"cdist by an unknown way",
		() => torch.cdist(x, x, { computeMode: "fast" as never }),
		/^cdist: computeMode: expected one of/,
	],
	[
		"tensordot along too many",
		() => torch.tensordot(x, x, -1),
		/^tensordot: dims: /,
	],
	[
		"shapes that do not broadcast",
		() => torch.broadcastShapes([2], [3]),
		/^broadcastShapes: shapes: sizes 2 and 3 at dimension -1/,
	],
	[
		"indices that are no integers",
		() => torch.unravelIndex(x, [3]),
		/^unravelIndex: indices: expected Tensor of integers/,
	],
	[
		"q above the rank",
		() => torch.pcaLowrank(x, { q: 3 }),
		/^pcaLowrank: q: expected a number from 0 to 2/,
	],
	["LU of a singular matrix", () => torch.lu(torch.zeros(2, 2)), /^lu: /],
	[
		"a mask with more dimensions",
		() => torch.masked.sum(whole, { mask: x.gt(0) }),
		/^sum: mask: it has 2 dimensions, the input 1/,
	],
	[
		"a masked mean of integers",
		() => torch.masked.mean(whole),
		/^mean: dtype: of int64/,
	],
	[
		"a center of a symmetric window",
		() => torch.signal.windows.exponential(4, { center: 1 }),
		/^exponential: center: /,
	],
	[
		"a window of integers",
		() => torch.signal.windows.hann(4, { dtype: "int64" }),
		/^hann: dtype: expected one of "float32", "float64"/,
	],
	[
		"finfo of integers",
		() => torch.finfo("int8"),
		/^finfo: dtype: expected one of float32/,
	],
	[
		"apply_ to what requires gradients",
		() => torch.ones(1, { requiresGrad: true }).apply_((v) => v),
		/^apply_: input: /,
	],
	[
		"too many arguments of to",
		() => x.to("float64", true, true, true as never),
		/^to: nonBlocking: expected at most 2/,
	],
	[
		"einsum of a number",
		() => torch.einsum("i", 3 as never),
		/^einsum: tensors\[0\]: expected Tensor, got number 3$/,
	],
])("%s is refused", (_, call, message) => {
	expect(call).toThrow(torch.TorchError);
	expect(call).toThrow(message);
});

test("eigenvalues of what is not finite are refused, of which LAPACK would die", () => {
	for (const bad of [Number.NaN, Infinity])
		expect(() => torch.linalg.eigvals(torch.full([2, 2], bad))).toThrow(
			"linalg.eigvals: input: expected finite numbers, got an infinity or NaN",
		);
	const x = torch
		.tensor([
			[2, 1],
			[1, 2],
		])
		.double();
	const real = (values: torch.Tensor) => values.real().sort()[0].tolist();
	expect(real(torch.linalg.eigvals(x))).toEqual([1, 3]);
	const out = torch.empty(0, { dtype: "complex128" });
	expect(torch.linalg.eigvals(x, { out })).toBe(out);
	const both = torch.vmap((m: torch.Tensor) => torch.linalg.eigvals(m))(
		torch.stack([x, x]),
	);
	expect((both as torch.Tensor).shape).toEqual([2, 2]);
});

test("group norm in no groups is refused, also of a meta tensor", () => {
	const x = torch.ones([1, 4, 2], { device: "meta" });
	expect(() => torch.nativeGroupNorm(x, null, null, 1, 4, 2, 0, 1e-5)).toThrow(
		"nativeGroupNorm: group: expected a number at least 1, got 0",
	);
});

test("a range for quantisation is found as PyTorch finds it, and not sought without end", () => {
	const x = torch.tensor([0, 1, 2, 4, 100], { dtype: "float32" });
	const find = (nBins: number, ratio: number) =>
		torch
			.chooseQparamsOptimized(x, 4, nBins, ratio, 2)
			.map((bound) => bound.item());
	expect(find(200, 0.16)).toEqual([3.640000343322754, 0]);
	expect(find(0, 0.16)).toEqual([4, 0]);
	expect(() => find(-3, 0.16)).toThrow(
		"chooseQparamsOptimized: nBins: expected a number at least 0, got -3",
	);
	expect(() => find(200, Infinity)).toThrow(
		"chooseQparamsOptimized: ratio: expected a number from 0 to 1, got Infinity",
	);
});

test("batch norm by statistics that are not there is refused", () => {
	const x = torch.ones([2, 1]);
	expect(() =>
		torch.nativeBatchNorm(x, null, null, null, null, false, 0, 0),
	).toThrow(
		"nativeBatchNorm: runningMean: expected a tensor where training is false",
	);
	const [y, means] = torch.nativeBatchNorm(
		x,
		null,
		null,
		null,
		null,
		true,
		0.1,
		1e-5,
	);
	expect([y.shape, means.tolist()]).toEqual([[2, 1], [1]]);
});

import * as torch from "../../lib/index.ts";
import {
	expectTensor,
	fixture,
	revive,
	type Stored,
	tensor,
} from "../support/stored.ts";

interface Cast {
	source: Stored;
	to: torch.DType;
	result: Stored;
	list: unknown;
}

const casts = fixture<Cast[]>("tensor/casts.json").map((c) => ({
	...c,
	from: c.source.dtype,
}));

const withoutBigints = (list: unknown): unknown =>
	Array.isArray(list)
		? list.map(withoutBigints)
		: typeof list === "bigint" && BigInt(Number(list)) === list
			? Number(list)
			: list;

test.each(casts)("$from to $to, and out", ({ source, to, result, list }) => {
	const wanted = withoutBigints(revive(list));
	const made = tensor(source).to(to);
	expectTensor(made, result, { exact: true });
	expect(withoutBigints(made.tolist())).toEqual(wanted);
	expect(made.toJSON()).toEqual(made.tolist());
	const flat = (wanted as unknown[]).flat(Infinity);
	expect(withoutBigints(made.toArray())).toEqual(flat);
	expect(
		[...flat.keys()].map((i) =>
			withoutBigints(made.reshape([-1]).select(0, i).item()),
		),
	).toEqual(flat);
});

test.each<[torch.DType, string]>([
	["float32", "Float32Array"],
	["float64", "Float64Array"],
	["float16", "Uint16Array"],
	["bfloat16", "Uint16Array"],
	["int64", "BigInt64Array"],
	["uint64", "BigUint64Array"],
	["int32", "Int32Array"],
	["uint32", "Uint32Array"],
	["int16", "Int16Array"],
	["uint16", "Uint16Array"],
	["int8", "Int8Array"],
	["uint8", "Uint8Array"],
	["bool", "Uint8Array"],
	["complex64", "Float32Array"],
	["complex128", "Float64Array"],
	["complex32", "Uint16Array"],
	["float8_e4m3fn", "Uint8Array"],
	["float8_e5m2", "Uint8Array"],
	["float8_e4m3fnuz", "Uint8Array"],
	["float8_e5m2fnuz", "Uint8Array"],
	["float8_e8m0fnu", "Uint8Array"],
])("%s comes out as %s and goes in again", (dtype, name) => {
	const x = torch.tensor([1, 0, 2], { dtype });
	const array = x.toTypedArray();
	expect(Object.prototype.toString.call(array)).toBe(`[object ${name}]`);
	expect(array).toHaveLength(dtype.startsWith("complex") ? 6 : 3);
	const again = torch.fromBlob(array, [3], { dtype });
	expect(again.dtype).toBe(dtype);
	expect(again.tolist()).toEqual(x.tolist());
	const empty = torch.tensor([], { dtype }).toTypedArray();
	expect([Object.prototype.toString.call(empty), empty.length]).toEqual([
		`[object ${name}]`,
		0,
	]);
});

test("int64 beyond 2^53 is bigint, in item and in lists", () => {
	const big = 2n ** 53n + 1n;
	const x = torch.tensor([big, -big, 7n, 2n ** 53n, 2n ** 53n - 1n]);
	expect(x.toArray()).toEqual([big, -big, 7, 2n ** 53n, 2 ** 53 - 1]);
	expect(x.index(0).item()).toBe(big);
	expect(x.index(2).item()).toBe(7);
	expect(x.index(3).item()).toBe(2n ** 53n);
	expect(torch.tensor([2n ** 64n - 1n], { dtype: "uint64" }).toArray()).toEqual(
		[2n ** 64n - 1n],
	);
});

describe("layouts", () => {
	const x = torch.arange(12).reshape(3, 4);
	const rows = [
		[0, 1, 2, 3],
		[4, 5, 6, 7],
		[8, 9, 10, 11],
	];

	test.each<[string, () => torch.Tensor, unknown]>([
		[
			"transposed",
			() => x.t().slice(0, 1, 3),
			[
				[1, 5, 9],
				[2, 6, 10],
			],
		],
		["with steps", () => x.slice(1, 0, null, 2), rows.map((r) => [r[0], r[2]])],
		[
			"expanded",
			() => torch.tensor([[1], [2]]).expand(2, 3),
			[
				[1, 1, 1],
				[2, 2, 2],
			],
		],
		["with an offset", () => x.index(1, torch.slice(2)), [6, 7]],
		["of no dimensions", () => x.index(1, 2), 6],
		["empty", () => x.slice(0, 0, 0), []],
		["empty within", () => torch.zeros(2, 0, 3), [[], []]],
		[
			"empty rows",
			() => torch.zeros(2, 3, 0),
			[
				[[], [], []],
				[[], [], []],
			],
		],
		[
			"that require gradients",
			() => torch.ones(2, { requiresGrad: true }).mul(2),
			[2, 2],
		],
		[
			"channels last",
			() =>
				torch
					.arange(8)
					.reshape(1, 2, 2, 2)
					.to({ memoryFormat: "channels_last" }),
			[
				[
					[
						[0, 1],
						[2, 3],
					],
					[
						[4, 5],
						[6, 7],
					],
				],
			],
		],
		[
			"conjugated",
			() => torch.tensor([{ re: 1, im: 2 }]).conj(),
			[{ re: 1, im: -2 }],
		],
		[
			"negated",
			() =>
				torch
					.tensor([{ re: 1, im: 2 }])
					.conj()
					.imag(),
			[-2],
		],
		[
			"conjugated and transposed",
			() =>
				torch
					.tensor([
						[
							{ re: 1, im: 2 },
							{ re: 3, im: 4 },
						],
					])
					.adjoint(),
			[[{ re: 1, im: -2 }], [{ re: 3, im: -4 }]],
		],
		[
			"sparse, made dense",
			() => torch.eye(2).toSparse().toDense(),
			[
				[1, 0],
				[0, 1],
			],
		],
	])("%s", (_name, make, wanted) => {
		const y = make();
		expect(y.tolist()).toEqual(wanted);
		expect(y.toArray()).toEqual([wanted].flat(Infinity));
		const clone = y.detach().resolveConj().resolveNeg().contiguous();
		expect(y.toTypedArray()).toEqual(clone.toTypedArray());
	});
});

test("what goes out is a copy", () => {
	const x = torch.ones(2);
	(x.toTypedArray() as Float32Array).fill(5);
	(x.tolist() as number[]).fill(5);
	expect(x.tolist()).toEqual([1, 1]);
});

describe("into an array that is there", () => {
	test.each<[torch.DType, torch.TypedArray, unknown[]]>([
		["float32", new Float32Array(3), [1, 0, 2]],
		["float16", new Float32Array(3), [1, 0, 2]],
		["bfloat16", new Float64Array(3), [1, 0, 2]],
		["float16", new Uint16Array(3), [0x3c00, 0, 0x4000]],
		["bfloat16", new Uint16Array(3), [0x3f80, 0, 0x4000]],
		["int64", new BigInt64Array(3), [1n, 0n, 2n]],
		["int64", new Int32Array(3), [1, 0, 2]],
		["bool", new Uint8Array(3), [1, 0, 1]],
		["bool", new Float32Array(3), [1, 0, 1]],
		["uint8", new Uint8ClampedArray(3), [1, 0, 2]],
		["complex64", new Float32Array(6), [1, 0, 0, 0, 2, 0]],
		["float32", new Float32Array(new SharedArrayBuffer(12)), [1, 0, 2]],
	])("%s", (dtype, into, values) => {
		const x = torch.tensor([1, 0, 2]).to(dtype);
		expect(x.toTypedArray(into)).toBe(into);
		expect(Array.from(into as Float32Array)).toEqual(values);
		new Uint8Array(into.buffer).fill(0);
		x.expand(1, 3).t().toTypedArray(into);
		expect(Array.from(into as Float32Array)).toEqual(values);
	});

	const Float16 = (globalThis as { Float16Array?: Float32ArrayConstructor })
		.Float16Array;
	// From Node 24 on
	if (Float16)
		test("a Float16Array", () => {
			const halves = new Float16([1.5, -2]);
			const x = torch.tensor(halves);
			expect([x.dtype, x.tolist()]).toEqual(["float16", [1.5, -2]]);
			torch.fromBlob(halves).add_(1);
			expect(Array.from(halves)).toEqual([2.5, -1]);
			for (const dtype of ["float16", "bfloat16", "float64"] as const)
				expect(Array.from(x.to(dtype).toTypedArray(halves))).toEqual([1.5, -2]);
		});

	test.each<[() => unknown, string]>([
		[
			() => torch.ones(2, 2).toTypedArray(new Float32Array(3)),
			"toTypedArray: into: expected an array of 4 elements for float32 of shape [2, 2], got 3",
		],
		[
			() => torch.ones(2).toTypedArray([1, 2] as never),
			"toTypedArray: into: expected typed array, got [1, 2]",
		],
		[
			() => torch.ones(1).cfloat().toTypedArray(new Float64Array(2)),
			"toTypedArray: into: expected Float32Array, got Float64Array",
		],
	])("%#: what does not fit is refused", (call, message) => {
		expect(call).toThrow(message);
	});
});

test.each<[string, () => unknown, string]>([
	[
		"item of two",
		() => torch.ones(2).item(),
		"a Tensor with 2 elements cannot be converted to a number",
	],
	[
		"item of none",
		() => torch.ones(0).item(),
		"a Tensor with 0 elements cannot be converted to a number",
	],
	["values of meta", () => torch.ones(2, { device: "meta" }).tolist(), "meta"],
	[
		"iteration over no dimensions",
		() => [...torch.tensor(1)],
		"iteration over a 0-d tensor",
	],
])("%s is refused", (_name, act, message) => {
	expect(act).toThrow(message);
	expect(act).toThrow(torch.TorchError);
});

test("iteration gives rows that are views", () => {
	const x = torch.arange(6).reshape(3, 2);
	expect([...x].map((row) => row.tolist())).toEqual([
		[0, 1],
		[2, 3],
		[4, 5],
	]);
	for (const row of x) row.fill_(7);
	expect(x.sum().item()).toBe(42);
	const [first, second] = torch.tensor([1.5, 2.5]);
	expect([first?.item(), second?.item()]).toEqual([1.5, 2.5]);
	expect([...torch.zeros(0, 3)]).toEqual([]);
});

describe("properties", () => {
	const x = torch.zeros([2, 3, 4], { dtype: "float64" });

	test("sizes and strides", () => {
		expect([x.shape, x.size(), x.stride()]).toEqual([
			[2, 3, 4],
			[2, 3, 4],
			[12, 4, 1],
		]);
		expect([x.size(0), x.size(-1), x.stride(1), x.stride(-3)]).toEqual([
			2, 4, 4, 12,
		]);
		expect([x.ndim, x.dim(), x.numel(), x.elementSize()]).toEqual([
			3, 3, 24, 8,
		]);
		expect([x.dtype, x.device, x.layout]).toEqual([
			"float64",
			"cpu",
			"strided",
		]);
		expect([x.isCuda, x.isSparse, x.toSparse().isSparse]).toEqual([
			false,
			false,
			true,
		]);
		expect([torch.tensor(1).shape, torch.tensor(1).stride()]).toEqual([[], []]);
	});

	test("contiguity and offsets", () => {
		const y = x.transpose(0, 1);
		expect([
			x.isContiguous(),
			y.isContiguous(),
			y.contiguous().isContiguous(),
		]).toEqual([true, false, true]);
		const image = torch.zeros(1, 2, 3, 4).to({ memoryFormat: "channels_last" });
		expect([
			image.isContiguous(),
			image.isContiguous({ memoryFormat: "channels_last" }),
		]).toEqual([false, true]);
		const row = x.index(1);
		expect([row.storageOffset(), x.storageOffset()]).toEqual([12, 0]);
		expect(Number(row.dataPtr()) - Number(x.dataPtr())).toBe(96);
		expect(x.view([-1]).dataPtr()).toBe(x.dataPtr());
	});

	test.each<[() => unknown, string]>([
		[
			() => x.size(3),
			"size: dim: dimension out of range: 3 of a tensor with 3 dimensions",
		],
		[() => x.stride(-4), "stride: dim: dimension out of range: -4"],
		[() => x.size("0" as never), 'size: dim: expected integer, got string "0"'],
		[() => x.size(0.5), "size: dim: expected integer, got number 0.5"],
	])("%s", (act, message) => {
		expect(act).toThrow(message);
		expect(act).toThrow(torch.TorchError);
	});
});

describe("to", () => {
	const x = torch.tensor([1.5, -2.5]);

	test.each<[string, () => torch.Tensor, torch.DType]>([
		["a dtype", () => x.to("int32"), "int32"],
		["a dtype by name", () => x.to({ dtype: "float64" }), "float64"],
		[
			"a device and a dtype",
			() => x.to("cpu", { dtype: "float16" }),
			"float16",
		],
		["as another", () => x.to(torch.ones(1, { dtype: "int64" })), "int64"],
		["float", () => x.double().float(), "float32"],
		["double", () => x.double(), "float64"],
		["half", () => x.half(), "float16"],
		["bfloat16", () => x.bfloat16(), "bfloat16"],
		["long", () => x.long(), "int64"],
		["int", () => x.int(), "int32"],
		["bool", () => x.bool(), "bool"],
		["short", () => x.short(), "int16"],
		["char", () => x.char(), "int8"],
		["cfloat", () => x.cfloat(), "complex64"],
		["cdouble", () => x.cdouble(), "complex128"],
		["typeAs", () => x.typeAs(torch.ones(1, { dtype: "int8" })), "int8"],
		["complex64", () => x.to("complex64"), "complex64"],
	])("%s", (_name, make, dtype) => {
		const y = make();
		expect([y.dtype, y.shape]).toEqual([dtype, [2]]);
		expect(y.to("float32").tolist()).toEqual(
			x.to(dtype).to("float32").tolist(),
		);
	});

	test("byte", () => {
		const y = torch.tensor([3.7, 255]).byte();
		expect([y.dtype, y.tolist()]).toEqual(["uint8", [3, 255]]);
	});

	test("is the same tensor where nothing changes, a copy on demand", () => {
		for (const same of [
			x.to("float32"),
			x.to("cpu"),
			x.to({}),
			x.cpu(),
			x.float(),
			x.to(x),
		])
			expect(same).toBe(x);
		const copy = x.to("float32", { copy: true });
		expect(copy).not.toBe(x);
		copy.fill_(0);
		expect(x.tolist()).toEqual([1.5, -2.5]);
	});

	test("meta tensors have shapes only", () => {
		const y = x.to("meta");
		expect([y.device, y.shape, y.dtype]).toEqual(["meta", [2], "float32"]);
		expect(y.add(torch.ones([3, 1], { device: "meta" })).shape).toEqual([3, 2]);
	});

	test("gradients go through it", () => {
		const leaf = torch.ones(2, { requiresGrad: true });
		leaf.to("float64").mul(3).sum().backward();
		expect([leaf.grad?.dtype, leaf.grad?.tolist()]).toEqual([
			"float32",
			[3, 3],
		]);
	});

	test.each<[() => unknown, string]>([
		[
			() => x.to("float" as never),
			'to: target: expected a dtype such as "float64", a device such as "cuda:0", a Tensor or options, got string "float"',
		],
		[
			() => x.to("cudaa"),
			'a device such as "cuda:0", a Tensor or options, got string "cudaa"',
		],
		[
			() => x.to({ dtyp: "float32" } as never),
			"to: dtyp: unknown option; known are dtype, device, nonBlocking, copy, memoryFormat",
		],
		[() => x.to(5 as never), "a Tensor or options, got number 5"],
		[
			() => x.to({ memoryFormat: "last" as never }),
			"to: memoryFormat: expected one of",
		],
		[
			() => x.to({ copy: 1 as never }),
			"to: copy: expected boolean, got number 1",
		],
	])("%s", (act, message) => {
		expect(act).toThrow(message);
		expect(act).toThrow(torch.TorchError);
	});
});

test("setDefaultDtype changes what numbers become", () => {
	const made = () => [
		torch.tensor(0.5).dtype,
		torch.tensor([]).dtype,
		torch.tensor({ re: 1, im: 0 }).dtype,
		torch.tensor(1).dtype,
		torch.zeros(1).dtype,
		torch.rand(1).dtype,
		torch.full([1], 0.5).dtype,
		torch.arange(0.5, 2).dtype,
		torch.arange(3).div(2).dtype,
	];
	expect(torch.getDefaultDtype()).toBe("float32");
	const whole = "int64";
	const [f, c] = ["float32", "complex64"];
	expect(made()).toEqual([f, f, c, whole, f, f, f, f, f]);
	try {
		torch.setDefaultDtype("float64");
		const [d, z] = ["float64", "complex128"];
		expect(made()).toEqual([d, d, z, whole, d, d, d, d, d]);
		torch.setDefaultDtype("bfloat16");
		expect(torch.tensor([0.5]).dtype).toBe("bfloat16");
		expect(torch.tensor([0.5], { dtype: "float32" }).dtype).toBe("float32");
	} finally {
		torch.setDefaultDtype("float32");
	}
	expect(() => torch.setDefaultDtype("int64")).toThrow(
		'setDefaultDtype: dtype: expected one of "float32", "float64", "float16", "bfloat16", got string "int64"',
	);
});

test("isTensor", () => {
	expect(
		[torch.tensor(1), 1, null, undefined, {}, [torch.tensor(1)]].map(
			torch.isTensor,
		),
	).toEqual([true, false, false, false, false, false]);
	expect(torch.tensor(1)).toBeInstanceOf(torch.Tensor);
});

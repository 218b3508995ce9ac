import { native } from "../../lib/binding.ts";
import * as torch from "../../lib/index.ts";
import { fromOwnBlob } from "../../lib/tensor/creation.ts";

const disposed = "the tensor has been disposed";

/** Without what earlier tests have left to the garbage collector. */
function usage(): ReturnType<typeof torch.memoryUsage> {
	native.collectGarbage();
	return torch.memoryUsage();
}

test("dead small tensors are collected by what is behind them, long before their few words fill V8's young generation", () => {
	const before = usage().tensors;
	const one = torch.ones(1);
	let most = 0;
	for (let i = 0; i < 150_000; i++) {
		one.add(1);
		if (i % 1000 === 0) most = Math.max(most, torch.memoryUsage().tensors);
	}
	expect(most - before).toBeLessThan(50_000);
});

describe("fromOwnBlob", () => {
	test("gives the array's memory back with the last tensor", () => {
		const array = new Float32Array(50_000).fill(7);
		const before = usage().bytes;
		const x = fromOwnBlob(array, [5, 10_000]);
		const row = x.select(0, 1);
		expect(torch.memoryUsage().bytes - before).toBeGreaterThan(200_000);
		x.dispose();
		torch.fromBlob(new Uint8Array(1)); // what is to be given back is
		expect(row.sum().item()).toBe(70_000);
		expect(array).toHaveLength(50_000);
		row.dispose();
		torch.fromBlob(new Uint8Array(1));
		expect(array).toHaveLength(0);
		expect(usage().bytes - before).toBeLessThan(2000);
	});

	test("but not that of a buffer of which the array is a part", () => {
		const whole = new Float32Array(4).fill(7);
		fromOwnBlob(whole.subarray(1, 3), [2]).dispose();
		torch.fromBlob(new Uint8Array(1));
		expect([...whole]).toEqual([7, 7, 7, 7]);
	});

	test("as does a collection, while V8 has not been told of other tensors yet", () => {
		for (let i = 0; i < 100; i++) {
			fromOwnBlob(new Float32Array(1 << 16), [1 << 16]);
			torch.zeros([15_000]);
			native.collectGarbage();
		}
		expect(torch.memoryUsage().bytes).toBeLessThan(100 * 2 ** 18);
	});

	test("calls who wants to know, instead, and is not stopped by what that throws", () => {
		let released = 0;
		const array = new Float32Array(2);
		const tell = () => {
			released++;
			throw new Error("not heard");
		};
		const x = fromOwnBlob(array, [2], "float32", tell);
		x.dispose();
		torch.fromBlob(new Uint8Array(1));
		expect([released, array.length]).toEqual([1, 2]);
	});

	test("and before V8 collects the array, where nobody disposes of anything", () => {
		const arrays = Array.from({ length: 200 }, () => {
			const array = new Float32Array(1 << 18);
			fromOwnBlob(array, [1 << 18]).add(1);
			return array;
		});
		const freed = arrays.filter((array) => array.length === 0);
		expect(freed.length).toBeGreaterThan(100);
	});
});

describe("fromBlob", () => {
	test("shares the array's memory both ways", () => {
		const array = Float32Array.of(1, 2, 3, 4, 5, 6);
		const x = torch.fromBlob(array, [2, 3]);
		expect(x.tolist()).toEqual([
			[1, 2, 3],
			[4, 5, 6],
		]);
		x.mul_(2);
		expect([...array]).toEqual([2, 4, 6, 8, 10, 12]);
		array[5] = -1;
		expect(x.index(1, 2).item()).toBe(-1);
		x.t().index(0).fill_(7);
		expect([...array]).toEqual([7, 4, 6, 7, 10, -1]);
	});

	test("takes a part of a buffer, and leaves the rest alone", () => {
		const whole = new Int32Array(6);
		const x = torch.fromBlob(new Int32Array(whole.buffer, 8, 3));
		expect([x.shape, x.dtype]).toEqual([[3], "int32"]);
		x.fill_(9);
		expect([...whole]).toEqual([0, 0, 9, 9, 9, 0]);
	});

	test.each<[ArrayBufferView & { length: number }, torch.DType]>([
		[new Float32Array(4), "float32"],
		[new Float64Array(4), "float64"],
		[new BigInt64Array(4), "int64"],
		[new BigUint64Array(4), "uint64"],
		[new Int32Array(4), "int32"],
		[new Uint32Array(4), "uint32"],
		[new Int16Array(4), "int16"],
		[new Uint16Array(4), "uint16"],
		[new Int8Array(4), "int8"],
		[new Uint8Array(4), "uint8"],
		[new Uint8ClampedArray(4), "uint8"],
		[Buffer.alloc(4), "uint8"],
	])(
		"%#: has the array's dtype, and copies of torch.tensor too",
		(array, dtype) => {
			for (const make of [torch.fromBlob, torch.tensor]) {
				const x = make(array as torch.TypedArray);
				expect([x.dtype, x.shape]).toEqual([dtype, [4]]);
			}
			torch.tensor(array as torch.TypedArray).fill_(1);
			expect(new Uint8Array(array.buffer, array.byteOffset, 4)).toEqual(
				new Uint8Array(4),
			);
			torch.fromBlob(array as torch.TypedArray).fill_(1);
			expect(Number((array as Uint8Array)[3])).toBe(1);
		},
	);

	test("reads bits and pairs where the dtype says so", () => {
		const of = (array: torch.TypedArray, dtype: torch.DType) =>
			torch.fromBlob(array, undefined, { dtype }).tolist();
		expect(of(Uint16Array.of(0x3c00, 0xc000), "float16")).toEqual([1, -2]);
		expect(of(Uint16Array.of(0x3f80, 0xc000), "bfloat16")).toEqual([1, -2]);
		expect(of(Float32Array.of(1, 2, 3, 4), "complex64")).toEqual([
			{ re: 1, im: 2 },
			{ re: 3, im: 4 },
		]);
		expect(of(Uint8Array.of(1, 0), "bool")).toEqual([true, false]);
		expect(
			torch.fromBlob(new Uint8Array(8), [2], { dtype: "float32" }).tolist(),
		).toEqual([0, 0]);
	});

	test("shares a SharedArrayBuffer", () => {
		const array = new Float64Array(new SharedArrayBuffer(16));
		const x = torch.fromBlob(array);
		x.fill_(3);
		array[1] = 4;
		expect([[...array], x.tolist()]).toEqual([
			[3, 4],
			[3, 4],
		]);
	});

	test("keeps the memory after the array is collected", () => {
		const make = () =>
			torch.fromBlob(new Float32Array(50_000).fill(7)).slice(0, 10, 20);
		const views = Array.from({ length: 50 }, make);
		native.collectGarbage();
		for (let i = 0; i < 50; i++) new Float32Array(50_000).fill(i);
		expect(views.every((v) => v.eq(7).all().item())).toBe(true);
	});

	test("keeps the memory usable after the tensor is disposed of", () => {
		const array = new Float32Array(4);
		torch.fromBlob(array).fill_(2).dispose();
		native.collectGarbage();
		expect([...array]).toEqual([2, 2, 2, 2]);
	});

	test("its memory cannot be moved away to another thread", () => {
		const array = Float32Array.of(1, 2);
		const x = torch.fromBlob(array);
		try {
			structuredClone(array.buffer, { transfer: [array.buffer] }); // some versions copy, others refuse
		} catch {}
		expect([array.length, x.tolist()]).toEqual([2, [1, 2]]);
	});

	const detached = new Float32Array(4);
	structuredClone(detached.buffer, { transfer: [detached.buffer] });
	const four = new Float32Array(4);
	const resizable = new (
		ArrayBuffer as unknown as new (
			n: number,
			o: object,
		) => ArrayBuffer
	)(16, { maxByteLength: 64 });

	test.each<[string, () => unknown, string]>([
		[
			"another number of elements",
			() => torch.fromBlob(four, [2, 3]),
			"fromBlob: data: expected 24 bytes for this shape and dtype, got 16",
		],
		[
			"fewer elements",
			() => torch.fromBlob(four, [3]),
			"fromBlob: data: expected 12 bytes",
		],
		[
			"another width",
			() => torch.fromBlob(four, [4], { dtype: "int64" }),
			"fromBlob: data: expected 32 bytes",
		],
		[
			"a negative size",
			() => torch.fromBlob(four, [-4]),
			"fromBlob: shape: sizes may not be negative",
		],
		[
			"half a size",
			() => torch.fromBlob(four, [2.5]),
			"fromBlob: shape: expected integer",
		],
		[
			"a huge size",
			() => torch.fromBlob(four, [2 ** 40, 2 ** 40]),
			"fromBlob: shape: more elements than memory can hold",
		],
		[
			"a number as shape",
			() => torch.fromBlob(four, 4 as never),
			"fromBlob: shape: expected integer[], got number 4",
		],
		[
			"half a complex number",
			() =>
				torch.fromBlob(new Float32Array(3), undefined, { dtype: "complex64" }),
			"fromBlob: data: complex numbers take two elements each",
		],
		[
			"misaligned data",
			() =>
				torch.fromBlob(new Uint8Array(new ArrayBuffer(12), 1, 8), [2], {
					dtype: "float32",
				}),
			"fromBlob: data: the data must be aligned to the size of its dtype",
		],
		[
			"a detached buffer",
			() => torch.fromBlob(detached),
			"fromBlob: data: the buffer has been detached",
		],
		[
			"a resizable buffer",
			() => torch.fromBlob(new Float32Array(resizable)),
			"fromBlob: data: the memory of a resizable buffer may go",
		],
		[
			"an array",
			() => torch.fromBlob([1, 2] as never),
			"fromBlob: data: expected typed array, got [1, 2]",
		],
		[
			"a DataView",
			() => torch.fromBlob(new DataView(four.buffer) as never),
			"fromBlob: data: expected typed array, got DataView",
		],
		[
			"an ArrayBuffer",
			() => torch.fromBlob(four.buffer as never),
			"fromBlob: data: expected typed array, got ArrayBuffer",
		],
		[
			"an unknown dtype",
			() => torch.fromBlob(four, [4], { dtype: "float" as never }),
			"fromBlob: dtype: expected one of float32, float64",
		],
		[
			"an unknown option",
			() => torch.fromBlob(four, [4], { device: "cpu" } as never),
			"fromBlob: device: unknown option; known are dtype",
		],
	])("%s is refused", (_name, act, message) => {
		if (message.includes("resizable") && !("resizable" in resizable)) return; // a Node without them
		expect(act).toThrow(message);
		expect(act).toThrow(torch.TorchError);
	});
});

describe("dispose", () => {
	test("frees, once or twice, and says so", () => {
		const before = usage();
		const x = torch.ones(10_000);
		const during = torch.memoryUsage();
		x.dispose();
		const after = torch.memoryUsage();
		x.dispose();
		expect(during.tensors).toBe(before.tensors + 1);
		expect(during.bytes - before.bytes).toBeGreaterThanOrEqual(40_000);
		expect(after.bytes).toBe(before.bytes);
		expect(torch.memoryUsage().bytes).toBe(before.bytes);
		expect([x.isDisposed, String(x), torch.isTensor(x)]).toEqual([
			true,
			"tensor(<disposed>)",
			true,
		]);
	});

	test("of a view or a base leaves the other", () => {
		const before = usage().bytes;
		const base = torch.arange(1000);
		const alone = torch.memoryUsage().bytes;
		const view = base.slice(0, 10, 12);
		const both = torch.memoryUsage().bytes;
		base.dispose();
		const without = torch.memoryUsage().bytes;
		const values = view.tolist();
		view.dispose();
		const after = usage().bytes;
		expect([both - alone, without, after]).toEqual([512, alone, before]); // the storage counts once
		expect(values).toEqual([10, 11]);
	});

	test("leaves what autograd saved", () => {
		const x = torch.tensor([2, 3], { dtype: "float32", requiresGrad: true });
		const square = x.mul(x);
		const sum = square.sum();
		square.dispose();
		sum.backward();
		expect(x.grad?.tolist()).toEqual([4, 6]);
	});

	const x = torch.ones(2, 3);
	const y = torch.ones(2, 3);
	x.dispose();

	test.each<[string, () => unknown]>([
		["shape", () => x.shape],
		["dtype", () => x.dtype],
		["numel", () => x.numel()],
		["stride", () => x.stride()],
		["item", () => x.item()],
		["tolist", () => x.tolist()],
		["toTypedArray", () => x.toTypedArray()],
		["a method", () => x.add(1)],
		["an argument", () => y.add(x)],
		["a list", () => torch.cat([y, x])],
		["a named argument", () => torch.add(y, { other: x } as never)],
		["index", () => x.index(0)],
		["an index", () => y.index(x)],
		["setIndex", () => y.setIndex([0], x)],
		["iteration", () => [...x]],
		["to", () => x.to("int64")],
		["torch.tensor", () => torch.tensor(x)],
		["grad", () => x.grad],
		[
			"setting grad",
			() => {
				y.grad = x;
			},
		],
		["requiresGrad", () => x.requiresGrad],
		[
			"setting requiresGrad",
			() => {
				x.requiresGrad = true;
			},
		],
		["backward", () => x.backward()],
		["autograd.grad", () => torch.autograd.grad(y, x)],
		[
			"setting data",
			() => {
				y.data = x;
			},
		],
		["in place", () => x.add_(1)],
		["a random state", () => torch.setRngState(x)],
	])("use afterwards is an error with a name: %s", (_name, act) => {
		expect(act).toThrow(disposed);
		expect(act).toThrow(expect.objectContaining({ code: "ERR_DISPOSED" }));
	});

	test("comes at the end of a block with using", () => {
		let outer: torch.Tensor;
		{
			using x = torch.ones(2);
			outer = x;
			expect(x.sum().item()).toBe(2);
		}
		expect(outer.isDisposed).toBe(true);
		const leave = () => {
			using x = torch.ones(2);
			outer = x;
			throw new Error("left");
		};
		expect(leave).toThrow("left");
		expect(outer.isDisposed).toBe(true);
	});
});

describe("scope", () => {
	test("frees what it made, but for what it returns", () => {
		const made: torch.Tensor[] = [];
		const note = <T extends torch.Tensor>(t: T): T => {
			made.push(t);
			return t;
		};
		const result = torch.scope(() => {
			const x = note(torch.ones(3));
			return note(x.add(1));
		});
		expect(made.map((t) => t.isDisposed)).toEqual([true, false]);
		expect(result.tolist()).toEqual([2, 2, 2]);
		result.dispose();
	});

	test("finds results in arrays, objects, maps and sets, also in circles", () => {
		const one = () => torch.ones(1);
		const result = torch.scope(() => {
			const circle: { self?: unknown; t: torch.Tensor } = { t: one() };
			circle.self = circle;
			return {
				list: [one(), [one()]],
				map: new Map([["a", one()]]),
				set: new Set([one()]),
				circle,
				none: null,
			};
		});
		const found = [
			result.list[0],
			(result.list[1] as torch.Tensor[])[0],
			result.map.get("a"),
			...result.set,
			result.circle.t,
		];
		expect(found.map((t) => (t as torch.Tensor).isDisposed)).toEqual(
			Array(5).fill(false),
		);
	});

	test("leaves what was made outside, and what is kept", () => {
		const outside = torch.ones(2);
		let kept: torch.Tensor | undefined;
		let lost: torch.Tensor | undefined;
		const nothing = torch.scope(() => {
			kept = torch.keep(outside.add(1));
			lost = outside.add(2);
		});
		expect([
			nothing,
			outside.isDisposed,
			kept?.isDisposed,
			lost?.isDisposed,
		]).toEqual([undefined, false, false, true]);
	});

	test("nests: an inner result belongs to the outer scope", () => {
		let inner: torch.Tensor | undefined;
		let kept: torch.Tensor | undefined;
		const result = torch.scope(() => {
			inner = torch.scope(() => {
				kept = torch.keep(torch.ones(1));
				return torch.ones(2).mul(3);
			});
			expect(inner.isDisposed).toBe(false);
			return inner.sum();
		});
		expect([inner?.isDisposed, kept?.isDisposed, result.item()]).toEqual([
			true,
			false,
			6,
		]);
	});

	test("frees when an error leaves it, inner and outer", () => {
		const made: torch.Tensor[] = [];
		const act = () =>
			torch.scope(() => {
				made.push(torch.ones(2));
				torch.scope(() => {
					made.push(torch.ones(2));
					torch.ones(2).matmul(torch.ones(3));
				});
			});
		expect(act).toThrow("matmul");
		expect(made.map((t) => t.isDisposed)).toEqual([true, true]);
		const after = torch.ones(1); // no scope is left open
		expect(after.isDisposed).toBe(false);
	});

	test("frees results of several tensors, views and rows", () => {
		const made: torch.Tensor[] = [];
		const base = torch.arange(6).reshape(2, 3);
		torch.scope(() => {
			made.push(...base.max(1), ...base, base.index(0), base.t());
		});
		expect(made.every((t) => t.isDisposed)).toBe(true);
		expect(base.sum().item()).toBe(15);
	});

	test("gradients live on", () => {
		const x = torch.ones(2, { requiresGrad: true });
		torch.scope(() => x.mul(3).sum().backward());
		expect(x.grad?.tolist()).toEqual([3, 3]);
		const loss = torch.scope(() => x.mul(x).exp().sum());
		loss.backward();
		expect(x.grad?.isDisposed).toBe(false);
	});

	test.each<[() => unknown, string]>([
		[
			() => torch.scope(5 as never),
			"scope: fn: expected function, got number 5",
		],
		[
			() => torch.scope(async () => 1),
			"scope: fn: expected a function that is not async",
		],
		[
			() => torch.keep(5 as never),
			"keep: tensor: expected Tensor, got number 5",
		],
	])("%s is refused", (act, message) => {
		expect(act).toThrow(message);
		expect(act).toThrow(torch.TorchError);
	});
});

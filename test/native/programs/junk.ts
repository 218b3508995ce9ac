/** Values that no function expects. Each is made anew for each call, since a call may use it up. */
import * as torch from "../../../lib/index.ts";

/** What hostile values throw in the middle of a call. */
export const planted = new Error("planted");

/** Tensors for one call. They are kept from the garbage collector, but not from `dispose`. */
export interface Given {
	tensor: torch.Tensor;
	disposed: torch.Tensor;
	generator: torch.Generator;
}

export function given(): Given {
	const disposed = torch.ones([2]);
	disposed.dispose();
	return {
		tensor: torch.ones([2, 3]),
		disposed,
		generator: new torch.Generator(),
	};
}

function listWith(get: () => unknown): unknown[] {
	return Object.defineProperty([1, 1], 1, { get });
}

function throwPlanted(): never {
	throw planted;
}

function detached(): ArrayBuffer {
	const buffer = new ArrayBuffer(24);
	structuredClone(buffer, { transfer: [buffer] });
	return buffer;
}

function resizable(): ArrayBuffer & { resize(bytes: number): void } {
	const Resizable = ArrayBuffer as unknown as new (
		bytes: number,
		options: { maxByteLength: number },
	) => ArrayBuffer & { resize(bytes: number): void };
	return new Resizable(24, { maxByteLength: 48 });
}

function shrunk(): Float32Array {
	const buffer = resizable();
	const view = new Float32Array(buffer, 8, 4);
	buffer.resize(12);
	return view;
}

const hostileHandler = new Proxy({}, { get: throwPlanted });

/** Plain wrong values: what any caller may mistake for the right one. */
export const plain: readonly ((given: Given) => unknown)[] = [
	() => undefined,
	() => null,
	() => true,
	() => false,
	() => Number.NaN,
	() => Number.POSITIVE_INFINITY,
	() => Number.NEGATIVE_INFINITY,
	() => -0,
	() => 0,
	() => 1,
	() => 2,
	() => -1,
	() => -2,
	() => 0.5,
	() => 2 ** 31 - 1,
	() => 2 ** 31,
	() => -(2 ** 31),
	() => 2 ** 32,
	() => 2 ** 53,
	() => -(2 ** 53),
	() => 1e300,
	() => 5e-324,
	() => 0n,
	() => 3n,
	() => 2n ** 63n - 1n,
	() => -(2n ** 63n),
	() => 2n ** 63n,
	() => 2n ** 64n,
	() => -(2n ** 70n),
	() => "",
	() => "x",
	() => "float32",
	() => "cpu",
	() => "meta",
	() => "cuda:0",
	() => "cpu:99999999999999999999",
	() => "\0\uD800",
	() => "y".repeat(100_000),
	() => Symbol("s"),
	() => () => 1,
	() => class {},
	() => ({}),
	() => ({ re: 1, im: 2 }),
	() => ({ re: 1, im: "x" }),
	() => Object.create(null),
	() => Object.freeze({}),
	() => new Date(0),
	() => /x/,
	() => new Map(),
	() => Promise.resolve(1),
	() => [],
	() => [0],
	() => [1, 2],
	() => [2, 3],
	() => [-1],
	() => [Number.NaN],
	() => [0.5],
	() => [2 ** 53],
	() => [2 ** 31, 2 ** 31, 2 ** 31],
	() => [2n ** 62n, 4],
	() => [2n ** 63n - 1n],
	() => [undefined],
	() => [null, null],
	() => ["x"],
	() => [[1]],
	() => [true],
	() => [{}],
	() => [Symbol("s")],
	() => new Array(100),
	() => Array.from({ length: 1000 }, () => 1),
	() => new Uint8Array(24),
	() => new Float32Array(6),
	() => new Float32Array(0),
	() => new Float64Array(3),
	() => new BigInt64Array(3),
	() => new DataView(new ArrayBuffer(24)),
	() => new ArrayBuffer(24),
	() => new ArrayBuffer(0),
	() => new SharedArrayBuffer(24),
	() => new Float32Array(new SharedArrayBuffer(24)),
	() => new Float32Array(new ArrayBuffer(32), 4, 6),
	() => Buffer.from("abcdef"),
	() => detached(),
	() => {
		const view = new Float32Array(6);
		structuredClone(view.buffer, { transfer: [view.buffer] });
		return view;
	},
	() => resizable(),
	() => new Float32Array(resizable()),
	() => shrunk(),
	({ tensor }) => tensor,
	({ tensor }) => [tensor],
	({ disposed }) => disposed,
	({ disposed }) => [disposed],
	({ generator }) => generator,
];

/** Values that run code in the midst of a call. What that throws is `planted`, or the engine's own TypeError. */
export const hostile: readonly ((given: Given) => unknown)[] = [
	() => listWith(throwPlanted),
	({ tensor }) =>
		listWith(() => {
			tensor.dispose();
			return 1;
		}),
	({ tensor }) =>
		listWith(() => {
			tensor.dispose();
			globalThis.gc?.();
			for (let i = 0; i < 10; i++) torch.ones([2, 3]);
			return 2;
		}),
	() => new Proxy([1, 2], {}),
	() => new Proxy({}, hostileHandler),
	() => new Proxy([1], hostileHandler),
	() => new Proxy(() => 1, hostileHandler),
	() => {
		const { proxy, revoke } = Proxy.revocable({}, {});
		revoke();
		return proxy;
	},
	() => ({
		get re() {
			return throwPlanted();
		},
		im: 1,
	}),
	({ tensor }) => ({
		get re() {
			tensor.dispose();
			return 1;
		},
		im: 1,
	}),
	() => ({
		valueOf: throwPlanted,
		toString: throwPlanted,
		[Symbol.toPrimitive]: throwPlanted,
	}),
];

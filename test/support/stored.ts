/** Reads what scripts/fixtures/stored.py writes, and compares tensors with it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";

/** A tensor's bytes in little endian, base64. */
export interface Stored {
	dtype: torch.DType;
	shape: number[];
	data: string;
	/** It requires gradients. */
	grad?: boolean;
}

export function fixture<T>(path: string): T {
	return JSON.parse(
		readFileSync(join(__dirname, "../fixtures", path), "utf8"),
	) as T;
}

export function isStored(value: unknown): value is Stored {
	return typeof value === "object" && value !== null && "data" in value;
}

const bits = {
	1: Uint8Array,
	2: Uint16Array,
	4: Int32Array,
	8: BigInt64Array,
	16: Float64Array,
};
const arrays: Partial<Record<torch.DType, typeof Float32Array>> = {
	float32: Float32Array,
	complex64: Float32Array,
	float64: Float64Array as never,
	complex128: Float64Array as never,
	complex32: Uint16Array as never,
	int8: Int8Array as never,
	int16: Int16Array as never,
	uint32: Uint32Array as never,
	uint64: BigUint64Array as never,
};

export function tensor({ dtype, shape, data, grad }: Stored): torch.Tensor {
	const bytes = new Uint8Array(Buffer.from(data, "base64"));
	const count = shape.reduce((product, size) => product * size, 1);
	const Values = (arrays[dtype] ??
		bits[(bytes.length / count || 1) as keyof typeof bits]) as never as new (
		buffer: ArrayBuffer,
	) => Float32Array;
	const made = torch
		.fromBlob(new Values(bytes.buffer), shape, { dtype })
		.clone();
	return grad ? made.requiresGrad_() : made;
}

/** A fixture's value: stored tensors become tensors, {"is": kind} what JSON cannot say, at any depth. */
export function revive(value: unknown): unknown {
	if (isStored(value)) return tensor(value);
	if (Array.isArray(value)) return value.map(revive);
	if (typeof value !== "object" || value === null) return value;
	if (!("is" in value))
		return Object.fromEntries(
			Object.entries(value).map(([key, each]) => [key, revive(each)]),
		);
	const { is, value: inner } = value as { is: string; value: unknown };
	if (is === "bigint") return BigInt(inner as string);
	if (is === "number") return Number(inner);
	const [re, im] = (inner as unknown[]).map(revive);
	return { re, im };
}

/** What rounding in another order may change, relative and absolute. */
const tolerances: Partial<Record<torch.DType, number>> = {
	float32: 1e-5,
	complex64: 1e-5,
	float64: 1e-12,
	complex128: 1e-12,
	float16: 2e-3,
	bfloat16: 1e-2,
};

const real = (t: torch.Tensor): torch.Tensor =>
	t.isComplex() ? torch.viewAsReal(t.resolveConj()) : t;

const numbers = (t: torch.Tensor): number[] =>
	real(t.detach().toDense()).to("float64").reshape([-1]).toArray() as number[];

function isClose(a: number, b: number, tolerance: number): boolean {
	return (
		Object.is(a, b) ||
		a === b ||
		Math.abs(a - b) <= tolerance * (1 + Math.abs(b))
	);
}

/** Holds dtype, shape and numbers equal: up to rounding in another order, or with `exact` bit for bit. */
export function expectTensor(
	actual: torch.Tensor,
	stored: Stored,
	{
		what = "tensor",
		exact = false,
		tolerance = tolerances[stored.dtype] ?? 0,
	} = {},
): void {
	const { dtype, shape } = actual;
	expect({ what, dtype, shape }).toEqual({
		what,
		dtype: stored.dtype,
		shape: stored.shape,
	});
	if (exact) {
		const { buffer } = actual.toTypedArray();
		expect(Buffer.from(buffer).toString("base64")).toBe(stored.data);
		return;
	}
	const [found, wanted] = [numbers(actual), numbers(tensor(stored))];
	const off = found.findIndex(
		(x, i) => !isClose(x, wanted[i] as number, tolerance),
	);
	if (off >= 0)
		throw new Error(
			`${what}: element ${off} is ${found[off]}, PyTorch has ${wanted[off]}`,
		);
}

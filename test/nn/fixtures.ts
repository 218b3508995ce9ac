/** Reads what scripts/fixtures/nn.py wrote. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as torch from "../../lib/index.ts";

/** A tensor in a fixture: its numbers in little endian, base64. */
export interface Stored {
	dtype: "float32" | "float64" | "bfloat16" | "int64" | "int32" | "bool";
	shape: number[];
	data: string;
}

export function fixture<T>(name: string): T {
	const bytes = readFileSync(join(__dirname, "../fixtures/nn", name));
	const text = name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
	return JSON.parse(text.toString()) as T;
}

export function isStored(value: unknown): value is Stored {
	return (
		typeof value === "object" &&
		value !== null &&
		"data" in value &&
		"dtype" in value
	);
}

export function tensor(stored: Stored): torch.Tensor {
	const { buffer, byteOffset, length } = Buffer.from(stored.data, "base64");
	const bytes = buffer.slice(byteOffset, byteOffset + length);
	const { dtype, shape } = stored;
	if (dtype === "float32")
		return torch.tensor(new Float32Array(bytes)).reshape(shape);
	if (dtype === "float64")
		return torch.tensor(new Float64Array(bytes)).reshape(shape);
	if (dtype === "int32")
		return torch.tensor(new Int32Array(bytes)).reshape(shape);
	if (dtype === "bool")
		return torch.tensor(new Uint8Array(bytes)).to("bool").reshape(shape);
	if (dtype === "int64")
		return torch.tensor(new BigInt64Array(bytes)).reshape(shape);
	// A bfloat16 is the upper half of a float32.
	const wide = new Float32Array(
		Uint32Array.from(new Uint16Array(bytes), (half) => half << 16).buffer,
	);
	return torch.tensor(wide).to("bfloat16").reshape(shape);
}

/** A fixture's arguments: stored tensors become tensors, and what is to be made is made, at any depth. */
export function revive(value: unknown): unknown {
	if (isStored(value)) return tensor(value);
	if (Array.isArray(value)) return value.map(revive);
	if (typeof value !== "object" || value === null) return value;
	if ("new" in value) return make(value as Made);
	return Object.fromEntries(
		Object.entries(value).map(([key, each]) => [key, revive(each)]),
	);
}

/** A module among the arguments of another. */
interface Made {
	new: string;
	args: unknown[];
	options: Record<string, unknown>;
}

function make({ new: name, args, options }: Made): unknown {
	const Class = torch.nn[name as keyof typeof torch.nn] as unknown as new (
		...args: unknown[]
	) => unknown;
	return new Class(...(revive(args) as unknown[]), revive(options));
}

/** Holds dtype, shape and every number equal, up to the rounding that another number of threads or vector width brings. */
export function expectTensor(
	actual: torch.Tensor,
	stored: Stored,
	what = "tensor",
): void {
	const { dtype, shape } = actual;
	expect({ what, dtype, shape }).toEqual({
		what,
		dtype: stored.dtype,
		shape: stored.shape,
	});
	const tolerance = {
		float32: 1e-5,
		float64: 1e-12,
		bfloat16: 1e-2,
		int64: 0,
		int32: 0,
		bool: 0,
	}[stored.dtype];
	const wanted = numbers(tensor(stored));
	const off = numbers(actual).findIndex(
		(x, i) => !isClose(x, wanted[i] as number, tolerance),
	);
	if (off >= 0)
		throw new Error(
			`${what}: element ${off} is ${numbers(actual)[off]}, PyTorch has ${wanted[off]}`,
		);
}

function numbers(t: torch.Tensor): number[] {
	return (
		t.detach().toDense().to("float64").reshape([-1]).tolist() as number[]
	).map(Number);
}

function isClose(a: number, b: number, tolerance: number): boolean {
	return Object.is(a, b) || Math.abs(a - b) <= tolerance * (1 + Math.abs(b));
}

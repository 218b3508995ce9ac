/** Reads what scripts/fixtures/nn.py wrote. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as torch from "../../lib/index.ts";

/** A tensor in a fixture: its numbers in little endian, base64. */
export interface Stored {
	dtype:
		| "float16"
		| "float32"
		| "float64"
		| "bfloat16"
		| "int64"
		| "int32"
		| "bool"
		| "float8_e4m3fn";
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

export function tensor({ dtype, shape, data }: Stored): torch.Tensor {
	const bytes = Uint8Array.from(Buffer.from(data, "base64"));
	return bytes.length === 0
		? torch.empty(shape, { dtype })
		: torch.fromBlob(bytes, [bytes.length]).view(dtype).view(shape);
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
		float16: 1e-3,
		int64: 0,
		int32: 0,
		bool: 0,
		float8_e4m3fn: 0,
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

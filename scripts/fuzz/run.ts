/** Runs a random program and holds what it gives: errors are this package's own, and results are whole. */
import { inspect } from "node:util";
import * as torch from "../../lib/index.ts";
import { functionOf } from "./callables.ts";
import { codeOfStep } from "./code.ts";
import type { Program, Start, Step } from "./program.ts";
import type { Value } from "./values.ts";

type Tensor = torch.Tensor;

/** Results beyond this are not kept: a program's later calls would take minutes. */
const mostBytes = 2 ** 22;

export interface Counts {
	steps: number;
	values: number;
}

function start({ shape, dtype, form }: Start): Tensor {
	const count = shape.reduce((product, size) => product * size, 1);
	const made = torch
		.arange(count)
		.remainder(7)
		.to(dtype as torch.DType)
		.reshape(shape);
	switch (form) {
		case "transposed":
			return made.dim() > 1 ? made.transpose(0, -1) : made;
		case "strided":
			return made.dim() > 0
				? torch.stack([made, made], -1).select(-1, 1)
				: made;
		case "expanded":
			return made.expand([2, ...shape]);
		case "huge":
			return made.expand([2 ** 14, ...shape]);
		case "endless":
			return made.to("meta").expand([2 ** 40, ...shape]);
		case "meta":
			return made.to("meta");
		case "recorded":
			return made.isFloatingPoint() || made.isComplex()
				? made.requiresGrad_()
				: made;
		case "sparse":
			return dtype.startsWith("uint") ? made : made.toSparse(); // LibTorch counts no other unsigned zeros
		default:
			return made;
	}
}

function make(value: Value, live: readonly Tensor[]): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map((v) => make(v, live));
	if ("tensor" in value) return live[value.tensor % live.length];
	if (!("make" in value)) return value;
	if (value.make === "generator") return new torch.Generator();
	if (value.make === "slice") return torch.slice(0, null, 2);
	const disposed = torch.ones(2);
	disposed.dispose();
	return disposed;
}

function isMkldnn(tensor: Tensor): boolean {
	try {
		return /mkldnn/.test(tensor.layout);
	} catch {
		return false; // disposed
	}
}

function call(step: Step, live: readonly Tensor[]): unknown {
	const given = step.positional.map((v) => make(v, live));
	const named = Object.entries(step.named);
	if (named.length > 0)
		given.push(Object.fromEntries(named.map(([k, v]) => [k, make(v, live)])));
	// LibTorch writes zeros of four bytes whatever the dtype is, and so beyond the end: in Python, too.
	const [first] = given;
	const isOpaque = first instanceof torch.Tensor && isMkldnn(first);
	if (isOpaque && step.name === "zero_") return undefined;
	if (!step.isMethod)
		return (functionOf(step.name) as (...args: unknown[]) => unknown)(...given);
	const self = given.shift() as Tensor;
	const method = Reflect.get(self, step.name) as (...a: unknown[]) => unknown;
	return method.apply(self, given);
}

/** A tensor's attributes agree with each other, and it can be shown. */
function checkTensor(tensor: Tensor): void {
	const { shape, dtype, device } = tensor;
	// a size beyond 2^53 is a bigint
	const count = shape.reduce((product, size) => product * Number(size), 1);
	const isExact = Number.isSafeInteger(count) && tensor.layout === "strided";
	if (isExact && tensor.numel() !== count)
		throw new Error(
			`shape [${shape}] has ${count} elements, not ${tensor.numel()}`,
		);
	if (dtype.length === 0 || device.length === 0) throw new Error("no dtype");
	if (!/^(nested_)?tensor\(/.test(String(tensor)))
		throw new Error(String(tensor));
}

function tensorsIn(result: unknown): Tensor[] {
	if (torch.isTensor(result)) return [result as Tensor];
	return Array.isArray(result) ? result.slice(0, 8).flatMap(tensorsIn) : [];
}

const isDisposed = (error: unknown): boolean =>
	error instanceof torch.TorchError && error.code === "ERR_DISPOSED";

/** Bytes of a tensor's elements as they are counted, though a view may have fewer. */
function bytesOf(tensor: Tensor): number {
	return tensor.device === "meta"
		? 0
		: Number(tensor.numel()) * tensor.elementSize();
}

/** `before` hears of each step before it is taken. Throws where a step's end is neither a whole value nor a TorchError that names its operator. */
export function run(
	{ starts, steps }: Program,
	counts: Counts,
	before: (step: number) => void,
): void {
	torch.manualSeed(0);
	const live = starts.map(start);
	for (const [i, step] of steps.entries()) {
		before(i);
		counts.steps++;
		let result: unknown;
		try {
			result = call(step, live);
			counts.values++;
		} catch (error) {
			if (error instanceof torch.TorchError && error.op && error.code) continue;
			throw new Error(`${codeOfStep(step)}: ${inspect(error).slice(0, 1500)}`);
		}
		for (const tensor of tensorsIn(result)) {
			try {
				checkTensor(tensor);
				if (bytesOf(tensor) <= mostBytes) live.push(tensor);
			} catch (error) {
				if (isDisposed(error)) continue;
				throw new Error(
					`${codeOfStep(step)} gives a broken tensor: ${inspect(error).slice(0, 1500)}`,
				);
			}
		}
	}
}

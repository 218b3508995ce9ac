import { readFileSync } from "node:fs";
import * as torch from "../../lib/index.ts";
import { Adam, AdamW, type Params, SGD } from "../../lib/optim/index.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";

export type FloatType = "float32" | "float64";

export const shapes = [[4, 3], [5], [2, 3, 3]];

function file(name: string): Buffer {
	return readFileSync(new URL(`../fixtures/optim/${name}`, import.meta.url));
}

export function readJson<T>(name: string): T {
	return JSON.parse(file(name).toString()) as T;
}

let bytes: ArrayBuffer | undefined;

/** `count` tensors (by default one of each shape) that begin at a byte of values.bin. */
export function readTensors(
	offset: number,
	dtype: FloatType,
	list: number[][] = shapes,
): Tensor[] {
	if (!bytes) {
		const { buffer, byteOffset, byteLength } = file("values.bin");
		bytes = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
	}
	const memory = bytes;
	const Numbers = dtype === "float32" ? Float32Array : Float64Array;
	let at = offset;
	return list.map((shape) => {
		const count = shape.reduce((a, b) => a * b, 1);
		const numbers = new Numbers(memory, at, count);
		at += numbers.byteLength;
		return torch.fromBlob(numbers.slice(), shape);
	});
}

/** `times` times the shapes. */
export function repeated(times: number): number[][] {
	return Array.from({ length: times }, () => shapes).flat();
}

export function numbersOf(x: Tensor): number[] {
	return Array.from(x.detach().contiguous().toTypedArray() as Float64Array);
}

/** Each number within `relative` of what is expected; 0: the same bits. */
export function expectClose(
	actual: Tensor,
	expected: Tensor,
	relative: number,
): void {
	expect(actual.dtype).toBe(expected.dtype);
	expect(actual.shape).toEqual(expected.shape);
	const wanted = numbersOf(expected);
	if (relative === 0) {
		expect(numbersOf(actual)).toEqual(wanted);
		return;
	}
	const worst = Math.max(
		...numbersOf(actual).map(
			(x, i) =>
				Math.abs(x - (wanted[i] as number)) /
				(Math.abs(wanted[i] as number) + 1e-12),
		),
	);
	expect(worst).toBeLessThanOrEqual(relative);
}

/** PyTorch's keyword arguments under the names that options have here. */
export function camelOptions(options: object): { [name: string]: unknown } {
	return Object.fromEntries(
		Object.entries(options).map(([name, value]) => [
			name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
			value,
		]),
	);
}

export type OptimizerName = "SGD" | "Adam" | "AdamW";

/** An optimiser by its name, with options that the compiler does not know. */
export function make(
	name: OptimizerName,
	params: Iterable<Tensor> | Iterable<object>,
	options: object,
): SGD | Adam | AdamW {
	const Class = { SGD, Adam, AdamW }[name] as new (
		params: Params<never>,
		options: object,
	) => SGD | Adam | AdamW;
	return new Class(params as Params<never>, options);
}

export function leaves(tensors: Tensor[]): Tensor[] {
	return tensors.map((t) => t.clone().requiresGrad_(true));
}

/** Sets gradients; null: none. */
export function setGrads(params: Tensor[], grads: (Tensor | null)[]): void {
	for (const [i, param] of params.entries())
		param.grad = grads[i]?.clone() ?? null;
}

/** What scripts/fixtures/vision_geometry.py wrote: tensors of all kinds, and samples of them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { tensor } from "../../../lib/tensor/creation.ts";
import { Tensor } from "../../../lib/tensor/tensor.ts";
import {
	BoundingBoxes,
	type BoundingBoxFormat,
	type CanvasSize,
	type ClampingMode,
	Image,
	KeyPoints,
	Mask,
	Video,
} from "../../../lib/vision/tvTensors/index.ts";

interface SavedTensor {
	dtype: keyof typeof arrays;
	shape: number[];
	/** The bytes, in base64. */
	data: string;
	kind?: "Image" | "Video" | "Mask" | "BoundingBoxes" | "KeyPoints";
	format?: BoundingBoxFormat;
	canvasSize?: CanvasSize;
	clampingMode?: ClampingMode;
}

/** A tensor, a tuple, a sample as a list of fields, or plain. */
export type Saved =
	| SavedTensor
	| { tuple: Saved[] }
	| [name: string, value: Saved][]
	| number;

const arrays = {
	uint8: Uint8Array,
	bool: Uint8Array,
	int16: Int16Array,
	int64: BigInt64Array,
	float32: Float32Array,
	float64: Float64Array,
};

export function readFixtures<T>(name: string): T {
	const file = join(__dirname, "../../fixtures/vision_geometry", name);
	return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

export function restore(saved: Saved): unknown {
	if (typeof saved === "number") return saved;
	if (Array.isArray(saved)) {
		return Object.fromEntries(
			saved.map(([name, value]) => [name, restore(value)]),
		);
	}
	return "tuple" in saved ? saved.tuple.map(restore) : restoreTensor(saved);
}

function restoreTensor(saved: SavedTensor): Tensor {
	const { dtype, shape, data, kind } = saved;
	const bytes = new Uint8Array(Buffer.from(data, "base64"));
	const plain = tensor(new arrays[dtype](bytes.buffer))
		.reshape(shape)
		.to(dtype);
	const { format, canvasSize, clampingMode } = saved as Required<SavedTensor>;
	switch (kind) {
		case "Image":
			return new Image(plain);
		case "Video":
			return new Video(plain);
		case "Mask":
			return new Mask(plain);
		case "BoundingBoxes":
			return new BoundingBoxes(plain, { format, canvasSize, clampingMode });
		case "KeyPoints":
			return new KeyPoints(plain, { canvasSize });
		default:
			return plain;
	}
}

/** What is told apart of a value: the class, dtype, shape, and what a kind has, without the numbers. */
function form(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(form);
	if (!(value instanceof Tensor)) {
		return typeof value === "object" && value !== null
			? Object.fromEntries(
					Object.entries(value).map(([name, item]) => [name, form(item)]),
				)
			: value;
	}
	const { dtype, shape } = value;
	const about = { ...(value as object) };
	return { kind: value.constructor.name, dtype, shape, about };
}

function tensorsOf(value: unknown): Tensor[] {
	if (value instanceof Tensor) return [value];
	return typeof value === "object" && value !== null
		? Object.values(value).flatMap(tensorsOf)
		: [];
}

/** Whole numbers have to be the same, floats up to 1e-5 (times the number, from 1 on). */
export function expectSame(actual: unknown, saved: Saved): void {
	const expected = restore(saved);
	expect(form(actual)).toEqual(form(expected));
	const theirs = tensorsOf(expected);
	for (const [i, ours] of tensorsOf(actual).entries()) {
		const their = theirs[i] as Tensor;
		if (!ours.isFloatingPoint()) {
			expect(ours.tolist()).toEqual(their.tolist());
		} else if (ours.numel() > 0) {
			const far = ours.sub(their).abs().div(their.abs().clampMin(1));
			const both = ours.isnan().logicalAnd(their.isnan());
			const worst = far.maskedFill(both, 0).max().item() as number;
			expect(worst).toBeLessThanOrEqual(1e-5);
		}
	}
}

/** A copy of what a sample holds, to see that nothing has changed. */
export function snapshot(value: unknown): unknown {
	return tensorsOf(value).map((t) => t.tolist());
}

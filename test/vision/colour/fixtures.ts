/** What scripts/fixtures/vision_colour.py wrote. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import "../../../lib/tensor/tensor.ts";
import { tensor } from "../../../lib/tensor/creation.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import { Video } from "../../../lib/vision/tvTensors/index.ts";

const arrays = {
	uint8: Uint8Array,
	int16: Int16Array,
	int32: Int32Array,
	int64: BigInt64Array,
	float32: Float32Array,
	float64: Float64Array,
};

export interface Saved {
	dtype: keyof typeof arrays;
	shape: number[];
	/** The bytes, in base64. */
	data: string;
}

export function readFixtures<T>(name: string): T {
	const file = join(__dirname, "../../fixtures/vision_colour", name);
	return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

export function restore({ dtype, shape, data }: Saved): Tensor {
	const bytes = new Uint8Array(Buffer.from(data, "base64"));
	return tensor(new arrays[dtype](bytes.buffer)).reshape(shape);
}

export const images = new Map(
	readFixtures<[string, Saved][]>("images.json.gz").map(([name, saved]) => [
		name,
		restore(saved),
	]),
);

export function imageOf(name: string): Tensor {
	const image = images.get(name);
	if (!image) throw new Error(`no image ${name}`);
	return image;
}

/** Whole numbers have to be the same, floats the same up to 1e-5. */
export function expectSame(actual: Tensor, saved: Saved): void {
	expect([actual.dtype, actual.shape]).toEqual([saved.dtype, saved.shape]);
	const expected = restore(saved);
	if (!saved.dtype.startsWith("float")) {
		expect(actual.toArray()).toEqual(expected.toArray());
	} else if (actual.numel() > 0) {
		const worst = actual.sub(expected).abs().max().item() as number;
		expect(worst).toBeLessThanOrEqual(1e-5);
	}
}

/** A transform that is called several times after a seed. */
export interface Case {
	name: string;
	args: unknown[];
	options: object;
	seed: number;
	image: string;
	kind: string;
	out: Saved[];
	next: number;
}

export function givenTo({
	image,
	kind,
}: {
	image: string;
	kind: string;
}): Tensor {
	return kind === "video" ? new Video(imageOf(image)) : imageOf(image);
}

export function expectCalls(
	transform: (image: Tensor) => Tensor,
	c: Case,
): void {
	const image = givenTo(c);
	const before = image.clone();
	for (const expected of c.out) {
		const result = transform(image);
		expectSame(result, expected);
		expect(result).toBeInstanceOf(image.constructor);
	}
	expect(image.equal(before)).toBe(true);
}

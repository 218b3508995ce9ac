/** What scripts/fixtures/vision.py wrote. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { tensor } from "../../lib/tensor/creation.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";

export interface SavedTensor {
	dtype: "uint8" | "float32" | "float64";
	shape: number[];
	/** The bytes, in base64. */
	data: string;
}

export function readFixtures<T>(name: string): T {
	const file = join(__dirname, "../fixtures/vision", name);
	return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

const arrays = {
	uint8: Uint8Array,
	float32: Float32Array,
	float64: Float64Array,
};

export function restore({ dtype, shape, data }: SavedTensor): Tensor {
	const bytes = new Uint8Array(Buffer.from(data, "base64"));
	return tensor(new arrays[dtype](bytes.buffer)).reshape(shape);
}

export const images = new Map(
	readFixtures<[string, SavedTensor][]>("images.json.gz").map(
		([name, saved]) => [name, restore(saved)],
	),
);

/** Bytes have to be the same, floats the same up to 1e-5. */
export function expectImage(actual: Tensor, saved: SavedTensor): void {
	expect([actual.dtype, actual.shape]).toEqual([saved.dtype, saved.shape]);
	const expected = restore(saved);
	if (saved.dtype === "uint8") {
		expect(actual.toArray()).toEqual(expected.toArray());
	} else if (actual.numel() > 0) {
		const worst = actual.sub(expected).abs().max().item() as number;
		expect(worst).toBeLessThanOrEqual(1e-5);
	}
}

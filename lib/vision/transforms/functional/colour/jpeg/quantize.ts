/** Coefficients rounded to multiples of what a quality allows: all that JPEG loses. The rest, Huffman's code, loses nothing and is left out. */
import { forward, inverse } from "./dct.ts";
import type { Plane } from "./sampling.ts";

/** The example tables of the JPEG standard (ITU-T T.81, K.1 and K.2), for quality 50. */
const luma = [
	16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16,
	24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109,
	103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
	72, 92, 95, 98, 112, 100, 103, 99,
];
const chroma = [
	17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56,
	99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
	99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
	99, 99, 99, 99, 99, 99, 99,
];

export interface Tables {
	luma: readonly number[];
	chroma: readonly number[];
}

/** The tables of a quality from 1 to 100. */
export function tablesOf(quality: number): Tables {
	const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
	const scale = (table: readonly number[]): number[] =>
		table.map((value) =>
			Math.min(Math.max(Math.floor((value * percent + 50) / 100), 1), 255),
		);
	return { luma: scale(luma), chroma: scale(chroma) };
}

/** The plane as it comes back; a block that reaches beyond it sees its last row and column repeated. */
export function quantize(plane: Plane, table: readonly number[]): Plane {
	const { data, width, height } = plane;
	const result = new Uint8Array(data.length);
	const block = new Int32Array(64);
	for (let top = 0; top < height; top += 8) {
		for (let left = 0; left < width; left += 8) {
			for (let i = 0; i < 64; i++) {
				const y = Math.min(top + (i >> 3), height - 1);
				const x = Math.min(left + (i & 7), width - 1);
				block[i] = (data[y * width + x] as number) - 128;
			}
			forward(block);
			for (let i = 0; i < 64; i++) {
				const step = table[i] as number;
				block[i] = rounded(block[i] as number, 8 * step) * step;
			}
			inverse(block);
			const rows = Math.min(8, height - top);
			const columns = Math.min(8, width - left);
			for (let y = 0; y < rows; y++) {
				for (let x = 0; x < columns; x++) {
					const value = (block[8 * y + x] as number) + 128;
					result[(top + y) * width + left + x] =
						value < 0 ? 0 : Math.min(value, 255);
				}
			}
		}
	}
	return { data: result, width, height };
}

/** value / divisor, halves away from 0. */
function rounded(value: number, divisor: number): number {
	const half = divisor >> 1;
	return value < 0
		? -Math.floor((half - value) / divisor)
		: Math.floor((value + half) / divisor);
}

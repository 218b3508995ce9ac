/** Chroma at half the size and back, as libjpeg does it (its "fancy" upsampling). */

/** A plane of bytes, row by row. */
export interface Plane {
	data: Uint8Array;
	width: number;
	height: number;
}

/**
 * Means of 2 × 2 pixels, halves rounded down and up in turn: as wide as blocks of 8 need. Beyond the image its border is repeated, which is
 * not the same as repeating the last mean.
 */
export function halve({ data, width, height }: Plane): Plane {
	const columns = Math.ceil(width / 16) * 8;
	const rows = (height + 1) >> 1;
	const result = new Uint8Array(columns * rows);
	for (let y = 0; y < rows; y++) {
		const upper = 2 * y * width;
		const lower = Math.min(2 * y + 1, height - 1) * width;
		for (let x = 0; x < columns; x++) {
			const left = Math.min(2 * x, width - 1);
			const right = Math.min(2 * x + 1, width - 1);
			const sum =
				(data[upper + left] as number) +
				(data[upper + right] as number) +
				(data[lower + left] as number) +
				(data[lower + right] as number);
			result[y * columns + x] = (sum + 1 + (x & 1)) >> 2;
		}
	}
	return { data: result, width: columns, height: rows };
}

/** 3/4 of the nearer pixel and 1/4 of the next one, in both directions: `width` × `height` pixels. */
export function double(
	plane: Plane,
	width: number,
	height: number,
): Uint8Array {
	const { data, width: stride, height: rows } = plane;
	const columns = (width + 1) >> 1; // what `halve` added is not looked at
	const result = new Uint8Array(width * height);
	if (columns <= 2) return repeat(plane, result, width);
	const sums = new Int32Array(columns);
	for (let y = 0; y < height; y++) {
		const near = y >> 1;
		const next = Math.min(Math.max(near + (y & 1 ? 1 : -1), 0), rows - 1);
		for (let x = 0; x < columns; x++) {
			sums[x] =
				3 * (data[near * stride + x] as number) +
				(data[next * stride + x] as number);
		}
		for (let x = 0; x < width; x++) {
			const at = x >> 1;
			const odd = x & 1;
			const beside = Math.min(Math.max(at + (odd ? 1 : -1), 0), columns - 1);
			const sum = 3 * (sums[at] as number) + (sums[beside] as number);
			result[y * width + x] = (sum + 8 - odd) >> 4;
		}
	}
	return result;
}

/** What libjpeg does with an image as narrow as this: each pixel four times. */
function repeat(plane: Plane, result: Uint8Array, width: number): Uint8Array {
	return result.map((_, i) => {
		const row = Math.floor(i / width) >> 1;
		return plane.data[row * plane.width + ((i % width) >> 1)] as number;
	});
}

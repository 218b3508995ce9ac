/** The algorithm of OpenCV's CLAHE for one plane of bytes, rounded to float32 where it is. */
const { fround } = Math;
const levels = 256;

/** @internal */
export interface Tiling {
	width: number;
	height: number;
	columns: number;
	rows: number;
	tileWidth: number;
	tileHeight: number;
}

/** @internal Where either side is no multiple of the tiles, both get a border (a whole one where none were needed), as in OpenCV. */
export function tilingOf(
	width: number,
	height: number,
	[columns, rows]: readonly [number, number],
): Tiling {
	const fits = width % columns === 0 && height % rows === 0;
	const right = fits ? 0 : columns - (width % columns);
	const below = fits ? 0 : rows - (height % rows);
	const tileWidth = (width + right) / columns;
	const tileHeight = (height + below) / rows;
	return { width, height, columns, rows, tileWidth, tileHeight };
}

/** @internal */
export function limitContrast(
	source: Uint8Array,
	target: Uint8Array,
	tiling: Tiling,
	clipLimit: number,
): void {
	const maps = tileMaps(source, tiling, clipLimit);
	const { width, height, columns, rows, tileWidth, tileHeight } = tiling;
	const across = neighbours(width, tileWidth, columns);
	const down = neighbours(height, tileHeight, rows);
	for (let y = 0; y < height; y++) {
		const upper = (down.first[y] as number) * columns * levels;
		const lower = (down.second[y] as number) * columns * levels;
		const y1 = down.nearness[y] as number;
		const y2 = down.weight[y] as number;
		for (let x = 0, at = y * width; x < width; x++, at++) {
			const level = source[at] as number;
			const left = (across.first[x] as number) * levels + level;
			const right = (across.second[x] as number) * levels + level;
			const x1 = across.nearness[x] as number;
			const x2 = across.weight[x] as number;
			const above = fround(
				fround((maps[upper + left] as number) * x1) +
					fround((maps[upper + right] as number) * x2),
			);
			const below = fround(
				fround((maps[lower + left] as number) * x1) +
					fround((maps[lower + right] as number) * x2),
			);
			target[at] = nearest(fround(fround(above * y1) + fround(below * y2)));
		}
	}
}

/** Of two as near the even one. Adding 2^52 leaves a number no place for a fraction. */
function nearest(value: number): number {
	return value + 2 ** 52 - 2 ** 52;
}

/** For each pixel of a side, the tiles whose centres it lies between, and how near it is to the second and the first. */
function neighbours(size: number, tile: number, count: number) {
	const first = new Int32Array(size);
	const second = new Int32Array(size);
	const weight = new Float32Array(size);
	const nearness = new Float32Array(size);
	const inverse = fround(1 / tile);
	for (let i = 0; i < size; i++) {
		const place = fround(fround(i * inverse) - 0.5);
		const before = Math.floor(place);
		weight[i] = place - before;
		nearness[i] = 1 - (weight[i] as number);
		first[i] = Math.max(before, 0);
		second[i] = Math.min(before + 1, count - 1);
	}
	return { first, second, weight, nearness };
}

/** What each level becomes in each tile: (tiles, 256). */
function tileMaps(
	source: Uint8Array,
	tiling: Tiling,
	clipLimit: number,
): Uint8Array {
	const { width, height, columns, rows, tileWidth, tileHeight } = tiling;
	const area = tileWidth * tileHeight;
	const most =
		clipLimit > 0 ? Math.max(Math.trunc((clipLimit * area) / levels), 1) : area;
	const scale = fround((levels - 1) / area);
	const maps = new Uint8Array(columns * rows * levels);
	for (let tile = 0; tile < columns * rows; tile++) {
		const top = Math.floor(tile / columns) * tileHeight;
		const left = (tile % columns) * tileWidth;
		const counts = new Int32Array(levels);
		for (let y = top; y < top + tileHeight; y++) {
			const row = mirrored(y, height) * width;
			for (let x = left; x < left + tileWidth; x++) {
				const level = source[row + mirrored(x, width)] as number;
				(counts[level] as number)++;
			}
		}
		spreadExcess(counts, most);
		let sum = 0;
		for (let level = 0; level < levels; level++) {
			sum += counts[level] as number;
			maps[tile * levels + level] = Math.min(nearest(fround(sum * scale)), 255);
		}
	}
	return maps;
}

/** 0 1 2 | 1 0 | 1 2: borders are not repeated. */
function mirrored(at: number, size: number): number {
	if (at < size) return at;
	const period = Math.max(2 * (size - 1), 1);
	const rest = at % period;
	return Math.min(rest, period - rest);
}

/** Takes what is above `most`, and gives it to all levels alike; the rest of the division to some, evenly spaced. */
function spreadExcess(counts: Int32Array, most: number): void {
	let excess = 0;
	for (let level = 0; level < levels; level++) {
		const over = (counts[level] as number) - most;
		if (over <= 0) continue;
		excess += over;
		counts[level] = most;
	}
	const share = Math.floor(excess / levels);
	for (let level = 0; level < levels; level++) {
		(counts[level] as number) += share;
	}
	let rest = excess - share * levels;
	if (rest === 0) return;
	const step = Math.max(Math.floor(levels / rest), 1);
	for (let level = 0; level < levels && rest > 0; level += step, rest--) {
		(counts[level] as number)++;
	}
}

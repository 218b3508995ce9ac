/** Resizing as Pillow does it, on the bytes of planes: Keras loads images so. */

/** Planes of bytes, one after the other. */
export interface Pixels {
	bytes: Uint8Array;
	channels: number;
	height: number;
	width: number;
}

/** The part of an image that is made larger or smaller; filters see what is beside it. */
export interface Box {
	top: number;
	left: number;
	height: number;
	width: number;
}

interface Filter {
	/** How far it reaches. */
	support: number;
	weight(x: number): number;
}

const sinc = (x: number): number =>
	x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);

const filters = {
	bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
	bicubic: {
		support: 2,
		weight: (given) => {
			const x = Math.abs(given);
			const a = -0.5;
			if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
			return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
		},
	},
	lanczos: {
		support: 3,
		weight: (x) => (-3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0),
	},
} satisfies { [name: string]: Filter };

/** The nearest pixels. */
export function nearest(
	{ bytes, channels, height, width }: Pixels,
	box: Box,
	rows: number,
	columns: number,
): Uint8Array {
	const result = new Uint8Array(channels * rows * columns);
	const from = (at: number, size: number, count: number, start: number) =>
		Math.floor(start + ((at + 0.5) * size) / count);
	for (let i = 0, at = 0; i < channels * rows; i++) {
		const row = from(i % rows, box.height, rows, box.top);
		const line = (Math.floor(i / rows) * height + row) * width;
		for (let j = 0; j < columns; j++, at++) {
			result[at] = bytes[
				line + from(j, box.width, columns, box.left)
			] as number;
		}
	}
	return result;
}

/** Weighted means: along rows first, then along columns, rounded to bytes each time. Of four channels the fourth is how much the others count. */
export function resample(
	pixels: Pixels,
	box: Box,
	rows: number,
	columns: number,
	filter: keyof typeof filters,
): Uint8Array {
	const { channels, height, width } = pixels;
	const isRgba = channels === 4;
	const source = isRgba
		? withAlpha(pixels.bytes, (value, alpha) => divided(value * alpha))
		: pixels.bytes;
	const across =
		columns === width && box.width === width
			? source
			: along(
					source,
					channels * height,
					width,
					1,
					columns,
					tapsOf(filters[filter], width, box.left, box.width, columns),
				);
	const down =
		rows === height && box.height === height
			? across
			: along(
					across,
					channels,
					height,
					columns,
					rows,
					tapsOf(filters[filter], height, box.top, box.height, rows),
				);
	if (!isRgba) return down;
	return withAlpha(down, (value, alpha) =>
		alpha === 0 || alpha === 255
			? value
			: Math.min(255, Math.floor((255 * value) / alpha)),
	);
}

/** x / 255, rounded. */
function divided(x: number): number {
	const half = x + 128;
	return ((half >> 8) + half) >> 8;
}

function withAlpha(
	bytes: Uint8Array,
	change: (value: number, alpha: number) => number,
): Uint8Array {
	const size = bytes.length / 4;
	const alphas = bytes.subarray(3 * size);
	return bytes.map((value, i) =>
		i < 3 * size ? change(value, alphas[i % size] as number) : value,
	);
}

const bits = 22;

interface Taps {
	/** The first pixel that counts. */
	first: number;
	/** In fixed point numbers. */
	weights: Int32Array;
}

/** For each of `count` pixels, which of `size` count how much. */
function tapsOf(
	{ support, weight }: Filter,
	size: number,
	start: number,
	length: number,
	count: number,
): Taps[] {
	const scale = length / count;
	const spread = Math.max(scale, 1);
	const reach = support * spread;
	return Array.from({ length: count }, (_, at) => {
		const center = start + (at + 0.5) * scale;
		const first = Math.max(0, Math.trunc(center - reach + 0.5));
		const end = Math.min(size, Math.trunc(center + reach + 0.5));
		const all = Array.from({ length: end - first }, (_, i) =>
			weight((i + first - center + 0.5) * (1 / spread)),
		);
		const sum = all.reduce((a, b) => a + b, 0);
		const weights = Int32Array.from(all, (value) => {
			const fixed = (sum === 0 ? value : value / sum) * 2 ** bits;
			return Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
		});
		return { first, weights };
	});
}

/** Along the middle of three dimensions: (outer, size, inner) to (outer, count, inner). */
function along(
	source: Uint8Array,
	outer: number,
	size: number,
	inner: number,
	count: number,
	taps: readonly Taps[],
): Uint8Array {
	const result = new Uint8Array(outer * count * inner);
	let to = 0;
	for (let o = 0; o < outer; o++) {
		for (const { first, weights } of taps) {
			const begin = (o * size + first) * inner;
			for (let i = 0; i < inner; i++) {
				let sum = 2 ** (bits - 1);
				for (let k = 0, at = begin + i; k < weights.length; k++, at += inner) {
					sum += (source[at] as number) * (weights[k] as number);
				}
				const value = sum >> bits;
				result[to++] = Math.max(0, Math.min(value, 255));
			}
		}
	}
	return result;
}

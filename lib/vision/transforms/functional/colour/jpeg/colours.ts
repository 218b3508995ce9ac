/** Red, green and blue to luma and chroma (JFIF) and back, in the fixed point numbers of libjpeg. */
const bits = 16;
const half = 1 << (bits - 1);
const fixed = (value: number): number => Math.round(value * (1 << bits));

const [yr, yg, yb] = [fixed(0.299), fixed(0.587), fixed(0.114)];
const [br, bg, bb] = [fixed(0.168735892), fixed(0.331264108), fixed(0.5)];
const [rr, rg, rb] = [bb, fixed(0.418687589), fixed(0.081312411)];
const offset = (128 << bits) + half - 1;

/** One plane each; `rgb` has three planes of `size` bytes. */
export interface Planes {
	y: Uint8Array;
	cb: Uint8Array;
	cr: Uint8Array;
}

export function toYcc(rgb: Uint8Array, size: number): Planes {
	const y = new Uint8Array(size);
	const cb = new Uint8Array(size);
	const cr = new Uint8Array(size);
	for (let i = 0; i < size; i++) {
		const r = rgb[i] as number;
		const g = rgb[i + size] as number;
		const b = rgb[i + 2 * size] as number;
		y[i] = (yr * r + yg * g + yb * b + half) >> bits;
		cb[i] = (bb * b - br * r - bg * g + offset) >> bits;
		cr[i] = (rr * r - rg * g - rb * b + offset) >> bits;
	}
	return { y, cb, cr };
}

const toRed = fixed(1.402);
const toBlue = fixed(1.772);
const [greenOfCb, greenOfCr] = [fixed(0.34414), fixed(0.71414)];

/** `target` gets three planes of `size` bytes. */
export function toRgb(planes: Planes, target: Uint8Array, size: number): void {
	const { y, cb, cr } = planes;
	for (let i = 0; i < size; i++) {
		const luma = y[i] as number;
		const b = (cb[i] as number) - 128;
		const r = (cr[i] as number) - 128;
		target[i] = toByte(luma + ((toRed * r + half) >> bits));
		target[i + size] = toByte(
			luma + ((half - greenOfCb * b - greenOfCr * r) >> bits),
		);
		target[i + 2 * size] = toByte(luma + ((toBlue * b + half) >> bits));
	}
}

function toByte(value: number): number {
	return value < 0 ? 0 : Math.min(value, 255);
}

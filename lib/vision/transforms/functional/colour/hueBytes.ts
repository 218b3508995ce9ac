/**
 * The hue of 8 bit images in one loop instead of some forty passes over memory. Each step is rounded to float32 as the operators of hsv.ts
 * round it, so that the bytes are the same.
 */
const { fround } = Math;

/** 0 … 255 as 0 … 1. */
const unit = Float32Array.from({ length: 256 }, (_, i) => i * fround(1 / 255));
const sixth = fround(1 / 6);
const white = fround(256 - 1e-3);

/**
 * @internal
 * @param bytes images, each three planes of `size` bytes; changed
 */
export function shiftHue(bytes: Uint8Array, size: number, by: number): void {
	const turn = fround(by);
	for (let image = 0; image < bytes.length; image += 3 * size) {
		for (let i = image; i < image + size; i++) {
			const red = bytes[i] as number;
			const green = bytes[i + size] as number;
			const blue = bytes[i + 2 * size] as number;
			const most = red > green ? Math.max(red, blue) : Math.max(green, blue);
			const least = red < green ? Math.min(red, blue) : Math.min(green, blue);
			const v = unit[most] as number;
			if (most === least) {
				const grey = fround(v * white) | 0;
				bytes[i] = grey;
				bytes[i + size] = grey;
				bytes[i + 2 * size] = grey;
				continue;
			}
			const range = fround(v - (unit[least] as number));
			const s = fround(range / v);
			const r = fround(fround(v - (unit[red] as number)) / range);
			const g = fround(fround(v - (unit[green] as number)) / range);
			const b = fround(fround(v - (unit[blue] as number)) / range);
			let h: number;
			if (most === red) h = fround(b - g);
			else if (most === green) h = fround(fround(r + 2) - b);
			else h = fround(fround(g + 4) - r);
			h = fround(fround(h * sixth) + 1);
			if (h >= 1) h -= 1; // exact, and less than 1 then
			h = fround(h + turn);
			if (h >= 1) h -= 1;
			else if (h < 0) h = fround(h + 1);

			const h6 = fround(h * 6);
			const sector = Math.floor(h6);
			const f = fround(h6 - sector);
			const sf = fround(s * f);
			const rest = fround(1 - s);
			const V = fround(v * white) | 0;
			const P = toByte(fround(rest * v));
			switch (sector) {
				case 1:
				case 3:
				case 5: {
					const Q = toByte(fround(fround(1 - sf) * v));
					bytes[i] = sector === 1 ? Q : sector === 3 ? P : V;
					bytes[i + size] = sector === 1 ? V : sector === 3 ? Q : P;
					bytes[i + 2 * size] = sector === 1 ? P : sector === 3 ? V : Q;
					break;
				}
				default: {
					const T = toByte(fround(fround(sf + rest) * v));
					bytes[i] = sector === 2 ? P : sector === 4 ? T : V;
					bytes[i + size] = sector === 2 ? V : sector === 4 ? P : T;
					bytes[i + 2 * size] = sector === 2 ? T : sector === 4 ? V : P;
				}
			}
		}
	}
}

/** A value from 0 to 1, which rounding may have moved beyond. */
function toByte(value: number): number {
	return fround((value > 1 ? 1 : Math.max(value, 0)) * white) | 0;
}

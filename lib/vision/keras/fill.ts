/** What lies beyond an image, as scipy.ndimage has it. */

/**
 * "nearest": the pixel at the edge (aaaa|abcd|dddd). "reflect": the image mirrored (dcba|abcd|dcba). "wrap": the image again, its first pixel in the
 * place of its last one (bcd|abcd|bcd: so has scipy, and Keras with it). "constant": one value.
 */
export type FillMode = "constant" | "nearest" | "reflect" | "wrap";

export const fillModes = [
	"constant",
	"nearest",
	"reflect",
	"wrap",
] as const satisfies readonly FillMode[];

/** Where in 0 … size - 1 a place beyond it is found (a little beyond -1 or size for "reflect"); null: nowhere. */
export function placeWithin(
	at: number,
	size: number,
	mode: FillMode,
): number | null {
	const last = size - 1;
	if (at >= 0 && at <= last) return at;
	switch (mode) {
		case "constant":
			return null;
		case "nearest":
			return at < 0 ? 0 : last;
		case "wrap": {
			if (size === 1) return 0;
			return at < 0
				? at + last * (Math.trunc(-at / last) + 1)
				: at - last * Math.trunc(at / last);
		}
		case "reflect": {
			if (size === 1) return 0;
			const period = 2 * size;
			if (at > last) {
				const rest = at - period * Math.trunc(at / period);
				return rest >= size ? period - rest - 1 : rest;
			}
			const rest = at < -period ? at + period * Math.trunc(-at / period) : at;
			return rest < -size ? rest + period : -rest - 1;
		}
	}
}

/** The pixel next to a place: as beyond the image, but mirrored where nothing is. */
export function pixelWithin(at: number, size: number, mode: FillMode): number {
	if (at >= 0 && at < size) return at;
	if (mode !== "constant") return placeWithin(at, size, mode) as number;
	if (size === 1) return 0;
	return at < 0 ? -at : 2 * (size - 1) - at;
}

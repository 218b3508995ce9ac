/** @internal Puts `levels[value]` in place of each value. */
export function mapLevels(
	source: Uint8Array,
	target: Uint8Array,
	levels: Uint8Array | Uint8ClampedArray,
): void {
	for (let i = 0; i < source.length; i++) {
		target[i] = levels[source[i] as number] as number;
	}
}

/** Damaged files: the same ones in each run unless a seed is given. */

/** How many: a portion of them here, all 20,000 with TORCH_NODE_FUZZ_FILES=20000. */
export const filesToDamage = (portion: number): number =>
	Number(process.env.TORCH_NODE_FUZZ_FILES ?? portion);

export const fuzzSeed = Number(process.env.TORCH_NODE_FUZZ_SEED ?? 1);

/** Mulberry32. */
export function numbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** A copy with up to four changes: bytes set, in the header or anywhere; cut off; bytes put in; bytes taken out; large numbers set. */
export function mutate(file: Uint8Array, random: () => number): Buffer {
	const upTo = (n: number) => Math.floor(random() * n);
	let copy = Buffer.from(file);
	for (let changes = upTo(4); changes >= 0; changes--) {
		const at = upTo(copy.length);
		switch (upTo(7)) {
			case 0:
			case 1:
				copy[at] = upTo(256);
				break;
			case 2:
				copy[upTo(Math.min(64, copy.length))] = upTo(256);
				break;
			case 3:
				copy = copy.subarray(0, at);
				break;
			case 4:
				copy = Buffer.concat([
					copy.subarray(0, at),
					Buffer.alloc(upTo(9), upTo(256)),
					copy.subarray(at),
				]);
				break;
			case 5:
				copy = Buffer.concat([
					copy.subarray(0, at),
					copy.subarray(at + upTo(9)),
				]);
				break;
			case 6: {
				const place = upTo(Math.max(1, Math.min(64, copy.length - 4)));
				if (copy.length >= place + 4)
					copy.writeUInt32BE(upTo(2 ** 32) >>> (8 * upTo(4)), place);
			}
		}
	}
	return copy;
}

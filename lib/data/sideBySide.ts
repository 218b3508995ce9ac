import { SampleError } from "./sampleError.ts";

/** How many are loaded at a time; libuv, which reads files and decodes, has four threads. */
const atOnce = 4;

/**
 * Samples that are read or decoded on other threads first, for `getItems`: a few are loaded side by side, and finished one after the other in
 * order, so that what `finish` draws at random does not depend on which of them was the fastest.
 *
 * ```ts
 * override getItems(indices: readonly number[]) {
 *   return sideBySide(indices, (i) => readImage(this.files[i], "rgb"), (image) => this.transform(image));
 * }
 * ```
 *
 * @param load draws nothing
 * @throws SampleError with the index of a sample that fails
 */
export async function sideBySide<Raw, Sample>(
	indices: readonly number[],
	load: (index: number) => Raw | Promise<Raw>,
	finish: (raw: Raw, index: number) => Sample | Promise<Sample>,
): Promise<Sample[]> {
	const loading: Promise<Raw>[] = [];
	const samples: Sample[] = [];
	const begin = async (index: number) => load(index);
	for (const [i, index] of indices.entries()) {
		while (loading.length < Math.min(i + atOnce, indices.length)) {
			const raw = begin(indices[loading.length] as number);
			raw.catch(() => {}); // it is heard of in its turn
			loading.push(raw);
		}
		try {
			samples.push(await finish(await (loading[i] as Promise<Raw>), index));
		} catch (cause) {
			throw new SampleError("", [index], cause);
		}
		delete loading[i]; // so that it can be collected
	}
	return samples;
}

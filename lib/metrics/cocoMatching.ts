/** Which detected boxes are right, by COCO's rules. */

export interface Box {
	x1: number;
	y1: number;
	x2: number;
	y2: number;
	label: number;
	score: number;
	isCrowd: boolean;
}

export interface ImageBoxes {
	found: readonly Box[];
	there: readonly Box[];
}

/** Equal steps, rounded as NumPy rounds them: a recall that lies on one must fall the same way. */
function steps(start: number, stop: number, count: number): number[] {
	const step = (stop - start) / (count - 1);
	return Array.from({ length: count }, (_, i) =>
		i === count - 1 ? stop : i * step + start,
	);
}

/** Overlaps from which on a box is found. */
export const THRESHOLDS: readonly number[] = steps(0.5, 0.95, 10);
/** Recalls at which precision is taken. */
const RECALLS = steps(0, 1, 101);
/** How many boxes of an image count. */
export const LIMITS = [1, 10, 100] as const;
const MOST = 100;
/** Areas: all, small, medium, large. */
export const RANGES = [
	[0, 1e10],
	[0, 32 ** 2],
	[32 ** 2, 96 ** 2],
	[96 ** 2, 1e10],
] as const;
type Range = (typeof RANGES)[number];

const area = ({ x1, y1, x2, y2 }: Box) => (x2 - x1) * (y2 - y1);
const isOutside = (box: Box, [least, most]: Range) =>
	area(box) < least || area(box) > most;

/** What a detected box covers of one that is there; of a crowd, the share of itself. */
function overlap(found: Box, there: Box): number {
	const w = Math.min(found.x2, there.x2) - Math.max(found.x1, there.x1);
	const h = Math.min(found.y2, there.y2) - Math.max(found.y1, there.y1);
	if (w <= 0 || h <= 0) return 0;
	const own = area(found);
	return (w * h) / (there.isCrowd ? own : own + area(there) - w * h);
}

/** A detected box of one class in one image: for each threshold whether it is right, and whether it counts. */
interface Judged {
	score: number;
	/** Its place among the boxes of its image, by falling score. */
	rank: number;
	isRight: boolean[];
	isIgnored: boolean[];
}

export interface Evaluated {
	judged: Judged[];
	/** How many boxes are to be found. */
	wanted: number;
}

/** The boxes of a class in all images, those beyond a range of areas ignored. */
export function evaluated(
	images: readonly ImageBoxes[],
	label: number,
	range: Range,
): Evaluated {
	const judged: Judged[] = [];
	let wanted = 0;
	for (const image of images) {
		const own = (boxes: readonly Box[]) =>
			boxes.filter((box) => box.label === label);
		const there = own(image.there)
			.map((box) => ({ box, isIgnored: box.isCrowd || isOutside(box, range) }))
			.sort((a, b) => Number(a.isIgnored) - Number(b.isIgnored));
		wanted += there.filter(({ isIgnored }) => !isIgnored).length;
		const found = own(image.found)
			.sort((a, b) => b.score - a.score)
			.slice(0, MOST);
		const results = found.map(
			({ score }, rank): Judged => ({
				score,
				rank,
				isRight: [],
				isIgnored: [],
			}),
		);
		const overlaps = found.map((box) =>
			there.map((other) => overlap(box, other.box)),
		);
		for (const threshold of THRESHOLDS) {
			const isTaken = there.map(() => false);
			for (const [i, box] of found.entries()) {
				const best = bestOf(overlaps[i] as number[], there, isTaken, threshold);
				const result = results[i] as Judged;
				if (best !== null) isTaken[best] = true;
				result.isRight.push(best !== null);
				result.isIgnored.push(
					best === null
						? isOutside(box, range)
						: (there[best]?.isIgnored ?? false),
				);
			}
		}
		judged.push(...results);
	}
	return { judged, wanted };
}

/** The box with the most overlap that is left, from the threshold on; one that counts before one that does not. */
function bestOf(
	overlaps: readonly number[],
	there: readonly { box: Box; isIgnored: boolean }[],
	isTaken: readonly boolean[],
	threshold: number,
): number | null {
	let most = Math.min(threshold, 1 - 1e-10);
	let best: number | null = null;
	for (const [i, { box, isIgnored }] of there.entries()) {
		if (isTaken[i] && !box.isCrowd) continue;
		if (best !== null && !there[best]?.isIgnored && isIgnored) break;
		const value = overlaps[i] as number;
		if (value < most) continue;
		most = value;
		best = i;
	}
	return best;
}

/** By threshold: the precision at each of 101 recalls, and the recall in the end; null where there is nothing to find. */
export function precisionAndRecall(
	{ judged, wanted }: Evaluated,
	limit: number,
): { precision: number[][]; recall: number[] } | null {
	if (wanted === 0) return null;
	const ranked = judged
		.filter(({ rank }) => rank < (LIMITS[limit] as number))
		.sort((a, b) => b.score - a.score);
	const precision: number[][] = [];
	const recall: number[] = [];
	for (const i of THRESHOLDS.keys()) {
		let right = 0;
		let wrong = 0;
		const recalls: number[] = [];
		const precisions: number[] = [];
		for (const { isRight, isIgnored } of ranked) {
			if (!isIgnored[i]) {
				if (isRight[i]) right++;
				else wrong++;
			}
			recalls.push(right / wanted);
			precisions.push(right / (right + wrong + Number.EPSILON));
		}
		for (let j = precisions.length - 1; j > 0; j--)
			precisions[j - 1] = Math.max(
				precisions[j - 1] as number,
				precisions[j] as number,
			);
		recall.push(recalls.at(-1) ?? 0);
		let at = 0;
		precision.push(
			RECALLS.map((wantedRecall) => {
				while (at < recalls.length && (recalls[at] as number) < wantedRecall)
					at++;
				return precisions[at] ?? 0;
			}),
		);
	}
	return { precision, recall };
}

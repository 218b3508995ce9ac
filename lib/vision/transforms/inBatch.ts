import * as check from "../../check.ts";
import { cat } from "../../generated/functions.ts";
import { tensor } from "../../tensor/creation.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Random } from "./random.ts";

/** @internal The method by which a transform transforms a batch, each image by parameters of its own. */
export const eachImage = Symbol("eachImage");

/**
 * @internal Whether a transform works on a whole batch one image after the other: on parts that stay in the CPU's cache, and on several at a
 * time. A batch that is large is given to others in parts.
 */
export const oneByOne = Symbol("oneByOne");

/** @internal What has such a method; other functions take a batch as a whole. */
export interface TransformsBatches {
	readonly [oneByOne]?: boolean;
	[eachImage](images: Tensor, random: Random): Tensor;
}

/** @internal A transform, or a function of images. */
export type Step = (image: Tensor) => Tensor;

/** @internal One step after the other, images [N, C, H, W]. What is between them is freed, as soon as the next one has it. */
export function runInBatch(
	steps: readonly Step[],
	images: Tensor,
	random: Random,
): Tensor {
	return scope(() =>
		steps.reduce((current, step, i) => {
			const next = isForBatches(step)
				? step[eachImage](current, random)
				: step(current);
			// others may give what somebody else has, too
			const isNew = i > 0 && isOneByOne(steps[i - 1] as Step);
			if (isNew && current !== images && current !== next) current.dispose();
			return next;
		}, images),
	);
}

/** @internal */
export function isForBatches(step: Step): step is Step & TransformsBatches {
	return eachImage in step;
}

/** @internal */
export function isOneByOne(step: Step): boolean {
	return isForBatches(step) && step[oneByOne] === true;
}

/** @internal Images of equal keys by one call of `run`; `rows` says which they are. */
export function inGroups<Key>(
	op: string,
	images: Tensor,
	keys: readonly Key[],
	run: (part: Tensor, key: Key, rows: readonly number[]) => Tensor,
): Tensor {
	const groups = new Map<Key, number[]>();
	keys.forEach((key, row) => {
		const rows = groups.get(key);
		if (rows) rows.push(row);
		else groups.set(key, [row]);
	});
	const [first] = groups;
	if (first && groups.size === 1) return run(images, ...first);
	return scope(() => {
		const { device } = images;
		const places = (rows: readonly number[]): Tensor =>
			tensor(rows, { dtype: "int64", device });
		const parts = [...groups].map(([key, rows]) =>
			run(images.indexSelect(0, places(rows)), key, rows),
		);
		const order: number[] = [];
		[...groups.values()].flat().forEach((row, at) => {
			order[row] = at;
		});
		return cat(alike(op, parts)).indexSelect(0, places(order));
	});
}

/** @internal Results that fit into one tensor. */
export function alike(
	op: string,
	results: readonly Tensor[],
): readonly Tensor[] {
	const form = (image: Tensor) =>
		`${image.dtype} [${image.shape.slice(-3).join(", ")}]`;
	const [first, ...others] = results.map(form);
	const other = others.find((each) => each !== first);
	if (other === undefined) return results;
	throw check.invalidValue(
		"BatchTransform",
		"transforms",
		`expected images of one form from ${op}, got ${first} and ${other}`,
	);
}

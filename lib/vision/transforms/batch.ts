import { inspect } from "node:util";
import { Callable } from "../../callable.ts";
import * as check from "../../check.ts";
import { cat } from "../../generated/functions.ts";
import { tensor } from "../../tensor/creation.ts";
import { scope } from "../../tensor/scope.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { BlockRandom, type Random } from "./random.ts";

/** @internal The method by which a transform transforms a batch, each image by parameters of its own. */
export const eachImage = Symbol("eachImage");

/** @internal What has such a method; other functions take a batch as a whole. */
export interface TransformsBatches {
	[eachImage](images: Tensor, random: Random): Tensor;
}

type Step = (image: Tensor) => Tensor;

/** @internal One step after the other, images [N, C, H, W]. What is between them is freed. */
export function runInBatch(
	steps: readonly Step[],
	images: Tensor,
	random: Random,
): Tensor {
	return scope(() =>
		steps.reduce(
			(current, step) =>
				isForBatches(step) ? step[eachImage](current, random) : step(current),
			images,
		),
	);
}

function isForBatches(step: Step): step is Step & TransformsBatches {
	return eachImage in step;
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

/** How many values of a batch are worked on at a time on the CPU: 1 MB of float32. */
const cachedValues = 2 ** 18;

const nameOf = (step: Step): string => step.constructor.name;

/**
 * Transforms of single images for a whole batch [N, C, H, W] at once: each image has parameters of its own, as if it had been transformed
 * alone, but they are computed together, on the device that the batch is on.
 *
 * ```ts
 * const augment = new BatchTransform([
 *   new RandomRotation(15),
 *   new RandomAffine(0, { translate: [0.1, 0.1] }),
 *   new ToDtype("float32", { scale: true }),
 *   new Normalize([0.1307], [0.3081]),
 * ]);
 * for await (const [images, labels] of loader) train(augment(images), labels);
 * ```
 *
 * For one transform and the same seed, an image of the batch is what the transform gives for the images one after the other. Rotations, affine maps,
 * perspective, crops, flips and colour jitter are one computation for all images; what has none is applied to each and stacked. Functions
 * that are no transforms are called with the batch.
 *
 * @throws TorchError for anything but [N, C, H, W], and where results differ in size or dtype
 */
export class BatchTransform extends Callable<[images: Tensor], Tensor> {
	readonly transforms: readonly Step[];
	/** Transforms that follow each other, and other functions by themselves. */
	readonly #runs: Step[][] = [];
	readonly #random = new BlockRandom();

	constructor(transforms: readonly Step[]) {
		super();
		const op = "BatchTransform";
		for (const step of check.array(op, "transforms", transforms)) {
			check.callable(op, "transforms", step);
		}
		this.transforms = transforms;
		for (const step of transforms) {
			const run = this.#runs.at(-1);
			const joins = run?.every(isForBatches) && isForBatches(step);
			if (run && joins) run.push(step);
			else this.#runs.push([step]);
		}
	}

	protected override invoke(images: Tensor): Tensor {
		const op = "BatchTransform";
		if (!(images instanceof Tensor)) {
			throw check.invalidType(op, "images", "Tensor", images);
		}
		const { shape } = images;
		if (shape.length !== 4 || shape[0] === 0) {
			throw check.invalidValue(
				op,
				"images",
				`expected [N, C, H, W], one image at least, got [${shape.join(", ")}]`,
			);
		}
		this.#random.begin();
		return scope(() =>
			this.#runs.reduce(
				(current, run) => this.#transform(run, current),
				images,
			),
		);
	}

	/** Transforms that follow each other: on the CPU by as many images as stay in its cache. */
	#transform(run: readonly Step[], images: Tensor): Tensor {
		const [count, ...shape] = images.shape as [number, ...number[]];
		const size = shape.reduce((product, n) => product * n, 1);
		const most = Math.max(1, Math.floor(cachedValues / Math.max(size, 1)));
		const whole = images.device !== "cpu" || count <= most;
		if (whole || !run.every(isForBatches)) {
			return runInBatch(run, images, this.#random);
		}
		const parts = images
			.split(most)
			.map((part) => runInBatch(run, part, this.#random));
		return cat(alike(run.map(nameOf).join(", "), parts));
	}

	override toString(): string {
		const lines = this.transforms.map((step) =>
			String(step).replaceAll("\n", "\n  "),
		);
		return `BatchTransform(\n  ${lines.join("\n  ")}\n)`;
	}

	[inspect.custom](): string {
		return this.toString();
	}
}

import { inspect } from "node:util";
import { Callable } from "../../callable.ts";
import * as check from "../../check.ts";
import { cat } from "../../generated/functions.ts";
import { scope } from "../../tensor/scope.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { isPlain } from "./functional/native.ts";
import {
	alike,
	isForBatches,
	isOneByOne,
	runInBatch,
	type Step,
} from "./inBatch.ts";
import { BlockRandom } from "./random.ts";
import { joined } from "./scaledNormalize.ts";

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
	/** Transforms of one kind that follow each other, and other functions by themselves. */
	readonly #runs: Step[][] = [];
	readonly #random = new BlockRandom();

	constructor(transforms: readonly Step[]) {
		super();
		const op = "BatchTransform";
		for (const step of check.array(op, "transforms", transforms)) {
			check.callable(op, "transforms", step);
		}
		this.transforms = transforms;
		for (const step of joined(transforms)) {
			const run = this.#runs.at(-1);
			if (run?.every((other) => goTogether(other, step))) run.push(step);
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

	/** Transforms that follow each other: on the CPU by as many images as stay in its cache, unless they see to that themselves. */
	#transform(run: readonly Step[], images: Tensor): Tensor {
		const [count, ...shape] = images.shape as [number, ...number[]];
		const size = shape.reduce((product, n) => product * n, 1);
		const most = Math.max(1, Math.floor(cachedValues / Math.max(size, 1)));
		const whole =
			images.device !== "cpu" ||
			count <= most ||
			!run.every(isForBatches) ||
			(isPlain(images) && run.every(isOneByOne));
		if (whole) {
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

/** Whether steps are taken by one part of a batch after the other. */
function goTogether(a: Step, b: Step): boolean {
	return isForBatches(a) && isForBatches(b) && isOneByOne(a) === isOneByOne(b);
}

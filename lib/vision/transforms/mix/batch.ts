/** What MixUp and CutMix share: the batch that they take, in any of its forms, and how labels are mixed. */
import { inspect } from "node:util";
import { type Optional, optional } from "../../../arguments.ts";
import { Callable } from "../../../callable.ts";
import * as check from "../../../check.ts";
import { isTensor } from "../../../handle.ts";
import { privateOperator } from "../../../operator.ts";
import { tensor } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { Image, Video } from "../../tvTensors/image.ts";
import { isKind, wrap } from "../../tvTensors/wrap.ts";
import { checkPositive } from "../functional/colour/pixels.ts";
import { sizeOf } from "../functional/image.ts";
import { Random } from "../random.ts";

const sampleDirichlet = privateOperator("_sample_dirichlet") as (
	concentrations: Tensor,
	generator: null,
) => Tensor;

const random = new Random();

export interface MixOptions {
	/** Of the Beta distribution that the share is drawn from. Default 1: all shares are as likely. */
	alpha: number;
	/** How many classes there are; null where labels are probabilities already. Default null. */
	numClasses: number | null;
	/** Finds the labels in what is given. Default: the second of two, or what an object calls labels. */
	labelsGetter: ((batch: never) => Tensor) | "default";
}

/** @internal */
export type MixArguments = Optional<
	MixOptions,
	["alpha", "numClasses", "labelsGetter"]
>;

/** Images and labels, in any form: [images, labels], or an object that has both. */
export interface Mixes {
	(images: Tensor, labels: Tensor): [images: Tensor, labels: Tensor];
	(
		batch: readonly [images: Tensor, labels: Tensor],
	): [images: Tensor, labels: Tensor];
	<Batch extends object>(batch: Batch): Batch;
}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: Callable's constructor makes instances that have the call signature
export abstract class Mix<Parameters> extends Callable<
	[images: Tensor, labels: Tensor],
	[images: Tensor, labels: Tensor]
> {
	readonly alpha: number;
	readonly numClasses: number | null;
	readonly labelsGetter: MixOptions["labelsGetter"];

	constructor(...args: MixArguments) {
		super();
		const op = new.target.name;
		const defaults: MixOptions = {
			alpha: 1,
			numClasses: null,
			labelsGetter: "default",
		};
		const given = optional(op, defaults, args);
		const { alpha, numClasses, labelsGetter } = given;
		checkPositive(op, "alpha", alpha);
		if (numClasses !== null) {
			check.integer(op, "numClasses", numClasses, { min: 1 });
		}
		if (labelsGetter !== "default") {
			check.callable(op, "labelsGetter", labelsGetter);
		}
		this.alpha = alpha;
		this.numClasses = numClasses;
		this.labelsGetter = labelsGetter;
	}

	/** Draws what all images of a batch [N, …, H, W] have in common; `share` says how much of the labels stays. */
	protected abstract draw(
		random: Random,
		height: number,
		width: number,
	): Parameters & { share: number };

	/** Mixes each image with the one before it, the first with the last. */
	protected abstract mix(images: Tensor, parameters: Parameters): Tensor;

	protected override invoke(...inputs: [Tensor, Tensor]): [Tensor, Tensor] {
		const op = this.constructor.name;
		const batch: unknown = inputs.length > 1 ? inputs : inputs[0];
		const labels = this.#labelsOf(op, batch);
		this.#checkLabels(op, labels);
		const images = imagesOf(op, batch, labels);
		for (const image of images) checkImages(op, image, labels.size(0));
		const { height, width } = sizeOf(op, images[0] as Tensor);
		const parameters = this.draw(random, height, width);
		return mapTensors(batch, (value) => {
			if (value === labels) return this.#mixLabels(labels, parameters.share);
			return images.includes(value)
				? wrap(
						scope(() => this.mix(value, parameters)),
						value,
					)
				: value;
		}) as [Tensor, Tensor];
	}

	/** The share of each image that stays: from the Beta distribution. */
	protected drawShare(): number {
		return scope(() => {
			const alphas = tensor([[this.alpha, this.alpha]], { dtype: "float32" });
			return sampleDirichlet(alphas, null).select(1, 0).item() as number;
		});
	}

	/** The class and its options, as Python prints them. */
	override toString(): string {
		const { alpha, numClasses } = this;
		return `${this.constructor.name}(alpha=${alpha}, numClasses=${numClasses})`;
	}

	[inspect.custom](): string {
		return this.toString();
	}

	#labelsOf(op: string, batch: unknown): Tensor {
		const getter = this.labelsGetter;
		const labels =
			getter === "default" ? findLabels(batch) : getter(batch as never);
		if (isTensor(labels)) return labels as Tensor;
		throw check.invalidType(
			op,
			"labels",
			"a tensor: call it with images and labels, with [images, labels] or an object that has both, or pass a labelsGetter",
			labels,
		);
	}

	#checkLabels(op: string, labels: Tensor): void {
		const { numClasses } = this;
		const { shape } = labels;
		const wrong = (expected: string) =>
			check.invalidValue(op, "labels", `${expected}, got shape [${shape}]`);
		if (shape.length !== 1 && shape.length !== 2) {
			throw wrong("expected classes [N] or probabilities [N, classes]");
		}
		if (shape.length === 2 && numClasses !== null && shape[1] !== numClasses) {
			throw wrong(`expected [N, ${numClasses}]`);
		}
		if (shape.length === 1 && numClasses === null) {
			throw check.invalidValue(
				op,
				"numClasses",
				"expected a number, as labels are classes [N], got null",
			);
		}
		if (shape.length === 1) checkClasses(op, labels, numClasses as number);
	}

	#mixLabels(labels: Tensor, share: number): Tensor {
		return scope(() => {
			const hot =
				labels.dim() === 1
					? labels.long().oneHot(this.numClasses as number)
					: labels;
			const values = hot.isFloatingPoint() ? hot : hot.float();
			return values
				.roll(1, 0)
				.mul_(1 - share)
				.add_(values.mul(share));
		});
	}
}

// biome-ignore lint/correctness/noUnusedVariables: merged with the class, which has it
export interface Mix<Parameters> extends Mixes {}

function checkClasses(op: string, labels: Tensor, count: number): void {
	const whole = !labels.isFloatingPoint() && !labels.isComplex();
	const [least, most] =
		whole && labels.numel() > 0
			? scope(() => labels.aminmax().map((value) => Number(value.item())))
			: [0, 0];
	if (whole && (least as number) >= 0 && (most as number) < count) return;
	throw check.invalidValue(
		op,
		"labels",
		`expected classes from 0 to ${count - 1}, got ${whole ? `${least} to ${most}` : labels.dtype}`,
	);
}

/** The second of two, or what is called labels: exactly so, or with "label" in its name. */
function findLabels(batch: unknown): unknown {
	const holder: unknown = Array.isArray(batch) ? batch[1] : batch;
	if (isTensor(holder)) return holder;
	const entries = Object.entries(Object(holder));
	const called = (is: (name: string) => boolean) =>
		entries.find(([key]) => is(key.toLowerCase()))?.[1];
	return (
		called((name) => name === "labels") ??
		called((name) => name.includes("label"))
	);
}

/** Images and videos where there are some; else the first tensor that is not the labels. */
function imagesOf(op: string, batch: unknown, labels: Tensor): Tensor[] {
	const kinds: Tensor[] = [];
	const plain: Tensor[] = [];
	mapTensors(batch, (value) => {
		if (value instanceof Image || value instanceof Video) kinds.push(value);
		else if (isKind(value)) {
			throw check.invalidValue(
				op,
				"batch",
				`expected images and labels alone, got ${value.constructor.name}`,
			);
		} else if (value !== labels) plain.push(value);
		return value;
	});
	const images = kinds.length > 0 ? kinds : plain.slice(0, 1);
	if (images.length > 0) return images;
	throw check.invalidValue(op, "batch", "expected images in it, got none");
}

function checkImages(op: string, images: Tensor, count: number): void {
	const { shape } = images;
	const form = images instanceof Video ? "[N, T, C, H, W]" : "[N, C, H, W]";
	if (shape.length !== (images instanceof Video ? 5 : 4)) {
		throw check.invalidValue(
			op,
			"images",
			`expected a batch ${form}, got one of shape [${shape}]`,
		);
	}
	if (shape[0] === count) return;
	throw check.invalidValue(
		op,
		"images",
		`expected as many as labels, ${count}, got ${shape[0]}`,
	);
}

function mapTensors(batch: unknown, visit: (value: Tensor) => Tensor): unknown {
	if (isTensor(batch)) return visit(batch as Tensor);
	if (Array.isArray(batch)) return batch.map((item) => mapTensors(item, visit));
	if (typeof batch !== "object" || batch === null) return batch;
	const prototype: unknown = Object.getPrototypeOf(batch);
	if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
		return batch;
	}
	return Object.fromEntries(
		Object.entries(batch).map(([key, item]) => [key, mapTensors(item, visit)]),
	);
}

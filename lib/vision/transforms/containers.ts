import { inspect } from "node:util";
import { Callable } from "../../callable.ts";
import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { eachImage, inGroups, runInBatch } from "./inBatch.ts";
import { Random } from "./random.ts";
import type { Sample } from "./sample.ts";
import type { keepsForm } from "./transform.ts";

/** A transform, or a function of images. */
type Step = (image: Tensor) => Tensor;
type AllKeepForm<Steps extends readonly unknown[]> = Steps[number] extends {
	readonly [keepsForm]: true;
}
	? true
	: false;

const random = new Random();

/** What decides at random which of several transforms are called, and in what order. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: Callable's constructor makes instances that have the call signature
abstract class Container<const Steps extends readonly Step[]> extends Callable<
	[image: Tensor],
	Tensor
> {
	declare readonly [keepsForm]: AllKeepForm<Steps>;
	readonly transforms: Steps;

	constructor(transforms: Steps) {
		super();
		const op = new.target.name;
		const steps: readonly unknown[] = check.array(op, "transforms", transforms);
		for (const step of steps) check.callable(op, "transforms", step);
		if (steps.length === 0) {
			throw check.invalidValue(
				op,
				"transforms",
				"expected one or more, got none",
			);
		}
		this.transforms = transforms;
	}

	/** The transforms to call one after the other. */
	protected abstract draw(random: Random): readonly Step[];

	protected override invoke(image: Tensor): Tensor {
		return this.draw(random).reduce((input, step) => step(input), image);
	}

	/** @internal */
	[eachImage](images: Tensor, random: Random): Tensor {
		const drawn = Array.from({ length: images.size(0) }, () =>
			this.draw(random),
		);
		// images with the same transforms in the same order go together
		const keys = drawn.map((steps) =>
			steps.map((step) => this.transforms.indexOf(step)).join(),
		);
		return inGroups(this.constructor.name, images, keys, (part, _, rows) =>
			runInBatch(drawn[rows[0] as number] as readonly Step[], part, random),
		);
	}

	override toString(): string {
		const lines = this.transforms.map((step) =>
			String(step).replaceAll("\n", "\n  "),
		);
		return `${this.constructor.name}(\n  ${lines.join("\n  ")}\n)`;
	}

	[inspect.custom](): string {
		return this.toString();
	}
}

// biome-ignore lint/correctness/noUnusedVariables: merged with the class
interface Container<Steps extends readonly Step[]> {
	/** Samples, where all of them are transforms. */
	<T>(sample: AllKeepForm<Steps> extends true ? Sample<T> : never): T;
	(image: Tensor): Tensor;
}

/**
 * All of the transforms with probability `p` (0.5), or none.
 *
 * ```ts
 * new RandomApply([new GaussianBlur(5), new RandomRotation(10)], 0.3)(image);
 * ```
 */
export class RandomApply<
	const Steps extends readonly Step[],
> extends Container<Steps> {
	readonly p: number;

	constructor(transforms: Steps, p = 0.5) {
		super(transforms);
		this.p = check.number("RandomApply", "p", p, { min: 0, max: 1 });
	}

	protected override draw(random: Random): readonly Step[] {
		return random.unit() < Math.fround(this.p) ? this.transforms : [];
	}
}

/** One of the transforms; `p` has a weight for each, by default all alike. */
export class RandomChoice<
	const Steps extends readonly Step[],
> extends Container<Steps> {
	readonly p: readonly number[];

	constructor(transforms: Steps, p: readonly number[] | null = null) {
		super(transforms);
		const op = "RandomChoice";
		const weights =
			p === null ? transforms.map(() => 1) : check.array(op, "p", p);
		for (const weight of weights) check.number(op, "p", weight, { min: 0 });
		const total = weights.reduce((sum, weight) => sum + weight, 0);
		if (weights.length !== transforms.length || !(total > 0)) {
			throw check.invalidValue(
				op,
				"p",
				`expected ${transforms.length} weights, not all of them 0, got [${weights.join(", ")}]`,
			);
		}
		this.p = weights.map((weight) => weight / total);
	}

	protected override draw(random: Random): readonly Step[] {
		return [this.transforms[random.choice(this.p)] as Step];
	}
}

/** All of the transforms, in random order. */
export class RandomOrder<
	const Steps extends readonly Step[],
> extends Container<Steps> {
	protected override draw(random: Random): readonly Step[] {
		const order = random.permutation(this.transforms.length);
		return order.map((i) => this.transforms[i] as Step);
	}
}

import { inspect } from "node:util";
import { Callable } from "../../callable.ts";
import { invalidValue } from "../../check.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { eachImage, runInBatch } from "./inBatch.ts";
import type { Random } from "./random.ts";
import type { Sample } from "./sample.ts";
import { joined } from "./scaledNormalize.ts";
import { type keepsForm, Transform } from "./transform.ts";

/** A step of a chain: a transform, or any function. */
export type Step<Input, Output> = (input: Input) => Output;
type AnyStep = Step<never, unknown>;

/** A step that takes images and samples of any form, and keeps the form. */
interface KeepsForm {
	readonly [keepsForm]: true;
}

/** Of several steps: what all of them take. */
type InputOf<F> = [F] extends [Step<infer Input, unknown>] ? Input : never;
type OutputOf<F> = F extends Step<never, infer Output> ? Output : never;

/** What a chain takes: what its first step of one form does. */
type First<F extends readonly unknown[]> = F extends readonly [
	infer A,
	...infer Rest,
]
	? A extends KeepsForm
		? Rest extends readonly []
			? InputOf<A>
			: First<Rest>
		: InputOf<A>
	: InputOf<F[number]>;
/** What a chain gives: what its last step of one form does. */
type Last<F extends readonly unknown[]> = F extends readonly [
	...infer Rest,
	infer Z,
]
	? Z extends KeepsForm
		? Rest extends readonly []
			? OutputOf<Z>
			: Last<Rest>
		: OutputOf<Z>
	: OutputOf<F[number]>;

/** Before the first step that says what it takes. */
interface Anything {
	readonly anything: unique symbol;
}
type Fits<Before, F> = [Before] extends [Anything]
	? true
	: F extends KeepsForm
		? Before extends Tensor | Sample<Before>
			? true
			: false
		: Before extends InputOf<F>
			? true
			: false;
type After<Before, F> = F extends KeepsForm ? Before : OutputOf<F>;

/** `F` with each step taking what the one before it gives; `F` itself if that is so. */
type Chained<
	F extends readonly unknown[],
	Before = Anything,
> = F extends readonly [infer A, ...infer Rest]
	? readonly [
			Fits<Before, A> extends true
				? A
				: "a step that takes what the one before it gives",
			...Chained<Rest, After<Before, A>>,
		]
	: F;

/** true if all steps take samples and keep their form. */
type AllKeepForm<F extends readonly unknown[]> = F[number] extends KeepsForm
	? true
	: false;

/**
 * One transform after the other. The compiler checks that each takes what the one before it gives.
 *
 * ```ts
 * const transform = new Compose([new RandomRotation(15), new ToTensor(), new Normalize([0.1307], [0.3081])]);
 * const x = transform(image);
 * ```
 *
 * Where all steps are transforms, it takes samples, too, as each of them does.
 *
 * An image that one Transform gives to the next is freed after that; functions among the steps may keep what they see.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: Callable's constructor makes instances that have the call signature
export class Compose<const Steps extends readonly AnyStep[]> extends Callable<
	[image: First<Steps>],
	Last<Steps>
> {
	declare readonly [keepsForm]: AllKeepForm<Steps>;
	readonly transforms: Steps;
	readonly #steps: readonly AnyStep[];

	/** @throws TorchError when there is no step, or one cannot be called */
	constructor(transforms: Steps & Chained<Steps>) {
		super();
		const steps: readonly unknown[] = transforms;
		const wrong = steps.findIndex((step) => typeof step !== "function");
		if (wrong >= 0 || steps.length === 0) {
			throw invalidValue(
				"Compose",
				"transforms",
				`expected one or more functions, got ${wrong < 0 ? "none" : `${typeof steps[wrong]} at ${wrong}`}`,
			);
		}
		this.transforms = transforms;
		this.#steps = joined(transforms as readonly AnyStep[]);
	}

	protected override invoke(image: First<Steps>): Last<Steps> {
		let current: unknown = image;
		let free = false; // nobody but us knows `current`
		for (const step of this.#steps) {
			const next = step(current as never);
			const ours = step instanceof Transform;
			if (next !== current) {
				if (free && ours) (current as Tensor).dispose();
				free = ours && next instanceof Tensor;
			} else if (!ours) {
				free = false;
			}
			current = next;
		}
		return current as Last<Steps>;
	}

	/** @internal */
	[eachImage](images: Tensor, random: Random): Tensor {
		const steps = this.#steps as readonly unknown[];
		return runInBatch(steps as readonly Step<Tensor, Tensor>[], images, random);
	}

	override toString(): string {
		const lines = this.transforms.map((step) =>
			String(step).replaceAll("\n", "\n  "),
		);
		return `Compose(\n  ${lines.join("\n  ")}\n)`;
	}

	[inspect.custom](): string {
		return this.toString();
	}
}

export interface Compose<Steps extends readonly AnyStep[]> {
	/** Samples, where all steps are transforms. */
	<T>(sample: AllKeepForm<Steps> extends true ? Sample<T> : never): T;
	(image: First<Steps>): Last<Steps>;
}

import { inspect } from "node:util";
import { Callable } from "../../callable.ts";
import { invalidValue } from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Transform } from "./transform.ts";

/** A step of a chain: a transform, or any function. */
export type Step<Input, Output> = (input: Input) => Output;
type AnyStep = Step<never, unknown>;

/** Of several steps: what all of them take. */
type InputOf<F> = [F] extends [Step<infer Input, unknown>] ? Input : never;
type OutputOf<F> = F extends Step<never, infer Output> ? Output : never;
type First<F extends readonly unknown[]> = F extends readonly [
	infer A,
	...unknown[],
]
	? InputOf<A>
	: InputOf<F[number]>;
type Last<F extends readonly unknown[]> = F extends readonly [
	...unknown[],
	infer Z,
]
	? OutputOf<Z>
	: OutputOf<F[number]>;

/** `F` with each step taking what the one before it gives; equal to `F` if that is so already. */
type Chained<F extends readonly unknown[]> = F extends readonly [
	infer A,
	infer B,
	...infer Rest,
]
	? readonly [
			A,
			...Chained<
				readonly [
					OutputOf<A> extends InputOf<B> ? B : Step<OutputOf<A>, OutputOf<B>>,
					...Rest,
				]
			>,
		]
	: F;

/**
 * One transform after the other. The compiler checks that each takes what the one before it gives.
 *
 * ```ts
 * const transform = new Compose([new RandomRotation(15), new ToTensor(), new Normalize([0.1307], [0.3081])]);
 * const x = transform(image);
 * ```
 *
 * An image that one Transform gives to the next is freed after that; functions among the steps may keep what they see.
 */
export class Compose<const Steps extends readonly AnyStep[]> extends Callable<
	[image: First<Steps>],
	Last<Steps>
> {
	readonly transforms: Steps;

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
	}

	protected override invoke(image: First<Steps>): Last<Steps> {
		let current: unknown = image;
		let free = false; // nobody but us knows `current`
		for (const step of this.transforms as readonly AnyStep[]) {
			const next = step(current as never);
			const ours = step instanceof Transform;
			if (next !== current) {
				if (free && ours) (current as Tensor).dispose();
				free = ours;
			} else if (!ours) {
				free = false;
			}
			current = next;
		}
		return current as Last<Steps>;
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

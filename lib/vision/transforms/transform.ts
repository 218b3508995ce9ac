import { inspect } from "node:util";
import { Callable } from "../../callable.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Random } from "./random.ts";

const random = new Random();

/**
 * What a transform is made of: `draw` finds the parameters of a call, all random numbers among them, and `apply` is a function of
 * the image and these parameters alone.
 *
 * Images are tensors [..., C, H, W], uint8 (0 to 255) or floating point (0 to 1); leading dimensions are transformed alike.
 *
 * ```ts
 * class RandomBrightness extends Transform<number> {
 *   protected override draw(random: Random): number {
 *     return random.uniform(0.5, 1.5);
 *   }
 *   protected apply(image: Tensor, factor: number): Tensor {
 *     return image.mul(factor).clamp(0, 1);
 *   }
 * }
 * new RandomBrightness()(image);
 * ```
 */
export abstract class Transform<
	Parameters = void,
	Input = Tensor,
> extends Callable<[image: Input], Tensor> {
	/** Draws the parameters of one call; nothing, unless a subclass says so. */
	protected draw(_random: Random, _image: Input): Parameters {
		return undefined as Parameters;
	}

	/** The image, transformed by `parameters`. The image given is not changed. */
	protected abstract override apply(
		image: Input,
		parameters: Parameters,
	): Tensor;

	protected override invoke(image: Input): Tensor {
		return this.apply(image, this.draw(random, image));
	}

	/** The class and its options, as Python prints them. */
	override toString(): string {
		const fields = Object.entries(this)
			.filter(([, value]) => value !== undefined && value !== null)
			.map(([name, value]) => `${name}=${JSON.stringify(value)}`);
		return `${this.constructor.name}(${fields.join(", ")})`;
	}

	[inspect.custom](): string {
		return this.toString();
	}
}

/** A transform that is applied with probability `p`, and else returns the image itself. */
export abstract class RandomApplyTransform extends Transform<boolean> {
	readonly p: number;

	constructor(p: number) {
		super();
		this.p = p;
	}

	protected override draw(random: Random): boolean {
		return random.unit() < Math.fround(this.p); // both float32, as in torchvision
	}

	protected override apply(image: Tensor, applied: boolean): Tensor {
		return applied ? this.transform(image) : image;
	}

	protected abstract transform(image: Tensor): Tensor;
}

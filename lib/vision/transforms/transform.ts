import { inspect } from "node:util";
import { Callable } from "../../callable.ts";
import * as check from "../../check.ts";
import { stack } from "../../generated/functions.ts";
import { scope } from "../../tensor/scope.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { isImage, isKind, wrap } from "../tvTensors/wrap.ts";
import { alike, eachImage, inGroups, oneByOne } from "./inBatch.ts";
import { Random } from "./random.ts";
import { mapSample, type Sample } from "./sample.ts";

const random = new Random();

/** Marks what gives back the form that it is given: images for an image, the same fields for a sample. */
export declare const keepsForm: unique symbol;

/**
 * What a transform is made of: `draw` finds the parameters of a call, all random numbers among them, and `apply` is a function of
 * the image and these parameters alone.
 *
 * Images are tensors [..., C, H, W], uint8 (0 to 255) or floating point (0 to 1); leading dimensions are transformed alike. A sample, an
 * object or array with an `Image`, `Mask`, `BoundingBoxes`, … in it, is transformed as a whole, with the same parameters: each tensor that
 * the transform `takes` is applied to in its place, everything else stays as it is.
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
 * new RandomBrightness()({ image: new Image(image), mask: new Mask(mask), label: 3 }); // changes the image alone
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: Callable's constructor makes instances that have the call signature
export abstract class Transform<Parameters = void> extends Callable<
	[image: Tensor],
	Tensor
> {
	declare readonly [keepsForm]: true;

	/** Whether it changes tensors of this kind. Default: images and videos. */
	protected takes(input: Tensor): boolean {
		return isImage(input);
	}

	/** Draws the parameters of one call, for the tensors of a sample that it takes; nothing, unless a subclass says so. */
	protected draw(_random: Random, _inputs: readonly Tensor[]): Parameters {
		return undefined as Parameters;
	}

	/** The image (or what else it takes), transformed by `parameters`. What is given is not changed. */
	protected abstract override apply(
		input: Tensor,
		parameters: Parameters,
	): Tensor;

	protected override invoke(sample: Tensor): Tensor {
		if (sample instanceof Tensor && !isKind(sample)) {
			return this.apply(sample, this.draw(random, [sample]));
		}
		const inputs: Tensor[] = [];
		mapSample(this.constructor.name, sample, (input) => {
			if (this.takes(input)) inputs.push(input);
			return input;
		});
		if (inputs.length === 0) return sample;
		const parameters = this.draw(random, inputs);
		return mapSample(this.constructor.name, sample, (input) =>
			this.takes(input) ? this.#applied(input, parameters) : input,
		);
	}

	/**
	 * Images [N, C, H, W], each transformed by parameters of its own. Where nothing is drawn it is `apply` for all; else `apply` for each, unless
	 * a subclass knows how to do it at once.
	 */
	protected applyToBatch(
		images: Tensor,
		parameters: readonly Parameters[],
	): Tensor {
		const [first] = parameters;
		if (first === undefined) return this.apply(images, first as Parameters);
		return scope(() => {
			const results = parameters.map((each, i) =>
				this.apply(images.select(0, i), each),
			);
			return stack(alike(this.constructor.name, results));
		});
	}

	/** @internal */
	get [oneByOne](): boolean {
		return false;
	}

	/** @internal */
	[eachImage](images: Tensor, random: Random): Tensor {
		const one = [images.select(0, 0)];
		const parameters = Array.from({ length: images.size(0) }, () =>
			this.draw(random, one),
		);
		return this.applyToImages(images, parameters);
	}

	/** @internal One image needs no tensors of parameters. */
	protected applyToImages(
		images: Tensor,
		parameters: readonly Parameters[],
	): Tensor {
		const [first] = parameters;
		if (parameters.length > 1 || first === undefined) {
			return this.applyToBatch(images, parameters);
		}
		return scope(() => this.apply(images.select(0, 0), first).unsqueeze(0));
	}

	/** What `apply` gives, as the kind that it was given. */
	#applied(input: Tensor, parameters: Parameters): Tensor {
		const output = this.apply(input, parameters);
		return output.constructor === Tensor ? wrap(output, input) : output;
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

// biome-ignore lint/correctness/noUnusedVariables: merged with the class, which has it
export interface Transform<Parameters> {
	/** A sample of the same form: an image for an image, an object for an object. */
	<T>(sample: Sample<T>): T;
	(image: Tensor): Tensor;
}

/** A transform of geometry: masks, boxes and points are moved with the image. What `apply` gives is of the kind that it is given. */
export abstract class GeometricTransform<
	Parameters = void,
> extends Transform<Parameters> {
	protected override takes(_input: Tensor): boolean {
		return true;
	}
}

/** A transform that is applied with probability `p`; else it draws no more, and gives back what it is given. */
export abstract class RandomApplyTransform<
	Parameters = void,
> extends Transform<Parameters> {
	readonly p: number;

	constructor(p: number) {
		super();
		check.number(new.target.name, "p", p, { min: 0, max: 1 });
		this.p = p;
	}

	protected override invoke(sample: Tensor): Tensor {
		return this.#drawn(random) ? super.invoke(sample) : sample;
	}

	/** Both numbers are float32, as in torchvision. */
	#drawn(random: Random): boolean {
		return random.unit() < Math.fround(this.p);
	}

	/** @internal */
	override [eachImage](images: Tensor, random: Random): Tensor {
		const one = [images.select(0, 0)];
		const parameters: Parameters[] = [];
		const applied = Array.from({ length: images.size(0) }, (_, i) => {
			const drawn = this.#drawn(random);
			if (drawn) parameters[i] = this.draw(random, one);
			return drawn;
		});
		return this.applyToSome(images, applied, parameters);
	}

	/** Images [N, C, H, W], those that are to be transformed by parameters of their own. */
	protected applyToSome(
		images: Tensor,
		applied: readonly boolean[],
		parameters: readonly Parameters[],
	): Tensor {
		return inGroups(
			this.constructor.name,
			images,
			applied,
			(part, drawn, rows) =>
				drawn
					? this.applyToImages(
							part,
							rows.map((row) => parameters[row] as Parameters),
						)
					: part,
		);
	}
}

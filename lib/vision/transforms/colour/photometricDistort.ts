import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { Adjustment } from "../functional/colour/adjustments.ts";
import {
	permuteChannels,
	permuteEach,
} from "../functional/colour/permuteChannels.ts";
import type { Range } from "../parameters.ts";
import { shapeOfInputs } from "../query.ts";
import type { Random } from "../random.ts";
import { Transform } from "../transform.ts";
import { adjust, adjustEach } from "./adjust.ts";
import { jitterOf } from "./factors.ts";

const op = "RandomPhotometricDistort";

export interface PhotometricDistortOptions {
	/** Factors from … to, at least 0. Default [0.875, 1.125]. */
	brightness: Range;
	/** Factors from … to, at least 0. Default [0.5, 1.5]. */
	contrast: Range;
	/** Factors from … to, at least 0. Default [0.5, 1.5]. */
	saturation: Range;
	/** Parts of a turn from … to, within -0.5 and 0.5. Default [-0.05, 0.05]. */
	hue: Range;
	/** The probability of each change. Default 0.5. */
	p: number;
}

interface Parameters {
	steps: Adjustment[];
	order: number[] | null;
}

const defaults: PhotometricDistortOptions = {
	brightness: [0.875, 1.125],
	contrast: [0.5, 1.5],
	saturation: [0.5, 1.5],
	hue: [-0.05, 0.05],
	p: 0.5,
};

/**
 * Changes brightness, contrast, saturation and hue, and swaps channels, each with probability `p`; contrast before saturation and hue or after
 * them.
 *
 * @see Liu et al., SSD: Single Shot MultiBox Detector, https://arxiv.org/abs/1512.02325
 */
export class RandomPhotometricDistort extends Transform<Parameters> {
	readonly brightness: Range;
	readonly contrast: Range;
	readonly saturation: Range;
	readonly hue: Range;
	readonly p: number;

	constructor(
		...args: Optional<
			PhotometricDistortOptions,
			["brightness", "contrast", "saturation", "hue", "p"]
		>
	) {
		super();
		const given = optional(op, defaults, args);
		for (const name of [
			"brightness",
			"contrast",
			"saturation",
			"hue",
		] as const) {
			check.array<number>(op, name, given[name]);
		}
		jitterOf(op, given);
		this.brightness = given.brightness;
		this.contrast = given.contrast;
		this.saturation = given.saturation;
		this.hue = given.hue;
		this.p = check.number(op, "p", given.p, { min: 0, max: 1 });
	}

	protected override draw(
		random: Random,
		inputs: readonly Tensor[],
	): Parameters {
		const { channels } = shapeOfInputs(op, inputs);
		const p = Math.fround(this.p);
		const step = (name: Adjustment["name"]): Adjustment[] =>
			random.unit() < p
				? [{ name, factor: random.uniform(...this[name]) }]
				: [];
		const brightness = step("brightness");
		const contrast = step("contrast");
		const rest = [...step("saturation"), ...step("hue")];
		const contrastFirst = random.unit() < 0.5;
		const order = random.unit() < p ? random.permutation(channels) : null;
		const steps = contrastFirst
			? [...brightness, ...contrast, ...rest]
			: [...brightness, ...rest, ...contrast];
		return { steps, order };
	}

	protected override apply(
		image: Tensor,
		{ steps, order }: Parameters,
	): Tensor {
		return scope(() => {
			const adjusted = adjust(op, image, steps);
			return order ? permuteChannels(adjusted, order) : adjusted;
		});
	}

	protected override applyToBatch(
		images: Tensor,
		parameters: readonly Parameters[],
	): Tensor {
		const { channels } = shapeOfInputs(op, [images]);
		const still = Array.from({ length: channels }, (_, i) => i);
		return scope(() =>
			permuteEach(
				adjustEach(
					op,
					images,
					parameters.map(({ steps }) => steps),
				),
				parameters.map(({ order }) => order ?? still),
			),
		);
	}
}

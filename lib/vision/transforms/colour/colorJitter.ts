import { type Optional, optional } from "../../../arguments.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
	type Adjustment,
	adjustments,
} from "../functional/colour/adjustments.ts";
import { oneByOne } from "../inBatch.ts";
import type { Range } from "../parameters.ts";
import type { Random } from "../random.ts";
import { Transform } from "../transform.ts";
import { adjust, adjustEach } from "./adjust.ts";
import { type JitterOptions, jitterOf } from "./factors.ts";

const op = "ColorJitter";
const none: JitterOptions = {
	brightness: null,
	contrast: null,
	saturation: null,
	hue: null,
};

/**
 * Changes brightness, contrast, saturation and hue at random, in random order.
 *
 * ```ts
 * new ColorJitter({ brightness: 0.4, contrast: [0.8, 1.5], hue: 0.1 })(image);
 * ```
 *
 * Each is a number or [from, to], from which its factor is drawn uniformly: brightness, contrast and saturation x stands for
 * [1 - x, 1 + x], but not below 0; hue x, at most 0.5, for [-x, x].
 */
export class ColorJitter extends Transform<Adjustment[]> {
	readonly brightness: Range | null;
	readonly contrast: Range | null;
	readonly saturation: Range | null;
	readonly hue: Range | null;

	constructor(
		...args: Optional<
			JitterOptions,
			["brightness", "contrast", "saturation", "hue"]
		>
	) {
		super();
		const jitter = jitterOf(op, optional(op, none, args));
		this.brightness = jitter.brightness;
		this.contrast = jitter.contrast;
		this.saturation = jitter.saturation;
		this.hue = jitter.hue;
	}

	/** @internal */
	override get [oneByOne](): boolean {
		return true;
	}

	protected override draw(random: Random): Adjustment[] {
		const order = random.permutation(4);
		const factors = adjustments.map((name) => {
			const range = this[name];
			return range && random.uniform(...range);
		});
		return order.flatMap((at) => {
			const factor = factors[at];
			const name = adjustments[at];
			return typeof factor === "number" && name ? [{ name, factor }] : [];
		});
	}

	protected override apply(image: Tensor, steps: Adjustment[]): Tensor {
		return adjust(op, image, steps);
	}

	/** Images [N, C, H, W], each by its own steps. */
	protected override applyToBatch(
		images: Tensor,
		parameters: readonly Adjustment[][],
	): Tensor {
		return adjustEach(op, images, parameters);
	}
}

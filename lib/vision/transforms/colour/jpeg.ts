import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { jpeg } from "../functional/colour/jpeg/jpeg.ts";
import { checkOrder, type Range } from "../parameters.ts";
import type { Random } from "../random.ts";
import { Transform } from "../transform.ts";

const op = "JPEG";

/**
 * What is left of a uint8 image after it was stored as JPEG, with a quality from 1 to 100: a number, or drawn from … to, both included.
 *
 * ```ts
 * new JPEG([10, 50])(image);
 * ```
 */
export class JPEG extends Transform<number> {
	readonly quality: Range;

	constructor(quality: number | Range) {
		super();
		const range =
			typeof quality === "number" ? ([quality, quality] as const) : quality;
		check.array<number>(op, "quality", range);
		if (range.length !== 2) {
			throw check.invalidValue(
				op,
				"quality",
				`expected a number or [from, to], got ${check.describe(quality)}`,
			);
		}
		for (const value of range) {
			check.integer(op, "quality", value, { min: 1, max: 100 });
		}
		checkOrder(op, "quality", range);
		this.quality = range;
	}

	protected override draw(random: Random): number {
		return random.integer(this.quality[0], this.quality[1] + 1);
	}

	protected override apply(image: Tensor, quality: number): Tensor {
		return jpeg(image, quality);
	}
}

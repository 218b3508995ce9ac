import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkPair } from "./functional/affine.ts";
import { padInput, type Sides } from "./functional/pad.ts";
import {
	checkFills,
	checkOrder,
	type Fills,
	fillFor,
	type Range,
} from "./parameters.ts";
import { sizeOfInputs } from "./query.ts";
import type { Random } from "./random.ts";
import { RandomApplyTransform } from "./transform.ts";

const { fround } = Math;

export interface RandomZoomOutOptions {
	/** What the larger canvas is filled with: a number, one for each channel, or { image, mask }. Default: 0. */
	fill?: Fills;
	/** How many times larger the canvas is, from … to, at least 1: [1, 4]. */
	sideRange?: Range;
	/** Default: 0.5. */
	p?: number;
}

/** Puts the image somewhere on a larger canvas with probability `p`, as SSD is trained. Options: `fill` (0), `sideRange` ([1, 4]), `p` (0.5). */
export class RandomZoomOut extends RandomApplyTransform<Sides> {
	readonly fill: Fills;
	readonly sideRange: Range;

	constructor(options: RandomZoomOutOptions = {}) {
		const op = "RandomZoomOut";
		check.options(op, options, ["fill", "sideRange", "p"]);
		const { fill = 0, sideRange = [1, 4], p = 0.5 } = options;
		super(p);
		checkFills(op, fill);
		checkPair(op, "sideRange", sideRange, { min: 1 });
		checkOrder(op, "sideRange", sideRange);
		this.fill = fill;
		this.sideRange = sideRange;
	}

	protected override takes(): boolean {
		return true;
	}

	protected override draw(random: Random, inputs: readonly Tensor[]): Sides {
		const { height, width } = sizeOfInputs("RandomZoomOut", inputs);
		const [low, high] = this.sideRange;
		// in float32, as torchvision's tensors
		const times = fround(
			fround(low) + fround(random.unit() * fround(high - low)),
		);
		const columns = Math.trunc(fround(width * times)) - width;
		const rows = Math.trunc(fround(height * times)) - height;
		const left = Math.trunc(fround(columns * random.unit()));
		const top = Math.trunc(fround(rows * random.unit()));
		return [left, columns - left, top, rows - top];
	}

	protected override apply(input: Tensor, sides: Sides): Tensor {
		const fill = fillFor(this.fill, input);
		return padInput("RandomZoomOut", input, sides, fill, "constant");
	}
}

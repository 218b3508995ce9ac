import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	type Padding,
	type PaddingMode,
	paddingModes,
	padInput,
	type Sides,
	sidesOf,
} from "./functional/pad.ts";
import { checkFills, type Fills, fillFor } from "./parameters.ts";
import { GeometricTransform } from "./transform.ts";

export interface PadTransformOptions {
	/** With mode "constant": a number, one for each channel, or { image, mask }. Default: 0. */
	fill?: Fills;
	/** "constant" (default), "edge", "reflect" or "symmetric"; samples with boxes or points take "constant" alone. */
	paddingMode?: PaddingMode;
}

/** Adds borders: all alike, [left and right, top and bottom], or [left, top, right, bottom]. Options: `fill` (0), `paddingMode` ("constant"). */
export class Pad extends GeometricTransform {
	readonly padding: Padding;
	readonly fill: Fills;
	readonly paddingMode: PaddingMode;
	readonly #sides: Sides;

	constructor(padding: Padding, options: PadTransformOptions = {}) {
		super();
		const op = "Pad";
		check.options(op, options, ["fill", "paddingMode"]);
		const { fill = 0, paddingMode = "constant" } = options;
		checkFills(op, fill);
		check.oneOf(op, "paddingMode", paddingMode, paddingModes);
		this.#sides = sidesOf(op, padding);
		this.padding = padding;
		this.fill = fill;
		this.paddingMode = paddingMode;
	}

	protected override apply(input: Tensor): Tensor {
		const fill = fillFor(this.fill, input);
		return padInput("Pad", input, this.#sides, fill, this.paddingMode);
	}
}

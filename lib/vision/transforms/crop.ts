import * as check from "../../check.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { cropBatch, cropInput } from "./functional/crop.ts";
import {
	type Padding,
	type PaddingMode,
	paddingModes,
	padInput,
	sidesOf,
} from "./functional/pad.ts";
import {
	type CropSize,
	checkFills,
	type Fills,
	fillFor,
	heightAndWidth,
} from "./parameters.ts";
import { sizeOfInputs } from "./query.ts";
import type { Random } from "./random.ts";
import { GeometricTransform } from "./transform.ts";

const op = "RandomCrop";

export interface RandomCropOptions {
	/** Borders added first: a number, [x, y] or [left, top, right, bottom]; none. */
	padding?: Padding | null | undefined;
	/** Adds what the image lacks to the size, on both sides: false. */
	padIfNeeded?: boolean;
	/** What borders are filled with in mode "constant": a number, one for each channel, or { image, mask }. Default: 0. */
	fill?: Fills;
	/** "constant" (default), "edge", "reflect" or "symmetric". */
	paddingMode?: PaddingMode;
}

interface Parameters {
	sides: [left: number, right: number, top: number, bottom: number];
	/** Of the crop; null: the padded image has the size already. */
	corner: { top: number; left: number } | null;
}

/**
 * Crops `size` (a number, or [height, width]) at a random place.
 *
 * ```ts
 * new RandomCrop(28, { padding: 2 })(image); // moves the image by up to 2 pixels
 * ```
 */
export class RandomCrop extends GeometricTransform<Parameters> {
	readonly size: readonly [height: number, width: number];
	/** Left, right, top, bottom. */
	readonly padding: Parameters["sides"] | null;
	readonly padIfNeeded: boolean;
	readonly fill: Fills;
	readonly paddingMode: PaddingMode;

	constructor(size: CropSize, options: RandomCropOptions = {}) {
		super();
		const names = ["padding", "padIfNeeded", "fill", "paddingMode"];
		check.options(op, options, names);
		const { padding, padIfNeeded = false, fill = 0 } = options;
		const { paddingMode = "constant" } = options;
		check.boolean(op, "padIfNeeded", padIfNeeded);
		checkFills(op, fill);
		check.oneOf(op, "paddingMode", paddingMode, paddingModes);
		this.size = heightAndWidth(op, size);
		this.padding =
			padding === undefined || padding === null ? null : sidesOf(op, padding);
		this.padIfNeeded = padIfNeeded;
		this.fill = fill;
		this.paddingMode = paddingMode;
	}

	protected override draw(
		random: Random,
		inputs: readonly Tensor[],
	): Parameters {
		const [height, width] = this.size;
		const sides: Parameters["sides"] = [...(this.padding ?? [0, 0, 0, 0])];
		const size = sizeOfInputs(op, inputs);
		if (this.padIfNeeded) {
			const rows = Math.max(height - size.height - sides[2] - sides[3], 0);
			const columns = Math.max(width - size.width - sides[0] - sides[1], 0);
			sides[0] += columns;
			sides[1] += columns;
			sides[2] += rows;
			sides[3] += rows;
		}
		const rows = size.height + sides[2] + sides[3] - height;
		const columns = size.width + sides[0] + sides[1] - width;
		if (rows < 0 || columns < 0) {
			throw check.invalidValue(
				op,
				"size",
				`expected at most the image's size [${rows + height}, ${columns + width}], padding included, got [${this.size}]`,
			);
		}
		const top = rows > 0 ? random.integer(rows + 1) : 0;
		const left = columns > 0 ? random.integer(columns + 1) : 0;
		return { sides, corner: rows > 0 || columns > 0 ? { top, left } : null };
	}

	protected override apply(
		input: Tensor,
		{ sides, corner }: Parameters,
	): Tensor {
		const padded = sides.some((side) => side !== 0)
			? padInput(op, input, sides, fillFor(this.fill, input), this.paddingMode)
			: input;
		if (!corner) return padded;
		const [height, width] = this.size;
		const part = cropInput(op, padded, { ...corner, height, width });
		if (padded !== input) padded.dispose();
		return part;
	}

	protected override applyToBatch(
		images: Tensor,
		parameters: readonly Parameters[],
	): Tensor {
		// borders depend on the size alone, which all images have in common
		const { sides, corner } = parameters[0] as Parameters;
		const fill = fillFor(this.fill, images);
		return scope(() => {
			const padded = sides.some((side) => side !== 0)
				? padInput(op, images, sides, fill, this.paddingMode)
				: images;
			if (!corner) return padded;
			const corners = parameters.map((each) => each.corner ?? corner);
			return cropBatch(padded, corners, this.size);
		});
	}
}

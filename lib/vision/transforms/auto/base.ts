import * as check from "../../../check.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { isImage } from "../../tvTensors/wrap.ts";
import {
	checkFill,
	type Fill,
	type ImageSize,
	type Interpolation,
} from "../functional/image.ts";
import { sizeOfInputs } from "../query.ts";
import type { Random } from "../random.ts";
import { Transform } from "../transform.ts";
import { applyOperation } from "./operations.ts";
import type { Choice, Operation } from "./space.ts";

export interface AutoOptions {
	/** Of what is sheared, moved and turned: "nearest" or "bilinear". Default "nearest". */
	interpolation: Interpolation;
	/** What is put where there is no image: one value, one for each channel, or null. Default null. */
	fill: Fill;
}

/** One operation that was drawn. */
export interface Step {
	operation: Operation;
	magnitude: number;
}

/** Draws operations, and applies one after the other to an image or video; samples must not have masks, boxes or points, and one image alone. */
export abstract class AutoTransform<Parameters> extends Transform<Parameters> {
	readonly interpolation: Interpolation;
	readonly fill: Fill;

	constructor({ interpolation, fill }: AutoOptions) {
		super();
		const op = new.target.name;
		check.oneOf(op, "interpolation", interpolation, ["nearest", "bilinear"]);
		checkFill(op, fill);
		this.interpolation = interpolation;
		this.fill = fill;
	}

	/** Everything, so that what cannot be moved with the image is not left behind unnoticed. */
	protected override takes(): boolean {
		return true;
	}

	/** The size of the one image. */
	protected sizeOf(inputs: readonly Tensor[]): ImageSize {
		const op = this.constructor.name;
		const other = inputs.find((input) => !isImage(input));
		if (other) {
			throw check.invalidType(
				op,
				"sample",
				"an image and no other kind",
				other,
			);
		}
		if (inputs.length !== 1) {
			throw check.invalidValue(
				op,
				"sample",
				`expected one image, got ${inputs.length}`,
			);
		}
		return sizeOfInputs(op, inputs);
	}

	/** The magnitude of a level, turned about where the operation goes both ways. */
	protected step(
		random: Random,
		{ operation, magnitudes, signed }: Choice,
		bins: number,
		size: ImageSize,
		level: () => number,
	): Step {
		const all = magnitudes(bins, size);
		if (!all) return { operation, magnitude: 0 };
		const magnitude = all[level()] as number;
		const turned = signed && random.unit() <= 0.5;
		return { operation, magnitude: turned ? -magnitude : magnitude };
	}

	protected run(image: Tensor, steps: readonly Step[]): Tensor {
		const op = this.constructor.name;
		return scope(() =>
			steps.reduce(
				(current, { operation, magnitude }) =>
					applyOperation(op, current, operation, magnitude, this),
				image,
			),
		);
	}
}

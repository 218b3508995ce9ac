import { type Optional, optional } from "../../../arguments.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
	type ClaheOptions,
	claheOptions,
	equalizeTiles,
} from "../functional/colour/clahe.ts";
import { RandomApplyTransform, Transform } from "../transform.ts";

/**
 * Contrast limited adaptive histogram equalisation of each channel, as OpenCV defines it. (torchvision has none.)
 *
 * ```ts
 * new CLAHE({ clipLimit: 2 })(image);
 * ```
 */
export class CLAHE extends Transform {
	readonly clipLimit: number;
	readonly tileGridSize: readonly [columns: number, rows: number];

	constructor(...args: Optional<ClaheOptions, ["clipLimit", "tileGridSize"]>) {
		super();
		const { clipLimit, tileGridSize } = claheOptions("CLAHE", args);
		this.clipLimit = clipLimit;
		this.tileGridSize = tileGridSize;
	}

	protected override apply(image: Tensor): Tensor {
		return equalizeTiles("CLAHE", image, this);
	}
}

export interface RandomClaheOptions extends ClaheOptions {
	/** The probability. Default 0.5. */
	p: number;
}

/** As `CLAHE`, with probability `p`, 0.5 by default. */
export class RandomCLAHE extends RandomApplyTransform {
	readonly clipLimit: number;
	readonly tileGridSize: readonly [columns: number, rows: number];

	constructor(
		...args: Optional<RandomClaheOptions, ["clipLimit", "tileGridSize", "p"]>
	) {
		const op = "RandomCLAHE";
		const defaults = { ...claheOptions(op, []), p: 0.5 };
		const { p, ...given } = optional(op, defaults, args);
		super(p);
		const { clipLimit, tileGridSize } = claheOptions(op, [given]);
		this.clipLimit = clipLimit;
		this.tileGridSize = tileGridSize;
	}

	protected override apply(image: Tensor): Tensor {
		return equalizeTiles("RandomCLAHE", image, this);
	}
}

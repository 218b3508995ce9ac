import * as check from "../../check.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	BoundingBoxes,
	type BoundingBoxFormat,
	boundingBoxFormats,
	type ClampingMode,
	checkClampingMode,
} from "../tvTensors/boundingBoxes.ts";
import { KeyPoints } from "../tvTensors/keyPoints.ts";
import { wrap } from "../tvTensors/wrap.ts";
import {
	type ClampOptions,
	checkClampOptions,
	clampBoundingBoxes,
	clampKeypoints,
} from "./functional/boxes/clamp.ts";
import { convertBoundingBoxFormat } from "./functional/boxes/convert.ts";
import { Transform } from "./transform.ts";

/** What changes boxes and nothing else. */
abstract class BoxTransform extends Transform {
	protected override takes(input: Tensor): boolean {
		return input instanceof BoundingBoxes;
	}

	protected override apply(boxes: Tensor): Tensor {
		return boxes instanceof BoundingBoxes ? this.applyToBoxes(boxes) : boxes;
	}

	protected abstract applyToBoxes(boxes: BoundingBoxes): BoundingBoxes;
}

/** Gives boxes another format: "XYXY", "XYWH", "CXCYWH", or of rotated ones "XYWHR", "CXCYWHR", "XYXYXYXY". */
export class ConvertBoundingBoxFormat extends BoxTransform {
	readonly format: BoundingBoxFormat;

	constructor(format: BoundingBoxFormat) {
		super();
		const op = "ConvertBoundingBoxFormat";
		this.format = check.oneOf(op, "format", format, boundingBoxFormats);
	}

	protected override applyToBoxes(boxes: BoundingBoxes): BoundingBoxes {
		return convertBoundingBoxFormat(boxes, this.format);
	}
}

/** Cuts boxes off at the edges of their image. Option: `clampingMode` ("auto", the boxes' own). */
export class ClampBoundingBoxes extends BoxTransform {
	readonly clampingMode: ClampingMode | "auto";

	constructor(options: ClampOptions = {}) {
		super();
		checkClampOptions("ClampBoundingBoxes", options);
		this.clampingMode =
			options.clampingMode === undefined ? "auto" : options.clampingMode;
	}

	protected override applyToBoxes(boxes: BoundingBoxes): BoundingBoxes {
		return clampBoundingBoxes(boxes, { clampingMode: this.clampingMode });
	}
}

/** How later transforms treat boxes that reach beyond the image: "soft", "hard", or null, not at all. */
export class SetClampingMode extends BoxTransform {
	readonly clampingMode: ClampingMode;

	constructor(clampingMode: ClampingMode) {
		super();
		checkClampingMode("SetClampingMode", clampingMode);
		this.clampingMode = clampingMode;
	}

	protected override applyToBoxes(boxes: BoundingBoxes): BoundingBoxes {
		const { clampingMode } = this;
		return scope(() => wrap(boxes.clone(), boxes, { clampingMode }));
	}
}

/** Moves key points outside of their image to its nearest pixel. */
export class ClampKeyPoints extends Transform {
	protected override takes(input: Tensor): boolean {
		return input instanceof KeyPoints;
	}

	protected override apply(points: Tensor): Tensor {
		return points instanceof KeyPoints ? clampKeypoints(points) : points;
	}
}

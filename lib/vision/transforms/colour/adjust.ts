import { tensor } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
	type Adjustment,
	adjusted,
	adjustedEach,
	adjustments,
} from "../functional/colour/adjustments.ts";
import { brighten } from "../functional/colour/brightness.ts";
import { contrastBy } from "../functional/colour/contrast.ts";
import { turnHue } from "../functional/colour/hue.ts";
import { type Factor, imageShape } from "../functional/colour/pixels.ts";
import { saturate } from "../functional/colour/saturation.ts";

const functions = {
	brightness: brighten,
	contrast: contrastBy,
	saturation: saturate,
	hue: turnHue,
} satisfies {
	[Name in Adjustment["name"]]: (
		op: string,
		image: Tensor,
		factor: Factor,
	) => Tensor;
};

/** @internal One step after the other. What is between them is freed. */
export function adjust(
	op: string,
	image: Tensor,
	steps: readonly Adjustment[],
): Tensor {
	imageShape(op, image);
	if (steps.length === 0) return image;
	return adjusted(image, steps) ?? adjustByOperators(op, image, steps);
}

/** @internal `adjust` for all images that there are. */
export function adjustByOperators(
	op: string,
	image: Tensor,
	steps: readonly Adjustment[],
): Tensor {
	return scope(() =>
		steps.reduce(
			(current, { name, factor }) => functions[name](op, current, factor),
			image,
		),
	);
}

/** @internal Each image of a batch [N, C, H, W] by its own steps. */
export function adjustEach(
	op: string,
	images: Tensor,
	each: readonly (readonly Adjustment[])[],
): Tensor {
	if (each.every((steps) => steps.length === 0)) return images;
	return adjustedEach(images, each) ?? adjustEachByOperators(op, images, each);
}

/** @internal The same for all images that there are: one call for those that have the same step at a time. */
export function adjustEachByOperators(
	op: string,
	images: Tensor,
	each: readonly (readonly Adjustment[])[],
): Tensor {
	const most = Math.max(...each.map((steps) => steps.length));
	return scope(() => {
		let current = images;
		for (let turn = 0; turn < most; turn++) {
			let next: Tensor | undefined;
			for (const name of adjustments) {
				const rows: number[] = [];
				const factors: number[] = [];
				each.forEach((steps, row) => {
					const step = steps[turn];
					if (step?.name !== name) return;
					rows.push(row);
					factors.push(step.factor);
				});
				if (rows.length === 0) continue;
				if (rows.length === each.length) {
					next = functions[name](op, current, factors);
					break;
				}
				next ??= current.clone();
				const { device } = images;
				const index = tensor(rows, { dtype: "int64", device });
				const part = current.indexSelect(0, index);
				next.indexCopy_(0, index, functions[name](op, part, factors));
			}
			current = next ?? current;
		}
		return current;
	});
}

import type { Tensor } from "../../../../tensor/tensor.ts";
import { adjustColours, isPlain } from "../native.ts";
import { ofImage } from "./images.ts";

/** @internal In the order in which factors are drawn, by which native code numbers them. */
export const adjustments = [
	"brightness",
	"contrast",
	"saturation",
	"hue",
] as const;

/** One step of a change of colour. */
export interface Adjustment {
	name: (typeof adjustments)[number];
	factor: number;
}

/** @internal An image [..., 3, H, W] changed by its steps; null for what operators have to change. */
export function adjusted(
	image: Tensor,
	steps: readonly Adjustment[],
): Tensor | null {
	if (!takes(image)) return null;
	const count = image.shape.slice(0, -3).reduce((all, n) => all * n, 1);
	return run(image, new Array(count).fill(steps));
}

/** @internal The functions for one image of any kind: by one step, natively or by operators. */
export function adjustImage<T extends Tensor>(
	op: string,
	image: T,
	step: Adjustment,
	byOperators: (op: string, image: Tensor, by: number) => Tensor,
): T {
	return ofImage(
		op,
		image,
		(plain) => adjusted(plain, [step]) ?? byOperators(op, plain, step.factor),
	);
}

/** @internal The same for a batch [N, 3, H, W], each image by steps of its own. */
export function adjustedEach(
	images: Tensor,
	each: readonly (readonly Adjustment[])[],
): Tensor | null {
	return takes(images) ? run(images, each) : null;
}

function takes(image: Tensor): boolean {
	return isPlain(image) && image.dim() >= 3 && image.size(-3) === 3;
}

/** All images get as many steps as the one with the most; those that are missing are `nothing`. */
function run(images: Tensor, each: readonly (readonly Adjustment[])[]): Tensor {
	const most = Math.max(...each.map((steps) => steps.length));
	const kinds: number[] = [];
	const factors: number[] = [];
	for (const steps of each) {
		for (let turn = 0; turn < most; turn++) {
			const step = steps[turn];
			kinds.push(step ? adjustments.indexOf(step.name) : nothing);
			factors.push(step?.factor ?? 1);
		}
	}
	return adjustColours(images, kinds, factors);
}

const nothing = adjustments.length;

/** Options that several families have, and their checks. */
import { real, type Setting, whole } from "../../nn/settings.ts";
import { checkMaker, type NormLayer } from "../ops/layers.ts";

export interface ClassifierOptions {
	/** How many classes there are: the length of the output. Default 1000, ImageNet's. */
	numClasses?: number | undefined;
}

export interface DropoutOptions extends ClassifierOptions {
	/** The probability of a zero before the last layer. */
	dropout?: number | undefined;
}

export const NUM_CLASSES: Setting<number> = whole(1000, { min: 1 });
export const probability = (fallback: number): Setting<number> =>
	real(fallback, { min: 0, max: 1 });
/** A maker of normalisations; null is the family's own. */
export const NORM_LAYER: Setting<NormLayer | null> = {
	fallback: null,
	check(op, name, value) {
		if (value !== null) checkMaker(op, name, value);
	},
};

/** The multiple of `divisor` that is nearest to `value`, not less than 0.9 of it. */
export function makeDivisible(
	value: number,
	divisor: number,
	minimum: number = divisor,
): number {
	const rounded = Math.max(
		minimum,
		Math.floor(Math.trunc(value + divisor / 2) / divisor) * divisor,
	);
	return rounded < 0.9 * value ? rounded + divisor : rounded;
}

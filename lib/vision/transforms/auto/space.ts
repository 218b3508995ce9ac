/** The operations that automatic augmentation chooses from, and how strong each is at each of a number of levels. */
import * as check from "../../../check.ts";
import { linspace } from "../../../generated/functions.ts";
import { scope } from "../../../tensor/scope.ts";
import type { ImageSize } from "../functional/image.ts";
import { roundHalfEven } from "../functional/rounding.ts";

/** An operation by its name in the papers. */
export type Operation =
	| "Identity"
	| "ShearX"
	| "ShearY"
	| "TranslateX"
	| "TranslateY"
	| "Rotate"
	| "Brightness"
	| "Color"
	| "Contrast"
	| "Sharpness"
	| "Posterize"
	| "Solarize"
	| "AutoContrast"
	| "Equalize"
	| "Invert";

/** The magnitudes of `bins` levels for an image of a size; null: the operation has none. */
export type Magnitudes = (
	bins: number,
	size: ImageSize,
) => readonly number[] | null;

/** An operation that may be chosen; one that is `signed` goes either way with the same probability. */
export interface Choice {
	operation: Operation;
	magnitudes: Magnitudes;
	signed: boolean;
}

const none: Magnitudes = () => null;

/** Evenly spaced, in float32. */
function spaced(from: number, to: number, bins: number): number[] {
	return scope(() => linspace(from, to, bins).tolist() as number[]);
}

/** From `most` bits down by `less`. */
function bits(most: number, less: number): Magnitudes {
	return (bins) =>
		Array.from({ length: bins }, (_, i) => {
			const down = Math.fround(i / Math.fround((bins - 1) / less));
			return roundHalfEven(Math.fround(most - down));
		});
}

const upTo =
	(most: number | ((size: ImageSize) => number)): Magnitudes =>
	(bins, size) =>
		spaced(0, typeof most === "number" ? most : most(size), bins);

const signed = (operation: Operation, magnitudes: Magnitudes): Choice => ({
	operation,
	magnitudes,
	signed: true,
});
const unsigned = (
	operation: Operation,
	magnitudes: Magnitudes = none,
): Choice => ({ operation, magnitudes, signed: false });

export interface Strength {
	shear: number;
	translateX: number | ((size: ImageSize) => number);
	translateY: number | ((size: ImageSize) => number);
	/** Degrees. */
	rotate: number;
	/** What is added to the factor 1 of brightness, colour, contrast and sharpness. */
	colour: number;
	/** Bits: from … down by. */
	posterize: readonly [most: number, less: number];
}

export const geometry = (strength: Strength): Choice[] => [
	signed("ShearX", upTo(strength.shear)),
	signed("ShearY", upTo(strength.shear)),
	signed("TranslateX", upTo(strength.translateX)),
	signed("TranslateY", upTo(strength.translateY)),
	signed("Rotate", upTo(strength.rotate)),
];

export const colour = (strength: Strength): Choice[] => [
	signed("Brightness", upTo(strength.colour)),
	signed("Color", upTo(strength.colour)),
	signed("Contrast", upTo(strength.colour)),
	signed("Sharpness", upTo(strength.colour)),
];

export const levels = (strength: Strength): Choice[] => [
	unsigned("Posterize", bits(...strength.posterize)),
	unsigned("Solarize", (bins) => spaced(1, 0, bins)),
	unsigned("AutoContrast"),
	unsigned("Equalize"),
];

export const identity = unsigned("Identity");
export const inversion = unsigned("Invert");

/** @internal A level that there is. */
export function checkBins(op: string, argument: string, bins: number): void {
	check.integer(op, argument, bins, { min: 2 });
}

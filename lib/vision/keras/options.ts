import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	checkFactor,
	checkPositive,
} from "../transforms/functional/colour/pixels.ts";
import { type FillMode, fillModes } from "./fill.ts";

/** Keras' ImageDataGenerator's options, in camelCase; each does nothing where it is left out. */
export interface ImageDataGeneratorOptions {
	/** Subtracts the mean of all images of `fit`, channel by channel. */
	featurewiseCenter?: boolean;
	/** Subtracts each image's own mean. */
	samplewiseCenter?: boolean;
	/** Divides by the standard deviation of all images of `fit`, channel by channel; `featurewiseCenter` goes with it. */
	featurewiseStdNormalization?: boolean;
	/** Divides by each image's own standard deviation; `samplewiseCenter` goes with it. */
	samplewiseStdNormalization?: boolean;
	/** Removes correlations between pixels, as `fit` found them; takes the place of `featurewiseStdNormalization`. */
	zcaWhitening?: boolean;
	/** What is added to singular values: 1e-6. */
	zcaEpsilon?: number;
	/** Turns by up to so many degrees. */
	rotationRange?: number;
	/** Moves sideways: by up to a part of the width (below 1), by whole pixels (a whole number n: less than n), by up to so many pixels (another number), or by one of a list. */
	widthShiftRange?: number | readonly number[];
	/** Moves up and down, likewise. */
	heightShiftRange?: number | readonly number[];
	/** Factors of brightness, from … to. */
	brightnessRange?: readonly [number, number] | null;
	/** Shears by up to so many degrees. */
	shearRange?: number;
	/** Sizes from … to, for each direction by itself: below 1 an object gets larger. A number z: [1 - z, 1 + z]. */
	zoomRange?: number | readonly [number, number];
	/** Adds up to so much to all values. */
	channelShiftRange?: number;
	/** What lies beyond the image: "nearest" by default. */
	fillMode?: FillMode;
	/** The value there, with fillMode "constant": 0. */
	cval?: number;
	horizontalFlip?: boolean;
	verticalFlip?: boolean;
	/** What all values are multiplied by, after the augmentation: 1 / 255 gives 0 to 1. */
	rescale?: number | null;
	/** Called with each augmented image, float32 [C, H, W], before it is rescaled. */
	preprocessingFunction?: ((image: Tensor) => Tensor) | null;
	/** The part of the images, from 0 to 1, that subset "validation" has. */
	validationSplit?: number;
	/** 1: values between pixels are interpolated (default); 0: the nearest pixel. */
	interpolationOrder?: 0 | 1;
}

/** The options with defaults, checked. */
export interface Settings {
	featurewiseCenter: boolean;
	samplewiseCenter: boolean;
	featurewiseStdNormalization: boolean;
	samplewiseStdNormalization: boolean;
	zcaWhitening: boolean;
	zcaEpsilon: number;
	rotationRange: number;
	widthShiftRange: number | readonly number[];
	heightShiftRange: number | readonly number[];
	brightnessRange: readonly [number, number] | null;
	shearRange: number;
	zoomRange: readonly [number, number];
	channelShiftRange: number;
	fillMode: FillMode;
	cval: number;
	horizontalFlip: boolean;
	verticalFlip: boolean;
	rescale: number | null;
	preprocessingFunction: ((image: Tensor) => Tensor) | null;
	validationSplit: number;
	interpolationOrder: 0 | 1;
}

const defaults: Settings = {
	featurewiseCenter: false,
	samplewiseCenter: false,
	featurewiseStdNormalization: false,
	samplewiseStdNormalization: false,
	zcaWhitening: false,
	zcaEpsilon: 1e-6,
	rotationRange: 0,
	widthShiftRange: 0,
	heightShiftRange: 0,
	brightnessRange: null,
	shearRange: 0,
	zoomRange: [1, 1],
	channelShiftRange: 0,
	fillMode: "nearest",
	cval: 0,
	horizontalFlip: false,
	verticalFlip: false,
	rescale: null,
	preprocessingFunction: null,
	validationSplit: 0,
	interpolationOrder: 1,
};

/** @internal */
export function settingsOf(
	op: string,
	options: ImageDataGeneratorOptions,
): Settings {
	check.options(op, options, Object.keys(defaults));
	const given = Object.entries(options).filter(([, v]) => v !== undefined);
	const { zoomRange, ...rest } = Object.fromEntries(
		given,
	) as ImageDataGeneratorOptions;
	const zoom =
		typeof zoomRange === "number" ? [1 - zoomRange, 1 + zoomRange] : zoomRange;
	const settings = { ...defaults, ...rest, zoomRange: zoom ?? [1, 1] };
	checkSettings(op, settings as Settings);
	return implied(settings as Settings);
}

function checkSettings(op: string, settings: Settings): void {
	for (const name of Object.keys(defaults) as (keyof Settings)[]) {
		const value = settings[name];
		if (typeof defaults[name] === "boolean") check.boolean(op, name, value);
	}
	for (const name of [
		"zcaEpsilon",
		"rotationRange",
		"shearRange",
		"channelShiftRange",
	] as const) {
		checkFactor(op, name, settings[name]);
	}
	for (const name of ["widthShiftRange", "heightShiftRange"] as const) {
		const value = settings[name];
		if (typeof value === "number") checkFactor(op, name, value);
		else {
			check.array<number>(op, name, value);
			for (const shift of value) check.number(op, name, shift);
			if (value.length === 0) {
				throw check.invalidValue(op, name, "expected one or more, got []");
			}
		}
	}
	checkRange(op, "zoomRange", settings.zoomRange);
	checkPositive(op, "zoomRange", settings.zoomRange[0]);
	if (settings.brightnessRange !== null) {
		checkRange(op, "brightnessRange", settings.brightnessRange);
	}
	check.oneOf(op, "fillMode", settings.fillMode, fillModes);
	check.number(op, "cval", settings.cval);
	if (settings.rescale !== null) check.number(op, "rescale", settings.rescale);
	if (settings.preprocessingFunction !== null) {
		check.callable(op, "preprocessingFunction", settings.preprocessingFunction);
	}
	check.number(op, "validationSplit", settings.validationSplit, {
		min: 0,
		max: 1,
	});
	check.integer(op, "interpolationOrder", settings.interpolationOrder, {
		min: 0,
		max: 1,
	});
}

function checkRange(
	op: string,
	name: string,
	range: readonly [number, number],
): void {
	check.array<number>(op, name, range);
	for (const end of range) checkFactor(op, name, end);
	if (range.length === 2 && range[0] <= range[1]) return;
	throw check.invalidValue(
		op,
		name,
		`expected [from, to] with from <= to, got ${check.describe(range)}`,
	);
}

/** What Keras sets along with an option, or in place of it. */
function implied(settings: Settings): Settings {
	const { zcaWhitening } = settings;
	const featurewiseStdNormalization =
		settings.featurewiseStdNormalization && !zcaWhitening;
	return {
		...settings,
		featurewiseStdNormalization,
		featurewiseCenter:
			settings.featurewiseCenter || featurewiseStdNormalization || zcaWhitening,
		samplewiseCenter:
			settings.samplewiseCenter || settings.samplewiseStdNormalization,
	};
}

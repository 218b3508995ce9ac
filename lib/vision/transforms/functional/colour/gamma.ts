import { type Optional, optional } from "../../../../arguments.ts";
import * as check from "../../../../check.ts";
import { arange } from "../../../../generated/functions.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { isBytes, mapBytes } from "./bytes.ts";
import { ofImage } from "./images.ts";
import { mapLevels } from "./levels.ts";
import { checkFactor, imageShape } from "./pixels.ts";
import { fromUnit, scaleTo } from "./toDtype.ts";

export interface AdjustGammaOptions {
	/** A factor; with another than 1 values are cut off at 0 and 1. Default 1. */
	gain: number;
}

/**
 * gain · value^gamma, of values from 0 to 1: gamma above 1 makes shadows darker, below 1 lighter.
 *
 * ```ts
 * adjustGamma(image, 2.2);
 * ```
 *
 * @param image [..., C, H, W]
 * @param gamma at least 0
 * @param args `gain`
 */
export function adjustGamma<T extends Tensor>(
	image: T,
	gamma: number,
	...args: Optional<AdjustGammaOptions, ["gain"]>
): T {
	const op = "adjustGamma";
	const { gain } = optional(op, { gain: 1 }, args);
	checkFactor(op, "gamma", gamma);
	check.number(op, "gain", gain);
	return ofImage(op, image, (plain) => toPower(op, plain, gamma, gain));
}

function toPower(
	op: string,
	image: Tensor,
	gamma: number,
	gain: number,
): Tensor {
	imageShape(op, image);
	return scope(() => {
		if (isBytes(image)) {
			const every = arange(256, { dtype: "uint8" });
			const levels = raised(op, every, gamma, gain);
			const table = levels.toTypedArray() as Uint8Array;
			return mapBytes(image, image.numel(), (source, target) =>
				mapLevels(source, target, table),
			);
		}
		return raised(op, image, gamma, gain);
	});
}

function raised(
	op: string,
	image: Tensor,
	gamma: number,
	gain: number,
): Tensor {
	const power = image.isFloatingPoint()
		? image.pow(gamma)
		: scaleTo(op, image, "float32").pow_(gamma);
	const result = gain === 1 ? power : power.mul_(gain).clamp_(0, 1);
	return fromUnit(op, result, image.dtype);
}

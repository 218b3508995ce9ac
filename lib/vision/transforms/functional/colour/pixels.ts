/** What the functions of colour share: the forms of images that they take, and their values. */
import * as check from "../../../../check.ts";
import { isTensor } from "../../../../handle.ts";
import { tensor } from "../../../../tensor/creation.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import type { DType } from "../../../../types.ts";
import { shapeOf } from "../image.ts";

/** Bits that a whole number has for its value. */
const valueBits: Partial<Record<DType, number>> = {
	uint8: 8,
	int8: 7,
	int16: 15,
	uint16: 16,
	int32: 31,
	int64: 63,
};

/** @internal Bits of a dtype of whole numbers. */
export function bitsOf(op: string, argument: string, dtype: DType): number {
	const bits = valueBits[dtype];
	if (bits !== undefined) return bits;
	throw check.invalidValue(
		op,
		argument,
		`expected a floating point dtype or one of ${Object.keys(valueBits).join(", ")}, got ${dtype}`,
	);
}

/** @internal What stands for white: the largest whole number, or 1. */
export function whiteOf(dtype: DType): number {
	const bits = valueBits[dtype];
	return bits === undefined ? 1 : 2 ** bits - 1;
}

/** @internal The shape of an image [..., C, H, W]. */
export function imageShape(op: string, image: Tensor): number[] {
	if (!isTensor(image)) throw check.invalidType(op, "image", "Tensor", image);
	return shapeOf(op, image);
}

/** @internal Height, width and channels, of which there must be one or three. */
export function colourShape(
	op: string,
	image: Tensor,
): [channels: number, height: number, width: number] {
	const shape = imageShape(op, image);
	const [channels, height, width] = shape.slice(-3) as [number, number, number];
	if (!image.isFloatingPoint()) bitsOf(op, "image", image.dtype);
	if (channels === 1 || channels === 3) return [channels, height, width];
	throw check.invalidValue(
		op,
		"image",
		`expected 1 or 3 channels, got ${channels} in shape [${shape}]`,
	);
}

/** @internal One number for all images, or one for each of a batch [N, C, H, W]. */
export type Factor = number | readonly number[];

/** @internal What images are multiplied by: a number, or [N, 1, 1, 1] in the dtype of their `values`. */
export function factorOf(factor: Factor, values: Tensor): number | Tensor {
	if (typeof factor === "number") return factor;
	const { dtype, device } = values;
	return tensor(factor, { dtype, device }).view([-1, 1, 1, 1]);
}

/** @internal A factor: a finite number of at least 0. */
export function checkFactor(op: string, argument: string, value: number): void {
	check.number(op, argument, value, { min: 0 });
	if (value < Infinity) return;
	throw check.invalidValue(
		op,
		argument,
		"expected a finite number, got Infinity",
	);
}

/** @internal A finite number above 0. */
export function checkPositive(
	op: string,
	argument: string,
	value: number,
): void {
	checkFactor(op, argument, value);
	if (value > 0) return;
	throw check.invalidValue(op, argument, "expected a number above 0, got 0");
}

/** @internal Values as numbers that have fractions: floating point images themselves, else a float32 copy. */
export function asFloats(image: Tensor): Tensor {
	return image.isFloatingPoint() ? image : image.to("float32");
}

/** @internal Cuts values off at black and white, in place. Where the dtype is one of whole numbers, they lose their fraction. */
export function clampTo(values: Tensor, dtype: DType): Tensor {
	const clamped = values.clamp_(0, whiteOf(dtype));
	return dtype === "uint8" ? cutToBytes(clamped) : clamped.to(dtype);
}

/** @internal float32 values from 0 to 255, which may be changed, as bytes: without their fractions. */
export function cutToBytes(values: Tensor): Tensor {
	return isLarge(values) ? bytesOf(values.floor_()) : values.to("uint8");
}

/** @internal Likewise, as the nearest bytes. */
export function roundToBytes(values: Tensor): Tensor {
	return isLarge(values) ? bytesOf(values) : values.round_().to("uint8");
}

/** Where a pass over all values takes longer than a call. */
function isLarge(values: Tensor): boolean {
	return values.numel() > 2 ** 14;
}

/**
 * Beside 2^23 a float32 has no place for a fraction, and its last bits are the number: that is found for eight values at once, which a cast to
 * bytes is not.
 */
function bytesOf(values: Tensor): Tensor {
	return values
		.add_(2 ** 23)
		.view("int32")
		.to("uint8");
}

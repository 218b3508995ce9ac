import { cat, where } from "../../../../generated/functions.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { isBytes, mapBytes } from "./bytes.ts";
import { ofImage } from "./images.ts";
import { countLevels, mapLevels } from "./levels.ts";
import { imageShape } from "./pixels.ts";
import { scaleTo } from "./toDtype.ts";

/**
 * Equalises the histogram of each channel: about as many pixels of each of 256 levels, as Pillow's ImageOps.equalize does it.
 *
 * @param image [..., C, H, W]; those that are not uint8 are scaled to it first, and back
 */
export function equalize<T extends Tensor>(image: T): T {
	return ofImage("equalize", image, equalizeImage);
}

function equalizeImage(image: Tensor): Tensor {
	const op = "equalize";
	const [height, width] = imageShape(op, image).slice(-2) as [number, number];
	if (image.numel() === 0) return image;
	return scope(() => {
		const bytes = scaleTo(op, image, "uint8");
		const result = isBytes(bytes)
			? mapBytes(bytes, height * width, equalizePlane)
			: equalized(bytes);
		return scaleTo(op, result, image.dtype);
	});
}

function equalizePlane(source: Uint8Array, target: Uint8Array): void {
	const counts = countLevels(source);
	let brightest = 255;
	while (counts[brightest] === 0) brightest--;
	const step = Math.floor(
		(source.length - (counts[brightest] as number)) / 255,
	);
	if (step === 0) {
		target.set(source);
		return;
	}
	const levels = new Uint8ClampedArray(256);
	let sum = step >> 1;
	for (let i = 0; i < 256; i++) {
		levels[i] = Math.floor(sum / step);
		sum += counts[i] as number;
	}
	mapLevels(source, target, levels);
}

/** @internal By operators, of uint8 on any device. */
export function equalized(image: Tensor): Tensor {
	const planes = image.flatten(0, -3).flatten(-2).long(); // (planes, H · W)
	const [count, size] = planes.shape as [number, number];
	const counts = planes.newZeros([count, 256]);
	counts.scatterAdd_(-1, planes, planes.newOnes([1]).expandAs(planes));
	const sums = counts.cumsum(-1);
	const brightest = sums.argmax(-1, true); // the first of the largest
	const others = counts.gather(-1, brightest).neg_().add_(size);
	const step = others.floorDivide_(255);
	const half = step.floorDivide(2);
	const levels = cat(
		[half.newZeros([count, 1]), sums.slice(-1, 0, 255)],
		-1,
	).add_(half);
	const flat = step.eq(0);
	levels.floorDivide_(step.clamp_(1)).clamp_(0, 255);
	const mapped = levels.gather(-1, planes);
	return where(flat, planes, mapped).to("uint8").view(image.shape);
}

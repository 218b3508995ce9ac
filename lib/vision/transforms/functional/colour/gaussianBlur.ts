import { type Optional, optional } from "../../../../arguments.ts";
import * as check from "../../../../check.ts";
import {
	conv2d,
	linspace,
	reflectionPad2d,
	stack,
} from "../../../../generated/functions.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import type { Device, DType } from "../../../../types.ts";
import { ofImage } from "./images.ts";
import { imageShape, roundToBytes } from "./pixels.ts";

export interface GaussianBlurOptions {
	/** Standard deviations along x and y in pixels, or one for both. Default null: 0.15 · kernelSize + 0.35. */
	sigma: number | readonly number[] | null;
}

/**
 * Blurs by a Gaussian kernel; beyond its border the image is mirrored.
 *
 * ```ts
 * gaussianBlur(image, [5, 9], 1.5);
 * ```
 *
 * @param image [..., C, H, W]
 * @param kernelSize odd, width and height of the kernel or one number for both; half of it must be less than the image's
 * @param args `sigma`
 */
export function gaussianBlur<T extends Tensor>(
	image: T,
	kernelSize: number | readonly number[],
	...args: Optional<GaussianBlurOptions, ["sigma"]>
): T {
	const op = "gaussianBlur";
	const sizes = checkKernelSize(op, kernelSize);
	const defaults: GaussianBlurOptions = { sigma: null };
	const { sigma } = optional(op, defaults, args);
	const sigmas = checkSigma(op, sigma, sizes);
	return ofImage(op, image, (plain) => blur(op, plain, sizes, sigmas));
}

/** @internal `gaussianBlur` with checked sizes and deviations, along x and y. */
export function blur(
	op: string,
	image: Tensor,
	sizes: readonly [number, number],
	sigmas: readonly number[],
): Tensor {
	return convolved(op, image, sizes, (dtype) => {
		const { shape, device } = image;
		const [width, height] = sizes;
		const [sigmaX, sigmaY] = sigmas as [number, number];
		const x = gaussian(width, sigmaX, dtype, device);
		const isSquare = width === height && sigmaX === sigmaY;
		const y = isSquare ? x : gaussian(height, sigmaY, dtype, device);
		const kernel = y.unsqueeze(-1).mul(x);
		return kernel.expand([shape.at(-3) as number, 1, height, width]);
	});
}

/** @internal Each image of a batch [N, C, H, W] by a deviation of its own. */
export function blurEach(
	op: string,
	images: Tensor,
	sizes: readonly [number, number],
	sigmas: readonly number[],
): Tensor {
	const channels = imageShape(op, images).at(-3) as number;
	const [width, height] = sizes;
	return scope(() => {
		const planes = images.flatten(0, 1);
		const blurred = convolved(op, planes, sizes, (dtype) => {
			const each = sigmas.map((sigma) => {
				const x = gaussian(width, sigma, dtype, images.device);
				const y = gaussian(height, sigma, dtype, images.device);
				return y.unsqueeze(-1).mul(x);
			});
			return stack(each).repeatInterleave(channels, { dim: 0 }).unsqueeze(1);
		});
		return blurred.view(images.shape);
	});
}

/** Each channel by its kernel (channels, 1, height, width), the image mirrored at its border. */
function convolved(
	op: string,
	image: Tensor,
	sizes: readonly [number, number],
	kernels: (dtype: DType) => Tensor,
): Tensor {
	const shape = imageShape(op, image);
	if (image.numel() === 0) return image;
	const [channels, height, width] = shape.slice(-3) as [number, number, number];
	const [right, down] = sizes.map((size) => (size - 1) / 2) as [number, number];
	if (right >= width || down >= height) {
		throw check.invalidValue(
			op,
			"kernelSize",
			`expected less than twice the image's size [${width}, ${height}], got [${sizes}]`,
		);
	}
	return scope(() => {
		const whole = !image.isFloatingPoint();
		const dtype = whole ? "float32" : image.dtype;
		const images = image.reshape([-1, channels, height, width]).to(dtype);
		const wide = reflectionPad2d(images, [right, right, down, down]);
		const blurred = conv2d(wide, kernels(dtype), { groups: channels });
		return (whole ? rounded(blurred, image.dtype) : blurred).reshape(shape);
	});
}

function rounded(values: Tensor, dtype: DType): Tensor {
	return dtype === "uint8" ? roundToBytes(values) : values.round_().to(dtype);
}

/** exp(-x² / 2σ²), summing to 1. */
function gaussian(
	size: number,
	sigma: number,
	dtype: DType,
	device: string,
): Tensor {
	const end = (size - 1) / (2 * Math.SQRT2);
	const x = linspace(-end, end, size, { dtype, device: device as Device });
	return x.div(sigma).pow(2).neg().softmax(0);
}

/** @internal Odd numbers, for width and height. */
export function checkKernelSize(
	op: string,
	kernelSize: number | readonly number[],
): [width: number, height: number] {
	const sizes = typeof kernelSize === "number" ? [kernelSize] : kernelSize;
	check.array(op, "kernelSize", sizes);
	const fine = sizes.every((n) => Number.isInteger(n) && n > 0 && n % 2 === 1);
	if (!fine || sizes.length < 1 || sizes.length > 2) {
		throw check.invalidValue(
			op,
			"kernelSize",
			`expected an odd number above 0 or two of them, got ${check.describe(kernelSize)}`,
		);
	}
	return [sizes[0] as number, sizes.at(-1) as number];
}

function checkSigma(
	op: string,
	sigma: GaussianBlurOptions["sigma"],
	sizes: readonly number[],
): readonly number[] {
	if (sigma === null) return sizes.map((size) => size * 0.15 + 0.35);
	const sigmas = typeof sigma === "number" ? [sigma] : sigma;
	check.array(op, "sigma", sigmas);
	for (const value of sigmas) check.number(op, "sigma", value);
	const fine = sigmas.every((value) => value > 0 && value < Infinity);
	if (!fine || sigmas.length < 1 || sigmas.length > 2) {
		throw check.invalidValue(
			op,
			"sigma",
			`expected a number above 0 or two of them, got ${check.describe(sigma)}`,
		);
	}
	return [sigmas[0] as number, sigmas.at(-1) as number];
}

import * as check from "../../../check.ts";
import { privateOperator } from "../../../operator.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { DType } from "../../../types.ts";
import type { CanvasSize } from "../../tvTensors/tvTensor.ts";
import { checkPixels, shapeOf } from "./image.ts";
import { isPlain, resizeParts } from "./native.ts";
import { canResample } from "./resample.ts";
import type { ResizeInterpolation } from "./resizeArguments.ts";

type Kernel = (
	image: Tensor,
	size: CanvasSize,
	alignCorners: boolean,
) => Tensor;
type Nearest = (image: Tensor, size: CanvasSize) => Tensor;
const nearest: { readonly [mode: string]: Nearest } = {
	nearest: privateOperator("upsample_nearest2d") as Nearest,
	"nearest-exact": privateOperator("_upsample_nearest_exact2d") as Nearest,
};
const plain: { readonly [mode: string]: Kernel } = {
	bilinear: privateOperator("upsample_bilinear2d") as Kernel,
	bicubic: privateOperator("upsample_bicubic2d") as Kernel,
};
const smooth: { readonly [mode: string]: Kernel } = {
	bilinear: privateOperator("_upsample_bilinear2d_aa") as Kernel,
	bicubic: privateOperator("_upsample_bicubic2d_aa") as Kernel,
	lanczos: privateOperator("_upsample_lanczos2d_aa") as Kernel,
};

/** @internal An image [..., C, H, W] in the size that `target` gives for its own. */
export function resizeImage(
	op: string,
	image: Tensor,
	target: (size: CanvasSize) => CanvasSize,
	mode: ResizeInterpolation,
	antialias: boolean,
): Tensor {
	const shape = shapeOf(op, image);
	const [channels, height, width] = shape.slice(-3) as [number, number, number];
	checkPixels(op, shape);
	const size = target([height, width]);
	if (size[0] === height && size[1] === width) return image;
	const outputShape = [...shape.slice(0, -2), ...size];
	if (size.includes(0)) {
		throw check.invalidValue(
			op,
			"size",
			`expected one with pixels, got [${size}] for an image of [${height}, ${width}]`,
		);
	}
	if (shape.includes(0)) return image.reshape(outputShape);
	if (antialias && canResample(mode) && isPlain(image)) {
		const whole = { top: 0, left: 0, height, width };
		return scope(() => {
			const images = image.reshape([-1, channels, height, width]);
			const parts = new Array(images.size(0)).fill(whole);
			return resizeParts(images, parts, size, mode).view(outputShape);
		});
	}
	const { dtype } = image;
	return scope(() => {
		const images = batched(image, [-1, channels, height, width]);
		const ready = kernelTakes(dtype, mode, image.device)
			? images
			: images.float();
		const near = nearest[mode];
		const kernel = (antialias ? smooth : plain)[mode] as Kernel;
		const resized = near ? near(ready, size) : kernel(ready, size, false);
		const output = ready === images ? resized : backTo(dtype, resized);
		return output.reshape(outputShape);
	});
}

function kernelTakes(
	dtype: DType,
	mode: ResizeInterpolation,
	device: string,
): boolean {
	if (dtype === "float32" || dtype === "float64") return true;
	return dtype === "uint8" && (mode in nearest || device === "cpu");
}

/** From float32; bicubic and lanczos go beyond the values that there were. */
function backTo(dtype: DType, resized: Tensor): Tensor {
	if (dtype === "uint8") return resized.clamp_(0, 255).round_().to(dtype);
	return (dtype.startsWith("int") ? resized.round_() : resized).to(dtype);
}

/** One image whose channels lie side by side has strides that tell so: the kernels then need not turn it around. */
function batched(
	image: Tensor,
	shape: [number, number, number, number],
): Tensor {
	const images = image.reshape(shape);
	const [count] = images.shape;
	const strides = images.stride();
	const numel = images.numel();
	return count === 1 &&
		strides[1] === 1 &&
		strides[0] !== numel &&
		images.isContiguous({ memoryFormat: "channels_last" })
		? images.asStrided(images.shape, [numel, ...strides.slice(1)])
		: images;
}

import { arange } from "../../../generated/functions.ts";
import { tensor } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { Device } from "../../../types.ts";
import type { Part } from "./crop.ts";

/** A filter of antialiased resizing: how much a pixel counts at a distance, in pixels of the coarser image. */
const filters = {
	bilinear: (x: Tensor): Tensor => x.abs().neg().add(1).clampMin(0),
	// Keys' cubic with a = -0.5, as for antialiasing in PyTorch and Pillow
	bicubic: (x: Tensor): Tensor => {
		const d = x.abs();
		const near = d.mul(1.5).sub(2.5).mul(d).mul(d).add(1);
		const far = d.mul(-0.5).add(2.5).mul(d).sub(4).mul(d).add(2);
		return near.mul(d.le(1)).add(far.mul(d.gt(1)).mul(d.lt(2)));
	},
};

/** @internal Modes that `resampleBatch` knows. */
export type Resampling = keyof typeof filters;

export function canResample(mode: string): mode is Resampling {
	return mode in filters;
}

/**
 * @internal Of images [N, C, H, W] parts of different sizes, each resized to `size` with antialiasing: two products of matrices instead of N calls,
 * for a device that is better at those.
 */
export function resampleBatch(
	images: Tensor,
	parts: readonly Part[],
	[height, width]: readonly [number, number],
	mode: Resampling,
): Tensor {
	return scope(() => {
		const { dtype, device } = images;
		const [rows, columns] = images.shape.slice(-2) as [number, number];
		const down = weights(
			parts.map(({ top }) => top),
			parts.map((part) => part.height),
			rows,
			height,
			mode,
			device,
		);
		const across = weights(
			parts.map(({ left }) => left),
			parts.map((part) => part.width),
			columns,
			width,
			mode,
			device,
		);
		const floats = images.to(dtype === "float64" ? dtype : "float32");
		const resized = down
			.to(floats.dtype)
			.matmul(floats)
			.matmul(across.to(floats.dtype).transpose(-1, -2));
		return dtype === "uint8"
			? resized.round_().clamp_(0, 255).to(dtype)
			: resized.to(dtype);
	});
}

/** How much each pixel of a line counts for each of the `count` new ones: (N, 1, count, size). */
function weights(
	starts: readonly number[],
	lengths: readonly number[],
	size: number,
	count: number,
	mode: Resampling,
	device: Device,
): Tensor {
	const perImage = (values: readonly number[]): Tensor =>
		tensor(values, { dtype: "float32", device }).view([-1, 1, 1, 1]);
	const steps = (n: number): Tensor =>
		arange(0, n, { dtype: "float32", device });
	const length = perImage(lengths);
	const scale = length.div(count);
	const centre = steps(count).add(0.5).view([-1, 1]).mul(scale);
	const place = steps(size).sub(perImage(starts)); // within the part
	const distance = place.add(0.5).sub(centre).div(scale.clampMin(1));
	const inside = place.ge(0).mul(place.lt(length));
	const counted = filters[mode](distance).mul(inside);
	return counted.div(counted.sum(-1, true));
}

import {
	cat,
	gridSampler,
	mm,
	onesLike,
	tensorSplit,
	where,
} from "../../../generated/functions.ts";
import { fromBlob, tensor } from "../../../tensor/creation.ts";
import { keep, scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { TensorCache } from "./cache.ts";
import {
	type Fill,
	fillOf,
	type ImageSize,
	type Interpolation,
	shapeOf,
	sizeOf,
} from "./image.ts";
import type { Matrix } from "./matrix.ts";

/** @internal */
export type Float = "float32" | "float64";

const modes = { bilinear: 0, nearest: 1 } as const; // gridSampler's numbers
const outsideIsZero = 0;

/** @internal Pixel (x, y) of the result is the image at `matrix` · (x, y, 1), both counted from the centre of their image. */
export function sampleAffine(
	op: string,
	image: Tensor,
	matrix: Matrix,
	output: ImageSize,
	interpolation: Interpolation,
	fill: Fill,
): Tensor {
	const { height, width } = sizeOf(op, image);
	return sampleGrid(op, image, output, interpolation, fill, (dtype, device) =>
		affineGrid(matrix, { height, width }, output, dtype, device),
	);
}

/** @internal The image at the points of a grid (1, H, W, 2), or (N, H, W, 2) for a batch; -1 and 1 are its edges. */
export function sampleGrid(
	op: string,
	image: Tensor,
	output: ImageSize,
	interpolation: Interpolation,
	fill: Fill,
	makeGrid: (dtype: Float, device: string) => Tensor,
): Tensor {
	const shape = shapeOf(op, image);
	const [channels, height, width] = shape.slice(-3) as [number, number, number];
	const values = fillOf(op, fill, channels);
	const outputShape = [...shape.slice(0, -2), output.height, output.width];
	if (shape.includes(0)) return image.reshape(outputShape);
	return scope(() => {
		const { dtype, device } = image;
		const float = dtype === "float64" ? dtype : "float32";
		const images = image.reshape([-1, channels, height, width]).to(float); // (N, C, H, W)
		let grid = makeGrid(float, device);
		const batch = images.size(0);
		if (grid.size(0) !== batch) grid = grid.expand([batch, -1, -1, -1]);
		const sampled = sample(images, grid, interpolation, values);
		if (dtype === float) return sampled.reshape(outputShape);
		const whole = interpolation === "nearest" && isZero(values);
		const rounded =
			whole || image.isFloatingPoint() ? sampled : sampled.round_();
		return rounded.to(dtype).reshape(outputShape);
	});
}

const isZero = (values: readonly number[] | null): boolean =>
	values === null || values.every((value) => value === 0);

/** Images (N, C, H, W) at the points of the grid, and `fill` at those outside. */
function sample(
	images: Tensor,
	grid: Tensor,
	interpolation: Interpolation,
	fill: readonly number[] | null,
): Tensor {
	const at = (x: Tensor): Tensor =>
		gridSampler(x, grid, modes[interpolation], outsideIsZero, false);
	if (fill === null || (interpolation === "nearest" && isZero(fill))) {
		return at(images);
	}
	// how much of a pixel lies inside is found by a channel of ones
	const inside = onesLike(images.slice(1, 0, 1));
	const both = at(cat([images, inside], 1));
	const [sampled, mask] = tensorSplit(both, [-1], 1) as [Tensor, Tensor];
	const { dtype, device } = images;
	const color = tensor(fill, { dtype, device }).view([1, -1, 1, 1]);
	return interpolation === "nearest"
		? where(mask.lt(0.5), color, sampled)
		: sampled.sub_(color).mul_(mask).add_(color); // mask · (image - fill) + fill
}

/**
 * Where in the image, from -1 to 1, the output's pixels lie: (1, H, W, 2). As in torchvision, the matrix is divided by
 * half the image's size before it is applied, not the points after it.
 */
function affineGrid(
	matrix: Matrix,
	image: ImageSize,
	output: ImageSize,
	dtype: Float,
	device: string,
): Tensor {
	const theta = thetas[dtype] ?? makeTheta(dtype);
	writeTheta(theta.array, 0, matrix, image);
	return gridOf(theta.tensor.to(device), output, dtype, device);
}

/** @internal The same for many images of one size, each with a matrix of its own: (N, H, W, 2). */
export function affineGrids(
	matrices: readonly Matrix[],
	size: ImageSize,
	dtype: Float,
	device: string,
): Tensor {
	const numbers = 6 * matrices.length;
	const array =
		dtype === "float64" ? new Float64Array(numbers) : new Float32Array(numbers);
	matrices.forEach((matrix, n) => {
		writeTheta(array, 6 * n, matrix, size);
	});
	const theta = fromBlob(array, [2 * matrices.length, 3]).to(device);
	return gridOf(theta, size, dtype, device);
}

function writeTheta(
	array: Float32Array | Float64Array,
	at: number,
	matrix: Matrix,
	{ height, width }: ImageSize,
): void {
	for (let i = 0; i < 3; i++) {
		// rounded twice, as torchvision's tensor is
		array[at + i] = matrix[i] as number;
		array[at + i] = (array[at + i] as number) / (width / 2);
		array[at + i + 3] = matrix[i + 3] as number;
		array[at + i + 3] = (array[at + i + 3] as number) / (height / 2);
	}
}

/** The points of all pixels by the rows of `theta`, two for each image. */
function gridOf(
	theta: Tensor,
	output: ImageSize,
	dtype: Float,
	device: string,
): Tensor {
	// (2 N, 3) by (3, H · W) is several times faster than (H · W, 3) by (3, 2), and gives the same bits
	const points = mm(theta, pixelGrid(output, "centre", dtype, device));
	const { height: h, width: w } = output;
	const n = theta.size(0) / 2;
	return points.asStrided([n, h, w, 2], [2 * h * w, w, 1, h * w]);
}

interface Theta {
	array: Float32Array | Float64Array;
	/** Over the array's memory: (2, 3). */
	tensor: Tensor;
}

/** Written anew for every grid: a tensor that is there costs nothing. */
const thetas: Partial<Record<Float, Theta>> = {};

function makeTheta(dtype: Float): Theta {
	const array = dtype === "float64" ? new Float64Array(6) : new Float32Array(6);
	const theta = { array, tensor: keep(fromBlob(array, [2, 3])) };
	thetas[dtype] = theta;
	return theta;
}

const grids = new TensorCache(8);
const largestKept = 2 ** 20;

/** @internal x, y and 1 of every pixel, counted from the image's centre or its upper left corner: (3, H · W). */
export function pixelGrid(
	{ height, width }: ImageSize,
	origin: "centre" | "corner",
	dtype: Float,
	device: string,
): Tensor {
	const size = height * width;
	const make = (): Tensor => {
		const points =
			dtype === "float64"
				? new Float64Array(3 * size)
				: new Float32Array(3 * size);
		const [x, y] =
			origin === "centre" ? [(1 - width) / 2, (1 - height) / 2] : [0.5, 0.5];
		for (let i = 0; i < size; i++) {
			points[i] = (i % width) + x;
			points[size + i] = Math.floor(i / width) + y;
			points[2 * size + i] = 1;
		}
		return fromBlob(points, [3, size]).to(device);
	};
	return size > largestKept
		? make()
		: grids.get(`${origin} ${height} ${width} ${dtype} ${device}`, make);
}

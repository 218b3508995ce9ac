/** Rotations, shifts, shears and zooms as keras-preprocessing composes them, and scipy's affine_transform. */
import { fromBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type FillMode, pixelWithin, placeWithin } from "./fill.ts";

export interface AffineParameters {
	/** Degrees. */
	theta: number;
	/** Rows. */
	tx: number;
	/** Columns. */
	ty: number;
	/** Degrees. */
	shear: number;
	/** Of the rows. */
	zx: number;
	/** Of the columns. */
	zy: number;
}

/** From a row and a column of the result to those of the image: a, b, c for the row, d, e, f for the column. */
export type RowColumnMatrix = [
	a: number,
	b: number,
	c: number,
	d: number,
	e: number,
	f: number,
];

/** Rotation · shift · shear · zoom about the image's centre; null: none of them. */
export function matrixOf(
	{ theta, tx, ty, shear, zx, zy }: AffineParameters,
	height: number,
	width: number,
): RowColumnMatrix | null {
	const steps: RowColumnMatrix[] = [];
	if (theta !== 0) {
		const angle = radians(theta);
		const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
		steps.push([cos, -sin, 0, sin, cos, 0]);
	}
	if (tx !== 0 || ty !== 0) steps.push([1, 0, tx, 0, 1, ty]);
	if (shear !== 0) {
		const angle = radians(shear);
		steps.push([1, -Math.sin(angle), 0, 0, Math.cos(angle), 0]);
	}
	if (zx !== 1 || zy !== 1) steps.push([zx, 0, 0, 0, zy, 0]);
	if (steps.length === 0) return null;
	const [y, x] = [height / 2 - 0.5, width / 2 - 0.5];
	const whole = steps.reduce(product);
	return product(product([1, 0, y, 0, 1, x], whole), [1, 0, -y, 0, 1, -x]);
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

function product(m: RowColumnMatrix, n: RowColumnMatrix): RowColumnMatrix {
	const [a, b, c, d, e, f] = m;
	return [
		a * n[0] + b * n[3],
		a * n[1] + b * n[4],
		a * n[2] + b * n[5] + c,
		d * n[0] + e * n[3],
		d * n[1] + e * n[4],
		d * n[2] + e * n[5] + f,
	];
}

export interface ResampleOptions {
	fillMode: FillMode;
	cval: number;
	interpolationOrder: 0 | 1;
}

/** Pixel (i, j) of the result is the image at matrix · (i, j, 1): float32 [..., H, W], computed on the CPU. */
export function resample(
	image: Tensor,
	matrix: RowColumnMatrix,
	options: ResampleOptions,
): Tensor {
	const [height, width] = image.shape.slice(-2) as [number, number];
	const source = image.toTypedArray() as Float32Array;
	const target = new Float32Array(source.length);
	const pick = options.interpolationOrder === 0 ? nearest : linear;
	const [a, b, c, d, e, f] = matrix;
	const size = height * width;
	for (let i = 0; i < height; i++) {
		for (let j = 0; j < width; j++) {
			const row = placeWithin(c + a * i + b * j, height, options.fillMode);
			const column = placeWithin(f + d * i + e * j, width, options.fillMode);
			const at = i * width + j;
			if (row === null || column === null) {
				for (let p = at; p < target.length; p += size) {
					target[p] = options.cval;
				}
			} else pick(source, target, at, row, column, height, width, options);
		}
	}
	return fromBlob(target, image.shape);
}

type Pick = (
	source: Float32Array,
	target: Float32Array,
	at: number,
	row: number,
	column: number,
	height: number,
	width: number,
	options: ResampleOptions,
) => void;

const nearest: Pick = (source, target, at, row, column, height, width, o) => {
	const y = pixelWithin(Math.floor(row + 0.5), height, o.fillMode);
	const x = pixelWithin(Math.floor(column + 0.5), width, o.fillMode);
	const size = height * width;
	const from = y * width + x;
	for (let plane = 0; plane < source.length; plane += size) {
		target[plane + at] = source[plane + from] as number;
	}
};

const linear: Pick = (source, target, at, row, column, height, width, o) => {
	const above = Math.floor(row);
	const left = Math.floor(column);
	const down = row - above;
	const right = column - left;
	const y1 = pixelWithin(above, height, o.fillMode) * width;
	const y2 = pixelWithin(above + 1, height, o.fillMode) * width;
	const x1 = pixelWithin(left, width, o.fillMode);
	const x2 = pixelWithin(left + 1, width, o.fillMode);
	const size = height * width;
	for (let plane = 0; plane < source.length; plane += size) {
		const upper =
			(source[plane + y1 + x1] as number) * (1 - right) +
			(source[plane + y1 + x2] as number) * right;
		const lower =
			(source[plane + y2 + x1] as number) * (1 - right) +
			(source[plane + y2 + x2] as number) * right;
		target[plane + at] = upper * (1 - down) + lower * down;
	}
};

/** Rows a b c, d e f of a map of points. */
export type Matrix = [number, number, number, number, number, number];

/** x and y. */
export type Point = readonly [x: number, y: number];

export interface AffineParameters {
	/** Degrees, clockwise. */
	angle: number;
	/** Pixels to the right and down. */
	translate: Point;
	scale: number;
	/** Degrees along x and y. */
	shear: Point;
}

const radians = (degrees: number): number => degrees * (Math.PI / 180);

/** Rotation, scale and shear without scale, [a b, c d]: its determinant is 1. */
function unscaled({ angle, shear }: AffineParameters) {
	const rotation = radians(angle);
	const [shearX, shearY] = [radians(shear[0]), radians(shear[1])];
	const a = Math.cos(rotation - shearY) / Math.cos(shearY);
	const b = -(a * Math.tan(shearX) + Math.sin(rotation));
	const c = Math.sin(rotation - shearY) / Math.cos(shearY);
	const d = Math.cos(rotation) - c * Math.tan(shearX);
	return { a, b, c, d };
}

/**
 * The inverse of T · C · RotateScaleShear · C⁻¹, T moving by `translate` and C to `center`:
 * C · RotateScaleShear⁻¹ · C⁻¹ · T⁻¹. Its terms are summed up in torchvision's order, for the same last bit.
 */
export function inverseAffineMatrix(
	parameters: AffineParameters,
	center: Point,
): Matrix {
	const { scale, translate } = parameters;
	const [cx, cy] = center;
	const [tx, ty] = [cx + translate[0], cy + translate[1]];
	const { a, b, c, d } = unscaled(parameters);
	const [m0, m1, m3, m4] = [d / scale, -b / scale, -c / scale, a / scale];
	const m2 = cx - m0 * tx - m1 * ty;
	const m5 = cy - m3 * tx - m4 * ty;
	return [m0, m1, m2, m3, m4, m5];
}

/** T · C · RotateScaleShear · C⁻¹: where a point of the input goes. */
export function affineMatrix(
	parameters: AffineParameters,
	center: Point,
): Matrix {
	const { scale, translate } = parameters;
	const [cx, cy] = center;
	const [tx, ty] = [cx + translate[0], cy + translate[1]];
	const { a, b, c, d } = unscaled(parameters);
	const [m0, m1, m3, m4] = [a * scale, b * scale, c * scale, d * scale];
	const m2 = tx - m0 * cx - m1 * cy;
	const m5 = ty - m3 * cx - m4 * cy;
	return [m0, m1, m2, m3, m4, m5];
}

/** Rows a b c, d e f of a map from a pixel of the output to its place in the input, both relative to the image's centre. */
export type Matrix = [number, number, number, number, number, number];

export interface AffineParameters {
	/** Degrees, clockwise. */
	angle: number;
	/** Pixels to the right and down. */
	translate: readonly [number, number];
	scale: number;
	/** Degrees along x and y. */
	shear: readonly [number, number];
	/** The fixed point, in pixels from the image's centre. */
	center: readonly [number, number];
}

const radians = (degrees: number): number => degrees * (Math.PI / 180);

/**
 * The inverse of T · C · RotateScaleShear · C⁻¹, T moving by `translate` and C to the centre:
 * C · RotateScaleShear⁻¹ · C⁻¹ · T⁻¹. Its terms are summed up in torchvision's order, for the same last bit.
 */
export function inverseAffineMatrix(parameters: AffineParameters): Matrix {
	const { scale, translate, shear, center } = parameters;
	const rotation = radians(parameters.angle);
	const [shearX, shearY] = [radians(shear[0]), radians(shear[1])];
	const [cx, cy] = center;
	const [tx, ty] = [cx + translate[0], cy + translate[1]];

	// rotation and shear, without scale: its determinant is 1
	const a = Math.cos(rotation - shearY) / Math.cos(shearY);
	const b = -(a * Math.tan(shearX) + Math.sin(rotation));
	const c = Math.sin(rotation - shearY) / Math.cos(shearY);
	const d = Math.cos(rotation) - c * Math.tan(shearX);

	const [m0, m1, m3, m4] = [d / scale, -b / scale, -c / scale, a / scale];
	const m2 = cx - m0 * tx - m1 * ty;
	const m5 = cy - m3 * tx - m4 * ty;
	return [m0, m1, m2, m3, m4, m5];
}

/** Images at other sizes, and at other places. */
import * as check from "../../check.ts";
import * as generated from "../../generated/functions.ts";
import { privateOperator } from "../../operator.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { as, checkTensor, type Optional, optional } from "../arguments.ts";

export type InterpolateMode =
	| "nearest"
	| "nearest-exact"
	| "linear"
	| "bilinear"
	| "bicubic"
	| "trilinear"
	| "area"
	| "lanczos";

/** Either `size` or `scaleFactor` is needed: a number for all dimensions, or one for each. */
export interface InterpolateOptions {
	size?: number | readonly number[] | null | undefined;
	scaleFactor?: number | readonly number[] | null | undefined;
	/** Default "nearest". */
	mode?: InterpolateMode | undefined;
	/** Whether the corners' centres stay where they are, for linear and cubic modes. Default false. */
	alignCorners?: boolean | null | undefined;
	/** Whether the scale is computed anew from the size that `scaleFactor` gives. Default false. */
	recomputeScaleFactor?: boolean | null | undefined;
	/** Whether an image is smoothed where it becomes smaller (bilinear, bicubic, lanczos). Default false. */
	antialias?: boolean | undefined;
}

const defaults = {
	size: null as number | readonly number[] | null,
	scaleFactor: null as number | readonly number[] | null,
	mode: "nearest" as InterpolateMode,
	alignCorners: null as boolean | null,
	recomputeScaleFactor: null as boolean | null,
	antialias: false,
};

export const INTERPOLATE_MODES: readonly InterpolateMode[] = [
	"nearest",
	"nearest-exact",
	"linear",
	"bilinear",
	"bicubic",
	"trilinear",
	"area",
	"lanczos",
];

type Sizes = readonly number[] | null;
type Nearest = (input: Tensor, size: Sizes, scales: Sizes) => Tensor;
type Aligned = (
	input: Tensor,
	size: Sizes,
	alignCorners: boolean,
	scales: Sizes,
) => Tensor;

function operator<T>(name: string): T {
	return privateOperator(name, "vec") as T;
}

/** By mode, for 3, 4 and 5 dimensions. */
const nearest: ReadonlyMap<string, readonly Nearest[]> = new Map([
	["nearest", nearestOperators("upsample_nearest")],
	["nearest-exact", nearestOperators("_upsample_nearest_exact")],
]);

function nearestOperators(name: string): Nearest[] {
	return [1, 2, 3].map((dims) => operator(`${name}${dims}d`));
}

const average = [
	generated.adaptiveAvgPool1d,
	generated.adaptiveAvgPool2d,
	generated.adaptiveAvgPool3d,
] as ((input: Tensor, size: Sizes) => Tensor)[];
/** By mode: how many dimensions the input has, and the operators without and with antialiasing. */
const aligned: Record<string, { dim: number; plain?: Aligned; aa?: Aligned }> =
	{
		linear: { dim: 3, plain: operator("upsample_linear1d") },
		bilinear: {
			dim: 4,
			plain: operator("upsample_bilinear2d"),
			aa: operator("_upsample_bilinear2d_aa"),
		},
		bicubic: {
			dim: 4,
			plain: operator("upsample_bicubic2d"),
			aa: operator("_upsample_bicubic2d_aa"),
		},
		trilinear: { dim: 5, plain: operator("upsample_trilinear3d") },
		lanczos: { dim: 4, aa: operator("_upsample_lanczos2d_aa") },
	};

type InterpolateArguments = Optional<
	typeof defaults,
	[
		"size",
		"scaleFactor",
		"mode",
		"alignCorners",
		"recomputeScaleFactor",
		"antialias",
	]
>;

/**
 * An input [N, C, …] of 1 to 3 spatial dimensions at another size.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
 *
 * @example
 * interpolate(torch.rand([1, 3, 8, 8]), { scaleFactor: 2, mode: "bilinear" }).shape; // [1, 3, 16, 16]
 */
export function interpolate(
	input: Tensor,
	...rest: InterpolateArguments
): Tensor {
	const op = "interpolate";
	checkTensor(op, "input", input);
	const given = optional(op, defaults, rest);
	const { mode, antialias } = given;
	check.oneOf(op, "mode", mode, INTERPOLATE_MODES);
	const dims = input.dim();
	const { size, scales } = target(op, input, given);
	const isPlain = mode === "area" || nearest.has(mode);
	if (isPlain && given.alignCorners !== null)
		throw check.invalidValue(
			op,
			"alignCorners",
			`does not go with mode "${mode}"`,
		);
	if (isPlain) {
		if (antialias || dims < 3 || dims > 5) throw unsuitable(op, given, dims);
		if (mode === "area")
			return (average[dims - 3] as (typeof average)[0])(input, size);
		return (nearest.get(mode) as Nearest[])[dims - 3]?.(
			input,
			size,
			scales,
		) as Tensor;
	}
	const { dim, plain, aa } = aligned[mode] as {
		dim: number;
		plain?: Aligned;
		aa?: Aligned;
	};
	const resize = antialias ? aa : plain;
	if (resize === undefined || dim !== dims) throw unsuitable(op, given, dims);
	if (mode === "lanczos" && given.alignCorners)
		throw check.invalidValue(
			op,
			"alignCorners",
			'does not go with mode "lanczos"',
		);
	return resize(input, size, given.alignCorners ?? false, scales);
}

function unsuitable(
	op: string,
	{ mode, antialias }: { mode: string; antialias: boolean },
	dims: number,
): Error {
	const how = antialias ? " and antialias" : "";
	return check.invalidValue(
		op,
		"mode",
		`"${mode}"${how} is not for an input of ${dims} dimensions; linear takes 3, bilinear, bicubic and lanczos 4, trilinear 5, ` +
			"the others 3 to 5; antialias goes with bilinear and bicubic, and lanczos needs it",
	);
}

/** The size that is asked for, or the scales. */
function target(
	op: string,
	input: Tensor,
	{ size, scaleFactor, mode, recomputeScaleFactor }: typeof defaults,
): { size: Sizes; scales: Sizes } {
	const places = input.shape.slice(2);
	const each = (name: string, value: number | readonly number[]) => {
		if (typeof value === "number") return places.map(() => value);
		if (Array.isArray(value) && value.length === places.length) return value;
		throw check.invalidType(
			op,
			name,
			`number or ${places.length} numbers`,
			value,
		);
	};
	if ((size === null) === (scaleFactor === null))
		throw check.invalidValue(
			op,
			"size",
			"expected either a size or a scaleFactor",
		);
	if (size !== null) {
		if (recomputeScaleFactor)
			throw check.invalidValue(
				op,
				"recomputeScaleFactor",
				"is not meaningful with a size",
			);
		return { size: each("size", size), scales: null };
	}
	const scales = each("scaleFactor", scaleFactor as number | readonly number[]);
	if (!recomputeScaleFactor && mode !== "area") return { size: null, scales };
	return {
		size: places.map((place, i) => Math.trunc(place * (scales[i] as number))),
		scales: null,
	};
}

/** `interpolate`, by its old name. */
export function upsample(input: Tensor, ...rest: InterpolateArguments): Tensor {
	return as("upsample", () => interpolate(input, ...rest));
}

/** `interpolate` with mode "nearest". */
export function upsampleNearest(
	input: Tensor,
	...rest: Optional<typeof defaults, ["size", "scaleFactor"]>
): Tensor {
	const given = optional("upsampleNearest", sizeDefaults, rest);
	return as("upsampleNearest", () =>
		interpolate(input, { ...given, mode: "nearest" }),
	);
}

/** `interpolate` with mode "bilinear" and `alignCorners`. */
export function upsampleBilinear(
	input: Tensor,
	...rest: Optional<typeof defaults, ["size", "scaleFactor"]>
): Tensor {
	const given = optional("upsampleBilinear", sizeDefaults, rest);
	return as("upsampleBilinear", () =>
		interpolate(input, { ...given, mode: "bilinear", alignCorners: true }),
	);
}

const sizeDefaults = { size: defaults.size, scaleFactor: defaults.scaleFactor };

export type GridSampleMode = "bilinear" | "nearest" | "bicubic";
/** What lies outside of the input: zeros, its border, or its reflection. */
export type GridSamplePadding = "zeros" | "border" | "reflection";

const GRID_MODES: readonly GridSampleMode[] = [
	"bilinear",
	"nearest",
	"bicubic",
];
const GRID_PADDINGS: readonly GridSamplePadding[] = [
	"zeros",
	"border",
	"reflection",
];

const gridDefaults = {
	mode: "bilinear" as GridSampleMode,
	paddingMode: "zeros" as GridSamplePadding,
	alignCorners: false as boolean | null,
};

/**
 * The values of `input` [N, C, H, W] or [N, C, D, H, W] at the places `grid` [N, …, 2 or 3], x before y before z, from -1 to 1. With
 * `alignCorners` (default false) -1 and 1 are the corners' centres, else their outer edges.
 */
export function gridSample(
	input: Tensor,
	grid: Tensor,
	...rest: Optional<
		typeof gridDefaults,
		["mode", "paddingMode", "alignCorners"]
	>
): Tensor {
	const op = "gridSample";
	const { mode, paddingMode, alignCorners } = optional(op, gridDefaults, rest);
	check.oneOf(op, "mode", mode, GRID_MODES);
	check.oneOf(op, "paddingMode", paddingMode, GRID_PADDINGS);
	return as(op, () =>
		generated.gridSampler(
			input,
			grid,
			GRID_MODES.indexOf(mode),
			GRID_PADDINGS.indexOf(paddingMode),
			alignCorners ?? false,
		),
	);
}

/**
 * The grid, for `gridSample`, of an affine map `theta` [N, 2, 3] or [N, 3, 4] over an output of `size` [N, C, H, W] or
 * [N, C, D, H, W].
 */
export function affineGrid(
	theta: Tensor,
	size: readonly number[],
	...rest: Optional<{ alignCorners: boolean | null }, ["alignCorners"]>
): Tensor {
	const op = "affineGrid";
	checkTensor(op, "theta", theta);
	const { alignCorners } = optional(
		op,
		{ alignCorners: false as boolean | null },
		rest,
	);
	if (!theta.isFloatingPoint())
		throw check.invalidValue(
			op,
			"theta",
			`expected a floating point dtype, got ${theta.dtype}`,
		);
	const places = size.length - 2;
	if (places !== 2 && places !== 3)
		throw check.invalidValue(
			op,
			"size",
			`expected 4 or 5 sizes, got ${size.length}`,
		);
	const [, rows, columns] = theta.shape;
	if (theta.dim() !== 3 || rows !== places || columns !== places + 1)
		throw check.invalidValue(
			op,
			"theta",
			`expected shape [N, ${places}, ${places + 1}], got [${theta.shape.join(", ")}]`,
		);
	if (!size.every((each) => each > 0))
		throw check.invalidValue(
			op,
			"size",
			`expected sizes above 0, got [${size.join(", ")}]`,
		);
	return generated.affineGridGenerator(theta, size, alignCorners ?? false);
}

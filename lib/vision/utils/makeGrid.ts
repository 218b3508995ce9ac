import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { cat, stack } from "../../generated/functions.ts";
import { scope } from "../../tensor/scope.ts";
import { Tensor } from "../../tensor/tensor.ts";

export interface MakeGridOptions {
	/** Images in a row: 8. */
	nrow?: number;
	/** Pixels between the images, and around them: 2. */
	padding?: number;
	/** Brings the values into 0 … 1, by their smallest and largest or by `valueRange`: false. */
	normalize?: boolean;
	/** What becomes 0 and 1; what lies outside becomes the nearer one. Default: from the tensor itself. */
	valueRange?: readonly [min: number, max: number];
	/** Normalizes each image by its own smallest and largest value: false. */
	scaleEach?: boolean;
	/** Of the pixels between: 0. */
	padValue?: number;
}

/** @internal */
export const gridOptionNames = [
	"nrow",
	"padding",
	"normalize",
	"valueRange",
	"scaleEach",
	"padValue",
];

/**
 * Puts images beside and below each other.
 *
 * @param images [B, C, H, W], or an array of images of one size; a single image [C, H, W] or [H, W] comes back without a frame. Those of one
 *   channel get three
 * @returns [C, rows × (H + padding) + padding, columns × (W + padding) + padding]
 * @throws TorchError for other shapes and options
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.utils.make_grid.html
 *
 * @example
 * const grid = vision.utils.makeGrid(batch, { nrow: 4, normalize: true });
 */
export function makeGrid(
	images: Tensor | readonly Tensor[],
	options: MakeGridOptions = {},
): Tensor {
	const op = "makeGrid";
	checkGridOptions(op, options);
	return noGrad(() => scope(() => grid(batchOf(op, images), options)));
}

/** @internal */
export function checkGridOptions(op: string, options: MakeGridOptions): void {
	check.options(op, options, gridOptionNames);
	const { nrow = 8, padding = 2, padValue = 0, valueRange } = options;
	check.integer(op, "nrow", nrow, { min: 1 });
	check.integer(op, "padding", padding, { min: 0 });
	check.number(op, "padValue", padValue);
	check.boolean(op, "normalize", options.normalize ?? false);
	check.boolean(op, "scaleEach", options.scaleEach ?? false);
	if (valueRange === undefined) return;
	if (!Array.isArray(valueRange) || valueRange.length !== 2)
		throw check.invalidType(op, "valueRange", "[min, max]", valueRange);
	check.number(op, "valueRange[0]", valueRange[0]);
	check.number(op, "valueRange[1]", valueRange[1]);
}

/** [B, C, H, W] of three channels, or as many as there are if not one. */
function batchOf(op: string, images: Tensor | readonly Tensor[]): Tensor {
	const list = Array.isArray(images)
		? (images as readonly Tensor[])
		: undefined;
	for (const image of list ?? [images])
		if (!(image instanceof Tensor))
			throw check.invalidType(op, "images", "Tensor or array of them", image);
	const shapes = new Set(list?.map((image) => `[${image.shape}]`));
	if (list && shapes.size !== 1) {
		throw check.invalidValue(
			op,
			"images",
			`expected at least one, and all of one shape, got ${[...shapes].join(" and ") || "none"}`,
		);
	}
	const given = list ? stack([...list]) : (images as Tensor);
	const dimensions = given.dim();
	if (dimensions < 2 || dimensions > 4 || given.numel() === 0) {
		throw check.invalidValue(
			op,
			"images",
			`expected [B, C, H, W], [C, H, W] or [H, W], got shape [${given.shape}]`,
		);
	}
	const batch = given.reshape([
		...[1, 1].slice(0, 4 - dimensions),
		...given.shape,
	]);
	return batch.size(1) === 1 ? cat([batch, batch, batch], 1) : batch;
}

function grid(
	given: Tensor,
	{ nrow = 8, padding = 2, padValue = 0, ...options }: MakeGridOptions,
): Tensor {
	const batch = options.normalize ? normalized(given, options) : given;
	const [count, channels, h, w] = batch.shape as [
		number,
		number,
		number,
		number,
	];
	if (count === 1) return batch.squeeze(0);
	const columns = Math.min(nrow, count);
	const rows = Math.ceil(count / columns);
	const [height, width] = [h + padding, w + padding];
	const whole = batch.newFull(
		[channels, height * rows + padding, width * columns + padding],
		padValue,
	);
	for (let i = 0; i < count; i++) {
		const [x, y] = [i % columns, Math.floor(i / columns)];
		whole
			.narrow(1, y * height + padding, h)
			.narrow(2, x * width + padding, w)
			.copy_(batch.select(0, i));
	}
	return whole;
}

function normalized(
	given: Tensor,
	{ valueRange, scaleEach = false }: MakeGridOptions,
): Tensor {
	const batch = given.clone();
	for (const part of scaleEach ? batch.unbind(0) : [batch]) {
		const [low, high] = valueRange ?? [
			part.min().item() as number,
			part.max().item() as number,
		];
		part
			.clamp_(low, high)
			.sub_(low)
			.div_(Math.max(high - low, 1e-5));
	}
	return batch;
}

import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import { empty } from "../../../generated/functions.ts";
import { tensor } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { erase } from "../functional/colour/erase.ts";
import { checkPositive } from "../functional/colour/pixels.ts";
import { checkNumbers } from "../functional/image.ts";
import { roundHalfEven } from "../functional/rounding.ts";
import { checkOrder, type Range } from "../parameters.ts";
import { shapeOfInputs } from "../query.ts";
import type { Random } from "../random.ts";
import { RandomApplyTransform } from "../transform.ts";

const op = "RandomErasing";
const attempts = 10;

export interface RandomErasingOptions {
	/** The probability. Default 0.5. */
	p: number;
	/** The part of the image's area that is erased, from … to. Default [0.02, 0.33]. */
	scale: Range;
	/** Height / width of what is erased, from … to. Default [0.3, 3.3]. */
	ratio: Range;
	/** What is put there: a number, one for each channel, or "random" for normally distributed numbers, one for each pixel. Default 0. */
	value: number | readonly number[] | "random";
	/** Whether the image itself is changed. Default false. */
	inplace: boolean;
}

interface Rectangle {
	i: number;
	j: number;
	h: number;
	w: number;
	v: Tensor;
}

const defaults: RandomErasingOptions = {
	p: 0.5,
	scale: [0.02, 0.33],
	ratio: [0.3, 3.3],
	value: 0,
	inplace: false,
};

/**
 * Erases a random rectangle with probability `p`. Masks, boxes and key points stay as they are.
 *
 * ```ts
 * new RandomErasing({ p: 1, value: "random" })(image);
 * ```
 *
 * @see Zhong et al., Random Erasing Data Augmentation, https://arxiv.org/abs/1708.04896
 */
export class RandomErasing extends RandomApplyTransform<Rectangle | null> {
	readonly scale: Range;
	readonly ratio: Range;
	readonly value: RandomErasingOptions["value"];
	readonly inplace: boolean;

	constructor(
		...args: Optional<
			RandomErasingOptions,
			["p", "scale", "ratio", "value", "inplace"]
		>
	) {
		const { p, scale, ratio, value, inplace } = optional(op, defaults, args);
		super(p);
		checkRange("scale", scale, { min: 0, max: 1 });
		checkRange("ratio", ratio, {});
		checkPositive(op, "ratio", ratio[0]);
		if (typeof value === "string") {
			check.oneOf(op, "value", value, ["random"]);
		} else checkNumbers(op, "value", [value].flat() as number[]);
		check.boolean(op, "inplace", inplace);
		this.scale = scale;
		this.ratio = ratio;
		this.value = value;
		this.inplace = inplace;
	}

	protected override draw(
		random: Random,
		inputs: readonly Tensor[],
	): Rectangle | null {
		const { channels, height, width } = shapeOfInputs(op, inputs);
		const values = this.#valuesFor(channels);
		const area = height * width;
		const logRatio = scope(() =>
			tensor(this.ratio, { dtype: "float32" }).log().tolist(),
		) as [number, number];
		for (let attempt = 0; attempt < attempts; attempt++) {
			const erased = area * random.uniform(...this.scale);
			const ratio = random.exponentOf(random.uniform(...logRatio));
			const h = roundHalfEven(Math.sqrt(erased * ratio));
			const w = roundHalfEven(Math.sqrt(erased / ratio));
			if (h >= height || w >= width) continue;
			const v = values
				? tensor(values, { dtype: "float32" }).view([-1, 1, 1])
				: empty([channels, h, w]).normal_();
			const i = random.integer(height - h + 1);
			const j = random.integer(width - w + 1);
			return { i, j, h, w, v };
		}
		return null;
	}

	protected override apply(image: Tensor, at: Rectangle | null): Tensor {
		if (!at) return image;
		const { i, j, h, w, v } = at;
		return erase(image, i, j, h, w, v, this.inplace);
	}

	protected override applyToBatch(
		images: Tensor,
		parameters: readonly (Rectangle | null)[],
	): Tensor {
		const result = this.inplace ? images : images.clone();
		parameters.forEach((at, row) => {
			using image = result.select(0, row);
			if (at) erase(image, at.i, at.j, at.h, at.w, at.v, true);
		});
		return result;
	}

	/** null: random ones. */
	#valuesFor(channels: number): readonly number[] | null {
		if (typeof this.value === "string") return null;
		const values = [this.value].flat() as number[];
		if (values.length === 1 || values.length === channels) return values;
		throw check.invalidValue(
			op,
			"value",
			`expected 1 or ${channels} numbers for an image of ${channels} channels, got ${values.length}`,
		);
	}
}

function checkRange(name: string, range: Range, limits: check.Range): void {
	check.array<number>(op, name, range);
	if (range.length !== 2) {
		throw check.invalidValue(
			op,
			name,
			`expected [from, to], got ${check.describe(range)}`,
		);
	}
	for (const end of range) check.number(op, name, end, limits);
	checkOrder(op, name, range);
}

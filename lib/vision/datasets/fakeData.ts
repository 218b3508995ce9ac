import * as check from "../../check.ts";
import { Dataset } from "../../data/dataset.ts";
import { importable } from "../../data/importable.ts";
import { randint, randn } from "../../generated/functions.ts";
import { Generator } from "../../generator.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	checkTransforms,
	type TransformOptions,
	transformNames,
} from "./imageArrays.ts";

export interface FakeDataOptions<Image, Target>
	extends TransformOptions<Image, Target> {
	/** How many images: 1000. */
	size?: number;
	/** Channels, height and width: [3, 224, 224]. */
	imageSize?: readonly [channels: number, height: number, width: number];
	/** 10. */
	numClasses?: number;
	/** Added to the index, which is the seed: 0. */
	randomOffset?: number;
}

/**
 * Random images with random labels, the same for the same index, and torchvision's own.
 *
 * ```ts
 * const data = new FakeData({ size: 64, imageSize: [3, 32, 32] });
 * const [image, label] = data.getItem(0); // uint8 [3, 32, 32] and a number
 * ```
 */
export class FakeData<Image = Tensor, Target = number> extends Dataset<
	[Image, Target]
> {
	readonly length: number;
	readonly imageSize: readonly [number, number, number];
	readonly numClasses: number;
	readonly randomOffset: number;
	readonly transform: ((image: Tensor) => Image) | undefined;
	readonly targetTransform: ((target: number) => Target) | undefined;

	constructor(options: FakeDataOptions<Image, Target> = {}) {
		super();
		const op = "FakeData";
		const names = ["size", "imageSize", "numClasses", "randomOffset"];
		check.options(op, options, [...names, ...transformNames]);
		checkTransforms(op, options);
		const {
			size = 1000,
			imageSize = [3, 224, 224],
			numClasses = 10,
			randomOffset = 0,
		} = options;
		this.length = check.integer(op, "size", size, { min: 0 });
		if (check.array(op, "imageSize", imageSize).length !== 3)
			throw check.invalidType(op, "imageSize", "[C, H, W]", imageSize);
		imageSize.forEach((side, i) => {
			check.integer(op, `imageSize[${i}]`, side, { min: 1 });
		});
		this.imageSize = imageSize;
		this.numClasses = check.integer(op, "numClasses", numClasses, { min: 1 });
		this.randomOffset = check.integer(op, "randomOffset", randomOffset);
		this.transform = options.transform;
		this.targetTransform = options.targetTransform;
	}

	getItem(index: number): [Image, Target] {
		check.integer("FakeData", "index", index, {
			min: 0,
			max: this.length - 1,
		});
		const seed = index + this.randomOffset;
		const generator = new Generator().manualSeed(seed);
		const image = scope(() =>
			randn(this.imageSize, { generator }).mul(255).to("uint8"),
		);
		using drawn = randint(0, this.numClasses, [1], { generator });
		const target = Number(drawn.item());
		return [
			this.transform ? this.transform(image) : (image as Image),
			this.targetTransform ? this.targetTransform(target) : (target as Target),
		];
	}
}

importable(import.meta.url, FakeData);

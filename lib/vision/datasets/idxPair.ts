import { fromBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type IdxArray, readIdx } from "./idx.ts";
import { invalid } from "./problems.ts";

/** @internal Images and as many labels, each from an idx file. */
export interface Pair {
	/** uint8 [N, H, W] */
	data: Tensor;
	/** [N] */
	labels: ArrayLike<number>;
}

/** @internal Reads images and their labels, bytes below `classes`. */
export function readPair(
	imagesFile: string,
	labelsFile: string,
	classes: number,
): Pair {
	const images = readBytes(imagesFile, 3);
	const { data: labels } = readBytes(labelsFile, 1);
	checkCount(labelsFile, labels.length, images.shape);
	checkLabels(labelsFile, labels, classes);
	return { data: fromBlob(images.data, images.shape), labels };
}

/** @internal Reads an idx file of bytes that are images or labels. */
export function readBytes(file: string, dimensions: number): IdxArray {
	const array = readIdx(file);
	const isRight =
		array.dtype === "uint8" &&
		array.shape.length === dimensions &&
		array.data.length > 0;
	if (isRight) return array;
	const got = `${array.dtype} of shape [${array.shape}]`;
	throw invalid(file, `expected uint8 in ${dimensions} dimensions, got ${got}`);
}

/** @internal */
export function checkCount(
	labelsFile: string,
	labels: number,
	[images = 0]: readonly number[],
): void {
	if (labels !== images)
		throw invalid(labelsFile, `${labels} labels for ${images} images`);
}

/** @internal */
export function checkLabels(
	labelsFile: string,
	labels: ArrayLike<number>,
	classes: number,
): void {
	for (let i = 0; i < labels.length; i++) {
		const label = labels[i] as number;
		if (label >= 0 && label < classes) continue;
		throw invalid(
			labelsFile,
			`label ${label} at ${i}, expected 0 to ${classes - 1}`,
		);
	}
}

import { fromBlob } from "../../../../tensor/creation.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";

/** @internal Whether a loop over an image's bytes can stand for its operators. */
export function isBytes(image: Tensor): boolean {
	return image.dtype === "uint8" && image.device === "cpu";
}

/** @internal `change` is called for each part of `size` bytes: from `source`, to `target`. */
export function mapBytes(
	image: Tensor,
	size: number,
	change: (source: Uint8Array, target: Uint8Array) => void,
): Tensor {
	const source = image.toTypedArray() as Uint8Array;
	const target = new Uint8Array(source.length);
	for (let at = 0; at < source.length; at += size) {
		change(source.subarray(at, at + size), target.subarray(at, at + size));
	}
	return fromBlob(target, image.shape);
}

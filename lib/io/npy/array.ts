/** Single arrays: what NumPy's .npy files are, and the parts of its .npz files. */
import * as check from "../../check.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { layOut } from "../files.ts";
import { sizeOf } from "../pt/dtypes.ts";
import { bytesOf } from "../tensorBytes.ts";
import { type NpyHeader, nameOf, writeNpyHeader } from "./header.ts";

/** A tensor over the bytes behind a header, or over a copy where they are not as LibTorch has them. */
export function arrayOf(bytes: Tensor, header: NpyHeader): Tensor {
	const { dtype, shape, isFortran } = header;
	const strides: number[] = new Array(shape.length).fill(1);
	let stride = 1;
	for (let k = 0; k < shape.length; k++) {
		const i = isFortran ? k : shape.length - 1 - k;
		strides[i] = stride;
		stride *= Math.max(shape[i] as number, 1);
	}
	const width = sizeOf(dtype) / (dtype.startsWith("complex") ? 2 : 1);
	if (dtype === "bool") {
		// Any byte but 0 is true to NumPy; LibTorch has 1 only.
		using whole = layOut(bytes, "uint8", shape, strides, 0);
		return whole.ne(0);
	}
	if (!header.isBigEndian || width === 1)
		return layOut(bytes, dtype, shape, strides, 0);
	using turned = bytes.view([-1, width]).flip(1).reshape(-1);
	return layOut(turned, dtype, shape, strides, 0);
}

/** A tensor's header and where its bytes come from. `place` is what errors call it. */
export function encoded(
	op: string,
	place: string,
	tensor: Tensor,
): { header: Buffer; length: number; chunks: () => Iterable<Uint8Array> } {
	if (!(tensor instanceof Tensor))
		throw check.invalidType(op, place, "Tensor", tensor);
	const name = nameOf(tensor.dtype);
	if (name === undefined)
		throw check.invalidValue(
			op,
			place,
			`NumPy has no ${tensor.dtype}; save tensor.to("float32") or another that it has`,
		);
	if (tensor.layout !== "strided" || tensor.device === "meta")
		throw check.invalidValue(
			op,
			place,
			tensor.device === "meta"
				? 'a tensor on "meta" has no values'
				: `NumPy has no layout ${tensor.layout}; save tensor.toDense()`,
		);
	const { shape } = tensor;
	const back = shape.map((_, i) => shape.length - 1 - i);
	const turned = tensor.detach().permute(back);
	const isFortran = !tensor.isContiguous() && turned.isContiguous();
	return {
		header: writeNpyHeader(name, shape, isFortran),
		length: tensor.numel() * sizeOf(tensor.dtype),
		chunks: () => bytesOf(isFortran ? turned : tensor),
	};
}

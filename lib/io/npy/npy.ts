import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { atomicWrite, atomicWriteAsync } from "../atomicWrite.ts";
import { damaged, ReadFile, type Reading } from "../files.ts";
import { checkLoadOptions, type LoadOptions } from "../options.ts";
import { Unchanged } from "../tensorBytes.ts";
import { arrayOf, encoded } from "./array.ts";
import { headerPlace, readNpyHeader, START } from "./header.ts";

/**
 * Reads an .npy file, as NumPy writes them: of any number type that tensors have, in either order of bytes and of dimensions. The tensor lies
 * in the file's own pages where it can: see {@link LoadOptions.mmap}.
 *
 * @throws TorchError with code ERR_INVALID_FILE that names the file, where it is damaged or holds Python objects, texts, dates or records
 * @see https://numpy.org/doc/stable/reference/generated/numpy.load.html
 *
 * @example
 * const images = loadNpy("images.npy");
 */
export function loadNpy(path: string, options: LoadOptions = {}): Tensor {
	const given = checked("loadNpy", path, options);
	using file = new ReadFile(path);
	return file.run(read(file, given));
}

/**
 * {@link loadNpy} that lets others run while the disk works, which matters with `mmap: false`.
 *
 * @example
 * const images = await loadNpyAsync("images.npy", { mmap: false });
 */
export async function loadNpyAsync(
	path: string,
	options: LoadOptions = {},
): Promise<Tensor> {
	const given = checked("loadNpyAsync", path, options);
	using file = new ReadFile(path);
	return await file.runAsync(read(file, given));
}

/**
 * Writes a tensor to an .npy file, byte for byte as NumPy does. The file appears whole or not at all; one that was there before is replaced.
 *
 * @throws TorchError where NumPy has no such dtype (bfloat16, float8, complex32) or layout
 * @see https://numpy.org/doc/stable/reference/generated/numpy.save.html
 *
 * @example
 * saveNpy("scores.npy", model(images));
 */
export function saveNpy(path: string, tensor: Tensor): void {
	atomicWrite(path, chunksOf("saveNpy", path, tensor));
}

/**
 * {@link saveNpy} that lets others run between one chunk and the next. The tensor must stay as it is until it is done.
 *
 * @throws TorchError also where the tensor was changed meanwhile: the old file then stays
 *
 * @example
 * await saveNpyAsync("scores.npy", model(images));
 */
export async function saveNpyAsync(
	path: string,
	tensor: Tensor,
): Promise<void> {
	await atomicWriteAsync(path, chunksOf("saveNpyAsync", path, tensor));
}

function checked(op: string, path: string, options: LoadOptions) {
	check.string(op, "path", path);
	return checkLoadOptions(op, options);
}

function* read(
	file: ReadFile,
	{ mmap, device }: Required<LoadOptions>,
): Reading<Tensor> {
	const { path, size } = file;
	const place = headerPlace(path, file.bytes(0, Math.min(START, size)));
	const begin = place.position + place.length;
	if (begin > size) throw damaged(path, "cut short within its header");
	const bytes = file.bytes(place.position, place.length);
	const header = readNpyHeader(path, bytes);
	const { length } = header;
	if (length > size - begin)
		throw damaged(
			path,
			`cut short: ${header.dtype} of shape [${header.shape}] takes ${length} bytes, but there are ${size - begin}`,
		);
	const region = { position: begin, length };
	using data =
		mmap && length > 0
			? file.map(region, 8)
			: yield* file.copy(region, "its data");
	const tensor = arrayOf(data, header);
	return device === "cpu" ? tensor : tensor.to(device);
}

function chunksOf(
	op: string,
	path: string,
	tensor: Tensor,
): Iterable<Uint8Array> {
	check.string(op, "path", path);
	const { header, chunks } = encoded(op, "tensor", tensor);
	const unchanged = new Unchanged(op, path);
	unchanged.add("tensor", tensor);
	return (function* () {
		yield header;
		yield* chunks();
		unchanged.check();
	})();
}

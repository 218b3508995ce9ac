import { readFileSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import * as check from "../../check.ts";
import { isWithinWorker } from "../../data/workerInfo.ts";
import { TorchError } from "../../errors.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	type DecodeImageOptions,
	decodeNamed,
	type ImageReadMode,
} from "./decodeImage.ts";

/**
 * Reads an image file, on other threads: many may be read at the same time. It takes the package sharp.
 *
 * @param file a path
 * @param mode the channels wanted, "unchanged" by default; or all options, as {@link decodeImage} takes them
 * @returns uint8 [C, H, W], or [N, C, H, W] for an animation
 * @throws TorchError `ERR_INVALID_FILE` that names the file; node's own error, when it cannot be read
 *
 * @example
 * const image = await vision.io.readImage("cat.jpg", "rgb"); // uint8 [3, H, W]
 */
export async function readImage(
	file: string,
	mode: ImageReadMode | DecodeImageOptions = {},
): Promise<Tensor> {
	const op = "readImage";
	check.string(op, "file", file);
	const options = typeof mode === "string" ? { mode } : mode;
	return decodeNamed(op, file, await bytesOf(file), options);
}

async function bytesOf(file: string): Promise<Uint8Array> {
	// a loader's worker has nothing else to do meanwhile, and the way through libuv's threads and back costs more than a small file
	if (isWithinWorker() && statSync(file).isFile()) return readFileSync(file);
	const handle = await open(file, "r");
	try {
		if (!(await handle.stat()).isFile()) {
			throw new TorchError(`${file}: not a plain file`, {
				code: "ERR_INVALID_FILE",
			});
		}
		return await handle.readFile();
	} finally {
		await handle.close();
	}
}

import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { TorchError } from "../errors.ts";
import { isDiskError } from "./diskError.ts";
import type { Report } from "./report.ts";

/** Says where an entry of the archive goes, relative to the target folder; null leaves it out. */
export type Placement = (name: string) => string | null;

/**
 * Extracts what `place` chooses of the zip (or wheel) `file` into `folder`. Absolute names, names with "..", links
 * and wrong checksums are refused, so nothing is ever written outside of `folder`.
 *
 * @param maxBytes the most that is unpacked, so that a small archive cannot fill the disk
 * @throws TorchError `ERR_ARCHIVE`; node's own error when the folder cannot be written
 */
export async function unzip(
	file: string,
	folder: string,
	place: Placement,
	report: Report,
	maxBytes = Number.POSITIVE_INFINITY,
): Promise<void> {
	try {
		const zip = await openPromise(file, {
			lazyEntries: true,
			autoClose: false,
			strictFileNames: true, // yauzl then refuses absolute names, "..", and backslashes
		});
		try {
			await extract(zip, folder, place, report, maxBytes);
		} finally {
			zip.close();
		}
	} catch (error) {
		throw explain(error, file);
	}
}

async function extract(
	zip: ZipFile,
	folder: string,
	place: Placement,
	report: Report,
	maxBytes: number,
): Promise<void> {
	let done = 0; // of the archive's bytes
	let unpacked = 0;
	for await (const entry of zip.eachEntry()) {
		const target = place(entry.fileName);
		if (target !== null && !entry.fileName.endsWith("/")) {
			refuseLink(entry);
			unpacked += entry.uncompressedSize; // yauzl holds the entry to it
			if (unpacked > maxBytes) throw tooLarge(maxBytes);
			const packing = entry.compressedSize / (entry.uncompressedSize || 1);
			await write(zip, entry, join(folder, target), (written) =>
				report.progress(done + written * packing, zip.fileSize),
			);
		}
		done += entry.compressedSize;
	}
	report.progress(zip.fileSize, zip.fileSize);
}

/** @internal */
export function tooLarge(maxBytes: number): Error {
	return new Error(`it unpacks to more than ${maxBytes} bytes`);
}

function refuseLink(entry: Entry): void {
	const type = (entry.externalFileAttributes >>> 16) & 0o170000;
	if (type !== 0 && type !== 0o100000) {
		throw new Error(`"${entry.fileName}" is no plain file`);
	}
}

async function write(
	zip: ZipFile,
	entry: Entry,
	path: string,
	onProgress: (written: number) => void,
): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	let sum = 0;
	let written = 0;
	const check = new Transform({
		transform(chunk: Buffer, _encoding, next) {
			sum = crc32(chunk, sum);
			written += chunk.length;
			onProgress(written);
			next(null, chunk);
		},
	});
	// The libraries must be on the disk before the folder gets its name; the ten thousand headers may follow.
	const flush = entry.uncompressedSize > 1 << 16;
	const target = createWriteStream(path, { flush });
	await pipeline(await zip.openReadStreamPromise(entry), check, target);
	if (sum !== entry.crc32) {
		throw new Error(`the checksum of "${entry.fileName}" is wrong`);
	}
}

/** @internal */
export function explain(error: unknown, file: string, kind = "zip"): unknown {
	const { code, message } = error as NodeJS.ErrnoException;
	const text =
		code === "ENOENT" ? "no such file" : `damaged, or no ${kind}: ${message}`;
	if (isDiskError(error)) return error;
	return new TorchError(`${file}: ${text}`, { code: "ERR_ARCHIVE" });
}

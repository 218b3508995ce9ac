import { randomBytes } from "node:crypto";
import {
	closeSync,
	fsyncSync,
	openSync,
	realpathSync,
	renameSync,
	rmSync,
	writeSync,
} from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Writes a file whole or not at all: into a temporary file beside it, to the disk, then over the old one.
 *
 * Chunks are asked for one after the other, so that no more than one need exist at a time.
 *
 * @throws what the file system or `chunks` throws; the old file is then as it was, and nothing is left beside it
 */
export function atomicWrite(path: string, chunks: Iterable<Uint8Array>): void {
	const { target, folder, temporary } = places(path);
	try {
		const file = openSync(temporary, "wx");
		try {
			for (const chunk of chunks) writeAll(file, chunk);
			fsyncSync(file);
		} finally {
			closeSync(file);
		}
		renameSync(temporary, target);
	} catch (error) {
		rmSync(temporary, { force: true });
		throw error;
	}
	syncFolder(folder);
}

/** {@link atomicWrite} that lets others run while the disk works, and between one chunk and the next. */
export async function atomicWriteAsync(
	path: string,
	chunks: Iterable<Uint8Array>,
): Promise<void> {
	const { target, folder, temporary } = places(path);
	try {
		const file = await open(temporary, "wx");
		try {
			for (const chunk of chunks) await file.appendFile(chunk);
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(temporary, target);
	} catch (error) {
		await rm(temporary, { force: true });
		throw error;
	}
	syncFolder(folder);
}

function places(path: string) {
	const target = followLink(path);
	const folder = dirname(target);
	const name = `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`;
	return { target, folder, temporary: join(folder, name) };
}

const MAX_CHUNK = 2 ** 30; // Linux writes at most 2 GiB at a time

function writeAll(file: number, chunk: Uint8Array): void {
	for (let done = 0; done < chunk.byteLength; )
		done += writeSync(
			file,
			chunk,
			done,
			Math.min(MAX_CHUNK, chunk.byteLength - done),
		);
}

/** A symbolic link stays one: what it points to is replaced. */
function followLink(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return path; // a new file
	}
}

/** So that the new name, too, outlives a power cut. */
function syncFolder(folder: string): void {
	const handle = openSync(folder, "r");
	try {
		fsyncSync(handle);
	} catch {
		// some file systems cannot; the file itself is safe
	} finally {
		closeSync(handle);
	}
}

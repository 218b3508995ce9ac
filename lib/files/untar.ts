import { createReadStream } from "node:fs";
import { mkdir, open, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Report } from "./report.ts";
import { explain, type Placement, tooLarge } from "./unzip.ts";

/**
 * Extracts what `place` chooses of the tar `file`, gzipped or not, into `folder`. Absolute names, names with "..", links, devices and wrong checksums
 * are refused, so nothing is ever written outside of `folder`. Long names are read in GNU's way and in POSIX's.
 * (https://www.gnu.org/software/tar/manual/html_node/Standard.html)
 *
 * @param maxBytes the most that is unpacked, so that a small archive cannot fill the disk
 * @throws TorchError `ERR_ARCHIVE`; node's own error when the folder cannot be written
 */
export async function untar(
	file: string,
	folder: string,
	place: Placement,
	report: Report,
	maxBytes = Number.POSITIVE_INFINITY,
): Promise<void> {
	try {
		const { size } = await stat(file);
		let done = 0;
		const count = new Transform({
			transform(chunk: Buffer, _encoding, next) {
				done += chunk.length;
				report.progress(done, size);
				next(null, chunk);
			},
		});
		const write = (chunks: AsyncIterable<Buffer>) =>
			extract(new Bytes(chunks), folder, place, maxBytes);
		const source = createReadStream(file, { highWaterMark: 1 << 18 });
		if (await isGzip(file))
			await pipeline(source, count, createGunzip(), write);
		else await pipeline(source, count, write);
	} catch (error) {
		throw explain(error, file, "tar");
	}
}

async function isGzip(file: string): Promise<boolean> {
	const handle = await open(file, "r");
	try {
		const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
		return bytesRead === 2 && buffer.readUInt16BE(0) === 0x1f8b;
	} finally {
		await handle.close();
	}
}

/** A stream's bytes, in portions of the reader's choice. */
class Bytes {
	readonly #chunks: AsyncIterator<Buffer>;
	#rest: Buffer = Buffer.alloc(0);

	constructor(chunks: AsyncIterable<Buffer>) {
		this.#chunks = chunks[Symbol.asyncIterator]();
	}

	/** The next ones, `length` at most; empty at the end. */
	async some(length: number): Promise<Buffer> {
		while (this.#rest.length === 0) {
			const { done, value } = await this.#chunks.next();
			if (done) return this.#rest;
			this.#rest = value;
		}
		const part = this.#rest.subarray(0, length);
		this.#rest = this.#rest.subarray(part.length);
		return part;
	}

	/** The next `length`. */
	async *all(length: number): AsyncGenerator<Buffer> {
		for (let left = length; left > 0; ) {
			const part = await this.some(left);
			if (part.length === 0) throw new Error("it ends in the middle");
			left -= part.length;
			yield part;
		}
	}

	async exactly(length: number): Promise<Buffer> {
		const parts: Buffer[] = [];
		for await (const part of this.all(length)) parts.push(part);
		return Buffer.concat(parts);
	}
}

const BLOCK = 512;
const MAX_ATTRIBUTES = 1 << 16; // bytes of a long name or of a table of attributes

interface Header {
	name: string;
	size: number;
	type: string;
}

async function extract(
	bytes: Bytes,
	folder: string,
	place: Placement,
	maxBytes: number,
): Promise<void> {
	let unpacked = 0;
	let next: Partial<Header> = {}; // what the entry before says about the one that follows
	for (;;) {
		const first = await bytes.some(BLOCK);
		if (first.length === 0) return; // some writers leave the end's zeros out
		const rest = await bytes.exactly(BLOCK - first.length);
		const block = Buffer.concat([first, rest]);
		if (block.every((byte) => byte === 0)) return drain(bytes);
		const header = { ...parse(block), ...next };
		next = {};
		const padding = (BLOCK - (header.size % BLOCK)) % BLOCK;
		if ("LKxg".includes(header.type)) {
			if (header.size > MAX_ATTRIBUTES)
				throw new Error("it has a name that is too long");
			const value = await bytes.exactly(header.size);
			if (header.type === "L") next = { name: textOf(value) };
			if (header.type === "x") next = attributes(value);
		} else if (header.type === "5" || header.name.endsWith("/")) {
			if (header.name !== "./") safe(header.name);
			for await (const _ of bytes.all(header.size));
		} else {
			if (!"0\x007".includes(header.type))
				throw new Error(`"${header.name}" is no plain file`);
			unpacked += header.size;
			if (unpacked > maxBytes) throw tooLarge(maxBytes);
			const target = place(safe(header.name));
			if (target === null) for await (const _ of bytes.all(header.size));
			else await write(join(folder, target), bytes.all(header.size));
		}
		await bytes.exactly(padding);
	}
}

/** Reads to the end, so that gzip's checksum is looked at. */
async function drain(bytes: Bytes): Promise<void> {
	while ((await bytes.some(1 << 20)).length > 0);
}

async function write(path: string, parts: AsyncIterable<Buffer>) {
	await mkdir(dirname(path), { recursive: true });
	const file = await open(path, "w");
	try {
		for await (const part of parts) await file.appendFile(part);
	} finally {
		await file.close();
	}
}

function parse(block: Buffer): Header {
	const sum = block.reduce((total, byte, i) => {
		const isChecksum = i >= 148 && i < 156;
		return total + (isChecksum ? 32 : byte);
	}, 0);
	if (sum !== octal(block.subarray(148, 156)))
		throw new Error("the checksum of a header is wrong");
	const isPosix = block.toString("latin1", 257, 263) === "ustar\0";
	const prefix = isPosix ? textOf(block.subarray(345, 500)) : "";
	const name = textOf(block.subarray(0, 100));
	return {
		name: prefix ? `${prefix}/${name}` : name,
		size: octal(block.subarray(124, 136)),
		type: String.fromCharCode(block[156] as number),
	};
}

const textOf = (bytes: Buffer): string =>
	bytes.toString("utf8").split("\0", 1)[0] as string;

/** A number in octal digits, or, where they are too few, binary with the first bit set. */
function octal(field: Buffer): number {
	if ((field[0] as number) & 0x80) {
		const value = BigInt(`0x${field.toString("hex")}`) & ((1n << 87n) - 1n);
		if (value <= Number.MAX_SAFE_INTEGER) return Number(value);
	} else {
		const digits = field.toString("latin1").replace(/^[ \0]+|[ \0]+$/g, "");
		if (/^[0-7]*$/.test(digits)) return Number.parseInt(digits || "0", 8);
	}
	throw new Error("a header has a size that is none");
}

/** POSIX's attributes: lines "LENGTH KEY=VALUE", LENGTH being the line's. */
function attributes(table: Buffer): Partial<Header> {
	const found: Partial<Header> = {};
	for (let at = 0; at < table.length; ) {
		const space = table.indexOf(0x20, at);
		const length = Number(table.toString("latin1", at, space));
		const isRight = Number.isInteger(length) && length >= space + 2 - at;
		if (space < 0 || !isRight || at + length > table.length)
			throw new Error("a header has attributes that are damaged");
		const line = table.toString("utf8", space + 1, at + length - 1);
		const [key] = line.split("=", 1);
		const value = line.slice((key ?? "").length + 1);
		if (key === "path") found.name = value;
		if (key === "size") {
			if (!/^\d{1,15}$/.test(value))
				throw new Error("a header has a size that is none");
			found.size = Number(value);
		}
		at += length;
	}
	return found;
}

/** A name that stays within the folder. */
function safe(name: string): string {
	const parts = name.split("/").filter((part) => part !== "" && part !== ".");
	const isBad =
		name.startsWith("/") || name.includes("\\") || parts.includes("..");
	if (isBad) throw new Error(`"${name}" leads out of the folder`);
	if (parts.length === 0 || name.includes("\0"))
		throw new Error("it has a file without a name");
	return parts.join("/");
}

import { crc32, deflateRawSync } from "node:zlib";
import * as record from "./records.ts";

/** One file of an archive: its bytes in chunks, `length` of them in all. Those that are to be packed are all in memory at a time. */
export interface Member {
	name: string;
	length: number;
	chunks: Iterable<Uint8Array>;
	isDeflated?: boolean;
}

/** What the archive says of a member. */
interface Entry {
	name: string;
	header: number;
	method: number;
	crc: number;
	length: number;
	size: number;
}

/** Where bytes begin in the file, so that a tensor mapped from there is aligned. PyTorch's own figure. */
const ALIGNMENT = 64;

/** A zip archive in chunks, laid out as PyTorch's: bytes are aligned, checksums come behind them. */
export function* zip(members: Iterable<Member>): Generator<Uint8Array> {
	const central: Buffer[] = [];
	let position = 0;
	for (const { name, length: size, chunks, isDeflated = false } of members) {
		const header = position;
		const method = isDeflated ? record.DEFLATED : 0;
		const local = localHeader(name, method, size, position);
		yield local;
		position += local.length;
		let crc = 0;
		let length = 0;
		const all: Uint8Array[] = [];
		for (const chunk of chunks) {
			crc = crc32(chunk, crc);
			if (isDeflated) all.push(chunk);
			else yield chunk;
			length += chunk.length;
		}
		if (isDeflated) {
			const packed = deflateRawSync(Buffer.concat(all));
			yield packed;
			length = packed.length;
		}
		const descriptor = behind(crc, length, size);
		yield descriptor;
		position += length + descriptor.length;
		central.push(centralHeader({ name, header, method, crc, length, size }));
	}
	const directory = Buffer.concat(central);
	yield directory;
	yield endOf(central.length, directory.length, position);
}

/** Whether a length needs 64 bits; packed ones may have some bytes more than what is packed. */
const isLong = (size: number) => size >= record.MAX_32 - 2 ** 20;

function localHeader(
	name: string,
	method: number,
	size: number,
	position: number,
): Buffer {
	const nameBytes = Buffer.from(name);
	// Where bytes are long, the header says so: the lengths behind them then have 64 bits.
	const long = isLong(size) ? 20 : 0;
	const start = position + record.LOCAL + nameBytes.length + long + 4;
	const padding = (ALIGNMENT - (start % ALIGNMENT)) % ALIGNMENT;
	const bytes = Buffer.alloc(
		record.LOCAL + nameBytes.length + long + 4 + padding,
	);
	bytes.writeUInt32LE(record.LOCAL_SIGNATURE, 0);
	bytes.writeUInt16LE(long ? 45 : 20, 4);
	bytes.writeUInt16LE(record.DESCRIPTOR | record.UTF8, 6);
	bytes.writeUInt16LE(method, 8);
	bytes.writeUInt16LE(nameBytes.length, 26);
	bytes.writeUInt16LE(long + 4 + padding, 28);
	nameBytes.copy(bytes, record.LOCAL);
	let at = record.LOCAL + nameBytes.length;
	if (long) {
		bytes.fill(0xff, 18, 26);
		bytes.writeUInt16LE(record.LONG_FIELD, at);
		bytes.writeUInt16LE(16, at + 2);
		at += long;
	}
	bytes.write("FB", at, "latin1"); // the padding, as PyTorch marks it
	bytes.writeUInt16LE(padding, at + 2);
	return bytes;
}

function behind(crc: number, length: number, size: number): Buffer {
	const long = isLong(size);
	const bytes = Buffer.alloc(long ? 24 : 16);
	bytes.writeUInt32LE(record.DESCRIPTOR_SIGNATURE, 0);
	bytes.writeUInt32LE(crc, 4);
	for (const [i, each] of [length, size].entries())
		if (long) bytes.writeBigUInt64LE(BigInt(each), 8 + 8 * i);
		else bytes.writeUInt32LE(each, 8 + 4 * i);
	return bytes;
}

function centralHeader(entry: Entry): Buffer {
	const { name, header, method, crc, length, size } = entry;
	const nameBytes = Buffer.from(name);
	const long = isLong(size) || header >= record.MAX_32;
	const extra = Buffer.alloc(long ? 28 : 0);
	const bytes = Buffer.alloc(record.CENTRAL);
	bytes.writeUInt32LE(record.CENTRAL_SIGNATURE, 0);
	bytes.writeUInt16LE(long ? 45 : 20, 4);
	bytes.writeUInt16LE(long ? 45 : 20, 6);
	bytes.writeUInt16LE(record.DESCRIPTOR | record.UTF8, 8);
	bytes.writeUInt16LE(method, 10);
	bytes.writeUInt32LE(crc, 16);
	bytes.writeUInt32LE(long ? record.MAX_32 : length, 20);
	bytes.writeUInt32LE(long ? record.MAX_32 : size, 24);
	bytes.writeUInt16LE(nameBytes.length, 28);
	bytes.writeUInt16LE(extra.length, 30);
	bytes.writeUInt32LE(long ? record.MAX_32 : header, 42);
	if (long) {
		extra.writeUInt16LE(record.LONG_FIELD, 0);
		extra.writeUInt16LE(24, 2);
		extra.writeBigUInt64LE(BigInt(size), 4);
		extra.writeBigUInt64LE(BigInt(length), 12);
		extra.writeBigUInt64LE(BigInt(header), 20);
	}
	return Buffer.concat([bytes, nameBytes, extra]);
}

function endOf(count: number, length: number, begin: number): Buffer {
	const bytes = Buffer.alloc(record.LONG_END + record.LOCATOR + record.END);
	bytes.writeUInt32LE(record.LONG_END_SIGNATURE, 0);
	bytes.writeBigUInt64LE(BigInt(record.LONG_END - 12), 4);
	bytes.writeUInt16LE(45, 12);
	bytes.writeUInt16LE(45, 14);
	bytes.writeBigUInt64LE(BigInt(count), 24);
	bytes.writeBigUInt64LE(BigInt(count), 32);
	bytes.writeBigUInt64LE(BigInt(length), 40);
	bytes.writeBigUInt64LE(BigInt(begin), 48);
	const locator = record.LONG_END;
	bytes.writeUInt32LE(record.LOCATOR_SIGNATURE, locator);
	bytes.writeBigUInt64LE(BigInt(begin + length), locator + 8);
	bytes.writeUInt32LE(1, locator + 16);
	const end = locator + record.LOCATOR;
	bytes.writeUInt32LE(record.END_SIGNATURE, end);
	bytes.writeUInt16LE(Math.min(count, record.MAX_16), end + 8);
	bytes.writeUInt16LE(Math.min(count, record.MAX_16), end + 10);
	bytes.writeUInt32LE(Math.min(length, record.MAX_32), end + 12);
	bytes.writeUInt32LE(Math.min(begin, record.MAX_32), end + 16);
	return bytes;
}

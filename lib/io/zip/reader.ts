// Zip archives as PyTorch and NumPy write them: records that are not packed, or by deflate.
// Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
import { damaged, type ReadFile, type Region, shown } from "../files.ts";
import * as record from "./records.ts";

interface Entry {
	/** Where its own header lies. */
	header: number;
	/** Where the next header lies, of another entry or of the directory. */
	next: number;
	/** Of its bytes in the file. */
	length: number;
	/** Of its bytes when they are unpacked. */
	size: number;
	method: number;
	crc: number;
	flags: number;
}

/** Where a record's bytes are, and what they are when they are unpacked. */
export interface Packed extends Region {
	/** By deflate; else they are as they are. */
	isDeflated: boolean;
	size: number;
}

/** The records of an archive by their names. */
export class Zip {
	readonly #file: ReadFile;
	readonly #entries: Map<string, Entry>;

	/**
	 * Reads the directory.
	 *
	 * @throws TorchError where the file is no zip archive, is damaged, or has entries that overlap or have odd names
	 */
	constructor(file: ReadFile) {
		this.#file = file;
		const directory = findDirectory(file);
		this.#entries = readDirectory(file, directory);
	}

	names(): Iterable<string> {
		return this.#entries.keys();
	}

	has(name: string): boolean {
		return this.#entries.has(name);
	}

	/** Where a record's bytes are, which must be as they are. */
	region(name: string): Region {
		const { method, flags, size, length } = this.#entry(name);
		if (method !== 0 || (flags & record.ENCRYPTED) !== 0 || size !== length)
			throw damaged(
				this.#file.path,
				`record ${shown(name)} is packed or encrypted, which PyTorch's never are`,
			);
		const { position, crc } = this.packed(name);
		return { position, length, crc };
	}

	#entry(name: string): Entry {
		const entry = this.#entries.get(name);
		if (entry) return entry;
		throw damaged(this.#file.path, `has no record ${shown(name)}`);
	}

	/** Where a record's bytes are. Checks that the header before them says the same as the directory. */
	packed(name: string): Packed {
		const entry = this.#entry(name);
		const fail = () =>
			damaged(
				this.#file.path,
				`record ${shown(name)} differs from what the zip directory says of it`,
			);
		const { header, next, length, size, method, crc, flags } = entry;
		const isDeflated = method === record.DEFLATED;
		if ((flags & record.ENCRYPTED) !== 0 || (method !== 0 && !isDeflated))
			throw damaged(
				this.#file.path,
				`record ${shown(name)} is encrypted, or packed in an unusual way`,
			);
		if (isDeflated ? size > record.MAX_DEFLATION * length : size !== length)
			throw damaged(
				this.#file.path,
				`record ${shown(name)} cannot become ${size} bytes from ${length}`,
			);
		if (header + record.LOCAL > next) throw fail();
		const bytes = view(this.#file, header, record.LOCAL);
		const nameLength = bytes.getUint16(26, true);
		const position =
			header + record.LOCAL + nameLength + bytes.getUint16(28, true);
		const ownName = Buffer.from(name);
		if (
			bytes.getUint32(0, true) !== record.LOCAL_SIGNATURE ||
			bytes.getUint16(6, true) !== flags ||
			bytes.getUint16(8, true) !== method ||
			nameLength !== ownName.length ||
			position + length > next ||
			!ownName.equals(this.#file.bytes(header + record.LOCAL, nameLength))
		)
			throw fail();
		// With this flag, checksum and length come behind the bytes.
		if ((flags & record.DESCRIPTOR) === 0) {
			const own = [bytes.getUint32(18, true), bytes.getUint32(22, true)];
			const isLong = own.includes(record.MAX_32);
			if (
				bytes.getUint32(14, true) !== crc ||
				(!isLong && (own[0] !== length || own[1] !== size))
			)
				throw fail();
		}
		// PyTorch writes 0 where it was told not to compute checksums.
		const sum = crc === 0 ? undefined : crc;
		return { position, length, size, isDeflated, crc: sum };
	}
}

interface Directory {
	begin: number;
	length: number;
	count: number;
}

function findDirectory(file: ReadFile): Directory {
	const { path, size } = file;
	const tailLength = Math.min(size, record.END + record.MAX_16);
	const tail = Buffer.from(file.bytes(size - tailLength, tailLength));
	let at = tailLength - record.END;
	while (
		at >= 0 &&
		!(
			tail.readUInt32LE(at) === record.END_SIGNATURE &&
			at + record.END + tail.readUInt16LE(at + 20) === tailLength
		)
	)
		at--;
	if (at < 0) throw damaged(path, "cut short, or no zip archive");
	const end = size - tailLength + at;
	const found =
		findLongDirectory(file, end) ??
		({
			count: tail.readUInt16LE(at + 10),
			length: tail.readUInt32LE(at + 12),
			begin: tail.readUInt32LE(at + 16),
			limit: end,
		} as const);
	const { begin, length, count, limit } = found;
	if (!(begin + length <= limit) || count * record.CENTRAL > length)
		throw damaged(path, "its zip directory reaches beyond the file");
	if (length > MAX_DIRECTORY)
		throw damaged(path, `its zip directory has ${length} bytes`);
	return { begin, length, count };
}

/** The directory's place from the 64-bit records before the end, which PyTorch always writes. */
function findLongDirectory(file: ReadFile, end: number) {
	const { path } = file;
	if (end < record.LOCATOR) return undefined;
	const locator = view(file, end - record.LOCATOR, record.LOCATOR);
	if (locator.getUint32(0, true) !== record.LOCATOR_SIGNATURE) return undefined;
	const at = Number(locator.getBigUint64(8, true));
	if (at + record.LONG_END > end - record.LOCATOR)
		throw damaged(path, "its zip directory reaches beyond the file");
	const bytes = view(file, at, record.LONG_END);
	if (bytes.getUint32(0, true) !== record.LONG_END_SIGNATURE)
		throw damaged(path, "its zip directory is not where it should be");
	return {
		count: Number(bytes.getBigUint64(32, true)),
		length: Number(bytes.getBigUint64(40, true)),
		begin: Number(bytes.getBigUint64(48, true)),
		limit: at,
	};
}

const MAX_DIRECTORY = 2 ** 26; // most of a million records

function readDirectory(
	file: ReadFile,
	{ begin, length, count }: Directory,
): Map<string, Entry> {
	const { path } = file;
	const bytes = Buffer.from(file.bytes(begin, length).buffer);
	const entries = new Map<string, Entry>();
	let at = 0;
	for (let i = 0; i < count; i++) {
		if (
			at + record.CENTRAL > length ||
			bytes.readUInt32LE(at) !== record.CENTRAL_SIGNATURE
		)
			throw damaged(path, "its zip directory is damaged");
		const nameEnd = at + record.CENTRAL + bytes.readUInt16LE(at + 28);
		const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
		const next = extraEnd + bytes.readUInt16LE(at + 32);
		if (next > length) throw damaged(path, "its zip directory is damaged");
		const name = checkName(path, bytes.subarray(at + record.CENTRAL, nameEnd));
		if (entries.has(name))
			throw damaged(path, `record ${shown(name)} occurs twice`);
		const flags = bytes.readUInt16LE(at + 8);
		const extra = bytes.subarray(nameEnd, extraEnd);
		const [size, packed, header] = longValues(extra, [
			bytes.readUInt32LE(at + 24),
			bytes.readUInt32LE(at + 20),
			bytes.readUInt32LE(at + 42),
		]);
		entries.set(name, {
			header,
			next: begin,
			length: packed,
			size,
			method: bytes.readUInt16LE(at + 10),
			crc: bytes.readUInt32LE(at + 16),
			flags,
		});
		at = next;
	}
	const inOrder = [...entries].sort(([, a], [, b]) => a.header - b.header);
	for (const [i, [name, entry]] of inOrder.entries()) {
		entry.next = inOrder[i + 1]?.[1].header ?? begin;
		if (!(entry.header + record.LOCAL + entry.length <= entry.next))
			throw damaged(path, `record ${shown(name)} overlaps what comes after it`);
	}
	return entries;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Names lead nowhere here, but one that would elsewhere is no name of PyTorch's. */
function checkName(path: string, bytes: Uint8Array): string {
	let name = "";
	try {
		name = utf8.decode(bytes);
	} catch {
		// said below
	}
	if (!isSafeName(name))
		throw damaged(path, `a record's name is ${shown(name)}`);
	return name;
}

export function isSafeName(name: string): boolean {
	if (name === "" || /^\/|[\\\0]|^\w:/.test(name)) return false;
	return !name.split("/").includes("..");
}

/** 64-bit values from an entry's extra field in the place of those that are all ones. */
function longValues<T extends number[]>(extra: Buffer, values: T): T {
	let field: Buffer | undefined;
	for (let at = 0; at + 4 <= extra.length; ) {
		const end = at + 4 + extra.readUInt16LE(at + 2);
		if (extra.readUInt16LE(at) === record.LONG_FIELD)
			field ??= extra.subarray(at + 4, end);
		at = end;
	}
	let at = 0;
	return values.map((value) => {
		if (value !== record.MAX_32 || !field || at + 8 > field.length)
			return value;
		at += 8;
		return Number(field.readBigUInt64LE(at - 8));
	}) as T;
}

function view(file: ReadFile, position: number, length: number): DataView {
	return new DataView(file.bytes(position, length).buffer);
}

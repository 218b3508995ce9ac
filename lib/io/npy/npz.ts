import {
	crc32,
	inflateRawSync,
	type ZlibOptions,
	constants as zlib,
} from "node:zlib";
import * as check from "../../check.ts";
import { fromBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { atomicWrite, atomicWriteAsync } from "../atomicWrite.ts";
import {
	alignedBytes,
	damaged,
	ReadFile,
	type Reading,
	shown,
} from "../files.ts";
import { checkLoadOptions, type LoadOptions } from "../options.ts";
import { Unchanged } from "../tensorBytes.ts";
import { isSafeName, type Packed, Zip } from "../zip/reader.ts";
import { type Member, zip } from "../zip/writer.ts";
import { arrayOf, encoded } from "./array.ts";
import { headerPlace, readNpyHeader, START } from "./header.ts";

export interface LoadNpzOptions extends LoadOptions {
	/** Which arrays are read. Default: all. */
	names?: readonly string[];
}

export interface SaveNpzOptions {
	/** Packs the arrays, as NumPy's savez_compressed does; each is then in memory twice. Default false. */
	compressed?: boolean;
}

const ENDING = ".npy";

/**
 * Reads an .npz file, as NumPy's `savez` and `savez_compressed` write them, by the arrays' names. Those that are not packed lie in the
 * file's own pages: see {@link LoadOptions.mmap}.
 *
 * @throws TorchError with code ERR_INVALID_FILE that names the file and the array, where it is damaged or holds Python objects, texts, dates
 * or records; `names` leaves such arrays out
 * @see https://numpy.org/doc/stable/reference/generated/numpy.load.html
 *
 * @example
 * const { images, labels } = loadNpz("train.npz");
 */
export function loadNpz(
	path: string,
	options: LoadNpzOptions = {},
): Record<string, Tensor> {
	const given = checked("loadNpz", path, options);
	using file = new ReadFile(path);
	return file.run(read("loadNpz", file, given));
}

/**
 * {@link loadNpz} that lets others run while the disk works.
 *
 * @example
 * const { images } = await loadNpzAsync("train.npz", { names: ["images"] });
 */
export async function loadNpzAsync(
	path: string,
	options: LoadNpzOptions = {},
): Promise<Record<string, Tensor>> {
	const given = checked("loadNpzAsync", path, options);
	using file = new ReadFile(path);
	return await file.runAsync(read("loadNpzAsync", file, given));
}

/**
 * Writes tensors to an .npz file by their names, for NumPy's `load`. The file appears whole or not at all; one that was there before is
 * replaced.
 *
 * @throws TorchError where NumPy has no such dtype (bfloat16, float8, complex32) or layout
 * @see https://numpy.org/doc/stable/reference/generated/numpy.savez.html
 *
 * @example
 * saveNpz("train.npz", { images, labels }, { compressed: true });
 */
export function saveNpz(
	path: string,
	tensors: Record<string, Tensor>,
	options: SaveNpzOptions = {},
): void {
	atomicWrite(path, chunksOf("saveNpz", path, tensors, options));
}

/**
 * {@link saveNpz} that lets others run between one chunk and the next. The tensors must stay as they are until it is done.
 *
 * @throws TorchError also where a tensor was changed meanwhile: the old file then stays
 *
 * @example
 * await saveNpzAsync("train.npz", { images, labels });
 */
export async function saveNpzAsync(
	path: string,
	tensors: Record<string, Tensor>,
	options: SaveNpzOptions = {},
): Promise<void> {
	const op = "saveNpzAsync";
	await atomicWriteAsync(path, chunksOf(op, path, tensors, options));
}

function checked(op: string, path: string, options: LoadNpzOptions) {
	check.string(op, "path", path);
	const { names = null, ...others } = options;
	if (names !== null) check.array(op, "names", names);
	return { names, ...checkLoadOptions(op, others) };
}

type Given = ReturnType<typeof checked>;

function* read(
	op: string,
	file: ReadFile,
	{ names, mmap, device }: Given,
): Reading<Record<string, Tensor>> {
	const { path } = file;
	const zip = new Zip(file);
	const known = [...zip.names()].map((name) =>
		name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : name,
	);
	for (const name of names ?? [])
		if (!known.includes(name))
			throw check.invalidValue(
				op,
				"names",
				`${path} has no ${shown(String(name))}; it has ${known.slice(0, 20).map(shown).join(", ")}`,
			);
	const tensors: [string, Tensor][] = [];
	for (const name of names ?? known) {
		const record = zip.has(name + ENDING) ? name + ENDING : name;
		const packed = zip.packed(record);
		const tensor = packed.isDeflated
			? yield* inflated(file, name, packed)
			: yield* stored(file, name, packed, mmap);
		tensors.push([name, device === "cpu" ? tensor : tensor.to(device)]);
	}
	return Object.fromEntries(tensors);
}

/** The header of an array of `size` bytes in all, from its first ones, and where its data begins. */
function readHeader(place: string, start: Uint8Array, size: number) {
	const { position, length } = headerPlace(place, start);
	const begin = position + length;
	if (begin > start.length) throw damaged(place, "cut short within its header");
	const header = readNpyHeader(place, start.subarray(position, begin));
	if (begin + header.length !== size)
		throw damaged(
			place,
			`${header.dtype} of shape [${header.shape}] takes ${header.length} bytes, but there are ${size - begin}`,
		);
	return { begin, header };
}

const MAX_START = START + 65_536;

function* stored(
	file: ReadFile,
	name: string,
	{ position, size, crc }: Packed,
	mmap: boolean,
): Reading<Tensor> {
	const place = `${file.path}: ${shown(name)}`;
	const start = file.bytes(position, Math.min(MAX_START, size));
	const { begin, header } = readHeader(place, start, size);
	if (!mmap && crc !== undefined) {
		// The sum is over header and data.
		using whole = yield* file.copy({ position, length: size, crc }, name);
		using data = whole.narrow(0, begin, header.length).clone();
		return arrayOf(data, header);
	}
	const region = { position: position + begin, length: header.length };
	using data =
		mmap && region.length > 0
			? file.map(region, 8)
			: yield* file.copy(region, name);
	return arrayOf(data, header);
}

/** What is packed is unpacked only when its header fits the length that the archive promises, and never beyond that. */
function* inflated(
	file: ReadFile,
	name: string,
	{ position, length, size, crc }: Packed,
): Reading<Tensor> {
	const place = `${file.path}: ${shown(name)}`;
	const packed = new Uint8Array(length);
	yield { buffer: packed, position };
	const fail = (problem: string) => damaged(place, problem);
	const { begin, header } = readHeader(
		place,
		beginning(place, packed, fail),
		size,
	);
	const whole = unpacked(packed, { maxOutputLength: size }, fail);
	if (whole.length !== size)
		throw fail(`has ${whole.length} bytes, not ${size}`);
	if (crc !== undefined && crc32(whole) !== crc)
		throw fail("its checksum is wrong");
	const bytes = alignedBytes(header.length);
	bytes.set(whole.subarray(begin));
	using data = fromBlob(bytes);
	return arrayOf(data, header);
}

/** Enough of what is packed to have the header: of few bytes, since they may become a thousand times as many. */
function beginning(place: string, packed: Uint8Array, fail: Fail): Uint8Array {
	const options = { finishFlush: zlib.Z_SYNC_FLUSH };
	const start = unpacked(packed.subarray(0, 512), options, fail);
	if (start.length >= START) {
		const { position, length } = headerPlace(place, start);
		if (start.length >= position + length) return start;
	}
	return unpacked(packed.subarray(0, MAX_START + 1000), options, fail);
}

type Fail = (problem: string) => Error;

function unpacked(packed: Uint8Array, options: ZlibOptions, fail: Fail) {
	try {
		return inflateRawSync(packed, options);
	} catch (error) {
		const { code = "" } = error as NodeJS.ErrnoException;
		if (code === "ERR_BUFFER_TOO_LARGE")
			throw fail(`has more bytes than ${options.maxOutputLength}`);
		if (!code.startsWith("Z_")) throw error;
		throw fail("its packed bytes are damaged");
	}
}

/** Everything but the tensors' bytes is settled before the first chunk. */
function chunksOf(
	op: string,
	path: string,
	tensors: Record<string, Tensor>,
	options: SaveNpzOptions,
): Iterable<Uint8Array> {
	check.string(op, "path", path);
	check.options(op, options, ["compressed"]);
	const { compressed = false } = options;
	check.boolean(op, "compressed", compressed);
	if (typeof tensors !== "object" || tensors === null)
		throw check.invalidType(op, "tensors", "object", tensors);
	const unchanged = new Unchanged(op, path);
	const members = Object.entries(tensors).map(([name, tensor]): Member => {
		const place = `tensors["${name}"]`;
		if (!isSafeName(name + ENDING))
			throw check.invalidValue(op, place, "such a name cannot be read again");
		const { header, length, chunks } = encoded(op, place, tensor);
		unchanged.add(name, tensor);
		return {
			name: name + ENDING,
			length: header.length + length,
			chunks: (function* () {
				yield header;
				yield* chunks();
			})(),
			isDeflated: compressed,
		};
	});
	return (function* () {
		yield* zip(members);
		unchanged.check();
	})();
}

/**
 * idx files, the form of MNIST: two zero bytes, a byte for the type, one for the number of dimensions, each size as a big endian uint32, then
 * the values, big endian. (http://yann.lecun.com/exdb/mnist/)
 */
import { readFileSync } from "node:fs";
import { constants, gunzipSync } from "node:zlib";
import { TorchError } from "../../errors.ts";

export type IdxData =
	| Uint8Array
	| Int8Array
	| Int16Array
	| Int32Array
	| Float32Array
	| Float64Array;

export interface IdxArray {
	/** As tensors name it. */
	dtype: "uint8" | "int8" | "int16" | "int32" | "float32" | "float64";
	shape: number[];
	/** The values in row-major order, in this machine's byte order. */
	data: IdxData;
}

type IdxClass = {
	new (buffer: ArrayBuffer): IdxData;
	readonly BYTES_PER_ELEMENT: number;
};

const types = new Map<number | undefined, [IdxArray["dtype"], IdxClass]>([
	[0x08, ["uint8", Uint8Array]],
	[0x09, ["int8", Int8Array]],
	[0x0b, ["int16", Int16Array]],
	[0x0c, ["int32", Int32Array]],
	[0x0d, ["float32", Float32Array]],
	[0x0e, ["float64", Float64Array]],
]);

/**
 * Reads an idx file, gzipped or not.
 *
 * @throws TorchError `ERR_INVALID_FILE` with the file's name, when it is damaged; node's own error, when it cannot be read
 */
export function readIdx(file: string): IdxArray {
	return parseIdx(readFileSync(file), file);
}

/** Reads the bytes of an idx file, gzipped or not; `name` is what errors call it. */
export function parseIdx(bytes: Uint8Array, name = "idx data"): IdxArray {
	const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
	const start = zipped ? unzipStart(bytes, name) : bytes;
	const { dtype, Type, shape, offset } = parseHeader(start, name);
	const size = shape.reduce((n, side) => n * side, Type.BYTES_PER_ELEMENT);
	const announced = `[${shape}] needs ${offset + size} bytes`;
	const file = zipped ? unzip(bytes, offset + size, announced, name) : bytes;
	const has = `the file has ${file.length}`;
	if (file.length < offset + size)
		throw damaged(name, `cut off: ${announced}, ${has}`);
	if (file.length > offset + size)
		throw damaged(name, `too long: ${announced}, ${has}`);
	return { dtype, shape, data: decode(Type, file.subarray(offset)) };
}

function parseHeader(bytes: Uint8Array, name: string) {
	const [a, b, code, dimensions] = bytes;
	const type = types.get(code);
	if (a !== 0 || b !== 0 || !type || !dimensions) {
		const head = Buffer.from(bytes.subarray(0, 4)).toString("hex");
		throw damaged(
			name,
			`not an idx file: it begins with ${head || "nothing"}, expected 0000, a type (08 to 0e) and a number of dimensions`,
		);
	}
	const offset = 4 + 4 * dimensions;
	if (bytes.length < offset) {
		throw damaged(
			name,
			`cut off: ${dimensions} sizes should follow its first 4 bytes, the file has ${bytes.length} bytes`,
		);
	}
	const view = new DataView(bytes.buffer, bytes.byteOffset);
	const shape = Array.from({ length: dimensions }, (_, i) =>
		view.getUint32(4 + 4 * i),
	);
	return { dtype: type[0], Type: type[1], shape, offset };
}

/** The longest header has 4 + 4 · 255 bytes; these many bytes of gzip hold it, however they are packed. */
const headerBytes = 8192;

function unzipStart(bytes: Uint8Array, name: string): Uint8Array {
	return inflate(bytes.subarray(0, headerBytes), name, {
		finishFlush: constants.Z_SYNC_FLUSH, // the input ends early, and that is no error
	});
}

/** Unpacks what the header announces and not a byte more, so that no file can fill the memory. */
function unzip(
	bytes: Uint8Array,
	size: number,
	announced: string,
	name: string,
): Uint8Array {
	if (size > bytes.length * 1040) {
		// deflate packs at most 1,032 bytes into one
		throw damaged(name, `cut off: ${announced}, more than it can hold`);
	}
	return inflate(bytes, name, { maxOutputLength: size }, announced);
}

function inflate(
	bytes: Uint8Array,
	name: string,
	options: { maxOutputLength?: number; finishFlush?: number },
	announced = "",
): Uint8Array {
	try {
		return gunzipSync(bytes, options);
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		const tooLong = code === "ERR_BUFFER_TOO_LARGE";
		throw damaged(
			name,
			tooLong
				? `too long: ${announced}, the file has more`
				: `damaged gzip: ${message}`,
			error,
		);
	}
}

function decode(Type: IdxClass, bytes: Uint8Array): IdxData {
	if (Type === Uint8Array) return bytes;
	const copy = Buffer.from(bytes);
	if (Type.BYTES_PER_ELEMENT === 2) copy.swap16();
	if (Type.BYTES_PER_ELEMENT === 4) copy.swap32();
	if (Type.BYTES_PER_ELEMENT === 8) copy.swap64();
	const { buffer } = new Uint8Array(copy); // aligned, which a Buffer need not be
	return new Type(buffer);
}

function damaged(name: string, message: string, cause?: unknown): TorchError {
	return new TorchError(`${name}: ${message}`, {
		code: "ERR_INVALID_FILE",
		cause,
	});
}

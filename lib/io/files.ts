// Files as tensors' memory: parts of them mapped, or copied in chunks.
import { constants } from "node:buffer";
import {
	closeSync,
	fstatSync,
	openSync,
	read as readCallback,
	readSync,
	statSync,
} from "node:fs";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";
import { native } from "../binding.ts";
import { TorchError } from "../errors.ts";
import { empty } from "../generated/functions.ts";
import { emptyTensor, fill, slotOf } from "../handle.ts";
import { fromBlob } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DType } from "../types.ts";

/** The file is not what it should be. */
export function damaged(file: string, problem: string): TorchError {
	return new TorchError(`${file}: ${problem}`, { code: "ERR_INVALID_FILE" });
}

/** What `open` gives. Its error says what file it is about, and keeps Node's code, such as "ENOENT". */
function unlessUnreadable<T>(path: string, open: () => T): T {
	try {
		return open();
	} catch (cause) {
		const { code = "ERR_INVALID_FILE", message } =
			cause as NodeJS.ErrnoException;
		const problem = reasons[code] ?? message;
		throw new TorchError(`${path}: ${problem} (${code})`, { code, cause });
	}
}

const reasons: { readonly [code: string]: string } = {
	ENOENT: "no such file",
	EACCES: "reading it is not allowed",
	ENOTDIR: "part of the path is no folder",
};

/** A name from a file as a message shows it: it may be of any length, and have any characters. */
export function shown(name: string): string {
	return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}

/** Bytes of a file; `crc` is their checksum where one is known. */
export interface Region {
	position: number;
	length: number;
	crc?: number | undefined;
}

/** What a reading asks its driver for: to fill `buffer` with the file's bytes from `position` on. */
interface Request {
	buffer: Uint8Array;
	position: number;
}

/** A reading that does not know whether it waits for the disk or lets others run meanwhile. */
export type Reading<T> = Generator<Request, T, void>;

const CHUNK = 1 << 20; // stays in the processor's cache between being read and summed
const ALIGNMENT = 64; // LibTorch's own
const MAX_READ = 2 ** 30; // Linux reads at most 2 GiB at a time

/** An open file that is only read. */
export class ReadFile implements Disposable {
	readonly path: string;
	readonly size: number;
	#file: number | null;
	#mapped: Tensor | null = null;

	constructor(path: string) {
		// Asked before it is opened: opening a pipe would wait for its other end.
		if (!unlessUnreadable(path, () => statSync(path)).isFile())
			throw damaged(path, "not a plain file");
		this.path = path;
		this.#file = unlessUnreadable(path, () => openSync(path, "r"));
		this.size = fstatSync(this.#file).size;
	}

	close(): void {
		if (this.#file !== null) closeSync(this.#file);
		this.#file = null;
		this.#mapped?.dispose(); // what is mapped stays for the tensors over it
		this.#mapped = null;
	}

	[Symbol.dispose](): void {
		this.close();
	}

	bytes(position: number, length: number): Uint8Array<ArrayBuffer> {
		const buffer = new Uint8Array(length);
		this.#fill({ buffer, position });
		return buffer;
	}

	/** Does a reading at once. */
	run<T>(reading: Reading<T>): T {
		for (;;) {
			const { done, value } = reading.next();
			if (done) return value;
			this.#fill(value);
		}
	}

	/** Does a reading, and lets others run while the disk works. */
	async runAsync<T>(reading: Reading<T>): Promise<T> {
		for (;;) {
			const { done, value } = reading.next();
			if (done) return value;
			const { buffer, position } = value;
			for (let done = 0; done < buffer.length; ) {
				const { bytesRead } = await readAsync(
					this.#open,
					buffer,
					done,
					Math.min(MAX_READ, buffer.length - done),
					position + done,
				);
				done += this.#checked(bytesRead);
			}
		}
	}

	#fill({ buffer, position }: Request): void {
		for (let done = 0; done < buffer.length; ) {
			const count = Math.min(MAX_READ, buffer.length - done);
			const read = readSync(this.#open, buffer, done, count, position + done);
			done += this.#checked(read);
		}
	}

	#checked(bytesRead: number): number {
		if (bytesRead > 0) return bytesRead;
		throw damaged(this.path, "became shorter while it was read");
	}

	get #open(): number {
		if (this.#file !== null) return this.#file;
		throw new TorchError(`${this.path}: read after close`, {
			code: "ERR_INVALID_STATE",
		});
	}

	/** A uint8 tensor with a storage of its own over the file's own pages; what is not aligned to `alignment` there is copied. */
	map({ position, length }: Region, alignment: number): Tensor {
		const file = this.#open;
		this.#mapped ??= make((out) =>
			native.mapFile(out, file, this.size, this.path),
		);
		const whole = slotOf(this.#mapped);
		const part = make((out) => native.partOf(out, whole, position, length));
		return position % alignment === 0 ? part : part.clone();
	}

	/** A uint8 tensor with a copy of some bytes, and their checksum checked. `name` says in errors what they are. */
	*copy({ position, length, crc }: Region, name: string): Reading<Tensor> {
		const isLong = length > constants.MAX_LENGTH - ALIGNMENT;
		const bytes = isLong ? new Uint8Array(CHUNK) : alignedBytes(length);
		const copied = isLong ? empty([length], { dtype: "uint8" }) : null;
		let sum = 0;
		for (let done = 0; done < length; ) {
			const begin = isLong ? 0 : done;
			const buffer = bytes.subarray(
				begin,
				begin + Math.min(CHUNK, length - done),
			);
			yield { buffer, position: position + done };
			if (crc !== undefined) sum = crc32(buffer, sum);
			if (copied !== null) {
				using source = fromBlob(buffer);
				using target = copied.narrow(0, done, buffer.length);
				target.copy_(source);
			}
			done += buffer.length;
		}
		if (crc !== undefined && sum !== crc)
			throw damaged(this.path, `the checksum of ${shown(name)} is wrong`);
		return copied ?? fromBlob(bytes);
	}
}

/** Room for a tensor's elements: what is read into it need not be copied. */
export function alignedBytes(length: number): Uint8Array {
	const room = Buffer.allocUnsafeSlow(length + ALIGNMENT);
	using start = fromBlob(room.subarray(0, 1));
	const misplaced = Number(BigInt(start.dataPtr()) % BigInt(ALIGNMENT));
	const begin = misplaced === 0 ? 0 : ALIGNMENT - misplaced;
	return room.subarray(begin, begin + length);
}

const readAsync = promisify(readCallback);

/** A tensor over the storage of `bytes`, laid out in elements of `dtype`. */
export function layOut(
	bytes: Tensor,
	dtype: DType,
	shape: readonly (number | bigint)[],
	strides: readonly (number | bigint)[],
	offset: number | bigint,
): Tensor {
	return make((out) =>
		native.layOut(out, slotOf(bytes), dtype, shape, strides, offset),
	);
}

function make(call: (out: object) => number): Tensor {
	const out = emptyTensor();
	return fill(out, call(out)) as Tensor;
}

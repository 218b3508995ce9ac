import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { fromBlob } from "../tensor/creation.ts";
import { Tensor } from "../tensor/tensor.ts";
import { atomicWrite } from "./atomicWrite.ts";
import {
	damaged,
	type Entry,
	type Header,
	readHeader,
	readHeaderLength,
	writeHeader,
} from "./header.ts";

export interface SaveOptions {
	/** Kept in the file's header. Default {}. */
	metadata?: Record<string, string>;
}

export interface LoadOptions {
	/** Where the tensors go. Default "cpu". */
	device?: string;
}

/**
 * Writes tensors to a safetensors file, byte for byte as Python's `safetensors.torch.save_file` does.
 *
 * The file appears whole or not at all; one that was there before is replaced. Tensors may be on any device and need not be
 * contiguous; of those that share memory each is written in full.
 *
 * @throws TorchError where a dtype has no place in the format (complex128)
 *
 * @example
 * saveFile("model.safetensors", model.stateDict());
 */
export function saveFile(
	path: string,
	tensors: Record<string, Tensor>,
	options: SaveOptions = {},
): void {
	const op = "saveFile";
	check.string(op, "path", path);
	check.options(op, options, ["metadata"]);
	const { metadata = {} } = options;
	for (const [name, tensor] of Object.entries(tensors))
		if (!(tensor instanceof Tensor))
			throw check.invalidType(op, `tensors["${name}"]`, "Tensor", tensor);
	for (const [key, value] of Object.entries(metadata))
		check.string(op, `metadata["${key}"]`, value);
	const { bytes, names } = writeHeader(path, tensors, metadata);
	function* chunks() {
		yield bytes;
		for (const name of names) yield bytesOf(tensors[name] as Tensor);
	}
	atomicWrite(path, chunks());
}

/**
 * Reads all tensors of a safetensors file. The file is checked in full before any is made.
 *
 * @throws TorchError with code ERR_INVALID_FILE that names the file, the tensor and what is wrong
 *
 * @example
 * model.loadStateDict(loadFile("model.safetensors"));
 */
export function loadFile(
	path: string,
	options: LoadOptions = {},
): Record<string, Tensor> {
	const file = safeOpen(path, options);
	try {
		return Object.fromEntries(
			file.keys().map((name) => [name, file.getTensor(name)]),
		);
	} finally {
		file.close();
	}
}

/**
 * Opens a safetensors file, to read some of its tensors or its metadata. Close it after use, or declare it with `using`.
 *
 * @example
 * using file = safeOpen("model.safetensors");
 * const bias = file.getTensor("fc.bias");
 */
export function safeOpen(
	path: string,
	options: LoadOptions = {},
): SafetensorsFile {
	return new SafetensorsFile(path, options);
}

/** An open safetensors file; made by {@link safeOpen}. */
export class SafetensorsFile implements Disposable {
	readonly path: string;
	readonly #device: string;
	readonly #header: Header;
	readonly #dataStart: number;
	#file: number | null;

	constructor(path: string, options: LoadOptions = {}) {
		check.string("safeOpen", "path", path);
		check.options("safeOpen", options, ["device"]);
		this.path = path;
		this.#device = options.device ?? "cpu";
		this.#file = openSync(path, "r");
		try {
			const { size } = fstatSync(this.#file);
			const start = this.#read(0, Math.min(8, size));
			const length = readHeaderLength(path, start, size);
			this.#dataStart = 8 + length;
			const header = this.#read(8, length);
			this.#header = readHeader(path, header, size - this.#dataStart);
		} catch (error) {
			this.close();
			throw error;
		}
	}

	/** The tensors' names. */
	keys(): string[] {
		return [...this.#header.tensors.keys()];
	}

	metadata(): Record<string, string> {
		return { ...this.#header.metadata };
	}

	/** Shape and dtype of a tensor, without reading it. */
	describe(name: string): Pick<Entry, "dtype" | "shape"> {
		const { dtype, shape } = this.#entry(name);
		return { dtype, shape: [...shape] };
	}

	getTensor(name: string): Tensor {
		const { dtype, shape, begin, end } = this.#entry(name);
		const bytes = this.#read(this.#dataStart + begin, end - begin);
		const tensor = fromBlob(bytes, [bytes.length]).view(dtype).reshape(shape);
		return this.#device === "cpu" ? tensor : tensor.to(this.#device);
	}

	/** Gives the file back; a second time does nothing. */
	close(): void {
		if (this.#file !== null) closeSync(this.#file);
		this.#file = null;
	}

	[Symbol.dispose](): void {
		this.close();
	}

	#entry(name: string): Entry {
		const entry = this.#header.tensors.get(name);
		if (entry) return entry;
		throw check.invalidValue(
			"getTensor",
			"name",
			`${this.path} has no tensor "${name}"`,
		);
	}

	/** Into memory of its own, so that a tensor is aligned and keeps no more than itself. */
	#read(position: number, length: number): Uint8Array<ArrayBuffer> {
		if (this.#file === null)
			throw new TorchError(`${this.path}: read after close`, {
				code: "ERR_INVALID_STATE",
			});
		const bytes = new Uint8Array(length);
		for (let done = 0; done < length; ) {
			const count = Math.min(length - done, MAX_CHUNK);
			const read = readSync(this.#file, bytes, done, count, position + done);
			if (read === 0) throw damaged(this.path, "became shorter while read");
			done += read;
		}
		return bytes;
	}
}

const MAX_CHUNK = 2 ** 30; // Linux reads at most 2 GiB at a time

function bytesOf(tensor: Tensor): Uint8Array {
	const plain = tensor.detach().resolveConj().resolveNeg().cpu();
	const flat = plain.contiguous().reshape([-1]);
	return flat.view("uint8").toTypedArray() as Uint8Array;
}

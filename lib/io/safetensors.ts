import * as check from "../check.ts";
import { Tensor } from "../tensor/tensor.ts";
import { atomicWrite, atomicWriteAsync } from "./atomicWrite.ts";
import { layOut, ReadFile, type Reading } from "./files.ts";
import {
	type Entry,
	type Header,
	readHeader,
	readHeaderLength,
	writeHeader,
} from "./header.ts";
import { checkLoadOptions, type LoadOptions } from "./options.ts";
import { sizeOf } from "./pt/dtypes.ts";
import { bytesOf, Unchanged } from "./tensorBytes.ts";

export interface SaveOptions {
	/** Kept in the file's header. Default {}. */
	metadata?: Record<string, string>;
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
	atomicWrite(path, chunksOf("saveFile", path, tensors, options));
}

/**
 * {@link saveFile} that lets others run between one chunk and the next. The tensors must stay as they are until it is done.
 *
 * @throws TorchError also where a tensor was changed meanwhile: the old file then stays
 *
 * @example
 * await saveFileAsync("model.safetensors", model.stateDict());
 */
export async function saveFileAsync(
	path: string,
	tensors: Record<string, Tensor>,
	options: SaveOptions = {},
): Promise<void> {
	await atomicWriteAsync(
		path,
		chunksOf("saveFileAsync", path, tensors, options),
	);
}

function chunksOf(
	op: string,
	path: string,
	tensors: Record<string, Tensor>,
	options: SaveOptions,
): Iterable<Uint8Array> {
	check.string(op, "path", path);
	check.options(op, options, ["metadata"]);
	const { metadata = {} } = options;
	for (const [name, tensor] of Object.entries(tensors))
		if (!(tensor instanceof Tensor))
			throw check.invalidType(op, `tensors["${name}"]`, "Tensor", tensor);
	for (const [key, value] of Object.entries(metadata))
		check.string(op, `metadata["${key}"]`, value);
	const { bytes, names } = writeHeader(path, tensors, metadata);
	const unchanged = new Unchanged(op, path);
	for (const name of names) unchanged.add(name, tensors[name] as Tensor);
	return (function* () {
		yield bytes;
		for (const name of names) yield* bytesOf(tensors[name] as Tensor);
		unchanged.check();
	})();
}

/**
 * Reads all tensors of a safetensors file. The file is checked in full before any is made, and mapped: see {@link LoadOptions.mmap}.
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
	using file = new SafetensorsFile(path, options, "loadFile");
	return Object.fromEntries(
		file.keys().map((name) => [name, file.getTensor(name)]),
	);
}

/**
 * {@link loadFile} that lets others run while the disk works, which matters with `mmap: false`.
 *
 * @example
 * model.loadStateDict(await loadFileAsync("model.safetensors", { mmap: false }));
 */
export async function loadFileAsync(
	path: string,
	options: LoadOptions = {},
): Promise<Record<string, Tensor>> {
	using file = new SafetensorsFile(path, options, "loadFileAsync");
	const tensors: [string, Tensor][] = [];
	for (const name of file.keys())
		tensors.push([name, await file.getTensorAsync(name)]);
	return Object.fromEntries(tensors);
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
	readonly #options: Required<LoadOptions>;
	readonly #file: ReadFile;
	readonly #header: Header;
	readonly #dataStart: number;

	constructor(path: string, options: LoadOptions = {}, op = "safeOpen") {
		check.string(op, "path", path);
		this.#options = checkLoadOptions(op, options);
		this.path = path;
		this.#file = new ReadFile(path);
		try {
			const { size } = this.#file;
			const start = this.#file.bytes(0, Math.min(8, size));
			const length = readHeaderLength(path, start, size);
			this.#dataStart = 8 + length;
			const header = this.#file.bytes(8, length);
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
		const { dtype, shape } = this.#entry("describe", name);
		return { dtype, shape: [...shape] };
	}

	getTensor(name: string): Tensor {
		return this.#file.run(this.#read("getTensor", name));
	}

	/** {@link getTensor} that lets others run while the disk works. */
	async getTensorAsync(name: string): Promise<Tensor> {
		return this.#file.runAsync(this.#read("getTensorAsync", name));
	}

	/** Gives the file back; a second time does nothing. Tensors that are mapped from it stay. */
	close(): void {
		this.#file.close();
	}

	[Symbol.dispose](): void {
		this.close();
	}

	#entry(op: string, name: string): Entry {
		const entry = this.#header.tensors.get(name);
		if (entry) return entry;
		throw check.invalidValue(
			op,
			"name",
			`${this.path} has no tensor "${name}"`,
		);
	}

	*#read(op: string, name: string): Reading<Tensor> {
		const { dtype, shape, begin, end } = this.#entry(op, name);
		const { mmap, device } = this.#options;
		const size = sizeOf(dtype);
		const region = { position: this.#dataStart + begin, length: end - begin };
		using bytes =
			mmap && region.length > 0
				? this.#file.map(region, Math.min(size, 8))
				: yield* this.#file.copy(region, name);
		const strides: number[] = [];
		let stride = 1;
		for (const length of shape.toReversed()) {
			strides.unshift(stride);
			stride *= Math.max(length, 1);
		}
		const tensor = layOut(bytes, dtype, shape, strides, 0);
		return device === "cpu" ? tensor : tensor.to(device);
	}
}

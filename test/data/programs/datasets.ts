/** What the programs load, as a user writes it: a module of its own, which workers import. */
import { isMainThread, parentPort } from "node:worker_threads";
import {
	Dataset,
	getWorkerInfo,
	IterableDataset,
	importable,
} from "../../../lib/data/index.ts";
import { full, ones, rand } from "../../../lib/generated/functions.ts";
import { initialSeed } from "../../../lib/random.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import { getNumThreads } from "../../../lib/threads.ts";
import { BoundingBoxes, Image } from "../../../lib/vision/tvTensors/index.ts";

/** Sample i is [i, a random number]. */
export class Drawing extends Dataset<[number, number]> {
	readonly length: number;

	constructor(length: number) {
		super();
		this.length = length;
	}

	getItem(index: number): [number, number] | Promise<[number, number]> {
		return [index, rand([1]).item() as number];
	}
}

/** The same, each after a time of its own. */
export class Slow extends Drawing {
	override async getItem(index: number): Promise<[number, number]> {
		await new Promise((resolve) => setTimeout(resolve, (index * 7) % 5));
		return super.getItem(index);
	}
}

/** 0, 1, …, shared out to workers, each with a random number. */
export class Stream extends IterableDataset<[number, number]> {
	readonly length: number;

	constructor(length: number) {
		super();
		this.length = length;
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<[number, number]> {
		const { id, numWorkers } = getWorkerInfo() ?? { id: 0, numWorkers: 1 };
		for (let i = id; i < this.length; i += numWorkers) {
			yield [i, rand([1]).item() as number];
		}
	}
}

/** Sample i is a tensor full of i. */
export class Large extends Dataset<Tensor> {
	readonly length: number;
	readonly size: number;

	constructor(length: number, size: number) {
		super();
		this.length = length;
		this.size = size;
	}

	getItem(index: number): Tensor {
		return full([this.size], index, { dtype: "float32" });
	}
}

const bytesIn = (value: unknown): number => {
	if (typeof value === "string") return 2 * value.length;
	if (typeof value !== "object" || value === null) return 8;
	if (value instanceof SharedArrayBuffer) return 8;
	if (ArrayBuffer.isView(value)) return value.byteLength;
	return Object.values(value).reduce<number>(
		(bytes, item) => bytes + bytesIn(item),
		0,
	);
};

/** Watches what its worker sends: bytes that messages carry, and a mark that is written into memory after it was sent. */
export class Watched extends Large {
	readonly sent = new Int32Array(new SharedArrayBuffer(16));
	#watches = false;

	toWorker() {
		return { length: this.length, size: this.size, sent: this.sent };
	}

	static fromWorker(fields: object): Watched {
		return Object.assign(new Watched(0, 0), fields);
	}

	override getItem(index: number): Tensor {
		if (!this.#watches && parentPort) this.#watch(parentPort);
		return super.getItem(index);
	}

	#watch(port: NonNullable<typeof parentPort>): void {
		this.#watches = true;
		const send = port.postMessage.bind(port);
		port.postMessage = (message: { chunks: unknown[] }) => {
			const bytes = bytesIn(message);
			this.sent[0] = Math.max(this.sent[0] as number, bytes);
			const chunk = message.chunks[0];
			send(message);
			if (chunk instanceof SharedArrayBuffer) {
				new Float32Array(chunk)[1] = -7;
			}
		};
	}
}

/** Goes wrong at sample 5, in the way that it is told. */
export class Broken extends Drawing {
	readonly way: string;

	constructor(length: number, way: string) {
		super(length);
		this.way = way;
	}

	override getItem(
		index: number,
	): [number, number] | Promise<[number, number]> {
		if (index !== 5) return super.getItem(index);
		switch (this.way) {
			case "throw":
				throw new RangeError("sample five is broken");
			case "reject":
				return Promise.reject(
					Object.assign(new Error("no such file"), { code: "ENOENT" }),
				);
			case "operator":
				return [
					index,
					ones([2])
						.matmul(ones([3]))
						.item() as number,
				];
			case "exit":
				process.exit(7);
				break;
			case "memory": {
				const all: unknown[] = [];
				for (;;) all.push(new Array(1e5).fill(all.length));
			}
			case "hang":
				for (;;);
			case "wait":
				return new Promise(() => {});
			default:
				return [index, "two" as unknown as number];
		}
	}
}

/** What a worker knows of itself. */
export class Introspective extends Dataset<string> {
	readonly length = 6;

	getItem(): string {
		const info = getWorkerInfo();
		return JSON.stringify({
			id: info?.id,
			numWorkers: info?.numWorkers,
			seed: String(info?.seed),
			initialSeed: String(initialSeed()),
			isOwn: info?.dataset === this,
			threads: getNumThreads(),
			given: (globalThis as { given?: unknown }).given,
		});
	}
}

export async function initialize(id: number): Promise<void> {
	await Promise.resolve();
	(globalThis as { given?: unknown }).given = id * 10;
}

export function failToInitialize(): void {
	throw new TypeError("no database");
}

export function joined(samples: readonly [number, number][]): string {
	return samples.map(([i]) => i).join("+");
}

export function first([i]: readonly [number, number]): number {
	return i;
}

/** What a detector is given: a list of samples, with tensors that say what they stand for. */
export class Detections extends Dataset<{
	image: Image;
	boxes: BoundingBoxes;
}> {
	readonly length = 4;

	getItem(i: number) {
		const image = new Image(full([1, 2, 2], i));
		const boxes = Array.from({ length: i }, (_, k) => [0, 0, i, k + 1]);
		return {
			image,
			boxes: new BoundingBoxes(boxes.length > 0 ? boxes : full([0, 4], 0), {
				format: "XYXY",
				canvasSize: [2, 2],
			}),
		};
	}
}

export function asList<T>(samples: T[]): T[] {
	return samples;
}

export function withFunction(): unknown {
	return { numbers: [1, () => 1] };
}

/** With a closure in a field, as Node's users write it. */
export function openLetters(letters: string) {
	return {
		length: letters.length,
		getItem: (i: number) => letters[i] as string,
	};
}

export async function openStream(count: number) {
	await Promise.resolve();
	return new Stream(count);
}

/** Keeps something to itself. */
export class Secretive extends Dataset<number> {
	readonly length = 3;
	#secret = 2;

	getItem(i: number): number {
		return this.#secret * i;
	}
}

/** Exported, and not declared. */
export class Undeclared extends Drawing {}

/** Declared in one thread, and not exported. */
class Hidden extends Drawing {}
export const hidden = new Hidden(5);
if (isMainThread) importable(import.meta.url, Hidden);

/** Not exported, and declared in every thread. */
class Inner extends Drawing {}
export const inner = new Inner(5);

importable(
	import.meta.url,
	asList,
	Broken,
	Detections,
	Drawing,
	Inner,
	Introspective,
	Large,
	Secretive,
	Slow,
	Stream,
	Watched,
	initialize,
	failToInitialize,
	joined,
	first,
	withFunction,
	openLetters,
	openStream,
);

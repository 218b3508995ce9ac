import {
	closeSync,
	fsyncSync,
	ftruncateSync,
	mkdirSync,
	openSync,
	writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { maskedCrc32c } from "./crc32c.ts";
import { Message } from "./message.ts";

let files = 0; // of this process

/** When something happened, and at which step of training. */
export interface Moment {
	/** Seconds since 1970. Default: now. */
	walltime?: number | undefined;
	/** Default: none, which TensorBoard takes for 0. */
	step?: number | undefined;
}

/**
 * A file of events, as TensorBoard reads it. Each event is written at once, whole or not at all: a run that is killed loses none, and a full disk
 * leaves a file that can be read.
 */
export class EventFile {
	readonly path: string;
	#descriptor: number | null;
	#size = 0;

	/** Makes the folder, too. */
	constructor(folder: string, suffix: string) {
		mkdirSync(folder, { recursive: true });
		const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, "0");
		const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${files++}${suffix}`;
		this.path = join(folder, name);
		this.#descriptor = openSync(this.path, "wx");
		this.version({});
	}

	/** The format's version, with which a file begins. */
	version(moment: Moment): void {
		this.#add(moment, (event) => event.bytes(3, "brain.Event:2"));
	}

	/** Says that training goes on from a step: TensorBoard forgets what it knows of it and later ones. */
	restart(moment: Moment): void {
		this.#add(moment, (event) => event.bytes(7, new Message().integer(1, 1)));
	}

	/** A message `Summary.Value`. */
	value(value: Message, moment: Moment): void {
		this.#add(moment, (event) => event.bytes(5, new Message().bytes(1, value)));
	}

	#add({ walltime, step }: Moment, fill: (event: Message) => void): void {
		const event = new Message().double(1, walltime ?? Date.now() / 1000);
		fill(event.integer(2, step));
		this.#write(record(event.encoded()));
	}

	#write(bytes: Uint8Array): void {
		const descriptor = this.#descriptor as number;
		let written = 0;
		try {
			while (written < bytes.length)
				written += writeSync(
					descriptor,
					bytes,
					written,
					bytes.length - written,
					this.#size + written,
				);
		} catch (error) {
			ftruncateSync(descriptor, this.#size);
			throw error;
		}
		this.#size += bytes.length;
	}

	/** Has the disk keep what was written. */
	flush(): void {
		if (this.#descriptor !== null) fsyncSync(this.#descriptor);
	}

	close(): void {
		if (this.#descriptor === null) return;
		closeSync(this.#descriptor);
		this.#descriptor = null;
	}
}

/** TFRecord's frame: length (8 bytes), its checksum (4), data, its checksum (4). */
function record(data: Uint8Array): Uint8Array {
	const bytes = Buffer.alloc(data.length + 16);
	bytes.writeBigUInt64LE(BigInt(data.length), 0);
	bytes.writeUInt32LE(maskedCrc32c(bytes.subarray(0, 8)), 8);
	bytes.set(data, 12);
	bytes.writeUInt32LE(maskedCrc32c(data), data.length + 12);
	return bytes;
}

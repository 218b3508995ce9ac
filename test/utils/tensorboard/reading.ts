/** Reads event files back, by other code than wrote them. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** CRC-32C bit by bit, of which "123456789" gives 0xe3069283. */
export function slowCrc32c(bytes: Uint8Array): number {
	let crc = 0xffffffff;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++)
			crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
	}
	return (crc ^ 0xffffffff) >>> 0;
}

/** The records of a file; fails where one is broken. */
export function recordsOf(path: string): Buffer[] {
	const bytes = readFileSync(path);
	const records: Buffer[] = [];
	let at = 0;
	while (at < bytes.length) {
		const length = Number(bytes.readBigUInt64LE(at));
		const header = bytes.subarray(at, at + 8);
		const data = bytes.subarray(at + 12, at + 12 + length);
		expect(bytes.readUInt32LE(at + 8)).toBe(masked(header));
		expect(bytes.readUInt32LE(at + 12 + length)).toBe(masked(data));
		records.push(data);
		at += length + 16;
	}
	return records;
}

function masked(bytes: Uint8Array): number {
	const crc = BigInt(slowCrc32c(bytes));
	const turned = ((crc >> 15n) | (crc << 17n)) & 0xffffffffn;
	return Number((turned + 0xa282ead8n) & 0xffffffffn);
}

/** Events by the folder of their file within `folder`, in the order of the files, without the version that each begins with. */
export function eventsIn(folder: string): Map<string, Buffer[]> {
	const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((name) => name.includes("events.out.tfevents."))
		.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
	const events = new Map<string, Buffer[]>();
	for (const name of files) {
		const [version, ...rest] = recordsOf(join(folder, name));
		expect(version?.toString("latin1")).toMatch(/brain\.Event:2$/);
		const run = dirname(name).replace(/^\.$/, "");
		events.set(run, [...(events.get(run) ?? []), ...rest]);
	}
	return events;
}

/** A message's fields: numbers as they are, the rest as bytes. */
export type Fields = Map<number, (Buffer | bigint)[]>;

/** Takes a message of Protocol Buffers apart. */
export function fieldsOf(bytes: Buffer): Fields {
	const fields: Fields = new Map();
	let at = 0;
	const varint = () => {
		let value = 0n;
		for (let shift = 0n; ; shift += 7n) {
			const byte = bytes[at++] as number;
			value |= BigInt(byte & 127) << shift;
			if (byte < 128) return value;
		}
	};
	const take = (length: number) => {
		at += length;
		return bytes.subarray(at - length, at);
	};
	while (at < bytes.length) {
		const tag = Number(varint());
		const read: Record<number, () => Buffer | bigint> = {
			0: varint,
			1: () => take(8),
			2: () => take(Number(varint())),
			5: () => take(4),
		};
		const value = (read[tag & 7] as () => Buffer | bigint)();
		fields.set(tag >>> 3, [...(fields.get(tag >>> 3) ?? []), value]);
	}
	return fields;
}

/** A message within messages, by its path of field numbers; undefined where there is none. */
export function inner(
	bytes: Buffer,
	...path: number[]
): Buffer | bigint | undefined {
	let value: Buffer | bigint | undefined = bytes;
	for (const field of path)
		value = value && fieldsOf(value as Buffer).get(field)?.[0];
	return value;
}

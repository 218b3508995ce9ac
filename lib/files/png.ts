import { deflateSync } from "node:zlib";

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const colourTypes = [0, 4, 2, 6]; // grey, grey and alpha, colours, colours and alpha

/** What PNG's chunks end with: the checksum of ISO 3309. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
	let value = byte;
	for (let bit = 0; bit < 8; bit++)
		value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
	return value;
});

function crc32(bytes: Uint8Array): number {
	let crc = 0xffffffff;
	for (const byte of bytes)
		crc = (table[(crc ^ byte) & 255] as number) ^ (crc >>> 8);
	return ~crc >>> 0;
}

function chunk(type: string, data: Uint8Array): Buffer {
	const bytes = Buffer.alloc(data.length + 12);
	bytes.writeUInt32BE(data.length, 0);
	bytes.write(type, 4, "latin1");
	bytes.set(data, 8);
	bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), data.length + 8);
	return bytes;
}

/**
 * A picture as the bytes of a PNG file: at once, and without a package, for small ones. (`vision.io.encodePng` makes smaller files.)
 *
 * @param pixels height × width × channels bytes, by row; 1 to 4 channels: grey, grey and alpha, colours, colours and alpha
 */
export function png(
	pixels: Uint8Array,
	height: number,
	width: number,
	channels: number,
): Uint8Array {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header[8] = 8; // bits
	header[9] = colourTypes[channels - 1] as number;
	const length = width * channels;
	const rows = new Uint8Array(height * (length + 1)); // each row begins with its filter: none
	for (let y = 0; y < height; y++)
		rows.set(
			pixels.subarray(y * length, (y + 1) * length),
			y * (length + 1) + 1,
		);
	return Buffer.concat([
		signature,
		chunk("IHDR", header),
		chunk("IDAT", deflateSync(rows)),
		chunk("IEND", new Uint8Array()),
	]);
}

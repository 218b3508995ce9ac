/** The checksum of event files: CRC-32 by Castagnoli's polynomial. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
	let value = byte;
	for (let bit = 0; bit < 8; bit++)
		value = value & 1 ? 0x82f63b78 ^ (value >>> 1) : value >>> 1;
	return value;
});

export function crc32c(bytes: Uint8Array): number {
	let crc = 0xffffffff;
	for (const byte of bytes)
		crc = (table[(crc ^ byte) & 255] as number) ^ (crc >>> 8);
	return ~crc >>> 0;
}

/** Turned and shifted, as it is stored: a checksum of bytes that hold their own checksum would be no good one. */
export function maskedCrc32c(bytes: Uint8Array): number {
	const crc = crc32c(bytes);
	return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

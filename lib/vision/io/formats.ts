/** The formats that are read. Others that sharp knows (SVG, PDF) are programs rather than pictures, and are refused. */
export type ImageFormat = "jpeg" | "png" | "webp" | "gif" | "avif" | "tiff";

const ascii = (bytes: Uint8Array, start: number, end: number): string =>
	String.fromCharCode(...bytes.subarray(start, end));

/** The format that a file's first bytes announce; undefined: none of them. */
export function formatOf(bytes: Uint8Array): ImageFormat | undefined {
	const start = ascii(bytes, 0, 12);
	if (start.startsWith("\xff\xd8\xff")) return "jpeg";
	if (start.startsWith("\x89PNG\r\n\x1a\n")) return "png";
	if (/^GIF8[79]a/.test(start)) return "gif";
	if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "webp";
	if (/ftyp(avif|avis|mif1|msf1)$/.test(start)) return "avif";
	if (/^(II\*\0|MM\0\*)/.test(start)) return "tiff";
	return undefined;
}

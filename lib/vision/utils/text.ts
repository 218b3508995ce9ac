import { TorchError } from "../../errors.ts";
import { loadSharp } from "../io/sharp.ts";
import type { Canvas, Point } from "./canvas.ts";
import type { Rgb } from "./colors.ts";

/** How letters look. */
export interface Font {
	family: string;
	/** In pixels. */
	size: number;
}

export interface TextColors {
	color: Rgb;
	/** Of a rectangle below the text, one pixel larger on all sides; undefined: none. */
	ground: Rgb | undefined;
}

/** How much of each pixel a text covers, 0 to 255, in rows as wide as the canvas. */
interface Coverage {
	data: Uint8Array;
	width: number;
	height: number;
}

/** Draws lines of text whose upper left corner is at a point. */
export async function drawText(
	op: string,
	canvas: Canvas,
	[left, top]: Point,
	text: string,
	font: Font,
	{ color, ground }: TextColors,
): Promise<void> {
	if (/^\s*$/.test(text)) return;
	const coverage = await coverageOf(op, text, font);
	const box = extent(coverage);
	if (box === undefined) {
		throw new TorchError(
			`the text ${JSON.stringify(text.slice(0, 60))} came out empty: the system has no font for it (Debian: apt install fonts-dejavu-core)`,
			{ code: "ERR_MISSING_FONT", op, argument: "labels" },
		);
	}
	if (ground) {
		canvas.fillRectangle(
			left + box.left - 1,
			top + box.top - 1,
			left + box.right + 1,
			top + box.bottom + 1,
			{ color: ground, alpha: 255 },
		);
	}
	for (let y = box.top; y <= box.bottom; y++)
		for (let x = box.left; x <= box.right; x++) {
			const [at, row] = [left + x, top + y];
			if (at < 0 || row < 0 || at >= canvas.width || row >= canvas.height)
				continue;
			const alpha = coverage.data[y * coverage.width + x] as number;
			canvas.blend(at, row, color, alpha);
		}
}

const MAX_LETTERS = 500;

async function coverageOf(
	op: string,
	text: string,
	{ family, size }: Font,
): Promise<Coverage> {
	const lines = text.slice(0, MAX_LETTERS).split(/\r?\n/);
	const letters = Math.max(...lines.map((line) => line.length));
	const width = Math.ceil((letters + 1) * size * 1.5);
	const height = Math.ceil((lines.length + 0.5) * size * 1.25);
	const spans = lines.map(
		(line, i) =>
			`<text x="0" y="${size * (0.95 + 1.25 * i)}" xml:space="preserve">${escaped(line)}</text>`,
	);
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${escaped(family)}" font-size="${size}" fill="white">${spans.join("")}</svg>`;
	const sharp = await loadSharp(op);
	const { data } = await sharp(Buffer.from(svg))
		.ensureAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	const alpha = new Uint8Array(width * height);
	for (let i = 0; i < alpha.length; i++) alpha[i] = data[4 * i + 3] as number;
	return { data: alpha, width, height };
}

/** The smallest rectangle with all that is covered. */
function extent({ data, width, height }: Coverage) {
	let [left, top, right, bottom] = [width, height, -1, -1];
	data.forEach((alpha, i) => {
		if (alpha === 0) return;
		const [x, y] = [i % width, Math.floor(i / width)];
		left = Math.min(left, x);
		right = Math.max(right, x);
		top = Math.min(top, y);
		bottom = Math.max(bottom, y);
	});
	return right < 0 ? undefined : { left, top, right, bottom };
}

const escapes: Record<string, string> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
};

/** For SVG; what XML cannot have at all becomes a space. */
function escaped(text: string): string {
	return text
		.replace(/[&<>"]/g, (character) => escapes[character] as string)
		.replace(/[^\t\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, " ");
}

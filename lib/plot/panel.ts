/** A diagram with a title and a legend, and several of them as one picture. */
import { escapeText, PlotDocument } from "./document.ts";
import { Figure } from "./figure.ts";
import type { Mark, Observable } from "./observable.ts";
import type { Palette } from "./palette.ts";

/** A line of the legend. */
export interface LegendEntry {
	name: string;
	color: string;
	isDashed?: boolean;
}

/** What a diagram shows; drawn by `drawPanel`. */
export interface Panel {
	title: string;
	legend?: readonly LegendEntry[];
	/** Of the diagram itself, in pixels, for a width of the whole. Default: 0.62 of it. */
	height?: (width: number) => number;
	/** Scales and margins, for a width of the whole. */
	options: (width: number) => object;
	marks: (plot: Observable, width: number) => Mark[];
}

const FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const PADDING = 12;

/** About how wide a text is: fonts are not known here. */
export const textWidth = (text: string, size: number) =>
	0.57 * size * [...text].length;

interface Drawn {
	svg: string;
	width: number;
	height: number;
}

/** Draws a panel with its upper left corner at x, y. */
function drawPanel(
	plot: Observable,
	{ title, legend = [], height: heightOf, options, marks }: Panel,
	width: number,
): Drawn {
	const parts = [
		`<text x="${PADDING}" y="24" font-size="14" font-weight="600">${escapeText(fitted(title, 14, width - 2 * PADDING))}</text>`,
	];
	let x = PADDING;
	let y = 44;
	for (const { name, color, isDashed } of legend) {
		const label = fitted(name, 12, width - 2 * PADDING - 26);
		const length = 26 + textWidth(label, 12) + 14;
		if (x > PADDING && x + length - 14 > width - PADDING) {
			x = PADDING;
			y += 18;
		}
		const dash = isDashed ? ' stroke-dasharray="4 3"' : "";
		parts.push(
			`<line x1="${x}" x2="${x + 18}" y1="${y - 4}" y2="${y - 4}" stroke="${color}" stroke-width="2.5"${dash}/>`,
			`<text x="${x + 24}" y="${y}" font-size="12">${escapeText(label)}</text>`,
		);
		x += length;
	}
	const top = legend.length > 0 ? y + 6 : 32;
	const height = Math.round(heightOf?.(width) ?? 0.62 * width);
	const svg = plot.plot({
		...options(width),
		document: new PlotDocument(),
		width,
		height,
		style: { fontSize: "12px", fontFamily: FONT },
		marks: marks(plot, width),
	});
	for (const child of [...svg.children])
		if (child.tagName === "style") child.remove(); // of pages that are looked at on their own
	svg.setAttribute("y", String(top));
	parts.push(svg.outerHTML);
	return { svg: parts.join("\n"), width, height: top + height + 4 };
}

/** A text cut so that it fits. */
export function fitted(text: string, size: number, width: number): string {
	const letters = [...text];
	const most = Math.max(1, Math.floor(width / (0.57 * size)));
	return letters.length <= most
		? text
		: `${letters.slice(0, most - 1).join("")}…`;
}

/** One picture of several diagrams, side by side, with a heading above all. */
export function figureOf(
	plot: Observable,
	panels: readonly Panel[],
	palette: Palette,
	width: number,
	heading?: string,
): Figure {
	const columns = Math.min(2, panels.length);
	const whole = width * columns;
	const drawn = panels.map((panel) => drawPanel(plot, panel, width));
	const parts: string[] = [];
	let top = 0;
	if (heading !== undefined) {
		const text = escapeText(fitted(heading, 17, whole - 2 * PADDING));
		parts.push(
			`<text x="${PADDING}" y="30" font-size="17" font-weight="600">${text}</text>`,
		);
		top = 40;
	}
	for (let row = 0; row < drawn.length; row += columns) {
		const inRow = drawn.slice(row, row + columns);
		for (const [i, { svg }] of inRow.entries())
			parts.push(
				`<g transform="translate(${i * width},${top})">\n${svg}\n</g>`,
			);
		top += Math.max(...inRow.map(({ height }) => height));
	}
	const title = heading ?? panels.map((panel) => panel.title).join(", ");
	return wrapped(parts.join("\n"), whole, top, palette, title);
}

/** An SVG document around what is drawn. */
export function wrapped(
	content: string,
	width: number,
	height: number,
	{ surface, ink }: Palette,
	title: string,
): Figure {
	const background =
		surface === null
			? ""
			: `<rect width="100%" height="100%" fill="${surface}"/>\n`;
	return new Figure(
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(title)}" color="${ink}" fill="currentColor" font-family="${FONT}">
${background}${content}
</svg>
`,
		width,
		height,
	);
}

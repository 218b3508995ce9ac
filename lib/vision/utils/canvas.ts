import type { Rgb } from "./colors.ts";
import { ellipseSpans } from "./ellipse.ts";
import { type Edge, edge, fillPolygon } from "./polygon.ts";
import { roundDown, roundUp } from "./rounding.ts";

/** A colour to draw with; `alpha` from 0, nothing, to 255. */
export interface Ink {
	readonly color: Rgb;
	readonly alpha: number;
}

export type Point = readonly [x: number, y: number];

/**
 * Pixels to draw on, which lie in memory row by row, three bytes each. What is drawn has the very pixels that Pillow's ImageDraw draws, without smoothing.
 * Whatever lies beside the canvas is left out.
 */
export class Canvas {
	readonly pixels: Uint8Array;
	readonly width: number;
	readonly height: number;
	/** Whether inks are laid over what is there, as ImageDraw's mode "RGBA" does, or take its place. */
	readonly blends: boolean;

	constructor(
		pixels: Uint8Array,
		width: number,
		height: number,
		blends = false,
	) {
		this.pixels = pixels;
		this.width = width;
		this.height = height;
		this.blends = blends;
	}

	/** The pixels from x0 to x1, both of them, of row y. */
	span(x0: number, x1: number, y: number, ink: Ink): void {
		if (y < 0 || y >= this.height) return;
		const end = Math.min(x1, this.width - 1);
		for (let x = Math.max(x0, 0); x <= end; x++) this.#set(x, y, ink);
	}

	point(x: number, y: number, ink: Ink): void {
		this.span(x, x, y, ink);
	}

	/** One pixel, covered by `alpha` of 255: Pillow's BLEND. */
	blend(x: number, y: number, color: Rgb, alpha: number): void {
		const at = (y * this.width + x) * 3;
		for (let i = 0; i < 3; i++) {
			const below = this.pixels[at + i] as number;
			const sum = below * (255 - alpha) + (color[i] as number) * alpha + 128;
			this.pixels[at + i] = (sum + (sum >> 8)) >> 8;
		}
	}

	#set(x: number, y: number, { color, alpha }: Ink): void {
		if (this.blends) this.blend(x, y, color, alpha);
		else this.pixels.set(color, (y * this.width + x) * 3);
	}

	/** The pixels from one point to the other, without the last one. (Bresenham's) */
	#steps(from: Point, to: Point, ink: Ink): void {
		let [x, y] = from;
		const dx = Math.abs(to[0] - x);
		const dy = Math.abs(to[1] - y);
		const stepX = to[0] < x ? -1 : 1;
		const stepY = to[1] < y ? -1 : 1;
		const flat = dx > dy;
		const [long, short] = flat ? [dx, dy] : [dy, dx];
		let error = 2 * short - long;
		for (let i = 0; i < long; i++) {
			this.point(x, y, ink);
			const aside = short > 0 && error >= 0;
			if (aside) error -= 2 * long;
			error += 2 * short;
			if (flat || aside) x += stepX;
			if (!flat || aside) y += stepY;
		}
	}

	/** A straight line between whole points; one of width 1 without smoothing, a wider one as a polygon. */
	line(from: Point, to: Point, ink: Ink, width: number): void {
		if (width === 0) return;
		const [x0, y0] = from.map(Math.trunc) as [number, number];
		const [x1, y1] = to.map(Math.trunc) as [number, number];
		if (width === 1) {
			this.#steps([x0, y0], [x1, y1], ink);
			this.point(x1, y1, ink);
			return;
		}
		const [dx, dy] = [x1 - x0, y1 - y0];
		if (dx === 0 && dy === 0) {
			this.point(x0, y0, ink);
			return;
		}
		const length = Math.hypot(dx, dy);
		const half = (width - 1) / 2;
		const more = roundUp(half) / length;
		const less = roundDown(half) / length;
		const aside = (ratio: number, by: number) => roundDown(ratio * by);
		const corners: Point[] = [
			[x0 - aside(less, dy), y0 + aside(more, dx)],
			[x1 - aside(less, dy), y1 + aside(more, dx)],
			[x1 + aside(more, dy), y1 - aside(less, dx)],
			[x0 + aside(more, dy), y0 - aside(less, dx)],
		];
		fillPolygon(
			this,
			corners.map((corner, i) => edge(corner, corners[(i + 1) % 4] as Point)),
			ink,
		);
	}

	fillRectangle(x0: number, y0: number, x1: number, y1: number, ink: Ink) {
		for (let y = Math.max(y0, 0); y <= Math.min(y1, this.height); y++)
			this.span(x0, x1, y, ink);
	}

	/** A frame, `width` wide to its inside. */
	rectangle(
		x0: number,
		y0: number,
		x1: number,
		y1: number,
		ink: Ink,
		width: number,
	): void {
		const [top, bottom] = [y0 + width, y1 - width + 1];
		for (let i = 0; i < width; i++) {
			this.span(x0, x1, y0 + i, ink);
			this.span(x0, x1, y1 - i, ink);
			this.#steps([x1 - i, top], [x1 - i, bottom], ink);
			this.#steps([x0 + i, top], [x0 + i, bottom], ink);
		}
	}

	/** The inside and the edges of a polygon through whole points. */
	fillPolygon(points: readonly Point[], ink: Ink): void {
		const edges: Edge[] = [];
		for (let i = 0; i < points.length; i++) {
			const from = points[i] as Point;
			const to = points[(i + 1) % points.length] as Point;
			const isLast = i === points.length - 1;
			if (isLast && from[0] === to[0] && from[1] === to[1]) continue;
			const before = points[i - 1];
			const last = edges.at(-1);
			// a level edge that goes on where a level one ended makes that one longer
			if (
				!isLast &&
				before &&
				last &&
				from[1] === to[1] &&
				from[1] === before[1]
			) {
				if (to[0] > from[0] && from[0] > before[0]) {
					last.xmax = to[0];
					continue;
				}
				if (to[0] < from[0] && from[0] < before[0]) {
					last.xmin = to[0];
					continue;
				}
			}
			edges.push(edge(from, to));
		}
		fillPolygon(this, edges, ink);
	}

	/** A full ellipse in the rectangle between two points. */
	fillEllipse(x0: number, y0: number, x1: number, y1: number, ink: Ink): void {
		for (const { y, left, right } of ellipseSpans(x1 - x0, y1 - y0))
			this.span(x0 + left, x0 + right, y0 + y, ink);
	}
}

import type { Canvas, Ink, Point } from "./canvas.ts";
import { roundDown, roundUp } from "./rounding.ts";

/** A side of a polygon. Positions on it are float32, as in Pillow, so that they round alike. */
export interface Edge {
	x0: number;
	y0: number;
	xmin: number;
	xmax: number;
	ymin: number;
	ymax: number;
	/** How far it goes aside in a row; 0 for a level one. */
	slope: number;
}

const { fround } = Math;

export function edge([x0, y0]: Point, [x1, y1]: Point): Edge {
	return {
		x0,
		y0,
		xmin: Math.min(x0, x1),
		xmax: Math.max(x0, x1),
		ymin: Math.min(y0, y1),
		ymax: Math.max(y0, y1),
		slope: y0 === y1 ? 0 : fround((x1 - x0) / (y1 - y0)),
	};
}

const xAt = ({ x0, y0, slope }: Edge, y: number): number =>
	fround(fround((y - y0) * slope) + x0);

const ends = ({ ymin, ymax }: Edge, y: number): boolean =>
	y === ymin || y === ymax;

/** Fills a polygon row by row between the crossings of its edges, its edges included; Pillow's `polygon_generic`. */
export function fillPolygon(
	canvas: Canvas,
	edges: readonly Edge[],
	ink: Ink,
): void {
	const level = edges.filter(({ ymin, ymax }) => ymin === ymax);
	const slanted = edges.filter(({ ymin, ymax }) => ymin !== ymax);
	if (!canvas.blends)
		for (const { xmin, xmax, ymin } of level)
			canvas.span(xmin, xmax, ymin, ink);
	const top = Math.max(0, Math.min(...edges.map((each) => each.ymin)));
	const bottom = Math.min(
		canvas.height,
		Math.max(...edges.map((each) => each.ymax)),
	);
	for (let y = top; y <= bottom; y++) {
		const crossings = crossingsOf(slanted, y, bottom);
		if (canvas.blends) drawOnce(canvas, crossings, level, y, ink);
		else
			for (let i = 1; i < crossings.length; i += 2)
				canvas.span(
					roundUp(crossings[i - 1] as number),
					roundDown(crossings[i] as number),
					y,
					ink,
				);
	}
}

function crossingsOf(
	edges: readonly Edge[],
	y: number,
	bottom: number,
): Float32Array {
	const crossings: number[] = [];
	edges.forEach((current, i) => {
		if (y < current.ymin || y > current.ymax) return;
		const x = xAt(current, y);
		if (y === current.ymax && y < bottom) crossings.push(x, x);
		else if (ends(current, y) && current.slope !== 0)
			crossings.push(joined(x, current, edges.slice(0, i), y));
		else crossings.push(x);
	});
	return Float32Array.from(crossings).sort();
}

/** Where two edges meet in a sharp corner, the row of the corner reaches to the row beside it. */
function joined(
	x: number,
	current: Edge,
	others: readonly Edge[],
	y: number,
): number {
	const beside = y + (y === current.ymax ? -1 : 1);
	const other = others.find(
		(each) =>
			ends(each, y) &&
			each.slope !== 0 &&
			roundUp(x) === roundUp(xAt(each, y)) &&
			beside >= each.ymin &&
			beside <= each.ymax,
	);
	if (!other) return x;
	const [a, b] = [xAt(current, beside), xAt(other, beside)];
	if (x > a + 1 && x > b + 1) return fround(roundUp(Math.max(a, b)) + 1);
	if (x < a - 1 && x < b - 1) return fround(roundUp(Math.min(a, b)) - 1);
	return x;
}

/** Draws a row so that no pixel is covered twice. */
function drawOnce(
	canvas: Canvas,
	crossings: Float32Array,
	level: readonly Edge[],
	y: number,
	ink: Ink,
): void {
	let at = crossings.length === 0 ? -1 : 0; // pixels before it are done; -1: none is
	const drawLevel = () => {
		for (const { xmin, xmax, ymin } of level) {
			if (ymin !== y || (at !== -1 && at < xmin)) continue;
			const start = Math.max(xmin, at);
			if (at > xmin && xmax < start) continue;
			canvas.span(start, xmax, y, ink);
			at = xmax + 1;
		}
	};
	for (let i = 1; i < crossings.length; i += 2) {
		const end = roundDown(crossings[i] as number);
		if (end < at) continue;
		drawLevel();
		if (end < at) continue;
		const start = Math.max(roundUp(crossings[i - 1] as number), at);
		if (end < start) continue;
		canvas.span(start, end, y, ink);
		at = end + 1;
	}
	drawLevel();
}

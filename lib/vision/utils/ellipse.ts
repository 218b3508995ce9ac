/** Pixels from `left` to `right` of a row, relative to the ellipse's rectangle. */
export interface Span {
	y: number;
	left: number;
	right: number;
}

/**
 * The rows of a full ellipse that touches the sides of a rectangle from (0, 0) to (a, b), as Pillow draws it: a walk along a quarter of its
 * outline in steps of one pixel, each to the neighbour nearest to the curve. Inside, coordinates are doubled, so that the centre is whole.
 */
export function ellipseSpans(a: number, b: number): Span[] {
	if (a < 0 || b < 0 || a + b === 0) return []; // one pixel is none
	const spans: Span[] = [];
	for (const [y, right] of quarter(a, b)) {
		const span = (row: number) =>
			spans.push({
				y: (row + b) / 2,
				left: (a - right) / 2,
				right: (right + a) / 2,
			});
		span(-y);
		if (y > 0) span(y);
	}
	return spans;
}

/** The outermost doubled x of each doubled y, from the middle to the end. */
function quarter(a: number, b: number): Map<number, number> {
	const rows = new Map<number, number>();
	const [a2, b2] = [a * a, b * b];
	const distance = (x: number, y: number) =>
		Math.abs(a2 * y * y + b2 * x * x - a2 * b2);
	let [x, y] = [a, b % 2];
	for (;;) {
		if (!rows.has(y)) rows.set(y, x);
		if (x === a % 2 && y === b) return rows;
		let next = [x, y + 2] as const;
		if (x > 1) {
			for (const candidate of [
				[x - 2, y + 2],
				[x - 2, y],
			] as const)
				if (distance(...next) > distance(...candidate)) next = candidate;
		}
		[x, y] = next;
	}
}

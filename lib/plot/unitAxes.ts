import type { PlotOptions } from "@observablehq/plot";

/** Axes of diagrams that are a square of shares from 0 to 1. */
export function unitAxes(x: string, y: string): PlotOptions {
	const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
	return {
		marginTop: 26,
		marginLeft: 42,
		marginRight: 18,
		marginBottom: 38,
		x: { label: `${x} →`, domain: [0, 1], grid: true, ticks, nice: false },
		y: { label: `↑ ${y}`, domain: [0, 1], grid: true, ticks, nice: false },
	};
}

/** Nearly square. */
export const squareHeight = (width: number) => 0.88 * width;

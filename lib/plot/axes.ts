/** A number at an axis, short: 0.25, 1,500, 2e-5. */
export function axisNumber(value: number): string {
	const size = Math.abs(value);
	if (size !== 0 && (size >= 1e6 || size < 1e-4))
		return Number(value.toPrecision(3)).toExponential().replace("e+", "e");
	return Number(value.toPrecision(6)).toLocaleString("en", {
		maximumFractionDigits: 8,
	});
}

/** Axes of diagrams that are a square of shares from 0 to 1. */
export function unitAxes(x: string, y: string): object {
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

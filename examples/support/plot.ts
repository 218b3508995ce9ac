import * as Plot from "@observablehq/plot";
import { JSDOM } from "jsdom";

/** One epoch's results, as they are plotted and kept in the checkpoint. */
export interface EpochResult {
	trainLoss: number;
	trainAccuracy: number;
	testLoss: number;
	testAccuracy: number;
}

const width = 860;
const height = 340;
const colors = { training: "#8da0b5", test: "#d1495b" };

/** Draws loss and accuracy over the epochs, side by side, as an SVG file's text. */
export function plotCurves(title: string, history: EpochResult[]): string {
	const { document } = new JSDOM("").window;
	const rows = history.flatMap((result, i) => [
		{
			epoch: i + 1,
			of: "training",
			loss: result.trainLoss,
			accuracy: 100 * result.trainAccuracy,
		},
		{
			epoch: i + 1,
			of: "test",
			loss: result.testLoss,
			accuracy: 100 * result.testAccuracy,
		},
	]);
	const panel = (y: "loss" | "accuracy", label: string) =>
		Plot.plot({
			document,
			width: width / 2,
			height: height - 40,
			marginTop: 28,
			marginBottom: 42,
			marginLeft: 48,
			marginRight: 20,
			style: {
				background: "white",
				fontFamily: "sans-serif",
				fontSize: "12px",
			},
			x: {
				label: "epoch →",
				labelOffset: 38,
				ticks: Math.min(history.length, 8),
				tickFormat: "d",
				domain: [1, Math.max(2, history.length)],
			},
			y: { label, grid: true, nice: true, zero: y === "loss" },
			color: { domain: Object.keys(colors), range: Object.values(colors) },
			marks: [
				Plot.lineY(rows, {
					x: "epoch",
					y,
					z: "of",
					stroke: "of",
					strokeWidth: 2,
					marker: history.length < 50 ? "dot" : null,
				}),
			],
		});
	const panels = [panel("loss", "↑ loss"), panel("accuracy", "↑ accuracy, %")];
	panels.forEach((svg, i) => {
		svg.setAttribute("x", String((i * width) / 2));
		svg.setAttribute("y", "40");
	});
	const legend = Object.entries(colors).map(
		([name, color], i) =>
			`<circle cx="${width - 190 + 90 * i}" cy="20" r="5" fill="${color}"/><text x="${width - 180 + 90 * i}" y="24">${name}</text>`,
	);
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="white"/>
<text x="20" y="25" font-size="16" font-weight="bold">${escapeXml(title)}</text>
${legend.join("\n")}
${panels.map((svg) => svg.outerHTML).join("\n")}
</svg>
`;
}

function escapeXml(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

import { extname } from "node:path";
import * as check from "../../check.ts";
import { atomicWriteAsync } from "../../io/atomicWrite.ts";
import { type CalibrationPoints, calibrationPanel } from "../calibration.ts";
import { confusionPanel, type Matrix } from "../confusionMatrix.ts";
import {
	type PrecisionRecallPoints,
	precisionRecallPanel,
	type RocPoints,
	rocPanel,
} from "../curves.ts";
import { escapeText } from "../document.ts";
import {
	type GainPoints,
	gainPanel,
	type LiftPoints,
	liftPanel,
} from "../gain.ts";
import { type HistoryLike, historyPanels } from "../history.ts";
import {
	type LearningCurvePoints,
	learningCurvePanel,
} from "../learningCurve.ts";
import { loadObservable, type Observable } from "../observable.ts";
import type { Look } from "../options.ts";
import { pagePalette } from "../palette.ts";
import { figureOf, type Panel } from "../panel.ts";
import type { Images } from "../pixels.ts";
import type { Curves } from "../points.ts";
import { type SampleLabels, sampleOptions, samplesOf } from "../samples.ts";
import {
	epochsSection,
	modelSection,
	numbersSection,
	samplesSection,
	settingsSection,
} from "./sections.ts";
import { style } from "./style.ts";

/** What a report has; all of it can be left out. */
export interface ReportOptions {
	/** Default "Training report". */
	title?: string | undefined;
	/** Text beneath the title; its lines stay lines. */
	notes?: string | undefined;
	/** What the run reached, by name. */
	metrics?: Readonly<Record<string, number | string>> | undefined;
	/** What `train.fit` gave. */
	history?: HistoryLike | undefined;
	/** Names of the classes, for all parts. Default: their numbers. */
	classes?: readonly string[] | undefined;
	/** [C, C], true classes by row. */
	confusionMatrix?: Matrix | undefined;
	roc?: Curves<RocPoints> | undefined;
	precisionRecall?: Curves<PrecisionRecallPoints> | undefined;
	calibration?: Curves<CalibrationPoints> | undefined;
	gain?: Curves<GainPoints> | undefined;
	lift?: Curves<LiftPoints> | undefined;
	learningCurve?: Curves<LearningCurvePoints> | undefined;
	/** Images, and what the model says of them: as for `samples`. */
	samples?: ({ images: Images } & Omit<SampleLabels, "classes">) | undefined;
	/** What the run was made with, by name. */
	settings?: Readonly<Record<string, unknown>> | undefined;
	/** Its text is shown. */
	model?: { toString(): string } | undefined;
}

/** A page of its own: one file, which refers to nothing outside of it and runs no program. */
export class Report {
	readonly html: string;

	/** @internal */
	constructor(html: string) {
		this.html = html;
	}

	/**
	 * Writes the page; whole or not at all.
	 *
	 * @param path ends in .html
	 * @throws node's own error, where the file cannot be written
	 */
	async save(path: string): Promise<void> {
		const op = "Report.save";
		if (extname(check.string(op, "path", path)).toLowerCase() !== ".html")
			throw check.invalidValue(
				op,
				"path",
				`expected a name that ends in .html, got "${path}"`,
			);
		await atomicWriteAsync(path, [Buffer.from(this.html)]);
	}
}

/** Diagrams are drawn narrow, so that their text can be read on narrow screens. */
const look: Look = { title: undefined, width: 380, palette: pagePalette };

const names: readonly (keyof ReportOptions)[] = [
	"title",
	"notes",
	"metrics",
	"history",
	"classes",
	"confusionMatrix",
	"roc",
	"precisionRecall",
	"calibration",
	"gain",
	"lift",
	"learningCurve",
	"samples",
	"settings",
	"model",
];

/**
 * A run as one HTML file that opens in any browser, light or dark as the reader's system is: numbers, learning curves, confusion matrix and
 * curves, samples with predictions, settings.
 *
 * ```ts
 * const report = await plot.report({
 *   title: "Digits",
 *   metrics: { accuracy: accuracy.compute() },
 *   history,
 *   confusionMatrix: matrix.compute(),
 *   roc: roc.compute(),
 *   samples: { images, predictions, targets, scores },
 *   settings: { lr: 0.01, epochs: 10 },
 *   model,
 * });
 * await report.save("report.html");
 * ```
 *
 * @throws TorchError where an argument is wrong; `ERR_MISSING_PACKAGE` without the package @observablehq/plot
 */
export async function report(options: ReportOptions): Promise<Report> {
	const op = "plot.report";
	check.options(op, options, names);
	const { title = "Training report", notes, classes } = options;
	check.string(op, "title", title);
	if (notes !== undefined) check.string(op, "notes", notes);
	for (const name of ["metrics", "settings"] as const)
		checkRecord(op, name, options[name]);
	const panels = panelsOf(op, options);
	const { samples, model } = options;
	if (samples !== undefined)
		check.options(op, samples, ["images", ...sampleOptions]);
	const shown =
		samples && samplesOf(op, samples.images, { ...samples, classes });
	const plot =
		panels.flatMap(([, part]) => part).length > 0
			? await loadObservable(op)
			: null;
	const parts = [
		options.metrics && numbersSection(options.metrics),
		...panels.map(([heading, part]) => plot && figures(plot, heading, part)),
		shown && samplesSection(shown),
		options.settings && settingsSection(options.settings),
		options.history && epochsSection(options.history),
		model !== undefined && modelSection(model),
	].filter(Boolean);
	return new Report(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeText(title)}</h1>
<p class="when">${escapeText(subtitle(options))}</p>
${notes ? `<p>${escapeText(notes)}</p>\n` : ""}${parts.join("\n")}
</body>
</html>
`);
}

function checkRecord(op: string, name: string, value: unknown): void {
	const isRecord =
		value === undefined ||
		(typeof value === "object" && value !== null && !Array.isArray(value));
	if (!isRecord)
		throw check.invalidType(op, name, "object of values by name", value);
}

/** When, how many epochs, and why they ended. */
function subtitle({ history }: ReportOptions): string {
	const parts = [new Date().toISOString().slice(0, 16).replace("T", " ")];
	const { epochs, stopped } = (history ?? {}) as {
		epochs?: unknown;
		stopped?: unknown;
	};
	if (Array.isArray(epochs))
		parts.push(`${epochs.length} epoch${epochs.length === 1 ? "" : "s"}`);
	if (typeof stopped === "string") parts.push(`ended early: ${stopped}`);
	return parts.join(" · ");
}

/** Diagrams by the heading that they stand under. */
function panelsOf(
	op: string,
	options: ReportOptions,
): [heading: string, panels: Panel[]][] {
	const { classes } = options;
	const draw = <Name extends keyof ReportOptions>(
		name: Name,
		panel: (value: NonNullable<ReportOptions[Name]>, where: string) => Panel,
	): Panel[] => {
		const value = options[name];
		return value === undefined || value === null
			? []
			: [panel(value, `${op}: ${name}`)];
	};
	return [
		[
			"Training",
			options.history === undefined
				? []
				: historyPanels(op, options.history, look),
		],
		[
			"Evaluation",
			[
				...draw("confusionMatrix", (of, at) =>
					confusionPanel(at, of, look, classes),
				),
				...draw("roc", (of, at) => rocPanel(at, of, look, classes)),
				...draw("precisionRecall", (of, at) =>
					precisionRecallPanel(at, of, look, classes),
				),
				...draw("calibration", (of, at) => calibrationPanel(at, of, look)),
				...draw("gain", (of, at) => gainPanel(at, of, look)),
				...draw("lift", (of, at) => liftPanel(at, of, look)),
				...draw("learningCurve", (of, at) => learningCurvePanel(at, of, look)),
			],
		],
	];
}

function figures(
	plot: Observable,
	heading: string,
	panels: readonly Panel[],
): string {
	if (panels.length === 0) return "";
	const drawn = panels.map((panel) => {
		const { svg } = figureOf(plot, [panel], pagePalette, look.width);
		return `<div>${svg}</div>`;
	});
	return `<h2>${heading}</h2>\n<div class="figures">\n${drawn.join("\n")}\n</div>`;
}

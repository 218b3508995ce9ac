/** The report of a run: what is in it, that nothing outside of it is, and that what users name cannot break it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";
import { missingObservable } from "../../lib/plot/observable.ts";
import { temporaryFolder } from "../support/folder.ts";

const { metrics, plot, tensor } = torch;
const temporary = temporaryFolder();

const scores = tensor([0.1, 0.4, 0.35, 0.8]);
const target = tensor([0, 0, 1, 1]);

/** A metric's result. */
function of<Result>(
	metric: torch.metrics.Metric<[torch.Tensor, torch.Tensor], Result>,
): Result {
	metric.update(scores, target);
	return metric.compute();
}

const evil = `"><script>alert('&')</script>\u0000`;

const whole = (): torch.plot.ReportOptions => {
	const calibration = new metrics.CalibrationError();
	calibration.update(scores, target);
	const history = new torch.train.History<string>();
	for (const epoch of [1, 2])
		history.epochs.push({ epoch, loss: 1 / epoch, lr: 0.1, seconds: 1 });
	history.stopped = "enough";
	const result = { mean: { test: 0.5 }, std: { test: 0.1 } };
	return {
		title: `Digits ${evil}`,
		notes: `two\nlines ${evil}`,
		metrics: { accuracy: 0.98765432, "test samples": 4, [evil]: evil },
		history,
		classes: [`a${evil}`, "b"],
		confusionMatrix: of(new metrics.ConfusionMatrix()),
		roc: of(new metrics.ROC()),
		precisionRecall: of(new metrics.PrecisionRecallCurve()),
		calibration: calibration.curve(),
		gain: of(new metrics.CumulativeGain()),
		lift: of(new metrics.LiftCurve()),
		learningCurve: {
			[evil]: { trainSizes: [3, 9], results: [result, result] },
		},
		samples: {
			images: torch.rand([2, 1, 8, 8]),
			predictions: [0, 1],
			targets: [1, 1],
			scores: [0.5, 0.75],
		},
		settings: { lr: 0.1, betas: [0.9, 0.999], [evil]: { deep: evil } },
		model: new torch.nn.Linear(2, 3),
	};
};

/** Without tags, and without what is between those of a style sheet. */
const textOf = (html: string) =>
	html
		.replace(/<style>.*?<\/style>/s, "")
		.replace(/<[^>]*>/g, "\n")
		.replace(/\n+/g, "\n");

test("all parts are there", async () => {
	const { html } = await plot.report(whole());
	const text = textOf(html);
	for (const part of [
		"2 epochs · ended early: enough",
		"accuracy\n0.9877",
		"Training",
		"loss",
		"Confusion matrix",
		"AUC 0.750",
		"Precision and recall",
		"Calibration",
		"Cumulative gain",
		"Lift",
		"Learning curve",
		"Samples",
		"0.75",
		"Settings",
		"[ 0.9, 0.999 ]",
		"All epochs",
		"Linear(in_features=2, out_features=3, bias=True)",
	])
		expect(text).toContain(part);
	expect(html.match(/<svg [^>]*role="img"/g)).toHaveLength(8);
	expect(html.match(/class="wrong"/g)).toHaveLength(1);
	expect(html).toContain("prefers-color-scheme: dark");
	expect(html).toContain('<meta name="viewport"');
});

test("it refers to nothing, runs nothing, and its tags are closed", async () => {
	const { html } = await plot.report(whole());
	const addresses = [...html.matchAll(/(?:href|src|url\()=?"?([^"\s)>]+)/g)];
	for (const [, address] of addresses)
		expect(address).toMatch(/^data:image\/png;base64,/);
	expect(html.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(
		/https?:/,
	);
	expect(html).not.toMatch(/<script|javascript:| on\w+=|NaN|undefined|\0/i);
	const open: string[] = [];
	const tags = html.matchAll(/<(\/?)([a-z][a-zA-Z0-9]*)((?:"[^"]*"|[^">])*)>/g);
	for (const [tag, close, name = "", rest = ""] of tags) {
		if (/^(meta|img|br)$/.test(name) || rest.endsWith("/")) continue;
		if (close) expect([tag, open.pop()]).toEqual([tag, name]);
		else open.push(name);
	}
	expect(open).toEqual([]);
});

test("its colours are all defined, for light and dark", async () => {
	const { html } = await plot.report(whole());
	const [, light = "", dark = ""] =
		/:root \{(.*?)\}.*?dark\) \{\s*:root \{(.*?)\}/s.exec(html) ?? [];
	const used = new Set(
		[...html.matchAll(/var\((--[\w-]+)\)/g)].map(([, v]) => v),
	);
	for (const theme of [light, dark]) {
		const known = [...theme.matchAll(/(--[\w-]+):/g)].map(([, name]) => name);
		expect(known).toEqual(expect.arrayContaining([...used]));
	}
});

test("parts can be left out; a history in columns", async () => {
	const small = await plot.report({ metrics: { accuracy: 1 } });
	expect(textOf(small.html)).toContain("Training report");
	expect(small.html).not.toMatch(/<svg|<h2/);
	const columns = { loss: [2, 1], valLoss: [3] };
	const { html } = await plot.report({ history: columns });
	expect(textOf(html)).toContain("All epochs\nloss\nvalLoss\n2\n3\n1");
});

test.each([
	[
		"ERR_MODULE_NOT_FOUND",
		"which is not installed: npm install @observablehq/plot",
	],
	["ERR_OTHER", "which draws pictures, could not be loaded: why"],
])("without the package that draws: %s", (code, message) => {
	const cause = Object.assign(new Error("why"), { code });
	const error = missingObservable("plot.roc", cause);
	expect(error.message).toContain(message);
	expect(error).toMatchObject({ code: "ERR_MISSING_PACKAGE", op: "plot.roc" });
});

test("a file, whole or not at all", async () => {
	const report = await plot.report({ metrics: { accuracy: 1 } });
	await report.save(temporary("a.html"));
	expect(readFileSync(temporary("a.html"), "utf8")).toBe(report.html);
	await expect(report.save(temporary("a.htm"))).rejects.toThrow(
		'Report.save: path: expected a name that ends in .html, got "',
	);
	const missing = join(temporary("none"), "a.html");
	await expect(report.save(missing)).rejects.toThrow("ENOENT");
	expect(readdirSync(temporary("."))).toEqual(["a.html"]);
});

test.each<[string, object, string]>([
	[
		"an unknown part",
		{ rocs: 1 },
		"plot.report: rocs: unknown option; known are title, notes",
	],
	[
		"a part that is wrong",
		{ roc: { fpr: [0] } },
		"plot.report: roc: curves.tpr: expected Tensor or number[], got undefined",
	],
	[
		"samples without images",
		{ samples: { targets: [1] } },
		"plot.report: images: expected Tensor or Tensor[], got undefined",
	],
	[
		"metrics in a list",
		{ metrics: [1] },
		"plot.report: metrics: expected object of values by name, got [1]",
	],
	[
		"no text",
		{ title: 3 },
		"plot.report: title: expected string, got number 3",
	],
])("refused: %s", async (_, options, message) => {
	await expect(plot.report(options)).rejects.toThrow(message);
});

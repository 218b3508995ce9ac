/** What the pictures show: places of lines and cells, texts, legends; and what is refused. */
import { existsSync, readFileSync } from "node:fs";
import * as torch from "../../lib/index.ts";
import { temporaryFolder } from "../support/folder.ts";

const { metrics, plot, tensor } = torch;
const temporary = temporaryFolder();

/** Texts in an SVG's elements. */
const textsOf = (svg: string) =>
	[...svg.matchAll(/<(?:text|title)\b[^>]*>([^<]*)</g)].map(([, text]) => text);

/** All corners of the lines of a color, in pixels. */
function corners(svg: string, color: string): [number, number][][] {
	const groups = [
		...svg.matchAll(
			/<g aria-label="line"[^>]*stroke="([^"]+)"[^>]*>(.*?)<\/g>/g,
		),
	];
	return groups
		.filter(([, stroke]) => stroke === color)
		.map(([, , content = ""]) =>
			[...content.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [
				Number(x),
				Number(y),
			]),
		);
}
const BLUE = "#2f6bc0";

/** From pixels to the shares that the axes of a square diagram stand for. */
function shares(points: readonly [number, number][], height: number) {
	const [left, right, top, bottom] = [42, 420 - 18, 26, height - 38];
	return points.map(([x, y]) => [
		Math.round((1000 * (x - left)) / (right - left)) / 1000,
		Math.round((1000 * (bottom - y)) / (bottom - top)) / 1000,
	]);
}
const SQUARE = Math.round(0.88 * 420);

const target = tensor([0, 0, 1, 1]);
const scores = tensor([0.1, 0.4, 0.35, 0.8]);

test("ROC: the points of the curve, and the area in the legend", async () => {
	const roc = new metrics.ROC();
	roc.update(scores, target);
	const [{ fpr, tpr }] = roc.compute() as [torch.metrics.RocCurve];
	const { svg } = await plot.roc(roc.compute());
	const wanted = torch.stack([fpr, tpr], 1).tolist();
	const [line = []] = corners(svg, BLUE);
	expect(shares(line, SQUARE)).toEqual(wanted);
	expect(textsOf(svg)).toEqual(
		expect.arrayContaining(["ROC", "AUC 0.750", "chance"]),
	);
});

test("precision and recall: steps, average precision, the share of positives", async () => {
	const curve = new metrics.PrecisionRecallCurve();
	const average = new metrics.AveragePrecision();
	for (const metric of [curve, average]) metric.update(scores, target);
	const { svg } = await plot.precisionRecall(curve.compute());
	const [line = []] = corners(svg, BLUE);
	const steps = shares(line, SQUARE);
	expect(steps[0]).toEqual([1, 0.5]);
	expect(steps.at(-1)).toEqual([0, 1]);
	expect(textsOf(svg)).toContain(`AP ${average.compute().toFixed(3)}`);
});

test("curves by class and by name", async () => {
	const points = { fpr: [0, 0, 1], tpr: [0, 1, 1] };
	const classes = ["cat", "dog"];
	const one = await plot.roc([points, points], { classes });
	expect(textsOf(one.svg)).toEqual(
		expect.arrayContaining(["cat: AUC 1.000", "dog: AUC 1.000"]),
	);
	const two = await plot.roc({ "a<b": points, c: points });
	expect(two.svg).toContain(">a&lt;b: AUC 1.000<");
	expect((await plot.roc([points, points])).svg).toContain("class 1: AUC");
});

test("thousands of points are thinned where nobody sees them", async () => {
	const x = Array.from({ length: 100_001 }, (_, i) => i / 100_000);
	const { svg } = await plot.gain({ fraction: x, gain: x });
	const [line = []] = corners(svg, BLUE);
	expect(line.length).toBeLessThan(2100);
	const ends = shares([line[0], line.at(-1)] as [number, number][], SQUARE);
	expect(ends).toEqual([
		[0, 0],
		[1, 1],
	]);
});

test("gain and lift of the metrics", async () => {
	const gain = new metrics.CumulativeGain();
	const lift = new metrics.LiftCurve();
	for (const metric of [gain, lift]) metric.update(scores, target);
	const gained = await plot.gain(gain.compute());
	const [line = []] = corners(gained.svg, BLUE);
	expect(shares(line, SQUARE)).toEqual([
		[0, 0],
		[0.25, 0.5],
		[0.5, 0.5],
		[0.75, 1],
		[1, 1],
	]);
	const lifted = await plot.lift(lift.compute());
	expect(textsOf(lifted.svg)).toContain("↑ times chance");
	const [points = []] = corners(lifted.svg, BLUE);
	const heights = points.map(([, y]) => SQUARE - 38 - y); // 2, 1, 4/3, 1
	expect((heights[0] as number) / (heights[1] as number)).toBeCloseTo(2, 2);
});

test("calibration: dots by bin, the error that the metric gives", async () => {
	const error = new metrics.CalibrationError({ numBins: 4 });
	const p = tensor([0.1, 0.2, 0.6, 0.9, 0.95, 0.7]);
	error.update(p, tensor([0, 1, 1, 1, 1, 0]));
	const { svg } = await plot.calibration(error.curve());
	expect(textsOf(svg)).toContain(`error ${error.compute().toFixed(3)}`);
	expect(svg.match(/<circle/g)).toHaveLength(error.curve().count.numel());
});

test("confusion matrix: counts, shares of the row, names", async () => {
	const matrix = tensor([
		[90, 10, 0],
		[1000, 3000, 0],
		[0, 0, 0],
	]);
	const classes = ["a cat", "<b>", "nothing"];
	const { svg, width, height } = await plot.confusionMatrix(matrix, {
		classes,
	});
	const texts = textsOf(svg);
	expect(texts).toEqual(
		expect.arrayContaining([
			"90",
			"10",
			"1,000",
			"3,000",
			"a cat",
			"&lt;b&gt;",
		]),
	);
	expect(texts).toContain("a cat taken for &lt;b&gt;: 10 (10.0 % of a cat)");
	const opacities = [...svg.matchAll(/fill-opacity="([^"]+)"/g)].map(([, o]) =>
		Number(o),
	);
	const expected = [0.9, 0.1, 0, 0.25, 0.75, 0, 0, 0, 0];
	expect(opacities).toEqual(
		expected.map((share) => Math.round(100 * (0.04 + 0.96 * share)) / 100),
	);
	expect([width, height > 200]).toEqual([420, true]);
	const shares = await plot.confusionMatrix([
		[0.125, 0.875],
		[0, 1],
	]);
	expect(textsOf(shares.svg)).toEqual(expect.arrayContaining(["0.13", "0.88"]));
});

test("history: of fit, or columns; a gap where there is no number", async () => {
	const epochs = [
		{ epoch: 1, loss: 2, valLoss: 3, accuracy: 0.5, lr: 0.1, seconds: 1 },
		{ epoch: 2, loss: 1, valLoss: Number.NaN, accuracy: 0.6, lr: 0.1 },
		{ epoch: 3, loss: 0.5, valLoss: 1, accuracy: 0.7, lr: 0.1, valF1: 1 },
	];
	const { svg, width } = await plot.history({ epochs });
	expect(width).toBe(840);
	const texts = textsOf(svg);
	expect(texts).toEqual(
		expect.arrayContaining([
			"loss",
			"accuracy",
			"valF1",
			"training",
			"validation",
			"epoch 3, validation: 1",
		]),
	);
	expect(texts).not.toContain("learning rate"); // it does not change
	expect(texts).not.toContain("seconds");
	const [validation = ""] =
		/<g aria-label="line"[^>]*stroke="#2f6bc0".*?<\/g>/.exec(svg) ?? [];
	expect(validation.match(/M/g)).toHaveLength(2);
	const columns = await plot.history(
		{ loss: [3, 2, 1], valLoss: [3, 2.5], lr: [1, 0.1, 0.01] },
		{ names: ["lr"], title: "rates" },
	);
	expect(textsOf(columns.svg)).toContain("rates");
	expect(columns.width).toBe(420);
	const nothing = await plot.history({ loss: [Number.NaN] });
	expect(textsOf(nothing.svg)).toContain("no finite numbers");
	expect(nothing.svg).not.toContain("NaN");
	expect((await plot.history({ loss: [1] })).svg).toContain("<circle");
	expect((await plot.history({ loss: [1, Infinity] })).svg).not.toMatch(
		/NaN|Infinity/,
	);
});

test("learning curve: mean and spread by score", async () => {
	const results = [0.5, 0.75].map((test) => ({
		mean: { train: 1, test },
		std: { train: 0, test: 0.1 },
	}));
	const curve = { trainSizes: [10, 1000], results };
	const { svg } = await plot.learningCurve(curve);
	expect(textsOf(svg)).toEqual(
		expect.arrayContaining([
			"train",
			"test",
			"1,000",
			"test of 1000: 0.7500 ± 0.1000",
		]),
	);
	const two = await plot.learningCurve(
		{ linear: curve, deep: curve },
		{ scores: ["test"] },
	);
	expect(textsOf(two.svg)).toEqual(expect.arrayContaining(["linear", "deep"]));
});

test("samples: the pixels, what is said of them, what is wrong", async () => {
	const images = torch.linspace(0, 1, 2 * 3 * 4 * 5).reshape([2, 3, 4, 5]);
	const { svg } = plot.samples(images, {
		predictions: tensor([0, 1]),
		targets: tensor([0, 0]),
		scores: [0.5, 0.25],
		classes: ["cat", "dog"],
	});
	expect(textsOf(svg)).toEqual([
		"Samples",
		"cat 0.50",
		"cat 0.50",
		"dog 0.25, but it is cat",
		"✗ dog 0.25",
		"is cat",
	]);
	const files = [...svg.matchAll(/base64,([^"]+)"/g)].map(([, data = ""]) =>
		Buffer.from(data, "base64"),
	);
	for (const [i, file] of files.entries()) {
		const pixels = await torch.vision.io.decodeImage(file);
		expect(pixels.tolist()).toEqual(
			images.select(0, i).mul(255).round().to("uint8").tolist(),
		);
	}
	const grey = plot.samples([torch.ones([4, 4]), torch.zeros([1, 2, 2])], {
		normalize: true,
		limit: 1,
	});
	expect(grey.svg.match(/<image/g)).toHaveLength(1);
});

test("files: SVG as it is, PNG of twice the pixels, nothing else", async () => {
	const figure = await plot.roc(
		{ fpr: [0, 1], tpr: [0, 1] },
		{ theme: "dark" },
	);
	await figure.save(temporary("a.svg"));
	expect(readFileSync(temporary("a.svg"), "utf8")).toBe(String(figure));
	await figure.save(temporary("a.PNG"));
	const png = await torch.vision.io.readImage(temporary("a.PNG"));
	expect(png.shape.slice(1)).toEqual([2 * figure.height, 2 * figure.width]);
	const corner = png.slice(1, 0, 1).slice(2, 0, 1).flatten().tolist();
	expect((corner as number[]).slice(0, 3)).toEqual([0x12, 0x16, 0x1d]);
	const small = await torch.vision.io.decodeImage(
		await figure.png({ scale: 0.5 }),
	);
	expect(small.shape[2]).toBe(figure.width / 2);
	await expect(figure.save(temporary("a.jpg"))).rejects.toThrow(
		"Figure.save: path: expected a name that ends in .svg or .png",
	);
	expect(existsSync(temporary("a.jpg"))).toBe(false);
});

const points = { fpr: [0, 1], tpr: [0, 1] };
const images = torch.zeros([2, 3, 4, 4]);
test.each<[string, () => unknown, string]>([
	[
		"no curve",
		() => plot.roc(null as never),
		"plot.roc: curves: expected curve, or several, got null",
	],
	[
		"no curves",
		() => plot.roc([]),
		"plot.roc: curves: there are no curves in it",
	],
	[
		"half a curve",
		() => plot.roc({ fpr: [1] } as never),
		"plot.roc: curves.tpr: expected Tensor or number[], got undefined",
	],
	[
		"a curve of another kind",
		() => plot.gain({ a: points } as never),
		"plot.gain: curves.a.fraction: expected Tensor or number[], got undefined",
	],
	[
		"no points",
		() => plot.roc({ fpr: [], tpr: [] }),
		"plot.roc: curves: there are no points in it",
	],
	[
		"other lengths",
		() => plot.roc({ fpr: [0, 1], tpr: [0] }),
		"plot.roc: curves.tpr: expected 2 numbers, as fpr has, got 1",
	],
	[
		"a matrix for a curve",
		() => plot.roc({ fpr: torch.ones([2, 2]), tpr: [0] }),
		"plot.roc: curves.fpr: expected one dimension, got a tensor of shape [2, 2]",
	],
	[
		"few names",
		() => plot.roc([points, points], { classes: ["a"] }),
		"plot.roc: classes: expected names of 2 classes, got 1",
	],
	[
		"an unknown option",
		() => plot.roc(points, { colour: "red" } as never),
		"plot.roc: colour: unknown option; known are title, width, theme, classes",
	],
	[
		"an unknown theme",
		() => plot.roc(points, { theme: "blue" as never }),
		'plot.roc: theme: expected one of "light", "dark", got string "blue"',
	],
	[
		"a tiny width",
		() => plot.lift({ fraction: [1], lift: [1] }, { width: 3 }),
		"plot.lift: width: expected a number from 200 to 4000, got 3",
	],
	[
		"a matrix that is not square",
		() => plot.confusionMatrix(torch.ones([2, 3])),
		"plot.confusionMatrix: matrix: expected a square [C, C], got a tensor of shape [2, 3]",
	],
	[
		"no matrix",
		() => plot.confusionMatrix([]),
		"plot.confusionMatrix: matrix: expected a square",
	],
	[
		"negative counts",
		() => plot.confusionMatrix([[-1]]),
		"plot.confusionMatrix: matrix[0][0]: expected a number at least 0, got -1",
	],
	[
		"NaN",
		() => plot.confusionMatrix(tensor([[Number.NaN]])),
		"plot.confusionMatrix: matrix[0][0]: expected number, got number NaN",
	],
	[
		"NaN in a curve",
		() => plot.roc({ fpr: tensor([0, Number.NaN]), tpr: [0, 1] }),
		"plot.roc: curves.fpr[1]: expected finite number, got number NaN",
	],
	[
		"no logs",
		() => plot.history({ epochs: [null] } as never),
		"plot.history: history.epochs[0]: expected number, got null",
	],
	[
		"no means",
		() => plot.learningCurve({ trainSizes: [1], results: [null] } as never),
		"plot.learningCurve: curves.results[0]: expected result of crossValidate, got null",
	],
	[
		"no epochs",
		() => plot.history({ epochs: [] }),
		"plot.history: history: there is no epoch in it",
	],
	[
		"an unknown number",
		() => plot.history({ loss: [1] }, { names: ["f1"] }),
		'plot.history: names: the history has no "f1"; known are loss',
	],
	[
		"a text for a history",
		() => plot.history("x" as never),
		'plot.history: history: expected History, or numbers by name, got string "x"',
	],
	[
		"no results",
		() => plot.learningCurve({ trainSizes: [1], results: [] }),
		"plot.learningCurve: curves: expected a result for each of one or more sizes, got 0 for 1",
	],
	[
		"flat images",
		() => plot.samples(torch.ones([4])),
		"plot.samples: images: expected [N, C, H, W] or [N, H, W], got a tensor of shape [4]",
	],
	[
		"two channels",
		() => plot.samples(torch.ones([1, 2, 4, 4])),
		"plot.samples: images[0]: expected [1, H, W], [3, H, W], [4, H, W] or [H, W]",
	],
	[
		"few labels",
		() => plot.samples(images, { targets: [1] }),
		"plot.samples: targets: expected one for each of 2 images, got 1",
	],
	[
		"no images",
		() => plot.samples([]),
		"plot.samples: images: there are none in it",
	],
])("refused: %s", async (_, make, message) => {
	await expect((async () => make())()).rejects.toThrow(message);
});

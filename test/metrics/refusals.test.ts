/** Bad input to metrics: an error that names the metric and what is wrong, and the batch does not count. */
import * as torch from "../../lib/index.ts";

const { metrics, tensor } = torch;
const two = tensor([0, 1]);

const cases: [call: () => unknown, message: string][] = [
	[
		() => new metrics.Accuracy().compute(),
		"Accuracy: there are no samples yet: update() first",
	],
	[
		() => {
			const empty = new metrics.F1Score();
			empty.update(
				torch.zeros([0], { dtype: "int64" }),
				torch.zeros([0], { dtype: "int64" }),
			);
			empty.compute();
		},
		"F1Score: there are no samples yet: update() first",
	],
	[
		() => new metrics.Accuracy().update(tensor([0, 1, 1]), two),
		"Accuracy: preds: expected the shape of target [2], got [3]",
	],
	[
		() => new metrics.Accuracy().update(torch.randn([3, 4]), two),
		"Accuracy: target: expected [3] for preds [3, 4], got [2]",
	],
	[
		() => new metrics.Accuracy().update(two, tensor([0.5, 1.5])),
		'Accuracy: target: expected integers or booleans, got string "float32"',
	],
	[
		() => new metrics.Accuracy().update([0, 1] as never, two),
		"Accuracy: preds: expected Tensor, got [0, 1]",
	],
	[
		() => new metrics.Recall().update(tensor([0.5, Number.NaN]), two),
		"Recall: preds: there is a NaN in it",
	],
	[
		() => new metrics.Recall().update(two, tensor([0, -1])),
		"Recall: target: expected classes from 0, got -1",
	],
	[
		() => new metrics.Recall().update(torch.randn([2, 2]), tensor([0, 2])),
		"Recall: target: expected classes from 0 to 1, got 2",
	],
	[
		() => new metrics.Recall({ numClasses: 3 }).update(tensor([3, 0]), two),
		"Recall: preds: expected classes from 0 to 2, got 3",
	],
	[
		() =>
			new metrics.Recall({ numClasses: 3 }).update(torch.randn([2, 4]), two),
		"Recall: preds: expected scores of 3 classes, got 4",
	],
	[
		() => {
			const binary = new metrics.Precision({ average: "binary" });
			binary.update(tensor([0, 2]), two);
			binary.compute();
		},
		'Precision: average: "binary" is of two classes, and there are 3: choose another one',
	],
	[
		() => new metrics.Accuracy({ topK: 3 }).update(torch.randn([2, 2]), two),
		"Accuracy: preds: expected scores of 3 or more classes, [N, C], for topK 3, got [2, 2]",
	],
	[
		() => new metrics.Accuracy({ average: "mean" as never }),
		'Accuracy: average: expected one of "micro", "macro", "none", got string "mean"',
	],
	[
		() => new metrics.Precision({ averag: "micro" } as never),
		"Precision: averag: unknown option; known are numClasses, threshold, ignoreIndex, average, zeroDivision",
	],
	[
		() => {
			const auc = new metrics.AUROC();
			auc.update(tensor([0.1, 0.2]), tensor([1, 1]));
			auc.compute();
		},
		"AUROC: the targets are of one class only",
	],
	[
		() => {
			const auc = new metrics.AUROC();
			auc.update(torch.rand([2, 3]), two);
			auc.compute();
		},
		"AUROC: the targets are of one class only for class 2",
	],
	[
		() => {
			const curve = new metrics.PrecisionRecallCurve();
			curve.update(tensor([0.1, 0.2]), tensor([0, 0]));
			curve.compute();
		},
		"PrecisionRecallCurve: there is no positive target",
	],
	[
		() => {
			const auc = new metrics.AUROC();
			auc.update(tensor([0.1, 0.2]), two);
			auc.update(torch.rand([2, 2]), two);
		},
		"AUROC: preds: expected single scores, as before, got scores of 2 classes",
	],
	[
		() => new metrics.LogLoss().update(tensor([0.5, 1.5]), two),
		"LogLoss: preds: expected probabilities from 0 to 1, got 1.5",
	],
	[
		() =>
			new metrics.LogLoss().update(
				tensor([
					[0.9, 0.9],
					[0.1, 0.1],
				]),
				two,
			),
		"LogLoss: preds: expected probabilities that sum up to 1; fromLogits: true takes logits",
	],
	[
		() => new metrics.CalibrationError({ numBins: 0 }),
		"CalibrationError: numBins: expected a number at least 1, got 0",
	],
	[
		() =>
			new metrics.MeanSquaredError().update(tensor([1, 2]), tensor([1, 2, 3])),
		"MeanSquaredError: target: expected the shape of preds [2], got [3]",
	],
	[
		() => {
			const r2 = new metrics.R2Score();
			r2.update(tensor([1.5]), tensor([1.5]));
			r2.compute();
		},
		"R2Score: one sample has no variance: two are needed",
	],
	[
		() => {
			const kappa = new metrics.CohenKappa();
			kappa.update(tensor([1, 1]), tensor([1, 1]));
			kappa.compute();
		},
		"CohenKappa: all predictions and targets are of one class, so chance explains everything",
	],
	[
		() => new metrics.BLEUScore().update(["a"], []),
		"BLEUScore: target: expected references for each of 1 texts, got 0",
	],
	[
		() => new metrics.BLEUScore().update(["a"], [[]]),
		"BLEUScore: target[0]: expected one or more references, got none",
	],
	[
		() =>
			new metrics.MeanAveragePrecision().update(
				[{ boxes: torch.zeros([2, 4]), labels: two } as never],
				[{ boxes: torch.zeros([2, 4]), labels: two }],
			),
		"MeanAveragePrecision: preds[0].scores: expected Tensor, got undefined",
	],
	[
		() =>
			new metrics.MeanAveragePrecision().update(
				[],
				[{ boxes: torch.zeros([3, 4]), labels: two }],
			),
		"MeanAveragePrecision: target: expected one for each of 0 images, got 1",
	],
	[
		() =>
			new metrics.ByGroup(() => new metrics.Accuracy()).update(two, two, ["a"]),
		"ByGroup: groups: expected one for each of 2 preds, got 1",
	],
	[
		() => {
			const fairness = new metrics.Fairness();
			fairness.update(two, two, ["a", "a"]);
			fairness.compute();
		},
		"Fairness: there is one group only, and nothing to compare",
	],
];

test.each(cases.map(([call, message]) => ({ message, call })))(
	"$message",
	({ call, message }) => {
		expect(call).toThrow(
			expect.objectContaining({ name: "TorchError", message }),
		);
	},
);

test("a refused batch does not count, and gradients are not kept", () => {
	const mse = new metrics.MeanSquaredError();
	const x = tensor([1, 2.5]).requiresGrad_();
	mse.update(x, tensor([1, 2]));
	expect(() => mse.update(x, tensor([1, Number.NaN]))).toThrow(/NaN/);
	expect(mse.compute()).toBeCloseTo(0.125, 12);
});

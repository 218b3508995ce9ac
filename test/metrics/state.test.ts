/** What a metric has counted survives a file, so that it goes on as if it had not been interrupted. */
import * as torch from "../../lib/index.ts";
import type { Metric } from "../../lib/metrics/index.ts";
import { temporaryFolder } from "../support/folder.ts";

const { metrics, io } = torch;
const folder = temporaryFolder();

const scores = (seed: number) => {
	torch.manualSeed(seed);
	return [torch.rand([20, 3]).softmax(1), torch.randint(3, [20])];
};
const numbers = (seed: number) => {
	torch.manualSeed(seed);
	return [torch.rand([20]), torch.rand([20])];
};
const binary = (seed: number) => {
	torch.manualSeed(seed);
	return [torch.rand([20]), torch.randint(2, [20])];
};
const byGroup = (seed: number) => [
	...binary(seed),
	Array.from({ length: 20 }, (_, i) => "abc".charAt(i % (seed + 1))),
];
const boxes = (seed: number) => {
	torch.manualSeed(seed);
	const corner = torch.rand([2, 2]).mul(50);
	const labels = torch.tensor([0, 1]);
	const at = (shift: number) =>
		torch.cat([corner.add(shift), corner.add(40)], 1);
	return [
		[{ boxes: at(3), scores: torch.rand([2]), labels }],
		[{ boxes: at(0), labels }],
	];
};
const texts = (seed: number) => [
	[`the cat sat on mat ${seed}`],
	[["the cat sat on the mat"]],
];

const cases: Record<
	string,
	[make: () => unknown, data: (seed: number) => unknown[]]
> = {
	Accuracy: [() => new metrics.Accuracy({ average: "macro" }), scores],
	AUROC: [() => new metrics.AUROC(), scores],
	AveragePrecision: [() => new metrics.AveragePrecision(), scores],
	BLEUScore: [() => new metrics.BLEUScore({ smooth: true }), texts],
	ByGroup: [() => new metrics.ByGroup(() => new metrics.LogLoss()), byGroup],
	CalibrationError: [() => new metrics.CalibrationError(), scores],
	CohenKappa: [() => new metrics.CohenKappa(), scores],
	ConfusionMatrix: [() => new metrics.ConfusionMatrix(), scores],
	F1Score: [() => new metrics.F1Score(), binary],
	Fairness: [() => new metrics.Fairness(), byGroup],
	LogLoss: [() => new metrics.LogLoss(), scores],
	MeanAveragePrecision: [() => new metrics.MeanAveragePrecision(), boxes],
	MeanSquaredError: [() => new metrics.MeanSquaredError(), numbers],
	Perplexity: [() => new metrics.Perplexity(), scores],
	R2Score: [() => new metrics.R2Score(), numbers],
};

test.each(Object.keys(cases))("%s", (name) => {
	const [make, data] = cases[name] as (typeof cases)[string];
	const made = () => make() as Metric<unknown[], unknown>;
	const whole = made();
	for (const seed of [0, 1, 2]) whole.update(...data(seed));

	const path = folder(`${name}.pt`);
	const first = made();
	first.update(...data(0));
	first.update(...data(1));
	io.save(first.stateDict(), path);
	const second = made();
	second.loadStateDict(io.load(path));
	second.update(...data(2));
	const plain = (value: unknown) =>
		torch.isTensor(value) ? (value as torch.Tensor).tolist() : value;
	expect(plain(second.compute())).toEqual(plain(whole.compute()));
});

/** `fit` beside loops written by hand in PyTorch (scripts/fixtures/train.py). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";
import { makeLoader, makeModel, validation, weightsOf } from "./support.ts";

const { nn, optim, train, metrics } = torch;

interface Loop {
	losses: number[];
	valLosses: number[];
	accuracies: number[];
	rates: number[];
	weights: number[];
	average?: number[];
}
interface Focal {
	scores: number[][];
	target: number[];
	weight: number[] | null;
	gamma: number;
	loss: number;
	grad: number[][];
}
const fixture: {
	loops: Record<string, Loop>;
	focal: Focal[];
	weights: { labels: number[]; weights: number[] }[];
} = JSON.parse(
	readFileSync(join(__dirname, "../fixtures/train/loops.json"), "utf8"),
);
const epochs = 4;

type Model = ReturnType<typeof makeModel>;
const groupsOf = (model: Model) => [
	{
		params: [0, 1, 2, 3].flatMap((i) =>
			(model.getSubmodule(String(i)) as torch.nn.Module).parameters(),
		),
	},
	{ params: model.getSubmodule("4").parameters(), lr: 0.02 },
];

/** What differs between the loops. */
const cases: Record<
	string,
	(model: Model) => {
		optimizer: torch.optim.Optimizer;
		scheduler?:
			| torch.optim.lrScheduler.StepScheduler
			| torch.optim.lrScheduler.ReduceLROnPlateau;
		average?: torch.train.EMA | torch.train.SWA;
		gradAccumulation?: number;
		clipGradNorm?: number;
		l1?: number[];
		l2?: number[];
		labelSmoothing?: number;
	}
> = {
	plain(model) {
		const optimizer = new optim.Adam(groupsOf(model), { lr: 0.01 });
		return {
			optimizer,
			scheduler: new optim.lrScheduler.StepLR(optimizer, 2),
			average: new train.EMA({ decay: 0.9, replace: false }),
		};
	},
	penalised(model) {
		const optimizer = new optim.SGD(groupsOf(model), {
			lr: 0.1,
			momentum: 0.9,
		});
		return {
			optimizer,
			scheduler: new optim.lrScheduler.ReduceLROnPlateau(optimizer, {
				patience: 0,
				threshold: 0.5,
			}),
			average: new train.SWA({
				start: 3,
				replace: false,
				data: makeLoader(20, false),
			}),
			gradAccumulation: 3,
			clipGradNorm: 0.5,
			l1: [0.001, 0.002],
			l2: [0.01, 0],
		};
	},
	smoothed(model) {
		const optimizer = new optim.AdamW(groupsOf(model), { lr: 0.01 });
		const scheduler = new optim.lrScheduler.OneCycleLR(optimizer, 0.05, {
			totalSteps: epochs * 5,
		});
		return { optimizer, scheduler, labelSmoothing: 0.1 };
	},
	lbfgs(model) {
		model.setSubmodule("3", new nn.Dropout(0)); // another loss at each evaluation would not be a function to minimise
		return {
			optimizer: new optim.LBFGS(model.parameters(), { lr: 0.1, maxIter: 3 }),
		};
	},
};

/** To the last digits of float32. */
function expectClose(got: readonly number[], wanted: readonly number[]): void {
	expect(got).toHaveLength(wanted.length);
	const apart = got.map(
		(value, i) =>
			Math.abs(value - (wanted[i] as number)) /
			Math.max(1, Math.abs(wanted[i] as number)),
	);
	expect(Math.max(...apart)).toBeLessThan(2e-6);
}

test.each(Object.entries(cases))("%s", async (name, make) => {
	const wanted = fixture.loops[name] as Loop;
	const model = makeModel();
	const { labelSmoothing = 0, average, ...options } = make(model);
	const history = await train.fit(model, {
		data: makeLoader(),
		validation,
		loss: new nn.CrossEntropyLoss({ labelSmoothing }),
		epochs,
		metrics: { accuracy: new metrics.Accuracy() },
		callbacks: average ? [average] : [],
		seed: 2,
		...options,
	});
	expectClose(history.column("loss"), wanted.losses);
	expectClose(history.column("valLoss"), wanted.valLosses);
	expectClose(history.column("valAccuracy"), wanted.accuracies);
	expectClose(history.column("lr"), wanted.rates);
	expectClose(weightsOf(model), wanted.weights);
	if (!average) return;
	expectClose(
		Object.values(average.average?.stateDict() ?? {}).flatMap((t) =>
			t.flatten().toArray().map(Number),
		),
		wanted.average as number[],
	);
});

test.each(fixture.focal)("FocalLoss, gamma $gamma", (wanted) => {
	const weight = wanted.weight && torch.tensor(wanted.weight);
	const loss = new train.FocalLoss({
		gamma: wanted.gamma,
		...(weight && { weight }),
	});
	const scores = torch.tensor(wanted.scores, { requiresGrad: true });
	const target = torch.tensor(wanted.target);
	const value = loss(scores, target);
	value.backward();
	expect(value.item()).toBeCloseTo(wanted.loss, 6);
	expectClose(scores.grad?.flatten().tolist() as number[], wanted.grad.flat());
	// Targets that are probabilities
	const hot = nn.functional.oneHot(target, 3).float();
	expect(loss(scores, hot).item()).toBeCloseTo(wanted.loss, 6);
});

test("BinaryFocalLoss is the mean of vision.ops.sigmoidFocalLoss", () => {
	const scores = torch.randn([6, 2]);
	const target = torch.rand([6, 2]).round();
	expect(new train.BinaryFocalLoss({ gamma: 1 })(scores, target).item()).toBe(
		torch.vision.ops
			.sigmoidFocalLoss(scores, target, { gamma: 1 })
			.mean()
			.item(),
	);
});

test.each(fixture.weights)("classWeights of $labels", ({ labels, weights }) => {
	expectClose(train.classWeights(labels).tolist() as number[], weights);
});

// Two models of tumours, compared on the same five folds. Run: node dist/examples/practice/kFold.js
import {
	data,
	manualSeed,
	metrics,
	modelSelection,
	nn,
	optim,
	type Tensor,
	train,
} from "torch-node";
import { pick, report, seed } from "./support/program.ts";
import { tablePath } from "./support/tables.ts";

const table = await data.readCsv(tablePath("breastCancer"));
const samples = new data.TabularDataset(table, { target: "diagnosis" });
const [x, y] = samples.tensors;
const losses: number[] = [];

/** Accuracy on the fold that is held out. */
const scoreOf =
	(make: () => nn.Sequential) =>
	async ({ indices }: modelSelection.Fold<[Tensor, Tensor]>) => {
		const [known, held] = [x.index(indices.train), x.index(indices.test)];
		const [mean, std] = [known.mean(0), known.std(0)]; // of what may be known
		const part = (rows: Tensor, of: number[]) =>
			new data.TensorDataset(rows.sub(mean).div(std), y.index(of));
		manualSeed(seed);
		const model = make();
		const history = await train.fit(model, {
			data: new data.DataLoader(part(known, indices.train), {
				batchSize: 32,
				shuffle: true,
			}),
			validation: new data.DataLoader(part(held, indices.test), {
				batchSize: 1000,
			}),
			loss: new nn.CrossEntropyLoss(),
			optimizer: new optim.Adam(model.parameters(), { lr: 0.001 }),
			epochs: pick(20, 2),
			metrics: { accuracy: new metrics.Accuracy() },
		});
		losses.push(...history.column("loss"));
		return { accuracy: history.column("valAccuracy").at(-1) ?? 0 };
	};

const folds = new modelSelection.KFold({ nSplits: 5 });
const linear = await modelSelection.crossValidate(
	samples,
	folds,
	scoreOf(() => new nn.Sequential(new nn.Linear(30, 2))),
);
const deep = await modelSelection.crossValidate(
	samples,
	folds,
	scoreOf(
		() =>
			new nn.Sequential(
				new nn.Linear(30, 64),
				new nn.ReLU(),
				new nn.Linear(64, 64),
				new nn.ReLU(),
				new nn.Linear(64, 2),
			),
	),
);
console.log(modelSelection.compare("accuracy", { linear, deep }));
report(
	{
		accuracyLinear: linear.mean.accuracy,
		accuracyDeep: deep.mean.accuracy,
		deviationLinear: linear.std.accuracy,
		deviationDeep: deep.std.accuracy,
	},
	losses,
);

/**
 * Trains with everything that has a state, in the folder that is given: a line for each batch, then a line of JSON with the result. The second argument:
 * "plain", "interrupt" (Ctrl-C saves). The third: after how many batches it becomes slow, so that it can be ended in the midst.
 */
import { Dataset } from "../../../lib/data/index.ts";
import * as torch from "../../../lib/index.ts";

const { nn, optim, train, metrics, data, Generator } = torch;
const [folder = "", mode = "plain", slowFrom = "Infinity"] =
	process.argv.slice(2);

torch.setNumThreads(1);
torch.manualSeed(0);
const x = torch.randn([40, 6]);
const y = x.sum(1).gt(0).long();

/** Samples with noise, as random transforms make it: drawn from the default generator. */
class Noisy extends Dataset<[torch.Tensor, number]> {
	readonly length = 40;
	getItem(index: number): [torch.Tensor, number] {
		const noise = torch.randn([6]).mul(0.1);
		return [x.select(0, index).add(noise), Number(y.select(0, index).item())];
	}
}

process.on("SIGINT", () => console.log("the program's own listener"));

let batches = 0;
const model = new nn.Sequential(
	new nn.Linear(6, 16),
	new nn.BatchNorm1d(16),
	new nn.ReLU(),
	new nn.Dropout(0.3),
	new nn.Linear(16, 2),
);
const optimizer = new optim.Adam(model.parameters(), { lr: 0.02 });
const history = await train.fit(model, {
	data: new data.DataLoader(new Noisy(), { batchSize: 8, shuffle: true }),
	validation: new data.DataLoader(new data.TensorDataset(x, y), {
		batchSize: 16,
		shuffle: true,
		generator: new Generator().manualSeed(3),
	}),
	loss: new nn.CrossEntropyLoss(),
	optimizer,
	scheduler: new optim.lrScheduler.StepLR(optimizer, 2, { gamma: 0.8 }),
	epochs: 6,
	gradAccumulation: 2,
	metrics: { accuracy: new metrics.Accuracy(), auc: new metrics.F1Score() },
	seed: 7,
	callbacks: [
		new train.EMA({ decay: 0.8 }),
		new train.EarlyStopping({ patience: 4, restoreBestWeights: true }),
		new train.ReduceLROnPlateau({ patience: 0, factor: 0.7, threshold: 0.05 }),
		new train.ModelCheckpoint(`${folder}/checkpoints`),
		new train.CSVLogger(`${folder}/history.csv`),
		new train.BackupAndRestore(`${folder}/backup.pt`, {
			every: 3,
			interrupt: mode === "interrupt",
		}),
		{
			async onBatchEnd(run) {
				console.log(`batch ${run.epoch}.${run.batch}`);
				batches += 1;
				if (batches >= Number(slowFrom))
					await new Promise((resolve) => setTimeout(resolve, 500));
			},
		},
	],
});
const numbers = (state: torch.nn.StateDict) =>
	Object.values(state).flatMap((t) => t.flatten().toArray().map(Number));
console.log(
	JSON.stringify({
		epochs: history.epochs.map(({ seconds: _, ...logs }) => logs),
		weights: numbers(model.stateDict()),
		best: numbers(train.loadTrainState(`${folder}/checkpoints/best.pt`).model),
		listeners: process.listenerCount("SIGINT"),
	}),
);

/** Training that goes on from a backup gives what one gives that was never interrupted, whatever the data come from. */
import * as torch from "../../lib/index.ts";
import { temporaryFolder } from "../support/folder.ts";
import { makeLoader, makeModel, weightsOf, x, y } from "./support.ts";

const { nn, optim, train, metrics, data, Generator } = torch;
const folder = temporaryFolder();
const samples = new data.TensorDataset(x, y);

type Pair = [torch.Tensor, torch.Tensor];

/** Batches that draw as they are made, and are no DataLoader. */
const noisy = {
	async *[Symbol.asyncIterator](): AsyncGenerator<Pair> {
		for (let i = 0; i < 5; i++)
			yield [x.add(torch.randn([100, 12]).mul(0.1)), y];
	},
};

const sources: Record<string, () => torch.train.Batches<Pair>> = {
	"a DataLoader that shuffles": () => makeLoader(),
	"one with a generator of its own": () =>
		new data.DataLoader(samples, {
			batchSize: 20,
			shuffle: true,
			generator: new Generator().manualSeed(9),
		}),
	"one with a weighted sampler": () =>
		new data.DataLoader(samples, {
			batchSize: 20,
			sampler: new data.ClassBalancedSampler(y, {
				generator: new Generator().manualSeed(9),
			}),
		}),
	"an array": () => [0, 1, 2, 3, 4].map(() => [x, y] as Pair),
	"an iterable that draws": () => noisy,
};

const schedulers: Record<
	string,
	(optimizer: torch.optim.Optimizer) => {
		scheduler:
			| torch.optim.lrScheduler.StepScheduler
			| torch.optim.lrScheduler.ReduceLROnPlateau;
	}
> = {
	OneCycleLR: (optimizer) => ({
		scheduler: new optim.lrScheduler.OneCycleLR(optimizer, 0.1, {
			totalSteps: 15,
		}),
	}),
	ReduceLROnPlateau: (optimizer) => ({
		scheduler: new optim.lrScheduler.ReduceLROnPlateau(optimizer, {
			patience: 0,
			threshold: 0.3,
		}),
	}),
};

const cases = Object.keys(sources).flatMap((source) =>
	[
		[1, 3],
		[2, 0],
		[2, 2],
	].map(
		([epoch = 0, batch = 0], i) =>
			[source, Object.keys(schedulers)[i % 2] as string, epoch, batch] as const,
	),
);

test.each(cases)(
	"%s, %s, ended in epoch %i after batch %i",
	async (source, scheduler, epoch, batch) => {
		const path = folder(`${source}-${epoch}-${batch}.pt`);
		const training = async (
			end: boolean,
			callbacks: torch.train.Callback[],
		) => {
			const model = makeModel();
			const optimizer = new optim.Adam(model.parameters(), { lr: 0.02 });
			const killer: torch.train.Callback = {
				order: 3,
				onEpochEnd(run) {
					if (end && batch === 0 && run.epoch === epoch) throw new Error("end");
				},
				onBatchEnd(run) {
					if (end && run.epoch === epoch && run.batch === batch)
						throw new Error("end");
				},
			};
			const history = await train.fit(model, {
				data: (sources[source] as (typeof sources)[string])(),
				validation: new data.DataLoader(samples, {
					batchSize: 50,
					shuffle: true,
				}),
				loss: new nn.CrossEntropyLoss(),
				optimizer,
				...(schedulers[scheduler] as (typeof schedulers)[string])(optimizer),
				epochs: 3,
				metrics: {
					accuracy: new metrics.Accuracy(),
					auc: new metrics.AUROC(),
				},
				seed: 1,
				callbacks: [...callbacks, killer],
			});
			return {
				epochs: history.epochs.map(({ seconds: _, ...logs }) => logs),
				weights: weightsOf(model),
				next: torch.rand([1]).item(),
			};
		};
		const backup = () => [new train.BackupAndRestore(path, { every: 1 })];
		const whole = await training(false, []);
		await expect(training(true, backup())).rejects.toThrow("end");
		expect(await training(false, backup())).toEqual(whole);
	},
);

test("a run that was ended after its last epoch, or where it had stopped, learns nothing more", async () => {
	const path = folder("stopped.pt");
	const training = (end: boolean) => {
		const model = makeModel();
		return train.fit(model, {
			data: makeLoader(),
			loss: new nn.CrossEntropyLoss(),
			optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
			epochs: 9,
			callbacks: [
				new train.EarlyStopping({ minDelta: 9 }),
				new train.BackupAndRestore(path),
				{
					order: 3,
					onEpochEnd(run) {
						if (end && run.epoch === 2) throw new Error("end");
					},
				},
			],
		});
	};
	await expect(training(true)).rejects.toThrow("end");
	const history = await training(false);
	expect(history.length).toBe(2);
	expect(history.stopped).toMatch(/^loss has not become better since epoch 1/);
});

import * as torch from "../../lib/index.ts";
import {
	makeLoader,
	makeModel,
	validation,
	weightsOf,
	x,
	y,
} from "./support.ts";

const { nn, optim, train, metrics, data } = torch;

const common = () => {
	const model = makeModel();
	return {
		model,
		optimizer: new optim.Adam(model.parameters(), { lr: 0.01 }),
		loss: new nn.CrossEntropyLoss(),
	};
};

describe("fit", () => {
	test("gives the numbers of a loop written by hand, to the last bit", async () => {
		const byHand = common();
		const losses: number[] = [];
		torch.manualSeed(5);
		const loader = makeLoader();
		for (let epoch = 0; epoch < 3; epoch++) {
			let sum = 0;
			byHand.model.train();
			for await (const [inputs, target] of loader) {
				byHand.optimizer.zeroGrad();
				const loss = byHand.loss(byHand.model(inputs), target);
				loss.backward();
				byHand.optimizer.step();
				sum += Number(loss.item()) * inputs.size(0);
			}
			losses.push(sum / 80);
		}

		const { model, ...options } = common();
		const history = await train.fit(model, {
			...options,
			data: makeLoader(),
			epochs: 3,
			seed: 5,
		});
		expect(history.column("loss")).toEqual(losses);
		expect(weightsOf(model)).toEqual(weightsOf(byHand.model));
	});

	test("has a typed history", async () => {
		const { model, ...options } = common();
		const history = await train.fit(model, {
			...options,
			data: makeLoader(),
			validation,
			epochs: 3,
			metrics: {
				accuracy: new metrics.Accuracy(),
				f1: new metrics.F1Score({ average: "macro" }),
			},
		});
		const last = history.epochs.at(-1);
		const numbers: (number | undefined)[] = [
			last?.accuracy,
			last?.valF1,
			last?.loss,
		];
		for (const number of numbers) expect(number).toBeGreaterThan(0);
		expect(history.names()).toEqual(
			"epoch,loss,accuracy,f1,lr,seconds,valLoss,valAccuracy,valF1".split(","),
		);
		expect(history.column("epoch")).toEqual([1, 2, 3]);
		const lowest = Math.min(...history.column("valLoss"));
		expect(history.best("valLoss").valLoss).toBe(lowest);
		expect(history.best("accuracy", "max").accuracy).toBe(
			Math.max(...history.column("accuracy")),
		);
		expect(JSON.parse(JSON.stringify(history)).epochs).toHaveLength(3);
		// @ts-expect-error: there is no such metric
		expect(history.column("recall")).toEqual([NaN, NaN, NaN]);
		// @ts-expect-error: there is no such metric
		expect(() => history.best("recall")).toThrow(/no epoch has "recall"/);
	});

	test("evaluate and predict agree with the model", async () => {
		const { model, loss } = common();
		model.train();
		const results = await train.evaluate(model, {
			data: [
				[x.slice(0, 0, 30), y.slice(0, 0, 30)],
				[x.slice(0, 30), y.slice(0, 30)],
			],
			loss,
			metrics: { accuracy: new metrics.Accuracy() },
		});
		expect(model.training).toBe(true);
		model.eval();
		const output = model(x).detach();
		expect(results.loss).toBeCloseTo(loss(output, y).item() as number, 6);
		expect(results.accuracy).toBeCloseTo(
			output.argmax(1).eq(y).double().mean().item() as number,
			12,
		);
		const loader = new data.DataLoader(new data.TensorDataset(x, y), {
			batchSize: 33,
		});
		const predicted = await train.predict(model, { data: loader });
		expect(predicted.requiresGrad).toBe(false);
		expect(predicted.allclose(output, 1e-5, 1e-6)).toBe(true);
		const unlabelled = await train.predict(model, { data: [x] });
		expect(unlabelled.allclose(output, 1e-5, 1e-6)).toBe(true);
		const both = await train.predict(new Two(), {
			data: [x.slice(0, 0, 7), x.slice(0, 7)],
		});
		expect(both.twice.equal(x.mul(2))).toBe(true);
		expect(both.parts[0]?.equal(x)).toBe(true);
	});

	test("takes batches of any form with `unpack`, and several inputs", async () => {
		class Sum extends nn.Module<
			[a: torch.Tensor, b: torch.Tensor],
			torch.Tensor
		> {
			layer = new nn.Linear(12, 3);
			override forward(a: torch.Tensor, b: torch.Tensor): torch.Tensor {
				return this.layer(a.add(b));
			}
		}
		const run = async (
			trained: (
				model: Sum,
				options: {
					loss: torch.nn.CrossEntropyLoss;
					optimizer: torch.optim.Optimizer;
				},
			) => Promise<torch.train.History>,
		) => {
			torch.manualSeed(0);
			const model = new Sum();
			const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
			await trained(model, { loss: new nn.CrossEntropyLoss(), optimizer });
			return weightsOf(model);
		};
		const asArrays = await run((model, options) =>
			train.fit(model, { ...options, data: [[x, x, y]], epochs: 2 }),
		);
		const asObjects = await run((model, options) =>
			train.fit(model, {
				...options,
				data: [{ image: x, label: y }],
				unpack: ({ image, label }) => [image, image, label],
				epochs: 2,
			}),
		);
		expect(asObjects).toEqual(asArrays);
	});

	test("mixes batches, and measures with the targets from before", async () => {
		const { model, ...options } = common();
		const mixUp = new torch.vision.transforms.MixUp({ numClasses: 3 });
		const shapes: string[] = [];
		const history = await train.fit(model, {
			...options,
			data: makeLoader(),
			metrics: { accuracy: new metrics.Accuracy() },
			mix: (inputs, target) => {
				const [images, labels] = mixUp(inputs.view([-1, 1, 3, 4]), target);
				return [images.flatten(1), labels];
			},
			callbacks: [
				{
					onBatchEnd: (_, { items }) => {
						shapes.push(String((items[1] as torch.Tensor).shape));
					},
				},
			],
		});
		expect(new Set(shapes)).toEqual(new Set(["16,3"]));
		expect(history.epochs[0]?.accuracy).toBeGreaterThan(0.1);
	});

	test("lets the event loop run between steps", async () => {
		const { model, ...options } = common();
		let turns = 0;
		const timer = setInterval(() => {
			turns += 1;
		}, 0);
		const batches: [torch.Tensor, torch.Tensor][] = Array.from(
			{ length: 50 },
			() => [x, y],
		);
		const seen: number[] = [];
		await train.fit(model, {
			...options,
			data: batches,
			callbacks: [{ onBatchEnd: () => void seen.push(turns) }],
		});
		clearInterval(timer);
		expect(new Set(seen).size).toBeGreaterThan(3);
	});

	test("leaves modes as they were, and those of frozen modules while it trains", async () => {
		const { model, ...options } = common();
		model.eval();
		const norm = model.getSubmodule("1");
		const modes: boolean[][] = [];
		await train.fit(model, {
			...options,
			data: makeLoader(),
			validation,
			epochs: 2,
			callbacks: [
				{
					onTrainBegin: () => void norm.eval(),
					onBatchEnd: () => void modes.push([model.training, norm.training]),
				},
			],
		});
		expect(new Set(modes.map(String))).toEqual(new Set(["true,false"]));
		expect(model.modules().some(({ training }) => training)).toBe(false);
	});

	test("frees what a step makes", async () => {
		const model = new nn.Sequential(new nn.Linear(12, 512), new nn.ReLU());
		const held: number[] = [];
		await train.fit(model, {
			data: new data.DataLoader(
				new data.TensorDataset(x.repeat([40, 1]), torch.zeros([4000, 512])),
				{ batchSize: 1000 },
			),
			loss: new nn.MSELoss(),
			optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
			epochs: 6,
			callbacks: [
				{ onBatchEnd: () => void held.push(torch.memoryUsage().bytes) },
			],
		});
		// An output alone has 2 MB
		expect(Math.max(...held) - (held[0] as number)).toBeLessThan(1e6);
	});

	test("says what to do where a module holds on to a tensor of a step", async () => {
		class Holding extends nn.Module {
			layer = new nn.Linear(12, 3);
			last: torch.Tensor | null = null;
			override forward(input: torch.Tensor): torch.Tensor {
				const before = this.last?.mean();
				this.last = this.layer(input);
				return before ? this.last.add(before.detach()) : this.last;
			}
		}
		const model = new Holding();
		await expect(
			train.fit(model, {
				data: makeLoader(),
				loss: new nn.CrossEntropyLoss(),
				optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
			}),
		).rejects.toThrow(/given to torch.keep/);
	});
});

class Two extends nn.Module<
	[torch.Tensor],
	{ twice: torch.Tensor; parts: torch.Tensor[] }
> {
	override forward(input: torch.Tensor) {
		return { twice: input.mul(2), parts: [input.add(0)] };
	}
}

describe("errors", () => {
	const error = new Error("mine");
	const fail = () => {
		throw error;
	};

	test.each([
		"onTrainBegin",
		"onEpochBegin",
		"onBatchBegin",
		"onGradients",
		"onBatchEnd",
		"onValidationBegin",
		"onValidationEnd",
		"onEpochEnd",
		"onTrainEnd",
	])("a callback that throws in %s", async (event) => {
		const { model, ...options } = common();
		const ends: unknown[] = [];
		const fitted = train.fit(model, {
			...options,
			data: makeLoader(),
			validation,
			epochs: 2,
			callbacks: [
				{ [event]: fail },
				{ onTrainEnd: (_, failure) => void ends.push(failure) },
			],
		});
		await expect(fitted).rejects.toBe(error);
		expect(ends).toEqual([event === "onTrainEnd" ? null : error]);
	});

	test("of data and of the model reach the caller; what came before is in the history", async () => {
		const { model, ...options } = common();
		let epochs = 0;
		async function* broken(): AsyncGenerator<[torch.Tensor, torch.Tensor]> {
			yield [x, y];
			if (epochs === 1) throw error;
			epochs += 1;
		}
		const lengths: number[] = [];
		const fitted = train.fit(model, {
			...options,
			data: { [Symbol.asyncIterator]: broken },
			epochs: 5,
			callbacks: [
				{ onTrainEnd: ({ history }) => void lengths.push(history.length) },
			],
		});
		await expect(fitted).rejects.toBe(error);
		expect(lengths).toEqual([1]);
	});

	test("AbortSignal", async () => {
		const { model, ...options } = common();
		const controller = new AbortController();
		const ended: unknown[] = [];
		const batches: number[] = [];
		const fitted = train.fit(model, {
			...options,
			data: makeLoader(),
			epochs: 10,
			signal: controller.signal,
			callbacks: [
				{
					onBatchEnd: ({ epoch }, { batch }) => {
						batches.push(batch);
						if (epoch === 2) controller.abort();
					},
					onTrainEnd: (_, failure) => void ended.push(failure),
				},
			],
		});
		await expect(fitted).rejects.toMatchObject({ name: "AbortError" });
		expect(batches).toEqual([1, 2, 3, 4, 5, 1]);
		expect(ended).toEqual([controller.signal.reason]);
	});

	test("a stop in the midst of an epoch", async () => {
		const { model, ...options } = common();
		const history = await train.fit(model, {
			...options,
			data: makeLoader(),
			epochs: 10,
			callbacks: [
				{
					onBatchEnd: (run, { batch }) => {
						if (run.epoch === 2 && batch === 3) run.stop("enough");
					},
				},
			],
		});
		expect(history.length).toBe(1);
		expect(history.stopped).toBe("enough");
	});

	const once = (function* (): Generator<[torch.Tensor, torch.Tensor]> {
		yield [x, y];
	})();
	const wrong: [name: string, options: object, message: RegExp][] = [
		["unknown option", { epoch: 3 }, /fit: epoch: unknown option; known are/],
		["no loss", { loss: undefined }, /fit: loss: expected function/],
		["no optimizer", { optimizer: {} }, /optimizer: expected Optimizer/],
		[
			"another model's optimizer",
			{ optimizer: common().optimizer },
			/optimizer: none of its parameters is the model's/,
		],
		["epochs", { epochs: 1.5 }, /epochs: expected integer, got number 1.5/],
		["data", { data: 3 }, /data: expected batches/],
		["batches", { data: [x] }, /batch: expected an array of inputs/],
		["no batch", { data: [] }, /data: there was no batch in epoch 1/],
		[
			"iterable once",
			{ data: once, epochs: 2 },
			/no batch in epoch 2: it can be iterated only once/,
		],
		["no validation batch", { validation: [] }, /validation: there was no/],
		[
			"loss of many",
			{ loss: new nn.CrossEntropyLoss({ reduction: "none" }) },
			/loss: expected a scalar, got shape \[16\]/,
		],
		["loss of none", { loss: () => 3 }, /expected function that gives a T/],
		["accumulation", { gradAccumulation: 0 }, /gradAccumulation: expected a n/],
		["clipping", { clipGradNorm: 0 }, /clipGradNorm: expected a number above/],
		["l1", { l1: [1, 2] }, /l1: .* one for each of 1 parameter groups, got 2/],
		["l2", { l2: -1 }, /l2: expected a number at least 0/],
		["metric", { metrics: { a: {} } }, /metrics.a: expected Metric/],
		[
			"metric's name",
			{ metrics: { loss: new metrics.Accuracy() } },
			/expected another name than "loss"/,
		],
		["callback", { callbacks: [3] }, /callbacks\[0\]: expected callback/],
		[
			"event",
			{ callbacks: [{ onEpoch: () => {} }] },
			/there is no event "onEpoch"; known are onTrainBegin/,
		],
		["signal", { signal: {} }, /signal: expected AbortSignal/],
		["resume", { resume: {} }, /resume: expected the state of a training/],
		["resume's file", { resume: "/nowhere/x.pt" }, /ENOENT/],
		["device", { device: "cuda:77" }, /cuda/i],
	];
	test.each(wrong)("%s", async (_name, options, message) => {
		const { model, ...rest } = common();
		await expect(
			train.fit(model, {
				...rest,
				data: makeLoader(),
				validation,
				...options,
			}),
		).rejects.toThrow(message);
	});

	test("of a scheduler that is another optimizer's", async () => {
		const { model, ...options } = common();
		const other = common().optimizer;
		await expect(
			train.fit(model, {
				...options,
				data: makeLoader(),
				scheduler: new optim.lrScheduler.StepLR(other, 1),
			}),
		).rejects.toThrow(/scheduler of the same optimizer/);
	});

	test("of evaluate, predict, classWeights and losses", async () => {
		const { model } = common();
		await expect(train.evaluate(model, { data: [] })).rejects.toThrow(
			/evaluate: data: there was no batch/,
		);
		await expect(train.predict(model, { data: [] })).rejects.toThrow(
			/predict: data: there was no batch/,
		);
		expect(() => train.classWeights([0, 2])).toThrow(/class 1 has no sample/);
		expect(() => train.classWeights([0.5])).toThrow(/labels: expected integer/);
		expect(() => train.classWeights([])).toThrow(/labels: expected a label/);
		expect(() => new train.FocalLoss({ gamma: -1 })).toThrow(/gamma/);
		expect(() => train.elasticPenalty([x], { l1: -1 })).toThrow(/l1/);
		expect(train.elasticPenalty([x], { l1: 1 })).toBeNull(); // learns nothing
	});
});

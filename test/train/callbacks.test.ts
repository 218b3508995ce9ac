import { readdirSync, readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import * as torch from "../../lib/index.ts";
import { temporaryFolder } from "../support/folder.ts";
import {
	makeLoader,
	makeModel,
	validation,
	weightsOf,
	x,
	y,
} from "./support.ts";

const { nn, optim, train, metrics } = torch;
const folder = temporaryFolder();

const common = (lr = 0.01) => {
	const model = makeModel();
	return {
		model,
		optimizer: new optim.SGD(model.parameters(), { lr, momentum: 0.9 }),
		loss: new nn.CrossEntropyLoss(),
	};
};

/** A run whose validation losses are those of a list: what `EarlyStopping` and the like see. */
async function runWith(
	values: readonly number[],
	callback: torch.train.Callback,
	{ seed = 1, name = "valLoss" } = {},
) {
	const weights: number[][] = [];
	const { model, ...options } = common();
	const history = await train.fit(model, {
		...options,
		data: makeLoader(),
		validation,
		epochs: values.length,
		seed,
		callbacks: [
			{
				onEpochEnd(run, logs) {
					(logs as Record<string, number>)[name] = values[
						run.epoch - 1
					] as number;
					weights.push(weightsOf(model));
				},
			},
			callback,
		],
	});
	return { history, weights, model };
}

describe("EarlyStopping", () => {
	const cases: [
		values: number[],
		options: torch.train.EarlyStoppingOptions,
		epochs: number,
		bestEpoch: number,
	][] = [
		[[3, 2, 1, 2, 2, 2, 2], { patience: 3 }, 6, 3],
		[[3, 2, 1, 2, 2, 0.5, 2], { patience: 3 }, 7, 6],
		[[3, 2, 1, 2], { patience: 0 }, 4, 3],
		[[3, 3, 3, 3], { patience: 2 }, 3, 1],
		[[3, 2.95, 2.91, 2.9], { patience: 2, minDelta: 0.2 }, 3, 1],
		[[3, 2.9, 2.8, 2.7], { patience: 3, baseline: 1 }, 3, 3],
		[[3, 0.9, 2.8, 2.7], { patience: 3, baseline: 1 }, 4, 2],
		[[1, 2, 3, 2, 2], { patience: 2, mode: "max" }, 5, 3],
		[[NaN, NaN, NaN], { patience: 2 }, 2, 0],
		[[NaN, 1, NaN], { patience: 5 }, 3, 2],
	];
	test.each(cases)("%j %j", async (values, options, epochs, bestEpoch) => {
		const stopping = new train.EarlyStopping({
			...options,
			restoreBestWeights: true,
		});
		const { history, weights, model } = await runWith(values, stopping);
		expect(history.length).toBe(epochs);
		expect(stopping.bestEpoch).toBe(bestEpoch);
		expect(weightsOf(model)).toEqual(weights[Math.max(0, bestEpoch - 1)]);
		if (epochs < values.length)
			expect(history.stopped).toMatch(/has not become better since epoch \d/);
	});

	test("without restoreBestWeights the last weights stay", async () => {
		const stopping = new train.EarlyStopping({ patience: 1 });
		const { weights, model } = await runWith([1, 2, 3], stopping);
		expect(weightsOf(model)).toEqual(weights[1]);
	});
});

test("ReduceLROnPlateau does what PyTorch's scheduler does, with any number", async () => {
	const values = [0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.7];
	const callback = new train.ReduceLROnPlateau({
		monitor: "score",
		mode: "max",
		patience: 1,
		factor: 0.5,
	});
	const { history } = await runWith(values, callback, { name: "score" });
	const { optimizer } = common();
	const scheduler = new optim.lrScheduler.ReduceLROnPlateau(optimizer, {
		mode: "max",
		patience: 1,
		factor: 0.5,
	});
	const rates = values.map((value) => {
		const rate = optimizer.paramGroups[0]?.lr;
		scheduler.step(value);
		return rate;
	});
	expect(history.column("lr")).toEqual(rates);
	expect(new Set(rates).size).toBeGreaterThan(2);
});

describe("ModelCheckpoint", () => {
	test("writes the best, the last, and every so many; each can be gone on from", async () => {
		const place = folder("checkpoints");
		const callback = new train.ModelCheckpoint(place, { every: 2 });
		const { weights, model } = await runWith([3, 1, 2, 4, 5], callback);
		expect(readdirSync(place).sort()).toEqual(
			"best.pt,epoch-2.pt,epoch-4.pt,last.pt".split(","),
		);
		const at = (name: string) => {
			const state = train.loadTrainState(`${place}/${name}.pt`);
			const loaded = makeModel();
			loaded.loadStateDict(state.model);
			return { epoch: state.epoch, weights: weightsOf(loaded) };
		};
		expect(callback.best).toBe(1);
		for (const [name, epoch] of [
			["best", 2],
			["epoch-2", 2],
			["epoch-4", 4],
			["last", 5],
		] as const)
			expect(at(name)).toEqual({ epoch, weights: weights[epoch - 1] });

		// From the fourth epoch on to the fifth: the same as in one go
		const { model: other, ...options } = common();
		const history = await train.fit(other, {
			...options,
			data: makeLoader(),
			validation,
			epochs: 5,
			resume: `${place}/epoch-4.pt`,
		});
		expect(history.length).toBe(5);
		expect(weightsOf(other)).toEqual(weightsOf(model));
		const again = await train.fit(other, {
			...options,
			data: makeLoader(),
			epochs: 5,
			resume: train.loadTrainState(`${place}/last.pt`),
		});
		expect(again.length).toBe(5); // nothing is left to do
	});

	test("of another model, or no checkpoint, is an error", async () => {
		const place = folder("others");
		await runWith([1], new train.ModelCheckpoint(place));
		const model = new nn.Linear(12, 3);
		const fitted = (resume: string) =>
			train.fit(model, {
				data: makeLoader(),
				loss: new nn.CrossEntropyLoss(),
				optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
				resume,
			});
		await expect(fitted(`${place}/best.pt`)).rejects.toThrow(
			/loading state_dict for Linear/,
		);
		torch.io.save({ model: 3 }, `${place}/other.pt`);
		await expect(fitted(`${place}/other.pt`)).rejects.toThrow(
			/other.pt: expected the state of a training run/,
		);
	});
});

test("CSVLogger", async () => {
	const path = folder("logs/history.csv");
	const { model, ...options } = common();
	const history = await train.fit(model, {
		...options,
		data: makeLoader(),
		validation,
		epochs: 3,
		metrics: { accuracy: new metrics.Accuracy() },
		callbacks: [new train.CSVLogger(path)],
	});
	const table = torch.data.readCsv(path);
	expect(readFileSync(path, "utf8").split("\n")[0]).toBe(
		"epoch,loss,accuracy,lr,seconds,valLoss,valAccuracy",
	);
	const rows = await table;
	for (const name of ["loss", "valAccuracy"] as const)
		expect(Array.from(rows.column(name) as ArrayLike<number>)).toEqual(
			history.column(name),
		);
});

describe("ProgressBar", () => {
	const shown = async (isTTY: boolean) => {
		const stream = Object.assign(new PassThrough(), {
			isTTY,
			columns: 100,
			cursorTo() {},
			clearLine() {},
			moveCursor() {},
		});
		let text = "";
		stream.on("data", (chunk) => {
			text += chunk;
		});
		const { model, ...options } = common();
		const before = process.env.CI;
		delete process.env.CI;
		await train.fit(model, {
			...options,
			data: makeLoader(),
			validation,
			epochs: 10,
			callbacks: [
				new train.ProgressBar({ stream }),
				{
					onBatchEnd: async () =>
						await new Promise((done) => setTimeout(done, isTTY ? 30 : 0)),
					onEpochEnd: (run) => {
						if (run.epoch === 2) run.stop("seen");
					},
				},
			],
		});
		if (before !== undefined) process.env.CI = before;
		return text;
	};

	test("plain lines when piped", async () => {
		const lines = (await shown(false)).trim().split("\n");
		expect(lines).toHaveLength(3);
		expect(lines[0]).toMatch(
			/^Epoch {2}1\/10 · loss 1\.\d+ · lr 0\.01 · valLoss 1\.\d+ · [\d,]+ samples\/s · \d\.\d s$/,
		);
		expect(lines[2]).toBe("Stopped: seen");
		expect(lines.join("")).not.toContain("\u001b");
	});

	test("a bar in a terminal", async () => {
		const text = await shown(true);
		expect(text).toMatch(/Epoch {2}1\/10 [█░]+ \d\/5 · loss 1\.\d+ · \d+ samp/);
		expect(text).toMatch(/Epoch {2}2\/10 · loss/);
	});
});

test("LRFinder suggests a rate, and leaves everything as it was", async () => {
	const { model, ...options } = common(0.123);
	const before = weightsOf(model);
	const finder = new train.LRFinder({ numSteps: 60, startLr: 1e-5 });
	torch.manualSeed(4);
	const draw = torch.rand([1]).item();
	torch.manualSeed(4);
	const history = await train.fit(model, {
		...options,
		data: makeLoader(),
		epochs: 100,
		callbacks: [finder],
	});
	expect(history.stopped).toMatch(/explodes|all rates|not finite/);
	expect(finder.rates.length).toBeGreaterThan(20);
	expect(finder.rates[0]).toBe(1e-5);
	for (const [i, rate] of finder.rates.entries())
		expect(rate / (1e-5 * 1e6 ** (i / 59))).toBeCloseTo(1, 9);
	expect(finder.suggestion).toBeGreaterThan(1e-4);
	expect(finder.suggestion).toBeLessThan(10);
	expect(weightsOf(model)).toEqual(before);
	expect(options.optimizer.paramGroups[0]?.lr).toBe(0.123);
	expect(options.optimizer.state.size).toBe(0);
	expect(torch.rand([1]).item()).toBe(draw);
	const scheduler = new optim.lrScheduler.StepLR(options.optimizer, 1);
	await expect(
		train.fit(model, {
			...options,
			data: makeLoader(),
			scheduler,
			callbacks: [finder],
		}),
	).rejects.toThrow(/LRFinder: scheduler: expected no scheduler/);
});

describe("TerminateOnNaN names", () => {
	class Log extends nn.Module {
		override forward(input: torch.Tensor): torch.Tensor {
			return input.sub(5).log();
		}
	}
	class Root extends nn.Module {
		scale = new nn.Parameter(torch.zeros([3]));
		override forward(input: torch.Tensor): torch.Tensor {
			return input.add(this.scale.sqrt()); // of 0: the gradient is infinite
		}
	}
	const plain = () =>
		new nn.Sequential(new nn.Linear(12, 3), new nn.Dropout(0.5));
	const cases: [
		what: string,
		make: () => torch.nn.Module,
		reason: RegExp,
		more?: object,
	][] = [
		[
			"the module",
			() => new nn.Sequential(new nn.Linear(12, 3), new Log(), new nn.Tanh()),
			/^the loss is NaN in batch 1 of epoch 1: 1 \(Log\) is the first module whose output is not finite$/,
		],
		[
			"a parameter",
			() => {
				const model = plain();
				torch.noGrad(() =>
					model.getParameter("0.bias").fill_(Number.POSITIVE_INFINITY),
				);
				return model;
			},
			/: 0.bias \(Linear\) is not finite itself$/,
		],
		[
			"the inputs",
			plain,
			/batch 2 of epoch 1: the batch has inputs that are not finite$/,
			{
				data: [
					[x, y],
					[x.div(0), y],
				],
			},
		],
		[
			"the loss function",
			plain,
			/the loss is -?Infinity .*: it is the loss function/,
			{ loss: (output: torch.Tensor) => output.sum().div(0) },
		],
		[
			"a gradient",
			() => new nn.Sequential(new nn.Linear(12, 3), new Root()),
			/^a gradient is not finite .*: the one of 1.scale \(Root\) is the first/,
		],
	];
	test.each(cases)("%s", async (_what, make, reason, more = {}) => {
		torch.manualSeed(0);
		const model = make();
		const warnings: string[] = [];
		const emit = jest
			.spyOn(process, "emitWarning")
			.mockImplementation((text) => void warnings.push(String(text)));
		const weights: number[][] = [weightsOf(model)];
		const history = await train.fit(model, {
			data: [
				[x, y],
				[x, y],
			],
			loss: new nn.CrossEntropyLoss(),
			optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
			callbacks: [
				new train.TerminateOnNaN(),
				{ onBatchEnd: () => void weights.push(weightsOf(model)) },
			],
			...more,
		});
		emit.mockRestore();
		expect(history.stopped).toMatch(reason);
		expect(history.length).toBe(0);
		expect(warnings).toEqual([`fit: training is stopped: ${history.stopped}`]);
		// The step is left out
		expect(weightsOf(model)).toEqual(weights.at(-1));
	});

	test("nothing where all is well, and changes nothing", async () => {
		const plain = common();
		const watched = common();
		for (const [{ model, ...options }, callbacks] of [
			[plain, []],
			[watched, [new train.TerminateOnNaN()]],
		] as const)
			await train.fit(model, {
				...options,
				data: makeLoader(),
				epochs: 2,
				seed: 0,
				callbacks,
			});
		expect(weightsOf(watched.model)).toEqual(weightsOf(plain.model));
	});
});

describe("averages", () => {
	test("EMA: validation is done with it, and the model has it at the end", async () => {
		const { model, ...options } = common();
		const ema = new train.EMA({ decay: 0.9 });
		const own: number[][] = [];
		const history = await train.fit(model, {
			...options,
			data: makeLoader(),
			validation,
			epochs: 3,
			callbacks: [ema, { onEpochEnd: () => void own.push(weightsOf(model)) }],
		});
		const average = ema.average as torch.nn.AnyModule;
		expect(weightsOf(model)).toEqual(weightsOf(average));
		expect(weightsOf(model)).not.toEqual(own.at(-1)); // which went on to learn
		const { loss } = await train.evaluate(model, {
			data: validation,
			loss: options.loss,
		});
		expect(loss).toBe(history.epochs.at(-1)?.valLoss);
	});

	test("EMA with EarlyStopping: the model has the average of the best epoch", async () => {
		const { model, ...options } = common(0.3);
		const place = folder("ema");
		const history = await train.fit(model, {
			...options,
			data: makeLoader(),
			validation,
			epochs: 8,
			seed: 3,
			callbacks: [
				new train.EarlyStopping({ patience: 9, restoreBestWeights: true }),
				new train.ModelCheckpoint(place),
				new train.EMA({ decay: 0.5 }),
			],
		});
		const best = history.best("valLoss");
		const evaluated = async () =>
			(await train.evaluate(model, { data: validation, loss: options.loss }))
				.loss;
		expect(best.epoch).toBeLessThan(8);
		expect(await evaluated()).toBe(best.valLoss);
		const state = train.loadTrainState(`${place}/best.pt`);
		model.loadStateDict(state.evaluated ?? state.model);
		expect(await evaluated()).toBe(best.valLoss);
	});

	test("SWA needs data where there is batch normalisation", async () => {
		const { model, ...options } = common();
		await expect(
			train.fit(model, {
				...options,
				data: makeLoader(),
				callbacks: [new train.SWA()],
			}),
		).rejects.toThrow(/SWA: data: expected batches/);
	});
});

describe("GradualUnfreezing", () => {
	test("the head learns first, then what is below it", async () => {
		const { model, ...options } = common();
		const [base, norm, , , head] = model.children() as torch.nn.AnyModule[];
		const at = () => [base, norm, head].map((part) => weightsOf(part as never));
		const history = [at()];
		const statistics: string[] = [];
		await train.fit(model, {
			...options,
			data: makeLoader(),
			epochs: 5,
			callbacks: [
				new train.GradualUnfreezing(
					[head as never, [norm as never], base as never],
					{ every: 2 },
				),
				{
					onEpochEnd: () => {
						history.push(at());
						statistics.push(String(norm?.getBuffer("running_mean").tolist()));
					},
				},
			],
		});
		const learnt = history
			.slice(1)
			.map((now, i) =>
				now.map((part, j) => String(part) !== String(history[i]?.[j])),
			);
		expect(learnt).toEqual([
			[false, false, true],
			[false, false, true],
			[false, true, true],
			[false, true, true],
			[true, true, true],
		]);
		expect(statistics[0]).toBe(statistics[1]);
		expect(statistics[1]).not.toBe(statistics[2]);
	});

	test("of a module that is not in the model", async () => {
		const { model, ...options } = common();
		await expect(
			train.fit(model, {
				...options,
				data: makeLoader(),
				callbacks: [new train.GradualUnfreezing([new nn.Linear(2, 2)])],
			}),
		).rejects.toThrow(/parts\[0\]: Linear is not in the model/);
	});
});

test.each<[string, () => unknown, RegExp]>([
	["monitor", () => new train.EarlyStopping({ monitor: "valF1" }), /mode: ex/],
	["mode", () => new train.EarlyStopping({ mode: "up" as "max" }), /mode: exp/],
	["patience", () => new train.EarlyStopping({ patience: -1 }), /patience: /],
	[
		"option",
		() => new train.EMA({ rate: 1 } as object),
		/rate: unknown option/,
	],
	["decay", () => new train.EMA({ decay: 2 }), /decay: expected a number from/],
	["every", () => new train.ModelCheckpoint("x", { every: 0 }), /every: expec/],
	["path", () => new train.CSVLogger(3 as never), /path: expected string/],
	["part", () => new train.GradualUnfreezing([3 as never]), /parts\[0\]: exp/],
	["rate", () => new train.LRFinder({ startLr: 2, endLr: 1 }), /endLr: expec/],
])("wrong arguments: %s", (_name, make, message) => {
	expect(make).toThrow(message);
});

test("a monitor that is not measured is an error with the names that are", async () => {
	const { model, ...options } = common();
	await expect(
		train.fit(model, {
			...options,
			data: makeLoader(),
			callbacks: [
				new train.EarlyStopping({ monitor: "valAccuracy", mode: "max" }),
			],
		}),
	).rejects.toThrow(
		/EarlyStopping: monitor: there is no "valAccuracy"; known are epoch, loss, lr, seconds/,
	);
});

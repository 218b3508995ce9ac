import * as torch from "../../lib/index.ts";
import { Adam, type Optimizer, SGD } from "../../lib/optim/index.ts";
import * as schedulers from "../../lib/optim/lrScheduler/index.ts";
import {
	ChainedScheduler,
	ConstantLR,
	CosineAnnealingLR,
	CosineAnnealingWarmRestarts,
	CyclicLR,
	ExponentialLR,
	LambdaLR,
	LinearLR,
	type LRScheduler,
	MultiplicativeLR,
	MultiStepLR,
	OneCycleLR,
	PolynomialLR,
	ReduceLROnPlateau,
	type SchedulerState,
	SequentialLR,
	StepLR,
	type StepScheduler,
} from "../../lib/optim/lrScheduler/index.ts";
import { SWALR } from "../../lib/optim/swaUtils/index.ts";
import { camelOptions, readJson } from "./support.ts";

/** A scheduler's name and arguments; a string may name a function, and a list of such parts be schedulers. */
type Part = [name: string, args: unknown[], kwargs: object];

interface Case {
	scheduler: string;
	optimizer: "SGD" | "Adam";
	args: unknown[];
	kwargs: object;
	lrs: number[][];
	momenta?: number[][];
	/** What the schedule leaves in a group. */
	group?: { [name: string]: number };
	late?: number[][];
	jumps?: [epoch: number, rate: number][];
	checkpoint: { lrs: number[]; stateDict: SchedulerState };
	stateDict: SchedulerState;
}
const { metrics, cases } = readJson<{ metrics: number[]; cases: Case[] }>(
	"lr.json",
);

const functions: { [name: string]: (epoch: number) => number } = {
	decay: (epoch) => 0.95 ** epoch,
	steps: (epoch) => (epoch % 3 === 2 ? 0.5 : 1),
};

function twoGroups(lr?: torch.Tensor, name: "SGD" | "Adam" = "SGD"): Optimizer {
	const [a, b] = [torch.zeros([1]), torch.zeros([1])].map((p) =>
		p.requiresGrad_(true),
	) as [torch.Tensor, torch.Tensor];
	const groups = [{ params: a }, { params: b, lr: 0.05 }];
	return name === "SGD"
		? new SGD(groups, { lr: lr ?? 0.1, momentum: 0.9 })
		: new Adam(groups, { lr: lr ?? 0.1 });
}

function build(
	optimizer: Optimizer,
	[name, args, kwargs]: Part,
	more: object = {},
): LRScheduler {
	const real = (value: unknown): unknown =>
		Array.isArray(value)
			? value.map(real)
			: (functions[value as string] ?? value);
	const options = Object.fromEntries(
		Object.entries({ ...camelOptions(kwargs), ...more }).map(([key, value]) => [
			key.replace(/^T_?/, "t").replace(/^tmult$/, "tMult"),
			key === "mode" ? value : real(value),
		]),
	);
	if (name === "SequentialLR" || name === "ChainedScheduler") {
		const parts = (args[0] as Part[]).map(
			(part) => build(optimizer, part) as StepScheduler,
		);
		return name === "SequentialLR"
			? new SequentialLR(optimizer, parts, args[1] as number[])
			: new ChainedScheduler(parts);
	}
	const Class = ({ ...schedulers, SWALR } as { [name: string]: unknown })[
		name
	] as new (
		optimizer: Optimizer,
		...args: unknown[]
	) => LRScheduler;
	return new Class(optimizer, ...args.map(real), options);
}

function make(c: Case, optimizer: Optimizer, more: object = {}): LRScheduler {
	return build(optimizer, [c.scheduler, c.args, c.kwargs], more);
}

function step(scheduler: LRScheduler, metric: number): void {
	if (scheduler instanceof ReduceLROnPlateau) scheduler.step(metric);
	else (scheduler as StepScheduler).step();
}

function momentaOf(optimizer: Optimizer): number[] {
	return (
		optimizer.paramGroups as unknown as {
			betas?: [number, number];
			momentum: number;
		}[]
	).map(({ betas, momentum }) => betas?.[0] ?? momentum);
}

/** In JSON infinities are strings; two flags of Python's own working are no state, nor is a count of steps that a chain leaves alone. */
function fromJson<T>(value: T): T {
	if (value === "inf" || value === "-inf")
		return (value === "inf" ? Infinity : -Infinity) as T;
	if (Array.isArray(value)) return value.map(fromJson) as T;
	if (typeof value !== "object" || value === null) return value;
	const {
		_is_initial: _,
		_get_lr_called_within_step: __,
		...rest
	} = value as SchedulerState;
	if ("_schedulers" in rest) delete rest._step_count;
	return Object.fromEntries(
		Object.entries(rest).map(([name, item]) => [name, fromJson(item)]),
	) as T;
}

/** The same keys and values; numbers within a rounding. */
function expectSame(actual: unknown, expected: unknown): void {
	if (typeof expected === "number" && Number.isFinite(expected)) {
		expect(typeof actual).toBe("number");
		expect(Math.abs((actual as number) - expected)).toBeLessThan(1e-15);
	} else if (typeof expected === "object" && expected !== null) {
		const plain = actual instanceof Map ? Object.fromEntries(actual) : actual;
		expect(Object.keys(plain as object).sort()).toEqual(
			Object.keys(expected).sort(),
		);
		for (const [name, value] of Object.entries(expected))
			expectSame((plain as { [name: string]: unknown })[name], value);
	} else expect(actual).toBe(expected);
}

function expectRates(actual: number[], expected: number[] | undefined): void {
	expectSame(actual, expected);
}

beforeEach(() => {
	jest.spyOn(process, "emitWarning").mockImplementation(() => {});
});
afterEach(() => jest.restoreAllMocks());

describe.each(
	cases.map((c) => [c.scheduler, c.optimizer, c.args, c.kwargs, c] as const),
)("%s of %s %j %j", (_, __, ___, ____, c) => {
	test("sets the rates that PyTorch sets", () => {
		const optimizer = twoGroups(undefined, c.optimizer);
		const scheduler = make(c, optimizer);
		expectRates(scheduler.getLastLr(), c.lrs[0]);
		for (const [i, metric] of metrics.entries()) {
			if (c.momenta) expectRates(momentaOf(optimizer), c.momenta[i]);
			optimizer.step();
			step(scheduler, metric);
			expectRates(scheduler.getLastLr(), c.lrs[i + 1]);
			expectRates(
				optimizer.paramGroups.map(({ lr }) => lr as number),
				c.lrs[i + 1],
			);
		}
		expectSame(scheduler.stateDict(), fromJson(c.stateDict));
		const group = optimizer.stateDict().param_groups[1] ?? {};
		for (const [name, value] of Object.entries(c.group ?? {}))
			expectSame((group as { [name: string]: unknown })[name], value);
	});

	test("goes on where Python's checkpoint stopped", () => {
		const optimizer = twoGroups(undefined, c.optimizer);
		const scheduler = make(c, optimizer);
		for (const [i, group] of optimizer.paramGroups.entries())
			group.lr = c.checkpoint.lrs[i] as number;
		scheduler.loadStateDict(fromJson(c.checkpoint.stateDict));
		for (const [i, metric] of metrics.slice(7).entries()) {
			optimizer.step();
			step(scheduler, metric);
			expectRates(scheduler.getLastLr(), c.lrs[i + 8]);
			if (c.momenta) expectRates(momentaOf(optimizer), c.momenta[i + 8]);
		}
	});

	test("goes on from its own state dict", () => {
		const optimizer = twoGroups(undefined, c.optimizer);
		const scheduler = make(c, optimizer);
		const half = metrics.length / 2;
		for (const metric of metrics.slice(0, half)) {
			optimizer.step();
			step(scheduler, metric);
		}
		const second = twoGroups(undefined, c.optimizer);
		const resumed = make(c, second);
		resumed.loadStateDict(scheduler.stateDict());
		second.loadStateDict(optimizer.stateDict());
		for (const [i, metric] of metrics.slice(half).entries()) {
			second.step();
			step(resumed, metric);
			expectRates(resumed.getLastLr(), c.lrs[half + i + 1]);
		}
	});

	const { late, jumps } = c;
	if (late)
		test("begins at a later epoch", () => {
			const param = torch.zeros([1]).requiresGrad_(true);
			const optimizer = new SGD([{ params: param, initialLr: 0.1 }], {
				lr: 0.03,
			});
			const scheduler = make(c, optimizer, { lastEpoch: 4 });
			for (const [i, expected] of late.entries()) {
				if (i > 0) {
					optimizer.step();
					step(scheduler, 0);
				}
				expectRates(scheduler.getLastLr(), expected);
			}
		});
	if (jumps)
		test("goes to any epoch", () => {
			const param = torch.zeros([1]).requiresGrad_(true);
			const optimizer = new SGD([param], { lr: 0.1 });
			const scheduler = make(c, optimizer) as StepLR;
			optimizer.step();
			for (const [epoch, rate] of jumps) {
				scheduler.step(epoch);
				expectRates(scheduler.getLastLr(), [rate]);
			}
		});
});

test("a rate that is a tensor is filled in place", () => {
	const lr = torch.tensor(0.5);
	const optimizer = twoGroups(lr);
	const scheduler = new StepLR(optimizer, 1, { gamma: 0.5 });
	optimizer.step();
	scheduler.step();
	expect(lr.item()).toBe(0.25);
	expect(scheduler.getLastLr()).toEqual([0.25, 0.025]);
	optimizer.step();
	scheduler.step(4); // the closed form
	expect(lr.item()).toBe(0.03125);
});

test("metrics may be tensors", () => {
	const optimizer = twoGroups();
	const scheduler = new ReduceLROnPlateau(optimizer, { patience: 0 });
	scheduler.step(torch.tensor(1.5));
	scheduler.step(torch.tensor(1.5));
	expect(scheduler.best).toBe(1.5);
	expect(scheduler.getLastLr()[0]).toBeCloseTo(0.01, 12);
});

test("stepping before the optimizer is warned of, once", () => {
	const warn = jest.mocked(process.emitWarning);
	const scheduler = new StepLR(twoGroups(), 2);
	scheduler.step();
	scheduler.step();
	expect(warn).toHaveBeenCalledTimes(1);
	expect(warn.mock.calls[0]?.[0]).toContain("before `optimizer.step()`");
});

describe("wrong arguments", () => {
	const optimizer = twoGroups();
	const fresh = () => twoGroups();
	const wrong: [string, () => unknown, string, RegExp][] = [
		[
			"no optimizer",
			() => new StepLR({} as Optimizer, 1),
			"optimizer",
			/is not an Optimizer/,
		],
		["stepSize 0", () => new StepLR(optimizer, 0), "stepSize", /at least 1/],
		[
			"gamma",
			() => new StepLR(optimizer, 1, { gamma: "1" as unknown as number }),
			"gamma",
			/expected number/,
		],
		[
			"tMax",
			() => new CosineAnnealingLR(optimizer, 2.5),
			"tMax",
			/expected integer/,
		],
		[
			"lastEpoch",
			() => new StepLR(optimizer, 1, { lastEpoch: -2 }),
			"lastEpoch",
			/at least -1/,
		],
		[
			"no initialLr",
			() => new StepLR(fresh(), 1, { lastEpoch: 3 }),
			"lastEpoch",
			/'initialLr' is not specified in paramGroups\[0\]/,
		],
		[
			"factor",
			() => new ReduceLROnPlateau(optimizer, { factor: 1 }),
			"factor",
			/Factor should be < 1.0./,
		],
		[
			"mode",
			() => new ReduceLROnPlateau(optimizer, { mode: "up" as "max" }),
			"mode",
			/"min", "max"/,
		],
		[
			"thresholdMode",
			() => new ReduceLROnPlateau(optimizer, { thresholdMode: "x" as "rel" }),
			"thresholdMode",
			/"rel", "abs"/,
		],
		[
			"minLr",
			() => new ReduceLROnPlateau(optimizer, { minLr: [0] }),
			"minLr",
			/expected 2 min_lrs, got 1/,
		],
		[
			"option",
			() => new StepLR(optimizer, 1, { gama: 1 } as object),
			"gama",
			/unknown option/,
		],
		[
			"state",
			() => new StepLR(optimizer, 1).loadStateDict({ gamma: "x" }),
			"stateDict",
			/gamma: expected number, got string/,
		],
		[
			"milestones",
			() => new MultiStepLR(optimizer, [1, 2.5]),
			"milestones[1]",
			/expected integer/,
		],
		[
			"constant factor",
			() => new ConstantLR(optimizer, { factor: 2 }),
			"factor",
			/from 0 to 1/,
		],
		[
			"startFactor",
			() => new LinearLR(optimizer, { startFactor: 0 }),
			"startFactor",
			/above 0/,
		],
		[
			"endFactor",
			() => new LinearLR(optimizer, { endFactor: -1 }),
			"endFactor",
			/from 0 to 1/,
		],
		[
			"exponential gamma",
			() => new ExponentialLR(optimizer, undefined as unknown as number),
			"gamma",
			/expected number/,
		],
		[
			"power",
			() => new PolynomialLR(optimizer, { power: Number.NaN }),
			"power",
			/expected number/,
		],
		[
			"t0",
			() => new CosineAnnealingWarmRestarts(optimizer, 0),
			"t0",
			/at least 1/,
		],
		[
			"tMult",
			() => new CosineAnnealingWarmRestarts(optimizer, 5, { tMult: 0.5 }),
			"tMult",
			/expected integer/,
		],
		[
			"epoch",
			() => new CosineAnnealingWarmRestarts(fresh(), 5).step(-1),
			"epoch",
			/at least 0/,
		],
		[
			"lrLambda",
			() => new LambdaLR(optimizer, 2 as unknown as () => number),
			"lrLambda",
			/expected function/,
		],
		[
			"lrLambdas",
			() => new MultiplicativeLR(optimizer, [() => 1]),
			"lrLambda",
			/Expected 2 lrLambdas, but got 1/,
		],
		[
			"baseLr",
			() => new CyclicLR(optimizer, [0.1], 0.2),
			"baseLr",
			/same length as optimizer.paramGroups/,
		],
		[
			"cyclic mode",
			() =>
				new CyclicLR(optimizer, 0.1, 0.2, { mode: "square" as "exp_range" }),
			"mode",
			/"triangular2"/,
		],
		[
			"no momentum",
			() => new CyclicLR(new torch.optim.Rprop([torch.zeros([1])]), 0.1, 0.2),
			"cycleMomentum",
			/must support momentum or beta1/,
		],
		[
			"totalSteps",
			() => new OneCycleLR(optimizer, 0.1),
			"totalSteps",
			/either totalSteps OR/,
		],
		[
			"pctStart",
			() => new OneCycleLR(optimizer, 0.1, { totalSteps: 5, pctStart: 1.5 }),
			"pctStart",
			/from 0 to 1/,
		],
		[
			"annealStrategy",
			() => new SWALR(optimizer, 0.1, { annealStrategy: "log" as "cos" }),
			"annealStrategy",
			/"cos", "linear"/,
		],
		[
			"a step too many",
			() => {
				const scheduler = new OneCycleLR(fresh(), 0.1, { totalSteps: 2 });
				for (let i = 0; i < 3; i++) scheduler.step();
			},
			"step",
			/Tried to step 3 times. The specified number of total steps is 2/,
		],
		[
			"no schedulers",
			() => new ChainedScheduler([]),
			"schedulers",
			/at least one scheduler/,
		],
		[
			"a plateau within",
			() =>
				new ChainedScheduler([
					new ReduceLROnPlateau(optimizer) as unknown as StepLR,
				]),
			"schedulers[0]",
			/its `step` takes a metric/,
		],
		[
			"two optimizers",
			() =>
				new SequentialLR(
					optimizer,
					[new StepLR(optimizer, 1), new StepLR(fresh(), 1)],
					[3],
				),
			"schedulers[1]",
			/same optimizer/,
		],
		[
			"one milestone too many",
			() => new SequentialLR(optimizer, [new StepLR(optimizer, 1)], [3]),
			"milestones",
			/one fewer than there are schedulers/,
		],
	];
	test.each(wrong)("%s", (_, construct, argument, message) => {
		let error: unknown;
		try {
			construct();
		} catch (thrown) {
			error = thrown;
		}
		expect(error).toBeInstanceOf(torch.TorchError);
		expect((error as torch.TorchError).argument).toBe(argument);
		expect((error as Error).message).toMatch(message);
	});
});

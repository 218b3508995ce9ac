import * as torch from "../../lib/index.ts";
import { type Optimizer, SGD } from "../../lib/optim/index.ts";
import {
	CosineAnnealingLR,
	type LRScheduler,
	ReduceLROnPlateau,
	type SchedulerState,
	StepLR,
} from "../../lib/optim/lrScheduler/index.ts";
import { camelOptions, readJson } from "./support.ts";

interface Case {
	scheduler: "StepLR" | "CosineAnnealingLR" | "ReduceLROnPlateau";
	args: [number];
	kwargs: object;
	lrs: number[][];
	late?: number[][];
	checkpoint: { lrs: number[]; stateDict: SchedulerState };
	stateDict: SchedulerState;
}
const { metrics, cases } = readJson<{ metrics: number[]; cases: Case[] }>(
	"lr.json",
);

function twoGroups(lr?: torch.Tensor): SGD {
	const [a, b] = [torch.zeros([1]), torch.zeros([1])].map((p) =>
		p.requiresGrad_(true),
	) as [torch.Tensor, torch.Tensor];
	return new SGD([{ params: a }, { params: b, lr: 0.05 }], { lr: lr ?? 0.1 });
}

function make(c: Case, optimizer: Optimizer, more: object = {}): LRScheduler {
	const options = { ...camelOptions(c.kwargs), ...more };
	if (c.scheduler === "ReduceLROnPlateau")
		return new ReduceLROnPlateau(optimizer, options);
	return new { StepLR, CosineAnnealingLR }[c.scheduler](
		optimizer,
		...c.args,
		options,
	);
}

function step(scheduler: LRScheduler, metric: number): void {
	if (scheduler instanceof ReduceLROnPlateau) scheduler.step(metric);
	else (scheduler as StepLR).step();
}

/** In JSON infinities are strings; two flags of Python's own working are no state. */
function fromJson(state: SchedulerState): SchedulerState {
	const { _is_initial: _, _get_lr_called_within_step: __, ...rest } = state;
	for (const [name, value] of Object.entries(rest))
		if (value === "inf" || value === "-inf")
			rest[name] = value === "inf" ? Infinity : -Infinity;
	return rest;
}

function expectRates(actual: number[], expected: number[] | undefined): void {
	expect(actual.length).toBe(expected?.length);
	for (const [i, rate] of actual.entries())
		expect(Math.abs(rate - (expected?.[i] as number))).toBeLessThan(1e-15);
}

describe.each(cases.map((c) => [c.scheduler, c.args, c.kwargs, c] as const))(
	"%s %j %j",
	(_, __, ___, c) => {
		test("sets the rates that PyTorch sets", () => {
			const optimizer = twoGroups();
			const scheduler = make(c, optimizer);
			expectRates(scheduler.getLastLr(), c.lrs[0]);
			for (const [i, metric] of metrics.entries()) {
				optimizer.step();
				step(scheduler, metric);
				expectRates(scheduler.getLastLr(), c.lrs[i + 1]);
				expectRates(
					optimizer.paramGroups.map(({ lr }) => lr as number),
					c.lrs[i + 1],
				);
			}
			const saved = scheduler.stateDict();
			const python = fromJson(c.stateDict);
			expect(Object.keys(saved).sort()).toEqual(Object.keys(python).sort());
			expectRates(saved._last_lr as number[], python._last_lr as number[]);
			expect({ ...saved, _last_lr: 0 }).toEqual({ ...python, _last_lr: 0 });
		});

		test("goes on where Python's checkpoint stopped", () => {
			const optimizer = twoGroups();
			const scheduler = make(c, optimizer);
			for (const [i, group] of optimizer.paramGroups.entries())
				group.lr = c.checkpoint.lrs[i] as number;
			scheduler.loadStateDict(fromJson(c.checkpoint.stateDict));
			for (const [i, metric] of metrics.slice(7).entries()) {
				optimizer.step();
				step(scheduler, metric);
				expectRates(scheduler.getLastLr(), c.lrs[i + 8]);
			}
		});

		if (c.late)
			test("begins at a later epoch", () => {
				const param = torch.zeros([1]).requiresGrad_(true);
				const optimizer = new SGD([{ params: param, initialLr: 0.1 }], {
					lr: 0.03,
				});
				const scheduler = make(c, optimizer, { lastEpoch: 4 });
				for (const [i, expected] of (c.late ?? []).entries()) {
					if (i > 0) {
						optimizer.step();
						step(scheduler, 0);
					}
					expectRates(scheduler.getLastLr(), expected);
				}
			});
	},
);

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
	const warn = jest.spyOn(process, "emitWarning").mockImplementation(() => {});
	const scheduler = new StepLR(twoGroups(), 2);
	scheduler.step();
	scheduler.step();
	expect(warn).toHaveBeenCalledTimes(1);
	expect(warn.mock.calls[0]?.[0]).toContain("before `optimizer.step()`");
	warn.mockRestore();
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

import * as torch from "../../lib/index.ts";
import { AveragedModel } from "../../lib/optim/swaUtils/index.ts";
import { readJson } from "./support.ts";

const { nn } = torch;
const { swaUtils } = torch.optim;

interface Saved {
	dtype: torch.DType;
	shape: number[];
	values: number[];
}
type State = { [name: string]: Saved };
interface Case {
	kind: string;
	useBuffers: boolean;
	states: { model: State; average: State }[];
	updated: State;
}
const { batches, cases } = readJson<{ batches: number[][][]; cases: Case[] }>(
	"averages.json",
);

function model() {
	return new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm1d(2));
}

function tensors(state: State): { [name: string]: torch.Tensor } {
	return Object.fromEntries(
		Object.entries(state).map(([name, { dtype, shape, values }]) => [
			name,
			torch.tensor(values, { dtype }).reshape(shape),
		]),
	);
}

const functions: { [kind: string]: torch.optim.swaUtils.AveragedModelOptions } =
	{
		swa: {},
		"swa multi": { multiAvgFn: swaUtils.getSwaMultiAvgFn() },
		ema: { avgFn: swaUtils.getEmaAvgFn(0.9) },
		"ema multi": { multiAvgFn: swaUtils.getEmaMultiAvgFn(0.9) },
	};

function expectState(actual: object, expected: State, relative: number): void {
	const ours = actual as { [name: string]: torch.Tensor };
	expect(Object.keys(ours)).toEqual(Object.keys(expected));
	for (const [name, { dtype, shape, values }] of Object.entries(expected)) {
		const tensor = ours[name] as torch.Tensor;
		expect([tensor.dtype, tensor.shape]).toEqual([dtype, shape]);
		for (const [i, x] of tensor.toArray().entries())
			expect(Math.abs(Number(x) - (values[i] as number))).toBeLessThanOrEqual(
				relative * Math.abs(values[i] as number),
			);
	}
}

test.each(cases.map((c) => [c.kind, c.useBuffers, c] as const))(
	"averages by %s, of buffers too: %s",
	async (kind, useBuffers, c) => {
		const source = model();
		const average = new AveragedModel(source, {
			...functions[kind],
			useBuffers,
		});
		for (const state of c.states) {
			source.loadStateDict(tensors(state.model));
			average.updateParameters(source);
			expectState(average.stateDict(), state.average, 0);
		}
		const inputs = batches.map((batch) => [torch.tensor(batch), 0] as const);
		average.eval();
		await swaUtils.updateBn(inputs, average);
		expect(average.training).toBe(false);
		expectState(average.stateDict(), c.updated, 1e-6);
	},
);

test("the average is a copy, called like the model", () => {
	const source = model().eval();
	const average = new AveragedModel(source);
	average.eval();
	const x = torch.ones([4, 3]);
	expect(average(x).tolist()).toEqual(source(x).tolist());
	torch.noGrad(() => source.parameters()[0]?.add_(1));
	expect(average(x).tolist()).not.toEqual(source(x).tolist());
});

test.each([
	["decay", () => swaUtils.getEmaAvgFn(1.5), "decay"],
	["decay of many", () => swaUtils.getEmaMultiAvgFn(-1), "decay"],
	["no model", () => new AveragedModel(1 as never), "model"],
	[
		"two functions",
		() =>
			new AveragedModel(model(), {
				avgFn: swaUtils.getSwaAvgFn(),
				multiAvgFn: swaUtils.getSwaMultiAvgFn(),
			}),
		"avgFn",
	],
	[
		"another model",
		() =>
			new AveragedModel(model()).updateParameters(
				new nn.Sequential(new nn.Linear(1, 1)),
			),
		"model",
	],
] as const)("wrong: %s", (_, make, argument) => {
	expect(make).toThrow(expect.objectContaining({ argument }));
});

import * as torch from "../../../lib/index.ts";
import {
	camelOptions,
	expectObserved,
	expectState,
	expectTensor,
	fixtures,
	modules,
	type Observed,
	type Saved,
	type State,
} from "./support.ts";

const { nn } = torch;
const { prune } = nn.utils;
type Layer = torch.nn.Module;

interface Step extends Observed {
	method: string;
	options: object;
	weight: Saved;
}
interface Case {
	title: string;
	module: string;
	x: Saved;
	steps: Step[];
	removed: State;
}
const { single, global } = fixtures.pruned as {
	single: Case[];
	global: [State, State];
};

type Options = { amount: number; n: number; dim: number };
const methods: { [name: string]: (layer: Layer, o: Options) => Layer } = {
	identity: (layer) => prune.identity(layer, "weight"),
	l1_unstructured: (layer, o) =>
		prune.l1Unstructured(layer, "weight", o.amount),
	random_unstructured: (layer, o) =>
		prune.randomUnstructured(layer, "weight", o.amount),
	ln_structured: (layer, o) =>
		prune.lnStructured(layer, "weight", o.amount, o.n, o.dim),
	random_structured: (layer, o) =>
		prune.randomStructured(layer, "weight", o.amount, o.dim),
};

test.each(single.map((c) => [c.title, c.module, c] as const))(
	"%s of %s",
	(_, name, c) => {
		torch.manualSeed(6);
		const module = (modules[name] as () => Layer)();
		const x = torch.randn(c.x.shape);
		for (const step of c.steps) {
			const options = camelOptions(step.options) as unknown as Options;
			methods[step.method]?.(module, options);
			expect(prune.isPruned(module)).toBe(true);
			const { weight } = module as unknown as { weight: torch.Tensor };
			expectTensor(weight, step.weight, 0);
			expectObserved(module, x, step);
		}
		prune.remove(module, "weight");
		expect(prune.isPruned(module)).toBe(false);
		expectState(module.stateDict(), c.removed, 0);
		expect((module as unknown as { weight: unknown }).weight).toBeInstanceOf(
			nn.Parameter,
		);
		expect(module(x).shape).toEqual(c.steps[0]?.outputs[0]?.shape);
	},
);

test("several parameters as if they were one", () => {
	torch.manualSeed(7);
	const [a, b] = [new nn.Linear(3, 4), new nn.Conv2d(2, 3, 2)];
	prune.l1Unstructured(a, "weight", 2);
	prune.globalUnstructured(
		[
			[a, "weight"],
			[b, "weight"],
			[a, "bias"],
		],
		new prune.L1Unstructured(0.3),
	);
	for (const [i, module] of [a, b].entries())
		expectState(module.stateDict(), global[i] as State, 0);
});

test("other scores, a mask of one's own, and a method of one's own", () => {
	const layer = new nn.Linear(2, 2, { bias: false });
	const scores = torch.tensor([
		[4, 3],
		[2, 1],
	]);
	prune.l1Unstructured(layer, "weight", 1, scores);
	const maskOf = () => layer.stateDict().weight_mask?.tolist();
	expect(maskOf()).toEqual([
		[1, 1],
		[1, 0],
	]);
	prune.customFromMask(
		layer,
		"weight",
		torch.tensor([
			[0, 1],
			[1, 1],
		]),
	);
	expect(maskOf()).toEqual([
		[0, 1],
		[1, 0],
	]);
	class First extends prune.BasePruningMethod {
		readonly pruningType = "unstructured";
		override computeMask(_: torch.Tensor, mask: torch.Tensor): torch.Tensor {
			return mask.clone().indexFill_(0, torch.tensor([0]), 0);
		}
	}
	prune.apply(layer, "weight", new First());
	expect(maskOf()).toEqual([
		[0, 0],
		[1, 0],
	]);
});

const layer = () => new nn.Linear(2, 2);
test.each<[string, () => unknown, string, RegExp]>([
	[
		"an unknown name",
		() => prune.identity(layer(), "wait"),
		"name",
		/no parameter "wait"/,
	],
	[
		"no module",
		() => prune.identity({} as never, "weight"),
		"module",
		/expected Module/,
	],
	[
		"a negative amount",
		() => prune.l1Unstructured(layer(), "weight", -1),
		"amount",
		/non-negative integer/,
	],
	[
		"too great a share",
		() => prune.randomUnstructured(layer(), "weight", 1.5),
		"amount",
		/share from 0 to 1/,
	],
	[
		"too many",
		() => prune.l1Unstructured(layer(), "weight", 5),
		"amount",
		/number of parameters to prune=4/,
	],
	[
		"no number",
		() => prune.l1Unstructured(layer(), "weight", "1" as never),
		"amount",
		/expected number/,
	],
	[
		"slices of a vector",
		() => prune.lnStructured(layer(), "bias", 1, 2, 0),
		"name",
		/multidimensional/,
	],
	[
		"an unknown dimension",
		() => prune.randomStructured(layer(), "weight", 1, 2),
		"dim",
		/from -2 to 1/,
	],
	[
		"another mask",
		() => prune.customFromMask(layer(), "weight", torch.ones([3])),
		"mask",
		/expected shape \[2, 2\], got \[3\]/,
	],
	[
		"other scores",
		() => prune.l1Unstructured(layer(), "weight", 1, torch.ones([2])),
		"importanceScores",
		/expected shape/,
	],
	[
		"what is not pruned",
		() => prune.remove(layer(), "weight"),
		"name",
		/has to be pruned/,
	],
	[
		"slices globally",
		() =>
			prune.globalUnstructured(
				[[layer(), "weight"]],
				new prune.RandomStructured(1),
			),
		"pruningMethod",
		/Only "unstructured"/,
	],
])("refuses %s", (_, run, argument, message) => {
	expect(run).toThrow(expect.objectContaining({ argument }));
	expect(run).toThrow(message);
});

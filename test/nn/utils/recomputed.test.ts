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
	tensors,
} from "./support.ts";

const { nn } = torch;
const { utils } = nn;

interface Case extends Observed {
	kind: "weight_norm" | "spectral_norm";
	module: string;
	options: { name?: string };
	x: Saved;
	state: State;
	text: string;
	removed: State;
	/** A state dict as PyTorch 0.4 had it, and what comes of it. */
	old?: State;
	adopted?: State;
}

const add = {
	weight_norm: utils.weightNorm,
	spectral_norm: utils.spectralNorm,
};
const remove = {
	weight_norm: utils.removeWeightNorm,
	spectral_norm: utils.removeSpectralNorm,
};
const cases = fixtures.hooked as Case[];
const make = (name: string) => (modules[name] as () => torch.nn.Module)();

test.each(cases.map((c) => [c.kind, c.module, c.options, c] as const))(
	"%s of %s %j",
	(kind, name, options, c) => {
		torch.manualSeed(5);
		const module = make(name);
		const x = torch.randn(c.x.shape);
		add[kind](module, camelOptions(options) as never);
		expectState(module.stateDict(), c.state);
		expect(String(module)).toBe(c.text);
		expectObserved(module, x, c, 5e-6);
		remove[kind](module, options.name);
		expectState(module.stateDict(), c.removed, 5e-6);
		module(x).sum().backward();
		expect(module.parameters().every((p) => p.grad !== null)).toBe(true);
	},
);

test.each(cases.filter((c) => c.old).map((c) => [c.module, c] as const))(
	"a spectral norm's state from before PyTorch 1.0 loads: %s",
	(name, { options, old = {}, adopted }) => {
		const module = utils.spectralNorm(
			make(name),
			camelOptions(options) as never,
		);
		module.loadStateDict(tensors(old));
		if (adopted) expectState(module.stateDict(), adopted, 1e-5);
		const { weight } = utils.removeSpectralNorm(module).stateDict();
		expectTensor(weight, old.weight as Saved, 1e-5);
	},
);

test("copies compute their own weights", () => {
	const layer = utils.spectralNorm(new nn.Linear(2, 3));
	const copy = layer.deepcopy();
	torch.noGrad(() => {
		const orig = copy.getParameter("weight_orig");
		orig.mul_(2).add_(1);
	});
	const x = torch.ones([1, 2]);
	expect(copy.eval()(x).tolist()).not.toEqual(layer.eval()(x).tolist());
	utils.removeSpectralNorm(copy);
	expect(Object.keys(copy.stateDict()).sort()).toEqual(["bias", "weight"]);
	expect(Object.keys(layer.stateDict())).toContain("weight_orig");
});

test("one that was taken away and put back iterates once a call", () => {
	torch.manualSeed(0);
	const [a, b] = [new nn.Linear(3, 3), new nn.Linear(3, 3)];
	b.loadStateDict(a.stateDict());
	utils.removeWeightNorm(utils.weightNorm(a));
	for (const layer of [a, b]) utils.spectralNorm(layer);
	const twice = utils.spectralNorm(
		utils.removeSpectralNorm(utils.spectralNorm(new nn.Linear(3, 3))),
	);
	twice.loadStateDict(b.stateDict());
	const x = torch.ones([1, 3]);
	expect(twice(x).tolist()).toEqual(b(x).tolist());
});

const linear = () => new nn.Linear(2, 2);
test.each<[() => unknown, string]>([
	[
		() => utils.weightNorm(linear(), "wight"),
		'weightNorm: name: Linear has no parameter "wight"',
	],
	[
		() => utils.weightNorm(utils.weightNorm(linear())),
		'weightNorm: name: "weight" is computed already, by weightNorm',
	],
	[
		() => utils.spectralNorm(utils.weightNorm(linear())),
		'spectralNorm: name: "weight" is computed already, by weightNorm',
	],
	[
		() => utils.weightNorm(linear(), { dim: 2 }),
		"weightNorm: dim: expected a number from -1 to 1, got 2",
	],
	[
		() => utils.spectralNorm(linear(), { nPowerIterations: 0 }),
		"spectralNorm: nPowerIterations: expected a number at least 1, got 0",
	],
	[
		() => utils.weightNorm(new nn.LazyLinear(2)),
		'weightNorm: module: "weight" has no shape yet: call the module once before',
	],
	[
		() => utils.removeWeightNorm(linear()),
		'removeWeightNorm: name: "weight" of Linear has none',
	],
	[
		() => utils.removeSpectralNorm(utils.weightNorm(linear())),
		'removeSpectralNorm: name: "weight" of Linear has none',
	],
	[
		() => utils.spectralNorm(3 as never),
		"spectralNorm: module: expected Module, got number 3",
	],
])("%#: %s is refused", (call, message) => {
	expect(call).toThrow(message);
});

import * as torch from "../../../lib/index.ts";
import {
	camelOptions,
	expectObserved,
	expectState,
	fixtures,
	modules,
	type Observed,
	type Saved,
	type State,
	tensor,
} from "./support.ts";

const { nn } = torch;
const { parametrizations, parametrize } = nn.utils;
type Tensor = torch.Tensor;

interface Case extends Observed {
	kind: "weight_norm" | "spectral_norm" | "orthogonal";
	module: string;
	options: object;
	x: Saved;
	state: State;
	text: string;
}
const cases = fixtures.parametrized as Case[];
const functions = {
	weight_norm: parametrizations.weightNorm,
	spectral_norm: parametrizations.spectralNorm,
	orthogonal: parametrizations.orthogonal,
};

describe("ready-made parametrizations", () => {
	test.each(cases.map((c) => [c.kind, c.module, c.options, c] as const))(
		"%s of %s %j",
		(kind, name, options, c) => {
			torch.manualSeed(5);
			const module = (modules[name] as () => torch.nn.Module)();
			const x = torch.randn(c.x.shape);
			expect(x.tolist()).toEqual(tensor(c.x).tolist());
			functions[kind](module, camelOptions(options) as never);
			expectState(module.stateDict(), c.state, 1e-6);
			expect(String(module)).toBe(c.text);
			expectObserved(module, x, c, 5e-6);
		},
	);

	test("older weight norm's checkpoints load", () => {
		const layer = parametrizations.weightNorm(new nn.Linear(2, 3));
		const [g, v] = [torch.ones([3, 1]), torch.ones([3, 2])];
		layer.loadStateDict({ bias: torch.zeros([3]), weight_g: g, weight_v: v });
		expect(Number(layer.weight.select(0, 0).select(0, 0).item())).toBeCloseTo(
			Math.SQRT1_2,
			6,
		);
	});

	test("an orthogonal weight can be assigned", () => {
		const layer = parametrizations.orthogonal(new nn.Linear(3, 3));
		const q = torch.tensor(
			[
				[0, 1, 0],
				[1, 0, 0],
				[0, 0, -1],
			],
			{ dtype: "float32" },
		);
		(layer as { weight: Tensor }).weight = q;
		expect(layer.weight.sub(q).abs().max().item()).toBeLessThan(1e-6);
		const fixed = parametrizations.orthogonal(new nn.Linear(3, 3), {
			useTrivialization: false,
		});
		expect(() => {
			(fixed as { weight: Tensor }).weight = q;
		}).toThrow(/not possible to assign/);
	});
});

class Symmetric extends nn.Module<[Tensor], Tensor> {
	override forward(x: Tensor): Tensor {
		return x.triu().add(x.triu(1).t());
	}
	rightInverse(x: Tensor): Tensor {
		return x.triu();
	}
}
class Doubled extends nn.Module<[Tensor], Tensor> {
	calls = 0;
	override forward(x: Tensor): Tensor {
		this.calls += 1;
		return x.mul(2);
	}
	rightInverse(x: Tensor): Tensor {
		return x.div(2);
	}
}

describe("registerParametrization", () => {
	test("computes whenever the tensor is read; the parameter stays the same object", () => {
		const layer = new nn.Linear(3, 3);
		const { weight } = layer;
		parametrize.registerParametrization(layer, "weight", new Symmetric());
		expect(layer).toBeInstanceOf(nn.Linear);
		expect(parametrize.isParametrized(layer, "weight")).toBe(true);
		expect(parametrize.isParametrized(layer, "bias")).toBe(false);
		expect(parametrize.typeBeforeParametrizations(layer)).toBe(nn.Linear);
		expect(Object.keys(layer.stateDict())).toEqual([
			"bias",
			"parametrizations.weight.original",
		]);
		expect(layer.parameters()).toContain(weight);
		expect(torch.equal(layer.weight, layer.weight.t())).toBe(true);
		torch.noGrad(() => weight.fill_(1));
		expect(layer.weight.tolist()).toEqual(torch.ones([3, 3]).tolist());
		layer(torch.ones([1, 3]))
			.sum()
			.backward();
		expect(weight.grad?.tolist()).toEqual([
			[1, 2, 2],
			[0, 1, 2],
			[0, 0, 1],
		]);
	});

	test("goes on from a first one, and is assigned through both", () => {
		const layer = new nn.Linear(2, 2);
		parametrize.registerParametrization(layer, "weight", new Symmetric());
		parametrize.registerParametrization(layer, "weight", new Doubled());
		const value = torch.tensor(
			[
				[2, 4],
				[4, 6],
			],
			{ dtype: "float32" },
		);
		(layer as { weight: Tensor }).weight = value;
		expect(layer.weight.tolist()).toEqual(value.tolist());
		expect(
			layer.stateDict()["parametrizations.weight.original"]?.tolist(),
		).toEqual([
			[1, 2],
			[0, 3],
		]);
	});

	test("is computed once within cached", () => {
		const layer = new nn.Linear(2, 2);
		const doubled = new Doubled();
		parametrize.registerParametrization(layer, "weight", doubled);
		const before = doubled.calls;
		parametrize.cached(() => [layer.weight, layer.weight]);
		expect(doubled.calls).toBe(before + 1);
		void [layer.weight, layer.weight];
		expect(doubled.calls).toBe(before + 3);
	});

	test("is copied with the module, and removed from one of both", () => {
		const layer = new nn.Linear(2, 2);
		parametrize.registerParametrization(layer, "weight", new Doubled());
		parametrize.registerParametrization(layer, "bias", new Doubled());
		const copy = layer.deepcopy();
		const [weight, bias] = [copy.weight, copy.bias].map((x) => x?.tolist());
		parametrize.removeParametrizations(copy, "weight");
		expect(parametrize.isParametrized(copy, "weight")).toBe(false);
		expect(copy.weight).toBeInstanceOf(nn.Parameter);
		expect(copy.weight.tolist()).toEqual(weight);
		expect(copy.bias?.tolist()).toEqual(bias);
		parametrize.removeParametrizations(copy, "bias", {
			leaveParametrized: false,
		});
		expect(copy.bias?.mul(2).tolist()).toEqual(bias);
		expect(copy.constructor).toBe(nn.Linear);
		expect(Object.keys(copy.stateDict())).toEqual(["weight", "bias"]);
		expect(layer.weight.tolist()).toEqual(weight);
		expect(String(layer)).toContain("ParametrizedLinear(");
	});

	test("is transferred with its originals", () => {
		const [from, to] = [new nn.Linear(2, 2), new nn.Linear(2, 2)];
		parametrize.registerParametrization(from, "weight", new Doubled());
		parametrize.transferParametrizationsAndParams(from, to);
		expect(to.weight.tolist()).toEqual(from.weight.tolist());
		expect(to.parameters()).toContain(from.parameters().at(-1));
	});

	class Wide extends nn.Module<[Tensor], Tensor> {
		override forward(x: Tensor): Tensor {
			return x.repeat([2, 1]);
		}
	}
	const layer = () => new nn.Linear(2, 2);
	const double = () => new Doubled();
	test.each<[string, () => unknown, string, RegExp]>([
		[
			"no module",
			() => parametrize.registerParametrization(1 as never, "weight", double()),
			"module",
			/expected Module/,
		],
		[
			"an unknown name",
			() => parametrize.registerParametrization(layer(), "wait", double()),
			"tensorName",
			/with name "wait"/,
		],
		[
			"a function",
			() =>
				parametrize.registerParametrization(
					layer(),
					"weight",
					(() => 1) as never,
				),
			"parametrization",
			/expected Module/,
		],
		[
			"another shape",
			() => parametrize.registerParametrization(layer(), "weight", new Wide()),
			"parametrization",
			/may not change the shape/,
		],
		[
			"an unknown option",
			() =>
				parametrize.registerParametrization(layer(), "weight", double(), {
					safe: 1,
				} as never),
			"safe",
			/unknown option/,
		],
		[
			"nothing to remove",
			() => parametrize.removeParametrizations(layer(), "weight"),
			"tensorName",
			/does not have a parametrization/,
		],
		[
			"several originals",
			() =>
				parametrize.removeParametrizations(
					parametrizations.weightNorm(layer()),
					"weight",
					{ leaveParametrized: false },
				),
			"leaveParametrized",
			/in terms of a sequence/,
		],
		[
			"dim of weight norm",
			() => parametrizations.weightNorm(layer(), "weight", 0.5),
			"dim",
			/expected integer/,
		],
		[
			"dim of spectral norm",
			() => parametrizations.spectralNorm(layer(), { dim: 2 }),
			"dim",
			/from -2 to 1/,
		],
		[
			"no iterations",
			() => parametrizations.spectralNorm(layer(), { nPowerIterations: 0 }),
			"nPowerIterations",
			/at least 1/,
		],
		[
			"an unknown map",
			() =>
				parametrizations.orthogonal(layer(), { orthogonalMap: "qr" as never }),
			"orthogonalMap",
			/"cayley"/,
		],
		[
			"a vector",
			() => parametrizations.orthogonal(layer(), "bias"),
			"name",
			/1 dimensions/,
		],
	])("refuses %s", (_, run, argument, message) => {
		expect(run).toThrow(expect.objectContaining({ argument }));
		expect(run).toThrow(message);
	});
});

import * as torch from "../../lib/index.ts";
import { expectTensor, fixture, type Stored, tensor } from "./fixtures.ts";
import { Blocks, Net } from "./models.ts";

const { nn } = torch;

interface ModelCase {
	repr: string;
	state: Record<string, Stored>;
	parameters: string[];
	buffers: string[];
	modules: string[];
	input: Stored;
	labels: Stored;
	losses: number[];
}

interface StateDictCase {
	change: { delete: string[]; set: Record<string, number[]> };
	strict: boolean;
	missing?: string[];
	unexpected?: string[];
	error?: string;
}

const models = fixture<Record<string, ModelCase>>("models.json");
const names = (entries: [string, unknown][]) => entries.map(([name]) => name);

describe.each([
	["Net", Net],
	["Blocks", Blocks],
] as const)("%s", (name, Model) => {
	const wanted = models[name] as ModelCase;
	const make = () => {
		torch.manualSeed(4);
		return new Model();
	};

	test("lists its members as PyTorch does", () => {
		const model = make();
		expect(names(model.namedParameters())).toEqual(wanted.parameters);
		expect(names(model.namedBuffers())).toEqual(wanted.buffers);
		expect(names(model.namedModules())).toEqual(wanted.modules);
		expect(model.parameters()).toHaveLength(wanted.parameters.length);
		expect(model.buffers()).toHaveLength(wanted.buffers.length);
		expect(model.modules()).toHaveLength(wanted.modules.length);
	});

	test("prints as in Python", () => {
		expect(String(make())).toBe(wanted.repr);
	});

	test("starts from the same state", () => {
		const state = make().stateDict();
		expect(Object.keys(state)).toEqual(Object.keys(wanted.state));
		for (const [key, stored] of Object.entries(wanted.state))
			expectTensor(state[key] as torch.Tensor, stored, key);
	});

	test("has the same losses in ten steps", () => {
		const model = make();
		const [input, labels] = [tensor(wanted.input), tensor(wanted.labels)];
		const losses: number[] = [];
		for (let step = 0; step < 10; step++) {
			const loss = nn.functional.crossEntropy(model(input), labels);
			model.zeroGrad();
			loss.backward();
			torch.noGrad(() => {
				for (const p of model.parameters())
					p.sub_((p.grad as torch.Tensor).mul(0.1));
			});
			losses.push(loss.item() as number);
		}
		losses.forEach((loss, i) => {
			expect(loss).toBeCloseTo(wanted.losses[i] as number, 5);
		});
	});

	test("loads what another one saved", () => {
		const [one, other] = [make(), new Model()];
		expect(other.loadStateDict(one.stateDict())).toEqual({
			missingKeys: [],
			unexpectedKeys: [],
		});
		const state = other.stateDict();
		for (const [key, stored] of Object.entries(wanted.state))
			expectTensor(state[key] as torch.Tensor, stored, key);
	});
});

describe("the registry", () => {
	class Odd extends nn.Module<[torch.Tensor], torch.Tensor> {
		override readonly name = "odd";
		readonly plain = torch.ones([1]);
		readonly list = [new nn.Linear(1, 1)];
		readonly none: torch.nn.Linear | null = null;
		readonly #hidden = new nn.Linear(1, 1);
		readonly lastLayer = new nn.Linear(1, 1);
		readonly ownWeight = new nn.Parameter(torch.ones([1]));

		override forward(x: torch.Tensor): torch.Tensor {
			return this.#hidden(x);
		}
	}

	test("is made of fields with parameters, buffers and modules only", () => {
		const odd = new Odd();
		expect(names(odd.namedParameters())).toEqual([
			"own_weight",
			"last_layer.weight",
			"last_layer.bias",
		]);
		expect(names(odd.namedParameters({ recurse: false }))).toEqual([
			"own_weight",
		]);
		expect(names(odd.namedParameters({ prefix: "odd" }))[1]).toBe(
			"odd.last_layer.weight",
		);
		expect(odd.children()).toEqual([odd.lastLayer]);
		expect(names(odd.namedChildren())).toEqual(["last_layer"]);
		expect(names(odd.namedModules({ prefix: "odd" }))).toEqual([
			"odd",
			"odd.last_layer",
		]);
		expect(odd(torch.ones([1])).shape).toEqual([1]);
	});

	test("takes members by name", () => {
		const odd = new Odd();
		odd.registerBuffer("runningMean", torch.zeros([2]));
		odd.registerBuffer("scratch", torch.zeros([1]), { persistent: false });
		odd.registerParameter("scale", new nn.Parameter(torch.ones([1])));
		odd.registerModule("none", new nn.Linear(1, 2));
		expect(Object.keys(odd.stateDict())).toEqual([
			"own_weight",
			"scale",
			"running_mean",
			"none.weight",
			"none.bias",
			"last_layer.weight",
			"last_layer.bias",
		]);
		expect(names(odd.namedBuffers())).toEqual(["running_mean", "scratch"]);
		expect(() => odd.registerBuffer("scale", null)).toThrow(
			'registerBuffer: name: "scale" already exists',
		);
		expect(() => odd.registerBuffer("a.b", null)).toThrow(
			'registerBuffer: name: expected a name without dots, got "a.b"',
		);
	});

	test("lists what is held twice once, and twice where asked", () => {
		const layer = new nn.Linear(1, 1);
		const twice = new nn.Sequential(layer, layer);
		expect(names(twice.namedParameters())).toEqual(["0.weight", "0.bias"]);
		expect(names(twice.namedParameters({ removeDuplicate: false }))).toEqual([
			"0.weight",
			"0.bias",
			"1.weight",
			"1.bias",
		]);
		expect(twice.children()).toEqual([layer]);
		expect(Object.keys(twice.stateDict())).toHaveLength(4);
	});

	test("refuses two fields with one name in the state dict", () => {
		const module = new Odd();
		module.registerBuffer("my_value", torch.ones([1]));
		module.registerBuffer("myValue", torch.ones([1]));
		expect(() => module.stateDict()).toThrow(
			"stateDict: my_value: two fields have this name in a state dict",
		);
	});
});

describe("state dicts", () => {
	const cases = fixture<StateDictCase[]>("stateDicts.json");

	test.each(
		cases.map((each): [string, StateDictCase] => [
			JSON.stringify(each.change) + (each.strict ? "" : ", not strict"),
			each,
		]),
	)(
		"changed by %s",
		(_title, { change, strict, missing, unexpected, error }) => {
			const model = new Net();
			const state = new Net().stateDict();
			for (const key of change.delete) delete state[key];
			for (const [key, shape] of Object.entries(change.set))
				state[key] = torch.zeros(shape);
			const before = model.out.weight.tolist();
			if (error !== undefined) {
				expect(() => model.loadStateDict(state, { strict })).toThrow(
					new Error(error),
				);
				expect(model.out.weight.tolist()).toEqual(before);
			} else {
				const { missingKeys, unexpectedKeys } = model.loadStateDict(state, {
					strict,
				});
				expect([...missingKeys].sort()).toEqual(
					[...(missing as string[])].sort(),
				);
				expect([...unexpectedKeys].sort()).toEqual(
					[...(unexpected as string[])].sort(),
				);
			}
		},
	);

	test("share memory with the module, without gradients unless asked", () => {
		const layer = new nn.Linear(2, 1);
		const { weight } = layer.stateDict() as { weight: torch.Tensor };
		expect(weight.requiresGrad).toBe(false);
		weight.fill_(7);
		expect(layer.weight.tolist()).toEqual([[7, 7]]);
		expect(layer.stateDict({ keepVars: true }).weight).toBe(layer.weight);
		expect(Object.keys(layer.stateDict({ prefix: "layer." }))).toEqual([
			"layer.weight",
			"layer.bias",
		]);
	});

	test("are copied in place, whatever their dtype", () => {
		const layer = new nn.Linear(2, 1, { bias: false });
		const { weight } = layer;
		layer.loadStateDict({
			weight: torch.tensor([[1, 2]], { dtype: "float64" }),
		});
		expect(layer.weight).toBe(weight);
		expect(weight.dtype).toBe("float32");
		expect(weight.tolist()).toEqual([[1, 2]]);
		expect(weight.requiresGrad && weight.isLeaf).toBe(true);
	});

	test("are taken over with assign", () => {
		const layer = new nn.Linear(2, 1, { bias: false });
		const { weight } = layer;
		const given = torch.tensor([[1, 2]], { dtype: "float64" });
		layer.loadStateDict({ weight: given }, { assign: true });
		expect(layer.weight).toBe(weight);
		expect(weight.dtype).toBe("float64");
		expect(weight.dataPtr()).toBe(given.dataPtr());
		expect(weight.requiresGrad && weight.isLeaf).toBe(true);
	});

	test("with something else than tensors are refused", () => {
		const layer = new nn.Linear(2, 1, { bias: false });
		expect(() => layer.loadStateDict({ weight: [[1, 2]] as never })).toThrow(
			"expected a Tensor from checkpoint but received array",
		);
		expect(() => layer.loadStateDict(null as never)).toThrow(
			"loadStateDict: state: expected object, got null",
		);
		expect(() => layer.loadStateDict({}, { Strict: true } as never)).toThrow(
			"loadStateDict: Strict: unknown option; known are strict, assign",
		);
	});
});

describe("modes", () => {
	test("reach all submodules", () => {
		const model = new Net();
		expect(model.training).toBe(true);
		expect(model.eval()).toBe(model);
		expect(model.modules().map((module) => module.training)).toEqual(
			model.modules().map(() => false),
		);
		model.train();
		expect(model.modules().every((module) => module.training)).toBe(true);
		expect(() => model.train(1 as never)).toThrow(
			"train: mode: expected boolean, got number 1",
		);
	});

	test("freeze and forget gradients", () => {
		const model = new nn.Linear(2, 1);
		expect(model.requiresGrad_(false)).toBe(model);
		expect(model.parameters().some((p) => p.requiresGrad)).toBe(false);
		model.requiresGrad_();
		model(torch.ones([1, 2]))
			.sum()
			.backward();
		const grad = model.weight.grad as torch.Tensor;
		expect(grad.tolist()).toEqual([[1, 1]]);
		model.zeroGrad({ setToNone: false });
		expect(model.weight.grad).toBe(grad);
		expect(grad.tolist()).toEqual([[0, 0]]);
		model.zeroGrad();
		expect(model.weight.grad).toBeNull();
	});

	test("apply visits submodules first", () => {
		const seen: torch.nn.AnyModule[] = [];
		const model = new nn.Sequential(new nn.Linear(1, 1), new nn.ReLU());
		expect(model.apply((module) => seen.push(module))).toBe(model);
		expect(seen).toEqual([...model, model]);
	});
});

describe("to", () => {
	test("converts floating point tensors in place, gradients too", () => {
		const model = new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2));
		const parameters = model.parameters();
		model(torch.ones([3, 2]))
			.sum()
			.backward();
		expect(model.to("float64")).toBe(model);
		expect(model.parameters().every((p, i) => p === parameters[i])).toBe(true);
		expect(
			Object.entries(model.stateDict()).map(
				([key, { dtype }]) => `${key} ${dtype}`,
			),
		).toEqual([
			"0.weight float64",
			"0.bias float64",
			"1.weight float64",
			"1.bias float64",
			"1.running_mean float64",
			"1.running_var float64",
			"1.num_batches_tracked int64",
		]);
		expect(parameters.map((p) => p.grad?.dtype)).toEqual([
			"float64",
			"float64",
			"float64",
			"float64",
		]);
		expect(parameters.every((p) => p.requiresGrad && p.isLeaf)).toBe(true);
		const before = (parameters[0] as torch.Tensor).grad?.tolist();
		model(torch.ones([3, 2], { dtype: "float64" }))
			.sum()
			.backward();
		expect((parameters[0] as torch.Tensor).grad?.dtype).toBe("float64");
		expect(before).toBeDefined();
	});

	test.each([
		["float64", (m: torch.nn.Linear) => m.double()],
		["float16", (m: torch.nn.Linear) => m.half()],
		["bfloat16", (m: torch.nn.Linear) => m.bfloat16()],
		["float32", (m: torch.nn.Linear) => m.double().float()],
		[
			"bfloat16",
			(m: torch.nn.Linear) => m.to({ dtype: "bfloat16", device: "cpu" }),
		],
		[
			"float64",
			(m: torch.nn.Linear) => m.to(torch.ones([1], { dtype: "float64" })),
		],
		["float32", (m: torch.nn.Linear) => m.cpu()],
	] as const)("%s", (dtype, change) => {
		const layer = new nn.Linear(2, 1);
		const wanted = layer.weight.detach().to(dtype).tolist();
		change(layer);
		expect(layer.weight.dtype).toBe(dtype);
		expect(layer.weight.tolist()).toEqual(wanted);
	});

	test("refuses integers and unknown options", () => {
		const layer = new nn.Linear(2, 1);
		expect(() => layer.to("int64")).toThrow(
			"to: dtype: expected a floating point or complex dtype, got int64",
		);
		expect(() => layer.to({ dytpe: "float64" } as never)).toThrow(
			"to: dytpe: unknown option; known are device, dtype, nonBlocking",
		);
	});
});

describe("hooks", () => {
	test("see and change inputs and outputs, in order", () => {
		const layer = new nn.Identity();
		const log: string[] = [];
		const first = layer.registerForwardHook((module, [x], y) => {
			expect(module).toBe(layer);
			log.push(`out ${x.item()} ${y.item()}`);
		});
		layer.registerForwardPreHook((_module, [x]) => {
			log.push(`in ${x.item()}`);
			return [x.add(1)];
		});
		layer.registerForwardPreHook(
			(_module, [x]) => {
				log.push(`first ${x.item()}`);
			},
			{ prepend: true },
		);
		layer.registerForwardHook((_module, _inputs, y) => y.mul(10));
		expect(layer(torch.tensor(1)).item()).toBe(20);
		expect(log).toEqual(["first 1", "in 1", "out 2 2"]);
		first.remove();
		expect(layer(torch.tensor(1)).item()).toBe(20);
		expect(log).toHaveLength(5);
	});

	test("go with their handle", () => {
		const layer = new nn.Identity();
		{
			using _ = layer.registerForwardHook((_module, _inputs, y) => y.add(1));
			expect(layer(torch.tensor(1)).item()).toBe(2);
		}
		expect(layer(torch.tensor(1)).item()).toBe(1);
	});

	test("must be functions", () => {
		expect(() => new nn.Identity().registerForwardHook(1 as never)).toThrow(
			"registerForwardHook: hook: expected function, got number 1",
		);
	});
});

describe("Parameter and Buffer", () => {
	test("share the memory of their tensor", () => {
		const data = torch.zeros([2]);
		const [parameter, buffer] = [new nn.Parameter(data), new nn.Buffer(data)];
		data.fill_(3);
		expect(parameter.tolist()).toEqual([3, 3]);
		expect(buffer.tolist()).toEqual([3, 3]);
		expect([
			parameter.requiresGrad,
			parameter.isLeaf,
			buffer.requiresGrad,
		]).toEqual([true, true, false]);
		expect(new nn.Parameter(data, { requiresGrad: false }).requiresGrad).toBe(
			false,
		);
	});

	test("live on when the tensor they were made of is gone", () => {
		const parameter = new nn.Parameter(torch.full([3], 2.5));
		const made: torch.Tensor[] = [];
		for (let i = 0; i < 20; i++) made.push(torch.ones([1 << 20]));
		for (const tensor of made) tensor.dispose();
		expect(parameter.tolist()).toEqual([2.5, 2.5, 2.5]);
	});

	test("are tensors, and what is computed from them are plain ones", () => {
		const parameter = new nn.Parameter(torch.ones([1]));
		expect(parameter).toBeInstanceOf(torch.Tensor);
		expect(parameter.add(1)).not.toBeInstanceOf(nn.Parameter);
		expect(torch.noGrad(() => parameter.zero_())).toBe(parameter);
	});

	test("print as in Python", () => {
		expect(String(new nn.Parameter(torch.ones([2])))).toBe(
			"Parameter containing:\ntensor([1., 1.], requires_grad=True)",
		);
	});

	test("refuse what is no tensor", () => {
		expect(() => new nn.Parameter([1] as never)).toThrow(
			"Parameter: data: expected Tensor, got [1]",
		);
		expect(
			() => new nn.Buffer(torch.ones([1]), { persist: true } as never),
		).toThrow("Buffer: persist: unknown option; known are persistent");
	});
});

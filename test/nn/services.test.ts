/** What every module can do besides computing: hooks, paths, copies, lazy weights, memory formats. */
import * as torch from "../../lib/index.ts";

const { nn } = torch;
type Tensor = torch.Tensor;

function network() {
	return new nn.Sequential({
		conv: new nn.Conv2d(2, 3, 2),
		norm: new nn.BatchNorm2d(3),
		tail: new nn.Sequential(new nn.Flatten(), new nn.Linear(12, 2)),
	});
}

describe("paths", () => {
	const model = network();

	test("lead to submodules, parameters and buffers", () => {
		expect(model.getSubmodule("")).toBe(model);
		expect(model.getSubmodule("tail.1")).toBeInstanceOf(nn.Linear);
		expect(model.getParameter("tail.1.weight")).toBe(
			(model.getSubmodule("tail.1") as torch.nn.Linear).weight,
		);
		expect(model.getBuffer("norm.running_mean").shape).toEqual([3]);
	});

	test.each<[string, () => unknown, string]>([
		[
			"a submodule",
			() => model.getSubmodule("tail.2"),
			'getSubmodule: target: Sequential has no submodule "2", in "tail.2"',
		],
		[
			"a parameter",
			() => model.getParameter("norm.running_mean"),
			'getParameter: target: BatchNorm2d has no parameter "running_mean", in "norm.running_mean"',
		],
		[
			"a buffer",
			() => model.getBuffer("conv.weight"),
			'getBuffer: target: Conv2d has no buffer "weight", in "conv.weight"',
		],
		[
			"a module to put somewhere",
			() => model.setSubmodule("conv", 3 as never),
			"setSubmodule: module: expected Module, got number 3",
		],
	])("%s that is not there is named", (_what, call, message) => {
		expect(call).toThrow(message);
	});

	test("are where submodules can be put", () => {
		const changed = network();
		const layer = new nn.Linear(12, 5);
		changed.setSubmodule("tail.1", layer);
		expect(changed.getSubmodule("tail.1")).toBe(layer);
		expect(changed(torch.randn([4, 2, 3, 3])).shape).toEqual([4, 5]);
		expect(changed.stateDict()["tail.1.weight"]?.shape).toEqual([5, 12]);
		const heads = new nn.ModuleDict({ a: new nn.ReLU() as torch.nn.Module });
		heads.setSubmodule("a", new nn.Tanh());
		expect(heads.get("a")).toBeInstanceOf(nn.Tanh);
	});
});

describe("deep copies", () => {
	test("have the same values and nothing in common", () => {
		const model = network();
		model(torch.randn([4, 2, 3, 3]))
			.sum()
			.backward();
		const copy = model.deepcopy();
		expect(String(copy)).toBe(String(model));
		expect(copy).toBeInstanceOf(nn.Sequential);
		const [ours, theirs] = [model.stateDict(), copy.stateDict()];
		expect(Object.keys(theirs)).toEqual(Object.keys(ours));
		for (const [name, value] of Object.entries(ours)) {
			const other = theirs[name] as Tensor;
			expect(other.tolist()).toEqual(value.tolist());
			expect(other.dataPtr()).not.toBe(value.dataPtr());
		}
		const [weight, copied] = [model, copy].map((each) =>
			each.getParameter("conv.weight"),
		) as [torch.nn.Parameter, torch.nn.Parameter];
		expect(copied.grad?.tolist()).toEqual(weight.grad?.tolist());
		expect(copied.grad?.dataPtr()).not.toBe(weight.grad?.dataPtr());
		copy.eval();
		expect([model.training, copy.training]).toEqual([true, false]);
		const x = torch.randn([4, 2, 3, 3]);
		model.eval();
		expect(copy(x).tolist()).toEqual(model(x).tolist());
	});

	test("keep tied what was tied, and what is frozen frozen", () => {
		class Tied extends nn.Module {
			readonly encoder = new nn.Embedding(5, 3);
			readonly decoder = new nn.Linear(3, 5, { bias: false });
			readonly table = new Map([["layers", [this.encoder, this.decoder]]]);
			constructor() {
				super();
				this.decoder.weight = this.encoder.weight;
				this.encoder.weight.requiresGrad_(false);
			}
			override forward(x: Tensor): Tensor {
				return this.decoder(this.encoder(x));
			}
		}
		const copy = new Tied().deepcopy();
		expect(copy.decoder.weight).toBe(copy.encoder.weight);
		expect(copy.table.get("layers")).toEqual([copy.encoder, copy.decoder]);
		expect(copy.encoder.weight.requiresGrad).toBe(false);
		expect(copy.parameters()).toHaveLength(1);
	});

	test("take hooks along, and those of a copy are its own", () => {
		const layer = new nn.Identity();
		layer.registerForwardHook((_module, _inputs, output) => output.add(1));
		const copy = layer.deepcopy();
		copy.registerForwardHook((_module, _inputs, output) => output.mul(10));
		const x = torch.tensor([1]);
		expect([layer(x).item(), copy(x).item()]).toEqual([2, 20]);
	});

	test("of values of all kinds", () => {
		const shared = torch.tensor([1, 2]);
		const value = {
			a: shared,
			list: [shared, "text", null],
			set: new Set([1]),
		};
		const copy = nn.deepcopy(value);
		expect(copy.a).toBe(copy.list[0]);
		expect(copy.a).not.toBe(shared);
		expect(copy.set).toEqual(value.set);
		expect(copy.set).not.toBe(value.set);
		expect(() => nn.deepcopy(torch.ones([1]).requiresGrad_().mul(2))).toThrow(
			"deepcopy: value: a tensor that autograd has computed",
		);
	});
});

describe("hooks", () => {
	test("that are always called see what went wrong", () => {
		const layer = new nn.Linear(2, 2);
		const seen: unknown[] = [];
		layer.registerForwardHook(
			(_module, _inputs, output) => {
				seen.push(output as unknown);
				return undefined;
			},
			{ alwaysCall: true },
		);
		layer.registerForwardHook(() => {
			seen.push("not called");
			return undefined;
		});
		expect(() => layer(torch.ones([1, 3]))).toThrow();
		expect(seen).toEqual([undefined]);
	});

	test("of state dicts see and change them", () => {
		const model = network();
		const calls: string[] = [];
		const { conv } = { conv: model.getSubmodule("conv") };
		conv.registerStateDictPreHook((_module, prefix) => {
			calls.push(`before ${prefix}`);
		});
		conv.registerStateDictPostHook((_module, state, prefix) => {
			calls.push(`after ${prefix}`);
			delete state[`${prefix}bias`];
		});
		const state = model.stateDict();
		expect(calls).toEqual(["before conv.", "after conv."]);
		expect(Object.keys(state)).not.toContain("conv.bias");

		const bias = torch.randn([3]);
		conv.registerLoadStateDictPreHook((_module, given, prefix) => {
			given[`${prefix}bias`] = bias;
		});
		model.loadStateDict(state);
		expect(model.getParameter("conv.bias").tolist()).toEqual(bias.tolist());
		expect(Object.keys(state)).not.toContain("conv.bias");
	});

	test("after loading decide what is missing", () => {
		const model = network();
		const state = model.stateDict();
		delete state["conv.bias"];
		expect(() => model.loadStateDict(state)).toThrow("Missing key(s)");
		using _ = model.registerLoadStateDictPostHook((_module, keys) => {
			keys.missingKeys.length = 0;
		});
		expect(model.loadStateDict(state).missingKeys).toEqual([]);
		expect(() =>
			model.loadStateDict({ ...state, "conv.weight": torch.ones([1]) }),
		).toThrow("size mismatch for conv.weight");
	});
});

describe("lazy modules", () => {
	test("become ordinary ones, and their parameters stay the same objects", () => {
		const layer = new nn.LazyLinear(3);
		const [weight] = layer.parameters();
		expect(weight).toBeInstanceOf(nn.UninitializedParameter);
		expect(() => weight?.shape).toThrow(
			"UninitializedParameter: shape: is not there yet",
		);
		expect(String(weight)).toBe("<UninitializedParameter>");
		layer.to("float64");
		const x = torch.randn([2, 5], { dtype: "float64" });
		expect(layer(x).shape).toEqual([2, 3]);
		expect(layer.constructor).toBe(nn.Linear);
		expect(layer.weight).toBe(weight);
		expect(weight).not.toBeInstanceOf(nn.UninitializedParameter);
		expect([layer.weight.shape, layer.weight.dtype]).toEqual([
			[3, 5],
			"float64",
		]);
		expect(layer.inFeatures).toBe(5);
	});

	test("take the shapes of a state dict", () => {
		const source = new nn.Sequential(
			new nn.Conv2d(2, 4, 3),
			new nn.BatchNorm2d(4),
		);
		const lazy = new nn.Sequential(
			new nn.LazyConv2d(4, 3),
			new nn.LazyBatchNorm2d(),
		);
		lazy.loadStateDict(source.stateDict());
		const x = torch.randn([1, 2, 5, 5]);
		expect(lazy(x).tolist()).toEqual(source(x).tolist());
		expect(String(lazy)).toBe(String(source));
	});

	test("can be copied before they have weights", () => {
		const copy = new nn.LazyLinear(3, { bias: false }).deepcopy();
		expect(copy.weight).toBeInstanceOf(nn.UninitializedParameter);
		expect(copy(torch.ones([1, 2])).shape).toEqual([1, 3]);
	});
});

describe("conversions", () => {
	test("of the memory format concern weights of convolutions only", () => {
		const model = network().to({ memoryFormat: "channels_last" });
		const isLast = (name: string) =>
			model.getParameter(name).isContiguous({ memoryFormat: "channels_last" });
		expect(isLast("conv.weight")).toBe(true);
		expect(model.getParameter("tail.1.weight").isContiguous()).toBe(true);
		const x = torch.randn([1, 2, 3, 3]);
		const other = network();
		other.loadStateDict(model.stateDict());
		expect(model.eval()(x).allclose(other.eval()(x))).toBe(true);
	});

	test("to nothing give memory to modules made without", () => {
		const model = new nn.Linear(2, 3, { device: "meta" });
		expect(model.weight.device).toBe("meta");
		const { weight } = model;
		model.toEmpty({ device: "cpu" });
		expect(model.weight.device).toBe("cpu");
		expect(model.weight).toBe(weight);
		expect(model.weight.requiresGrad).toBe(true);
		model.resetParameters();
		const other = new nn.Linear(2, 3, { device: "meta" });
		other.loadStateDict(model.stateDict(), { assign: true });
		const x = torch.ones([1, 2]);
		expect(other(x).tolist()).toEqual(model(x).tolist());
		other(x).sum().backward();
		expect(other.weight.grad?.tolist()).toEqual(torch.ones([3, 2]).tolist());
	});
});

describe("parameters in lists", () => {
	test("ParameterList", () => {
		const list = new nn.ParameterList([torch.ones([2, 3]), torch.ones([2])]);
		list.append(torch.zeros([1])).set(-1, torch.full([1], 7.5));
		expect(list).toHaveLength(3);
		expect(list.at(-1).item()).toBe(7.5);
		expect([...list].every((each) => each instanceof nn.Parameter)).toBe(true);
		expect(Object.keys(list.stateDict())).toEqual(["0", "1", "2"]);
		expect(String(new nn.ParameterList([torch.ones([2, 3])]))).toBe(
			"ParameterList(  (0): Parameter containing: [torch.float32 of size 2x3])",
		);
		expect(() => list.at(3)).toThrow("ParameterList.at: index");
		expect(() => list.append(1 as never)).toThrow(
			"ParameterList: value: expected Tensor, got number 1",
		);
		expect(list.deepcopy().stateDict()).toHaveProperty("2");
	});

	test("ParameterDict", () => {
		const dict = new nn.ParameterDict({ left: torch.ones([2]) });
		dict.set("rightOne", torch.zeros([3]));
		expect([...dict.keys()]).toEqual(["left", "rightOne"]);
		expect(Object.keys(dict.stateDict())).toEqual(["left", "rightOne"]);
		expect(dict.get("left").requiresGrad).toBe(true);
		expect(dict.delete("left")).toBe(true);
		expect(dict.size).toBe(1);
		expect(() => dict.get("left")).toThrow(
			'ParameterDict.get: name: "left" is unknown; known are rightOne',
		);
		expect(() => dict.set("a", 1 as never)).toThrow(
			"ParameterDict.set: a: expected Tensor, got number 1",
		);
		expect(dict.deepcopy().size).toBe(1);
	});
});

test("an adaptive softmax's log-probabilities are those of its loss", () => {
	torch.manualSeed(0);
	const criterion = new nn.AdaptiveLogSoftmaxWithLoss(8, 20, [4, 9], {
		headBias: true,
	});
	const [input, target] = [torch.randn([7, 8]), torch.randint(0, 20, [7])];
	const { output, loss } = criterion(input, target);
	const all = criterion.logProb(input);
	const own = all.gather(1, target.unsqueeze(1)).squeeze(1);
	expect(own.allclose(output)).toBe(true);
	expect(loss.item()).toBeCloseTo(-(output.mean().item() as number), 6);
	expect(criterion.predict(input).tolist()).toEqual(all.argmax(1).tolist());
	expect(() => criterion(input, target.fill_(20))).toThrow(
		"AdaptiveLogSoftmaxWithLoss: target: expected classes from 0 to 19, got from 20 to 20",
	);
});

describe("SyncBatchNorm", () => {
	const model = () => {
		torch.manualSeed(0);
		const shared = new nn.BatchNorm1d(3, { momentum: 0.3, bias: false });
		return new nn.Sequential({
			first: new nn.BatchNorm2d(2, { eps: 0.1 }),
			deep: new nn.ModuleDict({ a: shared, b: shared }) as never,
		});
	};

	test("takes the place of every batch norm, with its tensors", () => {
		const network = model().eval();
		const all = { removeDuplicate: false };
		const members = () => [
			...network.namedParameters(all),
			...network.namedBuffers(all),
		];
		const before = members();
		expect(nn.SyncBatchNorm.convertSyncBatchnorm(network)).toBe(network);
		const same = members().map(
			([name, tensor], i) =>
				name === before[i]?.[0] && tensor === before[i]?.[1],
		);
		expect(same).toEqual(before.map(() => true));
		expect(String(network)).toBe(
			String(model()).replaceAll(/BatchNorm\dd/g, "SyncBatchNorm"),
		);
		expect(network.modules().every((each) => !each.training)).toBe(true);
		expect(network.getSubmodule("deep.a")).toBe(network.getSubmodule("deep.b"));
	});

	test("computes what batch norm does", () => {
		const norm = new nn.BatchNorm1d(3);
		const x = torch.randn([5, 3]);
		const sync = nn.SyncBatchNorm.convertSyncBatchnorm(
			norm.deepcopy(),
		) as torch.nn.SyncBatchNorm;
		expect(sync(x).tolist()).toEqual(norm(x).tolist());
		expect(sync.runningVar?.tolist()).toEqual(norm.runningVar?.tolist());
	});

	test.each<[() => unknown, string]>([
		[
			() => new nn.SyncBatchNorm(2)(torch.ones([2])),
			"SyncBatchNorm: input: expected 2 or more dimensions, got 1",
		],
		[
			() => nn.SyncBatchNorm.convertSyncBatchnorm(3 as never),
			"convertSyncBatchnorm: module: expected Module, got number 3",
		],
		[
			() => nn.SyncBatchNorm.convertSyncBatchnorm(new nn.LazyBatchNorm1d()),
			"LazyBatchNorm1d has no channels yet: call the model once before",
		],
	])("%#: wrong use is named", (call, message) => {
		expect(call).toThrow(message);
	});
});

test("a module without forward says so when it is called", () => {
	abstract class M extends nn.Module {}
	const Bare = M as unknown as new () => torch.nn.Module;
	const message = 'M: Module [M] is missing the required "forward" function';
	expect(() => new Bare()(torch.ones([1]))).toThrow(message);
});

test('what is on "meta" gets memory by toEmpty, not by to', () => {
	const layer = new nn.BatchNorm1d(2, { device: "meta" });
	const { weight, runningMean } = layer;
	expect(() => layer.to("cpu")).toThrow(
		'to: device: what is on "meta" has no values to move; toEmpty({ device }) gives it memory',
	);
	expect(layer.toEmpty({ device: "cpu" }).weight).toBe(weight);
	expect([weight?.device, weight?.requiresGrad]).toEqual(["cpu", true]);
	expect([runningMean?.device, runningMean?.persistent]).toEqual(["cpu", true]);
	layer.resetParameters();
	expect(layer.eval()(torch.ones([1, 2])).shape).toEqual([1, 2]);
	expect(() => layer.toEmpty({} as never)).toThrow("toEmpty: device: expected");
});

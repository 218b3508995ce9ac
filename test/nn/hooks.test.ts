/** Full backward hooks, hooks of all modules, and extra state. Their values are held to PyTorch's in test/autograd/transforms.test.ts. */
import * as torch from "../../lib/index.ts";

type Tensor = torch.Tensor;
const { nn } = torch;
const one = (): Tensor => torch.ones([1, 2], { requiresGrad: true });

test("backward hooks run in order, before the first where prepended, and not when removed", () => {
	const layer = new nn.Linear(2, 2);
	const called: string[] = [];
	const note = (name: string) => () => {
		called.push(name);
		return undefined;
	};
	layer.registerFullBackwardHook(note("own"));
	layer.registerFullBackwardHook(note("first"), { prepend: true });
	layer.registerFullBackwardPreHook(note("before"));
	const removed = layer.registerFullBackwardHook(note("removed"));
	removed.remove();
	const all = [
		nn.registerModuleFullBackwardHook(note("all")),
		nn.registerModuleFullBackwardPreHook(note("all before")),
	];
	layer(one()).sum().backward();
	for (const each of all) each.remove();
	expect(called).toEqual(["all before", "before", "all", "first", "own"]);
	called.length = 0;
	torch.noGrad(() => layer(one()));
	expect(called).toEqual([]);
});

test("hooks of all modules: inputs and outputs may be exchanged, each module is seen", () => {
	const model = new nn.Sequential(new nn.Linear(2, 2), new nn.ReLU());
	const seen: string[] = [];
	{
		using _before = nn.registerModuleForwardPreHook((module) => {
			seen.push(`before ${module.constructor.name}`);
			return undefined;
		});
		using _after = nn.registerModuleForwardHook((module, _, output) => {
			seen.push(`after ${module.constructor.name}`);
			return module instanceof nn.ReLU ? (output as Tensor).add(1) : undefined;
		});
		expect(
			model(torch.zeros([1, 2]))
				.ge(1)
				.all()
				.item(),
		).toBe(true);
	}
	model(torch.zeros([1, 2]));
	expect(seen).toEqual([
		"before Sequential",
		"before Linear",
		"after Linear",
		"before ReLU",
		"after ReLU",
		"after Sequential",
	]);
});

test("a hook of all modules that is always called is, where forward throws", () => {
	class Failing extends nn.Module<[Tensor], Tensor> {
		override forward(_: Tensor): Tensor {
			throw new RangeError("mine");
		}
	}
	let calls = 0;
	using _ = nn.registerModuleForwardHook(
		() => {
			calls++;
		},
		{ alwaysCall: true },
	);
	expect(() => new Failing()(one())).toThrow(RangeError);
	expect(calls).toBe(1);
});

test("what hooks return is checked, what they throw comes out of backward", () => {
	const layer = new nn.Linear(2, 2);
	const failing = (hook: () => never[] | never) => {
		using _ = layer.registerFullBackwardHook(hook);
		layer(one()).sum().backward();
	};
	expect(() => failing(() => [])).toThrow(
		/Backward hook returned an invalid number of grad_input, got 0, but expected 1/,
	);
	expect(() =>
		failing(() => {
			throw new RangeError("mine");
		}),
	).toThrow(RangeError);
	using _ = layer.registerFullBackwardPreHook(() => [null, null]);
	expect(() => layer(one()).sum().backward()).toThrow(
		/Backward pre hook returned an invalid number of grad_output, got 2, but expected 1/,
	);
});

test("hooks of a copy are the same functions, called with the copy", () => {
	const layer = new nn.Linear(2, 2);
	const seen: unknown[] = [];
	layer.registerFullBackwardHook((module) => {
		seen.push(module);
		return undefined;
	});
	const copy = layer.deepcopy();
	copy(one()).sum().backward();
	expect(seen).toHaveLength(1);
	expect(seen[0]).toBe(copy);
});

test("extra state goes into the state dict and back, in PyTorch's place", () => {
	class Counting extends nn.Module<[Tensor], Tensor> {
		readonly inner = new nn.Linear(2, 2);
		count = 0;
		override forward(x: Tensor): Tensor {
			this.count++;
			return this.inner(x);
		}
		override getExtraState(): Tensor {
			return torch.tensor(this.count);
		}
		override setExtraState(state: Tensor): void {
			this.count = state.item() as number;
		}
	}
	const model = new nn.Sequential(new Counting());
	model(one());
	model(one());
	const state = model.stateDict();
	expect(Object.keys(state)).toEqual([
		"0._extra_state",
		"0.inner.weight",
		"0.inner.bias",
	]);
	const other = new nn.Sequential(new Counting());
	other.loadStateDict(state);
	expect((other.children()[0] as unknown as Counting).count).toBe(2);
	const { "0._extra_state": _, ...without } = state;
	expect(() => other.loadStateDict(without)).toThrow(
		/Missing key\(s\) in state_dict: "0\._extra_state"/,
	);
	expect(() =>
		new nn.Linear(2, 2).loadStateDict({
			...new nn.Linear(2, 2).stateDict(),
			_extra_state: torch.ones([]),
		}),
	).toThrow(/Unexpected key\(s\) in state_dict: "_extra_state"/);
});

import * as torch from "../../lib/index.ts";
import { numbersOf } from "./support.ts";

const {
	Adam,
	SGD,
	registerOptimizerStepPostHook,
	registerOptimizerStepPreHook,
} = torch.optim;

function parameter(): torch.Tensor {
	const x = torch.ones([1]).requiresGrad_();
	x.grad = torch.ones([1]);
	return x;
}

test("hooks of a step run around it, those of all optimisers outside", () => {
	const optimizer = new SGD([parameter()], { lr: 0.5 });
	const seen: string[] = [];
	const note = (name: string) => (given: unknown) => {
		expect(given).toBe(optimizer);
		seen.push(name);
	};
	const handles = [
		optimizer.registerStepPreHook(note("before")),
		optimizer.registerStepPostHook(note("after")),
		registerOptimizerStepPreHook(note("before all")),
		registerOptimizerStepPostHook(note("after all")),
		optimizer.registerStepPreHook(note("first"), { prepend: true }),
	];
	optimizer.step(() => seen.push("closure"));
	expect(seen).toEqual([
		"before all",
		"first",
		"before",
		"closure",
		"after",
		"after all",
	]);
	for (const handle of handles) handle.remove();
	optimizer.step();
	expect(seen.length).toBe(6);
});

test("a hook may change the closure, or the gradients", () => {
	const x = parameter();
	const optimizer = new SGD([x], { lr: 0.5 });
	using _ = optimizer.registerStepPreHook((sgd) => {
		for (const { params } of sgd.paramGroups)
			for (const param of params) param.grad = torch.ones([1]).mul(2);
		return () => "another loss";
	});
	expect(optimizer.step(() => "a loss")).toBe("another loss");
	expect(numbersOf(x)).toEqual([0]);
});

test("hooks of state dicts see them, and may put others in their place", () => {
	const optimizer = new Adam([parameter()]);
	optimizer.step();
	const seen: string[] = [];
	optimizer.registerStateDictPreHook(() => {
		seen.push("before saving");
	});
	optimizer.registerStateDictPostHook((_, dict) => {
		seen.push("after saving");
		return {
			...dict,
			param_groups: dict.param_groups.map((g) => ({ ...g, lr: 7 })),
		};
	});
	optimizer.registerLoadStateDictPreHook((_, dict) => {
		seen.push("before loading");
		const [group] = dict.param_groups;
		return group && { ...dict, param_groups: [{ ...group, eps: 3 }] };
	});
	optimizer.registerLoadStateDictPostHook((adam) => {
		seen.push(`loaded ${adam.paramGroups[0]?.lr} ${adam.paramGroups[0]?.eps}`);
	});
	const saved = optimizer.stateDict();
	expect(saved.param_groups[0]?.lr).toBe(7);
	optimizer.loadStateDict(saved);
	expect(saved.param_groups[0]?.eps).toBe(1e-8);
	expect(seen).toEqual([
		"before saving",
		"after saving",
		"before loading",
		"loaded 7 3",
	]);
});

test("what is no function is refused", () => {
	const optimizer = new SGD([parameter()]);
	expect(() => optimizer.registerStepPreHook(1 as never)).toThrow(
		/registerStepPreHook: hook: expected function/,
	);
	expect(() => optimizer.step(1 as never)).toThrow(
		/SGD: closure: expected function/,
	);
});

test("an optimiser of one's own states its formula for one parameter", () => {
	type Options = torch.optim.BaseOptions & { scale: number };
	class SignDescent extends torch.optim.Optimizer<
		Options,
		{ last: torch.Tensor }
	> {
		constructor(
			params: torch.optim.Params<Options>,
			options: Partial<Options>,
		) {
			super(params, { lr: 0.1, scale: 1 }, options);
		}
		protected override check(): void {}
		protected override newState(param: torch.Tensor) {
			return { last: torch.zerosLike(param) };
		}
		protected override update(
			param: torch.Tensor,
			grad: torch.Tensor,
			state: { last: torch.Tensor },
			{ lr, scale }: torch.optim.ParamGroup<Options>,
		): void {
			state.last.copy_(grad.sign());
			param.sub_(state.last, { alpha: Number(lr) * scale });
		}
	}
	const x = parameter();
	const optimizer = new SignDescent([x], { scale: 5 });
	optimizer.step();
	expect(numbersOf(x)).toEqual([0.5]);
	expect(optimizer.stateDict().param_groups[0]?.scale).toBe(5);
});

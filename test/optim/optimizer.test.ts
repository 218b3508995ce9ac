import * as torch from "../../lib/index.ts";
import { Adam, AdamW, SGD } from "../../lib/optim/index.ts";
import {
	camelOptions,
	expectClose,
	make,
	numbersOf,
	type OptimizerName,
	readJson,
	readTensors,
} from "./support.ts";

function parameter(...values: number[]): torch.Tensor {
	return torch.tensor(values, { dtype: "float32", requiresGrad: true });
}

describe("step", () => {
	test("returns what the closure returns, which runs with autograd", () => {
		const w = parameter(2);
		const optimizer = new SGD([w], { lr: 0.25 });
		const loss = torch.noGrad(() =>
			optimizer.step(() => {
				optimizer.zeroGrad();
				const value = w.pow(2).sum();
				value.backward();
				return Number(value.item());
			}),
		);
		expect(loss).toBe(4);
		expect(numbersOf(w)).toEqual([1]);
		expect(w.requiresGrad).toBe(true);
		expect(w.isLeaf).toBe(true);
	});

	test("leaves alone what has no gradient", () => {
		const [a, b] = [parameter(1), parameter(1)];
		a.grad = torch.ones([1]);
		const optimizer = new Adam([a, b]);
		optimizer.step();
		expect(numbersOf(b)).toEqual([1]);
		expect(optimizer.state.size).toBe(1);
		expect(optimizer.state.has(a)).toBe(true);
	});

	test("keeps its state when called within a scope", () => {
		for (const fused of [true, false]) {
			const w = parameter(1, 2);
			const optimizers = [
				new Adam([w], { fused, amsgrad: true }),
				new SGD([w], { momentum: 0.9, fused }),
			];
			w.grad = torch.ones([2]);
			for (const optimizer of optimizers) {
				for (let i = 0; i < 3; i++) torch.scope(() => optimizer.step());
				for (const value of Object.values(optimizer.state.get(w) ?? {}))
					expect((value as torch.Tensor).isfinite().all().item()).toBe(true);
			}
		}
	});

	test("leaves the gradient to its owner", () => {
		for (const fused of [true, false]) {
			const w = parameter(1, 2);
			const grad = torch.ones([2]);
			w.grad = grad;
			const seen = w.grad;
			new Adam([w], { fused }).step();
			expect([grad, seen, w.grad].map((g) => g && numbersOf(g))).toEqual([
				[1, 1],
				[1, 1],
				[1, 1],
			]);
		}
	});

	test("takes a learning rate that is a tensor and is changed in place", () => {
		for (const fused of [true, false]) {
			const w = parameter(1);
			const lr = torch.tensor(0.5);
			const optimizer = new SGD([w], { lr, fused });
			w.grad = torch.ones([1]);
			optimizer.step();
			lr.fill_(0.25);
			optimizer.step();
			expect(numbersOf(w)).toEqual([0.25]);
		}
	});
});

describe("a differentiable step", () => {
	interface Case {
		optimizer: OptimizerName;
		options: object;
		start: number;
		grads: number;
		lrGrad: number;
		paramGrads: number;
	}
	const cases = readJson<Case[]>("learned.json");
	test.each(cases.map((c) => [c.optimizer, c.options, c] as const))(
		"of %s %j",
		(_, __, c) => {
			const first = readTensors(c.start, "float64").map((t) =>
				t.requiresGrad_(true),
			);
			const lr = torch.tensor(0.1, { dtype: "float64", requiresGrad: true });
			const params = first.map((p) => p.clone());
			const optimizer = make(c.optimizer, params, {
				...camelOptions(c.options),
				lr,
				differentiable: true,
			});
			const grads = readTensors(c.grads, "float64");
			for (const [i, param] of params.entries()) param.grad = grads[i] ?? null;
			optimizer.step();
			const squares = params.map((p) => p.square().sum());
			squares.reduce((a, b) => a.add(b)).backward();
			expect(Number(lr.grad?.item()) / c.lrGrad).toBeCloseTo(1, 12);
			for (const [i, expected] of readTensors(
				c.paramGrads,
				"float64",
			).entries())
				expectClose(first[i]?.grad as torch.Tensor, expected, 1e-12);
		},
	);
});

describe("zeroGrad", () => {
	test("forgets gradients, or fills them with zeros in place", () => {
		const w = parameter(1, 2);
		const optimizer = new SGD([w]);
		w.grad = torch.ones([2]);
		const held = w.grad;
		optimizer.zeroGrad(false);
		expect(numbersOf(held)).toEqual([0, 0]);
		optimizer.zeroGrad({ setToNone: false });
		expect(w.grad && numbersOf(w.grad)).toEqual([0, 0]);
		optimizer.zeroGrad();
		expect(w.grad).toBeNull();
	});

	test("cuts a gradient off the graph that made it", () => {
		const w = parameter(3);
		w.pow(3).sum().backward({ createGraph: true });
		expect(w.grad?.requiresGrad).toBe(true);
		new SGD([w]).zeroGrad(false);
		expect(w.grad?.requiresGrad).toBe(false);
	});
});

test("prints as PyTorch does", () => {
	expect(String(new AdamW([parameter(1)], { lr: 0.01 }))).toBe(
		[
			"AdamW (",
			"Parameter Group 0",
			"    amsgrad: false",
			"    betas: [0.9, 0.999]",
			"    capturable: false",
			"    decoupledWeightDecay: true",
			"    differentiable: false",
			"    eps: 1e-8",
			"    foreach: null",
			"    fused: null",
			"    lr: 0.01",
			"    maximize: false",
			"    weightDecay: 0.01",
			")",
		].join("\n"),
	);
});

describe("wrong arguments", () => {
	const w = parameter(1, 2);
	const two = torch.tensor([0.1, 0.2]);
	const [b9, b99] = [torch.tensor(0.9), torch.tensor(0.99)];
	const wrong: [OptimizerName, unknown, unknown, string, string][] = [
		["SGD", [w], { lr: -1 }, "lr", "Invalid learning rate: -1"],
		["SGD", [w], { lr: Number.NaN }, "lr", "Invalid learning rate: NaN"],
		["SGD", [w], { lr: "0.1" }, "lr", "expected number"],
		["SGD", [w], { lr: two }, "lr", "Tensor lr must be 1-element"],
		[
			"SGD",
			[w],
			{ lr: 0.01, momentum: -0.5 },
			"momentum",
			"Invalid momentum value: -0.5",
		],
		[
			"SGD",
			[w],
			{ weightDecay: -1 },
			"weightDecay",
			"Invalid weight_decay value: -1",
		],
		["SGD", [w], { dampening: "1" }, "dampening", "expected number"],
		[
			"SGD",
			[w],
			{ nesterov: true },
			"nesterov",
			"Nesterov momentum requires a momentum and zero dampening",
		],
		[
			"SGD",
			[w],
			{ nesterov: true, momentum: 0.9, dampening: 0.1 },
			"nesterov",
			"zero dampening",
		],
		["SGD", [w], { maximize: 1 }, "maximize", "expected boolean"],
		[
			"SGD",
			[w],
			{ fused: true, differentiable: true },
			"fused",
			"`fused` does not support `differentiable`",
		],
		[
			"SGD",
			[w],
			{ fused: true, foreach: true },
			"fused",
			"`fused` and `foreach` cannot be `true` together",
		],
		[
			"SGD",
			[w],
			{ weight_decay: 1 },
			"weight_decay",
			"unknown option; known are lr, momentum",
		],
		["SGD", [w], 0.1, "options", "expected object"],
		[
			"Adam",
			[w],
			{ betas: [1, 0] },
			"betas",
			"Invalid beta parameter at index 0: 1",
		],
		[
			"Adam",
			[w],
			{ betas: [0.9, -0.1] },
			"betas",
			"Invalid beta parameter at index 1: -0.1",
		],
		["Adam", [w], { betas: 0.9 }, "betas", "expected [number, number]"],
		[
			"Adam",
			[w],
			{ betas: [0.9, b99] },
			"betas",
			"betas must be either both floats or both Tensors",
		],
		[
			"Adam",
			[w],
			{ betas: [b9, b99], foreach: true },
			"betas[0]",
			"not supported for capturable=False and foreach=True",
		],
		[
			"Adam",
			[w],
			{ lr: torch.tensor(0.1), foreach: true },
			"lr",
			"lr as a Tensor is not supported for capturable=False and foreach=True",
		],
		["Adam", [w], { eps: -1 }, "eps", "Invalid epsilon value: -1"],
		[
			"Adam",
			[w],
			{ weightDecay: -1 },
			"weightDecay",
			"Invalid weight_decay value: -1",
		],
		["AdamW", [w], { amsgrad: null }, "amsgrad", "expected boolean"],
		["AdamW", [], {}, "params", "optimizer got an empty parameter list"],
		[
			"AdamW",
			w,
			{},
			"params",
			"should be an iterable of Tensors or objects, but got",
		],
		[
			"AdamW",
			undefined,
			{},
			"params",
			"should be an iterable of Tensors or objects, but got undefined",
		],
		[
			"AdamW",
			[1],
			{},
			"params",
			"optimizer can only optimize Tensors, but one of the params is number 1",
		],
		["AdamW", [w.mul(2)], {}, "params", "can't optimize a non-leaf Tensor"],
		[
			"AdamW",
			[["a", w], parameter(1)],
			{},
			"params",
			"Some param names are missing",
		],
		[
			"AdamW",
			[{ params: w }, { params: w }],
			{},
			"params",
			"some parameters appear in more than one parameter group",
		],
		[
			"AdamW",
			[{ params: w }, { params: [["b", parameter(1)]] }],
			{},
			"params",
			"cannot add param group with names to the optimizer",
		],
		["AdamW", [{ params: w, lr: -2 }], {}, "lr", "Invalid learning rate: -2"],
		["AdamW", [{ params: w, momentum: 2 }], {}, "momentum", "unknown option"],
	];
	test.each(wrong)(
		"%s(%p, %j): %s",
		(name, params, options, argument, message) => {
			let error: unknown;
			try {
				make(name, params as torch.Tensor[], options as object);
			} catch (thrown) {
				error = thrown;
			}
			expect(error).toBeInstanceOf(torch.TorchError);
			const { op, argument: named, message: text } = error as torch.TorchError;
			expect([op, named]).toEqual([name, argument]);
			expect(text).toContain(message);
		},
	);

	test("a parameter twice in a group is only warned of", () => {
		const warn = jest
			.spyOn(process, "emitWarning")
			.mockImplementation(() => {});
		new SGD([w, w]);
		expect(warn.mock.calls[0]?.[0]).toContain("duplicate parameters");
		warn.mockRestore();
	});
});

import * as torch from "../../lib/index.ts";

const { grad, backward } = torch.autograd;
const leaf = (values: readonly number[] = [1, 2]) =>
	torch.tensor(values, { dtype: "float32", requiresGrad: true });
const ones = (...shape: number[]) => torch.ones(shape);

describe("backward", () => {
	test("adds to grad, again and again", () => {
		const x = leaf();
		expect(x.grad).toBeNull();
		x.pow(2).sum().backward();
		expect(x.grad?.tolist()).toEqual([2, 4]);
		x.mul(3).sum().backward();
		expect(x.grad?.tolist()).toEqual([5, 7]);
		const known = x.grad;
		expect(x.grad).toBe(known);
		expect(known?.requiresGrad).toBe(false);
		x.grad = null;
		x.sum().backward();
		expect((x.grad as torch.Tensor | null)?.tolist()).toEqual([1, 1]);
	});

	test("takes a gradient, alone or by name", () => {
		const x = leaf();
		x.mul(2).backward(torch.tensor([1, 10], { dtype: "float32" }));
		x.mul(2).backward({
			gradient: torch.tensor([100, 1000], { dtype: "float32" }),
		});
		expect(x.grad?.tolist()).toEqual([202, 2020]);
		leaf([3]).mul(2).backward({ gradient: null });
	});

	test("goes twice where the graph is kept", () => {
		const x = leaf();
		const y = x.pow(2).sum();
		y.backward({ retainGraph: true });
		y.backward();
		expect(x.grad?.tolist()).toEqual([4, 8]);
		expect(() => y.backward()).toThrow(
			"backward through the graph a second time",
		);
	});

	test("records itself with createGraph", () => {
		jest.spyOn(process, "emitWarning").mockImplementation(() => {});
		const x = leaf();
		x.pow(3).sum().backward({ createGraph: true });
		const first = x.grad as torch.Tensor;
		expect([first.requiresGrad, first.tolist()]).toEqual([true, [3, 12]]);
		x.grad = null;
		first.sum().backward();
		expect(x.grad).not.toBe(first);
		expect((x.grad as unknown as torch.Tensor).tolist()).toEqual([6, 12]);
	});

	test("accumulates into given inputs only, leaves or not", () => {
		const [x, w] = [leaf(), leaf([3, 4])];
		const y = x.mul(w);
		y.sum().backward({ inputs: [x], retainGraph: true });
		expect([x.grad?.tolist(), w.grad]).toEqual([[3, 4], null]);
		y.pow(2).sum().backward({ inputs: y });
		expect([y.grad?.tolist(), w.grad]).toEqual([[6, 16], null]);
	});

	test("of several tensors at once", () => {
		const x = leaf();
		backward([x.sum(), x.mul(3)], {
			gradTensors: [null, torch.tensor([1, 2], { dtype: "float32" })],
		});
		expect(x.grad?.tolist()).toEqual([4, 7]);
		backward(x.mul(x), { gradTensors: ones(2), inputs: x });
		expect(x.grad?.tolist()).toEqual([6, 11]);
	});

	test("keeps gradients of tensors that are no leaves on demand", () => {
		const x = leaf();
		const [kept, lost] = [x.mul(2), x.mul(3)];
		kept.retainGrad();
		expect([kept.retainsGrad, lost.retainsGrad, x.retainsGrad]).toEqual([
			true,
			false,
			false,
		]);
		kept.mul(lost).sum().backward();
		expect([kept.grad?.tolist(), lost.grad]).toEqual([[3, 6], null]);
	});

	const x = leaf();

	test.each<[string, () => unknown, string]>([
		[
			"of several elements",
			() => x.mul(2).backward(),
			"backward: grad can be implicitly created only for scalar outputs",
		],
		[
			"of what has no history",
			() => ones(1).backward(),
			"backward: element 0 of tensors does not require grad and does not have a grad_fn",
		],
		[
			"with a gradient of another shape",
			() => x.mul(2).backward(ones(3)),
			"backward: invalid gradient at index 0 - got [3] but expected shape compatible with [2]",
		],
		[
			"with no gradient's kind",
			() => x.mul(2).backward({ gradient: 5 as never }),
			"backward: gradient: expected Tensor or null, got number 5",
		],
		[
			"with a number",
			() => x.sum().backward(5 as never),
			"backward: options: expected object, got number 5",
		],
		[
			"with an unknown option",
			() => x.sum().backward({ retain: true } as never),
			"backward: retain: unknown option; known are gradient, retainGraph, createGraph, inputs",
		],
		[
			"with a wrong option",
			() => x.sum().backward({ retainGraph: 1 as never }),
			"backward: retainGraph: expected boolean, got number 1",
		],
		[
			"into nothing",
			() => x.sum().backward({ inputs: [] }),
			"backward: inputs: expected one tensor or more",
		],
		[
			"into a number",
			() => x.sum().backward({ inputs: [5 as never] }),
			"backward: inputs: expected Tensor or Tensor[], got number 5",
		],
		[
			"with too many gradients",
			() => backward(x.sum(), { gradTensors: [null, null] }),
			"got 1 tensors and 2 gradients",
		],
		[
			"of numbers",
			() => backward([5 as never]),
			"backward: tensors: expected Tensor or Tensor[], got number 5",
		],
		[
			"after a change in place",
			() => {
				const y = x.exp();
				y.add_(1);
				y.sum().backward();
			},
			"has been modified by an inplace operation",
		],
	])("%s is refused", (_name, act, message) => {
		expect(act).toThrow(message);
		expect(act).toThrow(torch.TorchError);
	});
});

describe("autograd.grad", () => {
	test("gives gradients, and leaves grad alone", () => {
		const [x, w] = [leaf(), leaf([3, 4])];
		const [dx, dw] = grad(x.mul(w).sum(), [x, w]);
		expect([dx?.tolist(), dw?.tolist()]).toEqual([
			[3, 4],
			[1, 2],
		]);
		expect([x.grad, w.grad, dx?.requiresGrad]).toEqual([null, null, false]);
		expect(grad(x.sum(), x)).toHaveLength(1);
	});

	test("sums over outputs, each with its gradient", () => {
		const x = leaf();
		const [dx] = grad([x.mul(2), x.sum()], x, {
			gradOutputs: [torch.tensor([1, 2], { dtype: "float32" }), null],
		});
		expect(dx?.tolist()).toEqual([3, 5]);
		expect(grad(x.mul(2), x, { gradOutputs: ones(2) })[0]?.tolist()).toEqual([
			2, 2,
		]);
	});

	test("of what is no leaf", () => {
		const x = leaf();
		const y = x.mul(3);
		expect(grad(y.pow(2).sum(), y)[0]?.tolist()).toEqual([6, 12]);
	});

	test("gives null for what is not used, where that is allowed", () => {
		const [x, unused] = [leaf(), leaf()];
		const found = grad(x.sum(), [unused, x], { allowUnused: true });
		expect(found.map((g) => g?.tolist() ?? null)).toEqual([null, [1, 1]]);
		expect(() => grad(leaf().sum(), unused)).toThrow(
			"appears to not have been used in the graph",
		);
		expect(() => grad(leaf().sum(), unused, { allowUnused: false })).toThrow(
			"not have been used",
		);
	});

	test("keeps the graph on demand, and with createGraph", () => {
		const x = leaf();
		const y = x.pow(2).sum();
		grad(y, x, { retainGraph: true });
		const [first] = grad(y, x, { createGraph: true }) as [torch.Tensor];
		expect(first.requiresGrad).toBe(true);
		expect(grad(first.pow(2).sum(), x)[0]?.tolist()).toEqual([8, 16]);
		const z = x.pow(2).sum();
		grad(z, x);
		expect(() => grad(z, x)).toThrow(
			"backward through the graph a second time",
		);
	});

	const x = leaf();

	test.each<[string, () => unknown, string]>([
		[
			"no tensor",
			() => grad(5 as never, x),
			"grad: outputs: expected Tensor or Tensor[], got number 5",
		],
		[
			"no input",
			() => grad(x.sum(), [5 as never]),
			"grad: inputs: expected Tensor or Tensor[], got number 5",
		],
		[
			"no inputs",
			() => grad(x.sum(), []),
			"grad: inputs: expected one tensor or more",
		],
		[
			"no gradient",
			() => grad(x.sum(), x, { gradOutputs: 5 as never }),
			"grad: gradOutputs: expected Tensor or null, got number 5",
		],
		[
			"a gradient of another shape",
			() => grad(x.mul(2), x, { gradOutputs: ones(3) }),
			"invalid gradient at index 0 - got [3] but expected shape compatible with [2]",
		],
		[
			"too few gradients",
			() => grad([x.mul(2), x.sum()], x, { gradOutputs: [ones(2)] }),
			"got 2 tensors and 1 gradients",
		],
		[
			"an input without gradients",
			() => grad(x.sum(), ones(2)),
			"does not require grad",
		],
		[
			"an unknown option",
			() => grad(x.sum(), x, { onlyInputs: true } as never),
			"grad: onlyInputs: unknown option; known are gradOutputs, retainGraph, createGraph, allowUnused",
		],
		[
			"a wrong option",
			() => grad(x.sum(), x, { allowUnused: 1 as never }),
			"allowUnused: expected boolean, got number 1",
		],
	])("%s is refused", (_name, act, message) => {
		expect(act).toThrow(message);
		expect(act).toThrow(torch.TorchError);
	});
});

describe("leaves", () => {
	test("are what no recorded operator made", () => {
		const x = leaf();
		const y = x.add(x);
		expect([x.isLeaf, y.isLeaf, ones(2).isLeaf, ones(2).add(1).isLeaf]).toEqual(
			[true, false, true, true],
		);
		expect([x.gradFn, y.gradFn?.name()]).toEqual([null, "AddBackward0"]);
	});

	test("may start and stop to require gradients; others may not stop", () => {
		const x = ones(2);
		x.requiresGrad = true;
		expect(x.requiresGrad).toBe(true);
		expect(x.requiresGrad_(false).requiresGrad).toBe(false);
		expect(x.requiresGrad_() === x && x.requiresGrad).toBe(true);
		const y = x.mul(2);
		expect(() => {
			y.requiresGrad = false;
		}).toThrow(
			"requiresGrad: value: only leaves can stop to require gradients",
		);
		expect(() => {
			ones(2).int().requiresGrad = true;
		}).toThrow(
			"Only Tensors of floating point and complex dtype can require gradients",
		);
		expect(() => {
			x.requiresGrad = 1 as never;
		}).toThrow("expected boolean, got number 1");
		expect(() => ones(2).retainGrad()).toThrow(
			"can't retain_grad on Tensor that has requires_grad=False",
		);
	});

	test("that require gradients are not changed in place, but in noGrad", () => {
		const x = leaf();
		expect(() => x.add_(1)).toThrow(
			"add_: a leaf Variable that requires grad is being used in an in-place operation",
		);
		expect(() => x.index(0).zero_()).toThrow(
			"a view of a leaf Variable that requires grad",
		);
		torch.noGrad(() => x.add_(1));
		expect(x.tolist()).toEqual([2, 3]);
	});

	test("have a grad that fits", () => {
		const x = leaf();
		const given = ones(2);
		x.grad = given;
		expect(x.grad).toBe(given);
		x.sum().backward();
		expect(given.tolist()).toEqual([2, 2]); // added to in place, as in Python
		const set = (value: unknown) => () => {
			x.grad = value as torch.Tensor;
		};
		expect(set(ones(3))).toThrow("assigned grad has shape [3], the tensor [2]");
		expect(set(ones(2).double())).toThrow(
			"assigned grad has dtype float64, the tensor float32",
		);
		expect(set(ones(2).to("meta"))).toThrow(
			"assigned grad is on meta, the tensor on cpu",
		);
		expect(set(x)).toThrow("grad: value: a tensor cannot be its own gradient");
		expect(set(5)).toThrow(
			"grad: value: expected Tensor or null, got number 5",
		);
		expect(x.grad).toBe(given);
		x.grad = null;
		expect(x.grad).toBeNull();
	});
});

describe("detach and data", () => {
	test("share memory without history", () => {
		const x = leaf();
		for (const y of [x.detach(), x.data]) {
			expect([y.requiresGrad, y.isLeaf, y.dataPtr()]).toEqual([
				false,
				true,
				x.dataPtr(),
			]);
			y.add_(1);
		}
		expect(x.tolist()).toEqual([3, 4]);
		const z = x.mul(2);
		expect([z.detach_() === z, z.requiresGrad, z.gradFn]).toEqual([
			true,
			false,
			null,
		]);
	});

	test("a change by detach counts as a version, one by data does not", () => {
		const x = leaf();
		const y = x.mul(1);
		expect([y.version, y.add_(1).version, y.mul_(2).version]).toEqual([
			0, 1, 2,
		]);
		y.detach().add_(1);
		expect(y.version).toBe(3);
		y.data.add_(1);
		expect([y.version, y.tolist()]).toEqual([3, [6, 8]]);
		expect(y.index(0).version).toBe(3);
	});

	test("so autograd notices the one, and trusts the other", () => {
		const x = leaf();
		const exact = x.exp();
		exact.detach().zero_();
		expect(() => exact.sum().backward()).toThrow(
			"has been modified by an inplace operation",
		);
		const trusted = x.exp();
		trusted.data.zero_();
		trusted.sum().backward();
		expect(x.grad?.tolist()).toEqual([0, 0]);
	});

	test("data of views, of conjugates and of other kinds", () => {
		const view = torch.arange(6).reshape(2, 3).t();
		expect([view.data.tolist(), view.data.stride()]).toEqual([
			view.tolist(),
			[1, 3],
		]);
		const conjugate = torch.tensor([{ re: 1, im: 2 }]).conj();
		expect(conjugate.data.tolist()).toEqual([{ re: 1, im: -2 }]);
		expect(torch.tensor(5).data.item()).toBe(5);
		expect(ones(0, 3).data.shape).toEqual([0, 3]);
	});

	test("setting data replaces the values of a leaf", () => {
		const x = leaf();
		const values = ones(3);
		x.data = values;
		expect([x.tolist(), x.requiresGrad, x.isLeaf, x.dataPtr()]).toEqual([
			[1, 1, 1],
			true,
			true,
			values.dataPtr(),
		]);
		expect(() => {
			x.data = 5 as never;
		}).toThrow("data: value: expected Tensor, got number 5");
		expect(() => {
			x.data = ones(2).int();
		}).toThrow("must be floating point or complex dtype");
	});
});

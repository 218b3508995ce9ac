/** Hooks on tensors and on the graph's nodes: order, removal, errors. */
import * as torch from "../../lib/index.ts";

type Tensor = torch.Tensor;
const leaf = (): Tensor => torch.ones([2], { requiresGrad: true });

class Own extends Error {}

test("a hook that was removed is not called; others stay in order", () => {
	const x = leaf();
	const called: string[] = [];
	const first = x.registerHook(() => {
		called.push("first");
	});
	x.registerHook(() => {
		called.push("second");
		first.remove();
		first.remove();
	});
	{
		using _ = x.registerHook(() => {
			called.push("third");
		});
		x.sum().backward();
	}
	x.sum().backward();
	expect(called).toEqual(["first", "second", "third", "second"]);
});

test("a hook that is registered within a hook runs in the next backward", () => {
	const x = leaf();
	let calls = 0;
	x.registerHook(() => {
		if (calls === 0) x.registerHook(() => void calls++);
		calls++;
	});
	x.sum().backward();
	expect(calls).toBe(1);
	x.sum().backward();
	expect(calls).toBe(3);
});

test.each([new Own("mine"), "a string", 5, undefined, null, { plain: true }])(
	"what a hook throws reaches the caller of backward as itself: %p",
	(thrown) => {
		const caught = (fn: () => void): unknown => {
			try {
				fn();
			} catch (error) {
				return error;
			}
			throw new Error("nothing was thrown");
		};
		const raise = (): never => {
			throw thrown;
		};
		const x = leaf();
		const y = x.exp();
		y.registerHook(raise);
		expect(caught(() => y.sum().backward())).toBe(thrown);
		expect(caught(() => torch.autograd.grad(y.sum(), x))).toBe(thrown);
		const z = x.exp();
		z.gradFn?.registerPrehook(raise);
		expect(caught(() => z.sum().backward())).toBe(thrown);
		const w = leaf();
		w.registerPostAccumulateGradHook(raise);
		expect(caught(() => w.sum().backward())).toBe(thrown);
		class F extends torch.autograd.Function {
			static forward(_: torch.autograd.FunctionCtx, a: Tensor): Tensor {
				return a.clone();
			}
			static backward(): never {
				return raise();
			}
		}
		expect(caught(() => F.apply(x).sum().backward())).toBe(thrown);
		expect(x.exp().sum().item()).toBeCloseTo(2 * Math.E, 5);
	},
);

test("a backward within a hook", () => {
	const x = leaf();
	const inner = leaf();
	const y = x.mul(2);
	y.registerHook((g) => {
		torch.enableGrad(() => inner.mul(3).sum().backward());
		return g.mul(inner.grad as Tensor);
	});
	y.sum().backward();
	expect(x.grad?.tolist()).toEqual([6, 6]);
});

test("backward within backward, deeper than LibTorch goes on one thread, is refused in words", () => {
	const deep = (depth: number): void => {
		const x = leaf();
		x.registerHook(() => {
			if (depth > 0) torch.enableGrad(() => deep(depth - 1));
		});
		x.sum().backward();
	};
	deep(20);
	expect(() => deep(100)).toThrow(/reached on another thread/);
	deep(20);
});

const refusals: [what: string, call: () => unknown, error: object][] = [
	[
		"a hook on what needs no gradient",
		() => torch.ones([2]).registerHook(() => {}),
		{
			code: "ERR_INVALID_ARG_VALUE",
			message: /does not require gradient/,
		},
	],
	[
		"a hook that is no function",
		() => leaf().registerHook(3 as never),
		{ code: "ERR_INVALID_ARG_TYPE", argument: "hook" },
	],
	[
		"a hook after accumulation of what is no leaf",
		() =>
			leaf()
				.mul(2)
				.registerPostAccumulateGradHook(() => {}),
		{ code: "ERR_INVALID_ARG_VALUE", message: /non-leaf/ },
	],
	[
		"a hook that returns a number",
		() => {
			const x = leaf();
			x.registerHook(() => 3 as never);
			x.sum().backward();
		},
		{ code: "ERR_INVALID_ARG_TYPE", message: /to return Tensor/ },
	],
	[
		"a hook that returns another shape",
		() => {
			const x = leaf();
			x.registerHook(() => torch.ones([3]));
			x.sum().backward();
		},
		{ message: /size/ },
	],
	[
		"a node's hook that returns too many",
		() => {
			const y = leaf().exp();
			y.gradFn?.registerHook(([g]) => [g as Tensor, g as Tensor]);
			y.sum().backward();
		},
		{ message: /2 gradients instead of 1/ },
	],
	[
		"a node's hook while hooks of it run",
		() => {
			const y = leaf().exp();
			const node = y.gradFn;
			node?.registerHook(() => void node.registerHook(() => {}));
			y.sum().backward();
		},
		{ code: "ERR_INVALID_STATE" },
	],
];

test.each(refusals)("%s is refused", (_, call, expected) => {
	expect(call).toThrow(
		expect.objectContaining(
			Object.fromEntries(
				Object.entries(expected).map(([key, value]) => [
					key,
					value instanceof RegExp ? expect.stringMatching(value) : value,
				]),
			),
		),
	);
});

test("the leaf that a hook after accumulation gets is the very object", () => {
	const w = new torch.nn.Parameter(torch.ones([2]));
	const optimizer = new torch.optim.SGD([w], { lr: 0.5 });
	w.registerPostAccumulateGradHook((found) => {
		expect(found).toBe(w);
		optimizer.step();
		optimizer.zeroGrad();
	});
	w.mul(3).sum().backward();
	expect([w.tolist(), w.grad]).toEqual([[-0.5, -0.5], null]);
});

test("the graph can be walked: nodes are the same objects, leaves at its end", () => {
	const x = leaf();
	const exp = x.exp();
	const sum = exp.add(exp.mul(x)).sum();
	const names: string[] = [];
	const seen = new Set<unknown>();
	const visit = (node: torch.autograd.graph.GraphNode | null): void => {
		if (node === null || seen.has(node)) return;
		seen.add(node);
		names.push(node.name());
		if (node.variable) expect(node.variable.tolist()).toEqual([1, 1]);
		for (const [next] of node.nextFunctions) visit(next);
	};
	visit(sum.gradFn);
	expect(names).toEqual([
		"SumBackward0",
		"AddBackward0",
		"ExpBackward0",
		"torch::autograd::AccumulateGrad",
		"MulBackward0",
	]);
	expect(sum.gradFn).toBe(sum.gradFn);
	expect(x.gradFn).toBeNull();
});

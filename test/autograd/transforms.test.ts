/** Hooks, custom functions, checkpoints, forward mode, autograd.functional and torch.func, with the values that PyTorch has. */
import * as torch from "../../lib/index.ts";
import {
	expectTensor,
	fixture,
	type Stored,
	tensor,
} from "../support/stored.ts";

type Tensor = torch.Tensor;
const { func, autograd } = torch;
const { forwardAd, functional } = autograd;
const { checkpoint, checkpointSequential } = torch.utils.checkpoint;

const { inputs, cases, printed } = fixture<{
	inputs: Record<"x" | "y" | "w", Stored>;
	cases: Record<string, Stored[]>;
	printed: string[];
}>("autograd/transforms.json");

const [X, Y, W] = [tensor(inputs.x), tensor(inputs.y), tensor(inputs.w)];
const double = { dtype: "float64" } as const;

const leaves = (): [Tensor, Tensor, Tensor] => [
	X.clone().requiresGrad_(),
	Y.clone().requiresGrad_(),
	W.clone().requiresGrad_(),
];
const gradOf = (leaf: Tensor): Tensor => leaf.grad ?? torch.zeros([]);

const smooth = (x: Tensor, y: Tensor): Tensor =>
	x.sin().mul(y.exp()).add(x.mul(x).mul(y)).sum();
const vector = (x: Tensor, y: Tensor): Tensor => x.mul(y).sum(1).tanh();

class Cube extends autograd.Function {
	static forward(
		ctx: torch.autograd.FunctionCtx<{ scale: number }>,
		x: Tensor,
		scale: number,
	): Tensor {
		ctx.saveForBackward(x);
		ctx.scale = scale;
		return x.pow(3).mul(scale);
	}

	static backward(
		ctx: torch.autograd.FunctionCtx<{ scale: number }>,
		gradient: Tensor,
	): [Tensor, null] {
		const [x] = ctx.savedTensors as [Tensor];
		return [gradient.mul(x.pow(2)).mul(3 * ctx.scale), null];
	}
}

class SplitSetup extends autograd.Function {
	static forward(x: Tensor, y: Tensor): [Tensor, Tensor, Tensor] {
		return [x.mul(y), x.add(y), x.gt(0)];
	}

	static setupContext(
		ctx: torch.autograd.FunctionCtx,
		given: Tensor[],
		output: Tensor[],
	): void {
		ctx.saveForBackward(...given);
		ctx.markNonDifferentiable(output[2] as Tensor);
	}

	static backward(
		ctx: torch.autograd.FunctionCtx,
		g: Tensor,
		h: Tensor,
	): Tensor[] {
		const [x, y] = ctx.savedTensors as [Tensor, Tensor];
		return [g.mul(y).add(h), g.mul(x).add(h)];
	}

	static jvp(
		_ctx: torch.autograd.FunctionCtx,
		dx: Tensor,
		dy: Tensor,
	): (Tensor | null)[] {
		return [dx.add(dy), dx.sub(dy), null];
	}
}

class DoubleInPlace extends autograd.Function {
	static forward(ctx: torch.autograd.FunctionCtx, x: Tensor): Tensor {
		ctx.markDirty(x);
		return x.mul_(2);
	}

	static backward(_ctx: torch.autograd.FunctionCtx, gradient: Tensor): Tensor {
		return gradient.mul(2);
	}
}

const block = (x: Tensor, y: Tensor, w: Tensor): Tensor =>
	torch.nn.functional.dropout(x.mul(y).matmul(w).tanh(), { p: 0.5 }).exp();

const linear = (): torch.nn.Linear => {
	const layer = new torch.nn.Linear(3, 4, { dtype: "float64" });
	torch.noGrad(() => {
		layer.weight.copy_(W.t());
		layer.bias?.fill_(0.5);
	});
	return layer;
};

const parts = ({
	primal,
	tangent,
}: {
	primal: Tensor;
	tangent: Tensor | null;
}) => [primal, tangent as Tensor];

const jacobians =
	(options: torch.autograd.functional.JacobianOptions) => () => [
		functional.jacobian((x: Tensor) => x.exp().sum(1), X, options),
		...functional.jacobian(vector, [X, Y], options),
		...functional
			.jacobian((x: Tensor, y: Tensor) => [x.mul(y), x.sum()], [X, Y], options)
			.flat(),
	];

const hessians = (options: torch.autograd.functional.HessianOptions) => () => [
	functional.hessian((x: Tensor) => x.pow(3).sum(), X, options),
	...functional.hessian(smooth, [X, Y], options).flat(),
];

/** As in scripts/fixtures/transforms.py. */
const found: Record<string, () => Tensor[]> = {
	tensorHooks() {
		const [x, y] = leaves();
		const seen: Tensor[] = [];
		const z = x.mul(y);
		z.registerHook((g) => g.mul(2));
		z.registerHook((g) => {
			seen.push(g.clone());
		});
		x.registerHook((g) => g.add(1));
		z.retainGrad();
		z.sin().sum().backward();
		return [gradOf(x), gradOf(y), gradOf(z), ...seen];
	},
	hookBeforeInPlace() {
		const [x] = leaves();
		const z = x.mul(2);
		z.registerHook((g) => g.mul(10));
		z.mul_(3);
		z.registerHook((g) => g.mul(100));
		z.sum().backward();
		return [gradOf(x)];
	},
	nodeHooks() {
		const [x, y] = leaves();
		const z = x.mul(y);
		z.gradFn?.registerHook(([first]) => [(first as Tensor).mul(2), null]);
		z.gradFn?.registerPrehook(([first]) => [(first as Tensor).add(1)]);
		z.sum().backward();
		return [gradOf(x), gradOf(y)];
	},
	postAccumulate() {
		const [x] = leaves();
		const seen: Tensor[] = [];
		x.registerPostAccumulateGradHook((leaf) => {
			seen.push(gradOf(leaf).clone());
		});
		x.mul(2).sum().backward();
		x.mul(3).sum().backward();
		return [...seen, gradOf(x)];
	},
	customFunction() {
		const [x] = leaves();
		const y = Cube.apply(x, 2);
		const [g] = autograd.grad(y.sum(), x, { createGraph: true }) as [Tensor];
		return [y, g, ...autograd.grad(g.sum(), x)];
	},
	customSetup() {
		const [x, y] = leaves();
		const [a, b, mask] = SplitSetup.apply(x, y);
		expect(mask.requiresGrad).toBe(false);
		a.sin().add(b.mul(mask)).sum().backward();
		return [a, b, gradOf(x), gradOf(y)];
	},
	customUnusedOutput() {
		const [x, y] = leaves();
		SplitSetup.apply(x, y)[0].sum().backward();
		return [gradOf(x), gradOf(y)];
	},
	customInPlace() {
		const [x] = leaves();
		const z = x.mul(1);
		expect(DoubleInPlace.apply(z)).toBe(z);
		z.mul(x).sum().backward();
		return [z, gradOf(x)];
	},
	customJvp: () =>
		forwardAd.dualLevel(() => {
			const [a, b] = SplitSetup.apply(
				forwardAd.makeDual(X, Y),
				forwardAd.makeDual(Y, X),
			);
			return [a, b].map((t) => forwardAd.unpackDual(t).tangent as Tensor);
		}),
	savedHooks() {
		const [x, y] = leaves();
		const z = autograd.graph.savedTensorsHooks(
			(t) => t.mul(2),
			(t) => t.add(1),
			() => x.mul(y),
		);
		z.sum().backward();
		return [gradOf(x), gradOf(y)];
	},
	checkpointed() {
		const [x, y, w] = leaves();
		torch.manualSeed(3);
		const out = checkpoint(block, [x, y, w]);
		const after = torch.rand(2);
		out.sum().backward();
		return [out, gradOf(x), gradOf(y), gradOf(w), after, torch.rand(2)];
	},
	checkpointedReentrant() {
		const [x, y, w] = leaves();
		torch.manualSeed(3);
		const out = checkpoint(block, [x, y, w], { useReentrant: true });
		out.sum().backward();
		return [out, gradOf(x), gradOf(y), gradOf(w), torch.rand(2)];
	},
	checkpointedTwice() {
		const [x, y, w] = leaves();
		const inner = (p: Tensor, q: Tensor) => p.mul(q).sin();
		const out = checkpoint(
			(a: Tensor, b: Tensor, c: Tensor) =>
				checkpoint(inner, [a, b]).matmul(c).tanh(),
			[x, y, w],
		);
		const [g] = autograd.grad(out.sum(), x, { createGraph: true }) as [Tensor];
		g.pow(2).sum().backward();
		return [g, gradOf(x), gradOf(y), gradOf(w)];
	},
	checkpointedSequence() {
		const [x, , w] = leaves();
		const out = checkpointSequential<Tensor>(
			[
				(t) => t.sin(),
				(t) => t.matmul(w),
				(t) => t.tanh(),
				(t) => t.mul(t),
				(t) => t.exp(),
			],
			2,
			x,
		);
		out.sum().backward();
		return [out, gradOf(x), gradOf(w)];
	},
	forwardMode: () =>
		forwardAd.dualLevel(() => {
			const x = forwardAd.makeDual(X, Y);
			const outs = [
				x.sin(),
				x.matmul(W),
				x.softmax(1),
				x.norm(),
				torch.cat([x, x.mul(x)]),
			];
			return outs.flatMap((out) => parts(forwardAd.unpackDual(out)));
		}),
	forwardOverReverse: () =>
		forwardAd.dualLevel(() => {
			const dual = forwardAd.makeDual(X.clone().requiresGrad_(), Y);
			const [g] = autograd.grad(dual.sin().mul(dual).sum(), dual, {
				createGraph: true,
			}) as [Tensor];
			return parts(forwardAd.unpackDual(g));
		}),
	jacobian: jacobians({}),
	jacobianVectorized: jacobians({ vectorize: true }),
	jacobianForward: jacobians({ vectorize: true, strategy: "forward-mode" }),
	hessian: hessians({}),
	hessianVectorized: hessians({ vectorize: true }),
	hessianForward: hessians({
		vectorize: true,
		outerJacobianStrategy: "forward-mode",
	}),
	products() {
		const v = torch.linspace(0.5, 1.5, 2, double);
		const [out, [a, b]] = functional.vjp(vector, [X, Y], v);
		const list = [out, a as Tensor, b as Tensor];
		list.push(...functional.jvp(vector, [X, Y], [Y, X]));
		for (const f of [functional.vhp, functional.hvp]) {
			const [value, both] = f(smooth, [X, Y], [Y, X]);
			list.push(value, ...both);
		}
		return list;
	},
	productsCreateGraph() {
		const [x, y] = leaves();
		const [, [a, b]] = functional.vjp(vector, [x, y], torch.ones([2], double), {
			createGraph: true,
		}) as [Tensor, [Tensor, Tensor]];
		a.pow(2).sum().add(b.pow(2).sum()).backward();
		return [gradOf(x), gradOf(y)];
	},
	funcGrad() {
		const both = func.grad(smooth, { argnums: [1, 0] })(X, Y);
		const withAux = func.gradAndValue(
			(x: Tensor): [Tensor, Tensor] => [x.sin().sum(), x.mul(2)],
			{ hasAux: true },
		);
		const [gv, [value, aux]] = withAux(X);
		const third = func.grad(func.grad(func.grad((x: Tensor) => x.pow(4))))(
			torch.tensor(1.5, double),
		);
		return [func.grad(smooth)(X, Y), ...both, gv, value, aux, third];
	},
	funcTree() {
		const out = func.grad((p: { a: Tensor; b: [Tensor, Tensor] }) =>
			p.a.mul(p.b[0]).sin().sum().add(p.b[1].pow(2).sum()),
		)({ a: X, b: [Y, W] });
		return [out.a, ...out.b];
	},
	funcGradOfRecorded() {
		const [x, y] = leaves();
		func
			.grad((t: Tensor) => t.mul(t).mul(y).sum())(x)
			.sin()
			.sum()
			.backward();
		return [gradOf(x), gradOf(y)];
	},
	funcVmap: () => [
		func.vmap((a: Tensor, b: Tensor) => a.dot(b))(X, Y),
		func.vmap((a: Tensor, b: Tensor) => a.mul(b), {
			inDims: [1, null],
			outDims: 1,
		})(X, Y.index(torch.slice(), 0)),
		func.vmap(func.vmap((a: Tensor) => a.sin()))(X),
		func.vmap((w: Tensor) => X.matmul(w), { inDims: -1 })(W),
		func.vmap((a: Tensor) => a.cumsum(0), { chunkSize: 1 })(X),
		func.vmap((d: { a: Tensor; b: Tensor }) => d.a.add(d.b), {
			inDims: [{ a: 0, b: null }],
		})({ a: X, b: Y.index(0) }),
		func.vmap((a: Tensor) => torch.layerNorm(a, [3]))(X),
		func.vmap((a: Tensor) => torch.linalg.vectorNorm(a))(X),
		func.vmap((a: Tensor, i: Tensor) => a.indexSelect(0, i))(
			X,
			torch.tensor([
				[0, 2],
				[1, 1],
			]),
		),
	],
	funcVmapRandom: () =>
		(["same", "different"] as const).map((randomness) => {
			torch.manualSeed(4);
			return func.vmap((a: Tensor) => a.add(torch.rand([3], double)), {
				randomness,
			})(X);
		}),
	funcPerSample: () => [
		...func
			.vmap(
				func.grad((w: Tensor, x: Tensor) => x.matmul(w).tanh().sum()),
				{ inDims: [null, 0] },
			)(W, X)
			.unbind(),
	],
	funcProducts() {
		const [out, pullback] = func.vjp(vector, [X, Y]);
		return [
			out,
			...pullback(torch.onesLike(out)),
			...pullback(out),
			...func.jvp(vector, [X, Y], [Y, X]),
			...func.jvp(
				(x: Tensor) => func.jvp((a: Tensor) => a.sin(), [x], [Y])[1],
				[X],
				[Y],
			),
			...func.vmap((x: Tensor, t: Tensor) =>
				func.jvp((a: Tensor) => a.exp(), [x], [t]),
			)(X, Y),
		];
	},
	funcJacobians() {
		const both = (x: Tensor, y: Tensor) => ({ p: x.mul(y), s: x.sum() });
		const trees = [func.jacrev(both)(X, Y), func.jacfwd(both)(X, Y)] as {
			p: Tensor;
			s: Tensor;
		}[];
		return [
			func.jacrev(vector)(X, Y),
			func.jacfwd(vector)(X, Y),
			...func.jacrev(vector, { argnums: [0, 1] })(X, Y),
			func.jacfwd(vector, { argnums: 1 })(X, Y),
			func.jacrev(vector, { chunkSize: 1 })(X, Y),
			...trees.flatMap(({ p, s }) => [p, s]),
			func.hessian(smooth)(X, Y),
			...(func.hessian(smooth, { argnums: [0, 1] })(X, Y) as Tensor[][]).flat(),
		];
	},
	moduleHooks() {
		const layer = linear();
		const seen: Tensor[] = [];
		layer.registerFullBackwardPreHook((_, [go]) => [(go as Tensor).mul(2)]);
		layer.registerFullBackwardHook((_, [gi], [go]) => {
			seen.push((gi as Tensor).clone(), (go as Tensor).clone());
			return undefined;
		});
		layer.registerFullBackwardHook((_, [gi]) => [(gi as Tensor).add(1)]);
		const [x] = leaves();
		layer(x).pow(2).sum().backward();
		const bias = layer.bias as Tensor;
		return [gradOf(x), gradOf(layer.weight), gradOf(bias), ...seen];
	},
	moduleHooksWithoutInputGrad() {
		const layer = linear();
		const seen: Tensor[] = [];
		layer.registerFullBackwardHook((_, gi, [go]) => {
			expect(gi).toEqual([null]);
			seen.push((go as Tensor).clone());
			return undefined;
		});
		layer(X).pow(2).sum().backward();
		return [gradOf(layer.weight), ...seen];
	},
	bilinearHooks() {
		const layer = new torch.nn.Bilinear(3, 3, 2, { dtype: "float64" });
		torch.noGrad(() => {
			layer.weight.copy_(torch.linspace(-1, 1, 18, double).reshape(2, 3, 3));
			layer.bias?.fill_(0.1);
		});
		const seen: Tensor[] = [];
		layer.registerFullBackwardHook((_, [gi, none], [go]) => {
			expect(none?.tolist()).toEqual(torch.zeros([2, 3]).tolist()); // as in PyTorch
			seen.push((gi as Tensor).clone(), go as Tensor);
			return [(gi as Tensor).mul(3), null];
		});
		const [x] = leaves();
		layer(x, Y).sin().sum().backward();
		return [gradOf(x), ...seen];
	},
};

/** What is computed with the numbers that PyTorch draws is the same but for rounding. */
test.each(Object.entries(cases))("%s", (name, wanted) => {
	const tensors = found[name]?.() ?? [];
	expect(tensors).toHaveLength(wanted.length);
	for (const [i, each] of wanted.entries())
		expectTensor(tensors[i] as Tensor, each, { what: `${name}[${i}]` });
});

test("tensors within transforms print as in Python", () => {
	const lines: string[] = [];
	const note = (tensor: Tensor) => {
		lines.push(String(tensor));
		return tensor;
	};
	func.vmap(note)(torch.ones([2, 3]));
	func.grad((a: Tensor) => note(a).sum())(torch.ones([2]));
	func.vmap(func.grad((a: Tensor) => note(a).sum()))(torch.ones([2, 2]));
	lines.push(String(Cube.apply(torch.ones([2], { requiresGrad: true }), 2)));
	expect(lines).toEqual(printed);
});

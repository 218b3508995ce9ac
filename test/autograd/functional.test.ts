/** autograd.functional, forward mode, gradcheck and torch.func: what they refuse, and what gradcheck finds. */
import * as torch from "../../lib/index.ts";

type Tensor = torch.Tensor;
const { func, autograd } = torch;
const { forwardAd, functional, gradcheck, gradgradcheck } = autograd;

const double = { dtype: "float64", requiresGrad: true } as const;
const X = torch.tensor([0.3, 0.7], double);
const M = torch.linspace(-1, 1, 6, { dtype: "float64" }).reshape(2, 3);
const identity = (x: Tensor): Tensor => x;

const refusals: [what: string, call: () => unknown, message: RegExp][] = [
	[
		"makeDual without a level",
		() => forwardAd.makeDual(X, X),
		/call it within dualLevel/,
	],
	[
		"a level within a level",
		() => forwardAd.dualLevel(() => forwardAd.dualLevel(() => 1)),
		/Nested forward mode AD is not supported/,
	],
	[
		"a dual of integers",
		() =>
			forwardAd.dualLevel(() =>
				forwardAd.makeDual(torch.arange(2), torch.arange(2)),
			),
		/makeDual: tensor: expected a floating point or complex dtype, got int64/,
	],
	[
		"a tangent of another shape",
		() => forwardAd.dualLevel(() => forwardAd.makeDual(X, torch.ones([3]))),
		/size/,
	],
	[
		"vjp without v",
		() => functional.vjp((x: Tensor) => x.pow(2), X),
		/vjp: The vector v can only be null if the user-provided function returns a single Tensor with a single element/,
	],
	[
		"v of another shape",
		() => functional.jvp((x: Tensor) => x.pow(2), X, torch.ones([3])),
		/v has invalid size: should be \[2\] but got \[3\]/,
	],
	[
		"strict, where an input is not used",
		() =>
			functional.jacobian((x: Tensor, _y: Tensor) => x.pow(2), [X, X], {
				strict: true,
			}),
		/Output 0 of the user-provided function is independent of input 1/,
	],
	[
		"strict, where the gradient is constant",
		() => functional.hessian((x: Tensor) => x.sum(), X, { strict: true }),
		/jacobian of the user-provided function with respect to input 0 is independent of the input/,
	],
	[
		"strict and vectorize",
		() => functional.jacobian(identity, X, { strict: true, vectorize: true }),
		/not supported together/,
	],
	[
		"a hessian of a vector",
		() => functional.hessian((x: Tensor) => x.pow(2), X),
		/should contain a single element/,
	],
	[
		"an unknown strategy",
		() => functional.jacobian(identity, X, { strategy: "sideways" as never }),
		/strategy: expected one of "forward-mode", "reverse-mode", got string "sideways"/,
	],
	[
		"gradcheck without a gradient",
		() => gradcheck(identity, [X.detach()]),
		/at least one input tensor to require gradient/,
	],
	[
		"gradcheck of what is expanded",
		() => gradcheck(identity, [X.detach().expand([2, 2]).requiresGrad_()]),
		/dimension with stride 0/,
	],
	[
		"gradcheck of nothing",
		() => gradcheck(identity, [X], { checkBackwardAd: false }),
		/nothing to check/,
	],
	[
		"vmap of no tensor",
		() => func.vmap((x: Tensor, _n: number) => x)(X.detach(), 2),
		/got 0 for an input that is no Tensor but number 2; give null there/,
	],
	[
		"vmap over different sizes",
		() => func.vmap((a: Tensor, b: Tensor) => a.add(b))(M, torch.ones([3])),
		/same size in the mapped dimension, got sizes 2, 3/,
	],
	[
		"vmap over a dimension that is not there",
		() => func.vmap(identity, { inDims: 2 })(M),
		/got 2 for an input of 2 dimensions, expected one from -2 to 1/,
	],
	[
		"vmap over nothing",
		() => func.vmap(identity, { inDims: null })(M),
		/at least one Tensor to vmap over/,
	],
	[
		"vmap of a function that returns a number",
		() => func.vmap((_x: Tensor) => 3)(M),
		/fn: expected to return only Tensors, got number 3/,
	],
	[
		"vmap of random numbers",
		() => func.vmap((x: Tensor) => x.add(torch.rand([3])))(M),
		/random operation while in randomness error mode/,
	],
	[
		"a value within vmap",
		() => func.vmap((x: Tensor) => torch.tensor(x.sum().item() as number))(M),
		/calling \.item\(\) on a Tensor/,
	],
	[
		"values within vmap",
		() => func.vmap((x: Tensor) => torch.tensor(x.tolist() as number[]))(M),
		/within vmap/,
	],
	[
		"an output that depends on the batch, with outDims null",
		() => func.vmap(identity, { outDims: null })(M),
		/depends on what is mapped over/,
	],
	[
		"grad of a vector",
		() => func.grad(identity)(M),
		/expected it to return a scalar tensor, got one with 2 dims\. Maybe you wanted to use the vjp or jacrev/,
	],
	[
		"grad of an argument that is not there",
		() => func.grad((x: Tensor) => x.sum(), { argnums: 1 as 0 })(M),
		/argnums: got 1 for a function of 1 arguments/,
	],
	[
		"grad of integers",
		() => func.grad((x: Tensor) => x.sum())(torch.arange(3)),
		/floating point/,
	],
	[
		"grad with an aux that is none",
		() =>
			func.grad((x: Tensor) => x.sum() as never, { hasAux: true })(M.clone()),
		/expected to return \[output, aux\]/,
	],
	[
		"an unknown option",
		() => func.vmap(identity, { outDim: 1 } as never),
		/unknown option; known are inDims, outDims, randomness, chunkSize/,
	],
];

test.each(refusals)("%s is refused", (_, call, message) => {
	expect(call).toThrow(message);
	// and nothing is left behind
	expect(M.add(1).sum().item()).toBeCloseTo(6);
	expect(() => forwardAd.makeDual(X, X)).toThrow(/dualLevel/);
});

test("tensors that escape: those of grad have their values, those of vmap are refused", () => {
	let escaped = M;
	const keep = (x: Tensor): Tensor => {
		escaped = x.mul(2);
		return x.sum();
	};
	func.grad(keep)(torch.ones([2]));
	expect([String(escaped), escaped.add(1).tolist()]).toEqual([
		"tensor([2., 2.])",
		[3, 3],
	]);
	func.vmap(keep)(torch.ones([2, 2]));
	expect(() => escaped.add(1)).toThrow(
		/escaped from inside a function being vmapped/,
	);
});

test("values can be read within grad", () => {
	func.grad((x: Tensor) => {
		expect([x.tolist(), x.sum().item()]).toEqual([[1, 1], 2]);
		return x.sum();
	})(torch.ones([2]));
});

test("an ensemble: stackModuleState, functionalCall and vmap", () => {
	const models = [1, 2, 3].map(() => new torch.nn.Linear(3, 2));
	const [parameters, buffers] = func.stackModuleState(models);
	expect(buffers).toEqual({});
	const x = torch.randn([4, 3]);
	const run = (p: Record<string, Tensor>, input: Tensor): Tensor =>
		func.functionalCall(models[0] as torch.nn.Linear, p, [input]);
	const all = func.vmap(run, { inDims: [0, null] })(parameters, x);
	for (const [i, model] of models.entries())
		expect(all.index(i).allclose(model(x), { atol: 1e-6 })).toBe(true);
	all.sum().backward();
	expect(parameters.weight?.grad?.shape).toEqual([3, 2, 3]);
});

describe("gradcheck", () => {
	const every = {
		checkForwardAd: true,
		checkBatchedGrad: true,
	} as const;
	const m = torch.randn([2, 3], double);
	const n = torch.randn([3, 2], double);
	const c = torch.randn([3], { dtype: "complex128", requiresGrad: true });

	test.each<[string, () => boolean]>([
		["a product", () => gradcheck((a, b) => a.matmul(b).tanh(), [m, n], every)],
		[
			"several outputs, fast",
			() =>
				gradcheck((a, b) => [a.matmul(b).tanh(), a.exp()], [m, n], {
					checkForwardAd: true,
					fastMode: true,
				}),
		],
		["what is no tensor", () => gradcheck((a, k) => a.mul(k), [m, 3])],
		["complex numbers", () => gradcheck((a) => a.mul(a).exp(), [c], every)],
		["complex to real", () => gradgradcheck((a) => a.abs(), [c])],
		["second derivatives", () => gradgradcheck((a) => a.sin().mul(a), [m])],
		[
			"second derivatives, fast",
			() => gradgradcheck((a) => a.sin().mul(a), [m], { fastMode: true }),
		],
	])("holds for %s", (_, check) => {
		expect(check()).toBe(true);
	});

	class Wrong extends autograd.Function {
		static forward(ctx: torch.autograd.FunctionCtx, x: Tensor): Tensor {
			ctx.saveForBackward(x);
			return x.pow(2);
		}
		static backward(ctx: torch.autograd.FunctionCtx, g: Tensor): Tensor {
			return g.mul(ctx.savedTensors[0] as Tensor).mul(3);
		}
	}

	test.each([false, true])(
		"finds a wrong backward (fastMode: %p)",
		(fastMode) => {
			const wrong = (x: Tensor): Tensor => Wrong.apply(x);
			expect(() => gradcheck(wrong, [X], { fastMode })).toThrow(
				/Jacobian mismatch for output 0 with respect to input 0,\nnumerical:tensor\([\s\S]*\nanalytical:tensor\(/,
			);
			expect(gradcheck(wrong, [X], { fastMode, raiseException: false })).toBe(
				false,
			);
		},
	);

	test("finds a backward that differs from time to time, or is not multiplied by its gradient", () => {
		let factor = 0;
		class Drifting extends autograd.Function {
			static forward(_: torch.autograd.FunctionCtx, x: Tensor): Tensor {
				return x.mul(2);
			}
			static backward(_: torch.autograd.FunctionCtx, g: Tensor): Tensor {
				factor += 1e-9;
				return g.mul(2 + factor);
			}
		}
		expect(() => gradcheck((x) => Drifting.apply(x), [X])).toThrow(
			/not reentrant/,
		);
		expect(gradcheck((x) => Drifting.apply(x), [X], { nondetTol: 1e-6 })).toBe(
			true,
		);
		class Constant extends autograd.Function {
			static forward(_: torch.autograd.FunctionCtx, x: Tensor): Tensor {
				return x.sum();
			}
			static backward(): Tensor {
				return torch.ones([2], { dtype: "float64" });
			}
		}
		expect(() => gradcheck((x) => Constant.apply(x), [X])).toThrow(
			/not multiplied by grad_output/,
		);
	});
});

/** Custom functions: what forward may say of its tensors, and what is refused. */
import * as torch from "../../lib/index.ts";

type Tensor = torch.Tensor;
type Ctx = torch.autograd.FunctionCtx;
const { Function: AutogradFunction, onceDifferentiable } = torch.autograd;
const leaf = (...values: number[]): Tensor =>
	torch.tensor(values, { dtype: "float32", requiresGrad: true });

/** x², with a backward of one's own. */
function squareWith(
	backward: (ctx: Ctx, ...gradients: Tensor[]) => unknown,
): (x: Tensor) => Tensor {
	class Square extends AutogradFunction {
		static forward(ctx: Ctx, x: Tensor): Tensor {
			ctx.saveForBackward(x);
			return x.pow(2);
		}
		static backward(ctx: Ctx, ...gradients: Tensor[]): Tensor {
			return backward(ctx, ...gradients) as Tensor;
		}
	}
	return (x) => Square.apply(x);
}
const derivative = (ctx: Ctx, g: Tensor): Tensor =>
	g.mul(ctx.savedTensors[0] as Tensor).mul(2);

test("a saved tensor that was changed in place is an error", () => {
	const square = squareWith(derivative);
	const x = leaf(1, 2).mul(1);
	const y = square(x);
	x.add_(1);
	expect(() => y.sum().backward()).toThrow(/modified by an inplace operation/);
});

test("a graph that is gone is an error, one that is retained is not", () => {
	const square = squareWith(derivative);
	const x = leaf(3);
	const y = square(x).sum();
	y.backward({ retainGraph: true });
	y.backward();
	expect(x.grad?.tolist()).toEqual([12]);
	expect(() => y.backward()).toThrow(
		/backward through the graph a second time/,
	);
});

test("without a gradient to record, nothing is", () => {
	let calls = 0;
	const square = squareWith(() => calls++);
	expect(square(torch.ones([2])).requiresGrad).toBe(false);
	expect(torch.noGrad(() => square(leaf(1))).requiresGrad).toBe(false);
	expect(calls).toBe(0);
});

test("needsInputGrad says in forward and in backward what is needed", () => {
	const seen: (readonly boolean[])[] = [];
	class Sum extends AutogradFunction {
		static forward(ctx: Ctx, a: Tensor, _scale: number, b: Tensor): Tensor {
			seen.push(ctx.needsInputGrad);
			return a.add(b);
		}
		static backward(ctx: Ctx, g: Tensor): (Tensor | null)[] {
			seen.push(ctx.needsInputGrad);
			return [g, null, g];
		}
	}
	const [a, b] = [leaf(1), leaf(2)];
	torch.autograd.grad(Sum.apply(a, 2, b).sum(), b);
	Sum.apply(a, 2, torch.ones([1]))
		.sum()
		.backward();
	expect(seen).toEqual([
		[true, false, true],
		[false, false, true],
		[true, false, false],
		[true, false, false],
	]);
});

test("setMaterializeGrads(false) hands null for outputs without a part", () => {
	const seen: unknown[] = [];
	const make = (materialize: boolean) => {
		class Both extends AutogradFunction {
			static forward(ctx: Ctx, x: Tensor): [Tensor, Tensor] {
				ctx.setMaterializeGrads(materialize);
				return [x.mul(2), x.mul(3).sum().reshape([1, 1])];
			}
			static backward(
				_ctx: Ctx,
				g: Tensor | null,
				h: Tensor | null,
			): Tensor | null {
				seen.push(h?.tolist() ?? null);
				return g;
			}
		}
		return Both;
	};
	make(true).apply(leaf(1))[0].sum().backward();
	make(false).apply(leaf(1))[0].sum().backward();
	expect(seen).toEqual([[[0]], null]);
});

test("outputs that are no tensors go through; an input that is returned becomes a view", () => {
	class Mixed extends AutogradFunction {
		static forward(_: Ctx, x: Tensor, name: string): [string, Tensor, Tensor] {
			return [name, x, x.gt(0)];
		}
		static backward(_: Ctx, name: unknown, g: Tensor): (Tensor | null)[] {
			expect(name).toBeNull();
			return [g.mul(7), null];
		}
	}
	const x = leaf(1, -1);
	const [name, same, mask] = Mixed.apply(x, "here");
	expect([name, same === x, mask.dtype, mask.requiresGrad]).toEqual([
		"here",
		false,
		"bool",
		false,
	]);
	same.sum().backward();
	expect(x.grad?.tolist()).toEqual([7, 7]);
});

test("onceDifferentiable: gradients yes, gradients of gradients no", () => {
	class Once extends AutogradFunction {
		static forward(ctx: Ctx, x: Tensor): Tensor {
			ctx.saveForBackward(x);
			return x.pow(2);
		}
		static backward = onceDifferentiable(derivative);
	}
	const x = leaf(3);
	const [g] = torch.autograd.grad(Once.apply(x).pow(2).sum(), x, {
		createGraph: true,
	});
	expect(g?.tolist()).toEqual([108]);
	expect(() => g?.sum().backward()).toThrow(/onceDifferentiable/);
});

test("what is kept in ctx beside tensors is there in backward; names are the class's", () => {
	class Scale extends AutogradFunction {
		static forward(
			ctx: torch.autograd.FunctionCtx<{ factor: number }>,
			x: Tensor,
			factor: number,
		): Tensor {
			ctx.factor = factor;
			return x.mul(factor);
		}
		static backward(
			ctx: torch.autograd.FunctionCtx<{ factor: number }>,
			g: Tensor,
		): [Tensor, null] {
			return [g.mul(ctx.factor), null];
		}
	}
	const x = leaf(1);
	const y = Scale.apply(x, 5);
	expect(y.gradFn?.name()).toBe("ScaleBackward");
	y.backward();
	expect(x.grad?.tolist()).toEqual([5]);
	// @ts-expect-error the factor is a number
	expect(() => Scale.apply(x, "5")).toThrow();
});

const refusals: [what: string, call: () => unknown, message: RegExp][] = [
	[
		"too few gradients",
		() => {
			class Two extends AutogradFunction {
				static forward(_: Ctx, a: Tensor, b: Tensor): Tensor {
					return a.add(b);
				}
				static backward(_: Ctx, g: Tensor): Tensor {
					return g;
				}
			}
			Two.apply(leaf(1), leaf(2)).backward();
		},
		/function TwoBackward returned an incorrect number of gradients \(expected 2, got 1\)/,
	],
	[
		"a gradient for what is no tensor",
		() => {
			class Wrong extends AutogradFunction {
				static forward(_: Ctx, a: Tensor, _b: number): Tensor {
					return a.clone();
				}
				static backward(_: Ctx, g: Tensor): Tensor[] {
					return [g, g];
				}
			}
			Wrong.apply(leaf(1), 2).backward();
		},
		/gradient different than null at position 2/,
	],
	[
		"a gradient that is no tensor",
		() => squareWith(() => "x")(leaf(1)).backward(),
		/expected Tensor or null as gradient 0, got string "x"/,
	],
	[
		"a gradient of another shape",
		() =>
			squareWith(() => torch.ones([3]))(leaf(1, 2))
				.sum()
				.backward(),
		/invalid gradient|shape/,
	],
	[
		"no backward",
		() => {
			class None extends AutogradFunction {
				static forward(_: Ctx, a: Tensor): Tensor {
					return a.clone();
				}
			}
			None.apply(leaf(1)).backward();
		},
		/None: backward: expected a static method/,
	],
	[
		"forward mode without jvp",
		() =>
			torch.autograd.forwardAd.dualLevel(() =>
				squareWith(derivative)(
					torch.autograd.forwardAd.makeDual(leaf(1), torch.ones([1])),
				),
			),
		/static jvp/,
	],
	[
		"within vmap",
		() => torch.func.vmap(squareWith(derivative))(torch.ones([2])),
		/custom functions can be called within one torch\.func\.grad/,
	],
];

test.each(refusals)("%s is refused", (_, call, message) => {
	expect(call).toThrow(message);
});

test("within torch.func.grad it is the custom backward that counts", () => {
	const odd = squareWith((ctx, g) => derivative(ctx, g as Tensor).mul(10));
	const g = torch.func.grad((x: Tensor) => odd(x).sum())(leaf(1, 2).detach());
	expect(g.tolist()).toEqual([20, 40]);
});

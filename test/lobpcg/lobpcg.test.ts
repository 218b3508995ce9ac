/** torch.lobpcg beside PyTorch's: pairs, steps, gradients; what is refused. */
import * as torch from "../../lib/index.ts";
import {
	expectTensor,
	fixture,
	type Stored,
	tensor,
} from "../support/stored.ts";

interface Case {
	name: string;
	args: Record<string, unknown>;
	sparse: boolean;
	E: Stored;
	X: Stored;
	/** How many it took. */
	steps: number;
	grad?: Stored;
}

const { inputs, cases } = fixture<{
	inputs: Record<string, Stored>;
	cases: Case[];
}>("operators/lobpcg.json");

// Many small steps: threads would wait for each other more than they compute.
beforeAll(() => torch.setNumThreads(1));

const any = (value: unknown) => value as never;
const f64 = { dtype: "float64" } as const;

function argumentsOf({ args, sparse }: Case): [torch.Tensor, object] {
	const { A, ...others } = Object.fromEntries(
		Object.entries(args).map(([name, value]) => {
			const isInput =
				typeof value === "object" && Reflect.has(any(value), "is");
			if (!isInput) return [name, value];
			const { value: input } = value as { value: string };
			return [name, tensor(inputs[input] as Stored)];
		}),
	);
	const dense = A as torch.Tensor;
	return [sparse ? dense.toSparse() : dense, others];
}

/** 1 or -1 for each vector: eigenvectors are unique up to a sign. */
const signs = (found: torch.Tensor, wanted: torch.Tensor): torch.Tensor =>
	found.mul(wanted).sum(-2, true).sign();

const spaced = ({ shape, dtype }: torch.Tensor): torch.Tensor =>
	torch
		.linspace(
			0.5,
			1.5,
			shape.reduce((a, b) => a * b, 1),
			{ dtype },
		)
		.reshape(shape);

test.each(cases.map((c) => [c.name, c] as const))("%s", (_name, wanted) => {
	const [A, options] = argumentsOf(wanted);
	if (wanted.grad) A.requiresGrad = true;
	let steps = 0;
	torch.manualSeed(0);
	const [E, X] = torch.lobpcg(A, {
		...options,
		tracker: ({ ivars, X, S }) => {
			expect(S.size(1)).toBe(ivars.convergedEnd);
			expect(X.shape).toEqual(S.narrow(1, 0, X.size(1)).shape);
			steps++;
		},
	});
	// Rounding in another order may find the last pair a little sooner or later.
	expect(Math.abs(steps - wanted.steps)).toBeLessThanOrEqual(
		1 + wanted.steps / 20,
	);
	const tolerance = wanted.E.dtype === "float32" ? 1e-4 : 1e-7;
	expectTensor(E, wanted.E, { what: "E", tolerance });
	const sign = signs(X.detach(), tensor(wanted.X));
	expectTensor(X.mul(sign), wanted.X, { what: "X", tolerance });
	if (!wanted.grad) {
		expect([E.requiresGrad, X.requiresGrad]).toEqual([false, false]);
		return;
	}
	expect(E.gradFn?.name()).toBe("LOBPCGAutogradFunctionBackward");
	const loss = E.mul(spaced(E))
		.sum()
		.add(X.mul(spaced(X)).mul(sign).sum());
	const [gradient] = torch.autograd.grad(loss, A);
	expectTensor(gradient as torch.Tensor, wanted.grad, {
		what: "gradient",
		tolerance: 1e-8,
	});
});

test("derivatives of derivatives", () => {
	const A = tensor(inputs.small as Stored);
	const X = torch.randn([6, 2], f64);
	const fn = (M: torch.Tensor) => {
		const [E, V] = torch.lobpcg(M, { X, tol: 1e-14, niter: 500 });
		return [E, V.abs()];
	};
	const leaf = A.requiresGrad_();
	expect(torch.autograd.gradcheck(any(fn), [leaf])).toBe(true);
	expect(torch.autograd.gradgradcheck(any(fn), [leaf])).toBe(true);
});

test("pairs are those that eigh finds, also of a large sparse matrix", () => {
	const n = 500;
	const places = torch.arange(n);
	const diagonal = torch.arange(1, n + 1, f64);
	const A = torch.sparseCooTensor(torch.stack([places, places]), diagonal, [
		n,
		n,
	]);
	const [E, X] = torch.lobpcg(A, { k: 3, largest: false, tol: 1e-10 });
	expect(
		(E.tolist() as number[]).map((e) => Math.round(e * 1e6) / 1e6),
	).toEqual([1, 2, 3]);
	const residual = A.matmul(X).sub(X.mul(E)).abs().max().item();
	expect(residual).toBeLessThan(1e-5);
});

test("a tracker ends the iteration, and sees its state", () => {
	const A = tensor(inputs.a as Stored);
	const X = tensor(inputs.x2 as Stored);
	const before = X.clone();
	const seen: number[] = [];
	torch.lobpcg(A, {
		X,
		tracker: (state) => {
			seen.push(state.ivars.istep);
			expect(state.tvars.rerr.shape).toEqual([2]);
			expect(state.iparams).toMatchObject({ m: 18, n: 2, k: 2, niter: 1000 });
			if (state.ivars.istep === 3) state.bvars.forceStop = true;
		},
	});
	expect(seen).toEqual([1, 2, 3]);
	expect(X.equal(before)).toBe(true);
	expect(() =>
		torch.lobpcg(A, {
			tracker: () => {
				throw new RangeError("enough");
			},
		}),
	).toThrow(new RangeError("enough"));
});

test("vectors that are dropped: residuals that are all alike", () => {
	const A = torch.eye(12, f64).mul(2);
	const [E, X] = torch.lobpcg(A, {
		k: 2,
		orthoBparams: { orthoUseDrop: true },
	});
	expect(E.sub(2).abs().max().item()).toBeLessThan(1e-12);
	const overlap = X.mT.matmul(X).sub(torch.eye(2, f64)).abs().max().item();
	expect(overlap).toBeLessThan(1e-10);
});

const A = torch.eye(9, f64);
test.each<[string, () => unknown, string]>([
	[
		"rectangular",
		() => torch.lobpcg(torch.ones(3, 4)),
		"lobpcg: A: expected square matrices, got shape [3, 4]",
	],
	[
		"whole numbers",
		() => torch.lobpcg(torch.ones([9, 9], { dtype: "int64" })),
		"lobpcg: A: expected float32 or float64, got int64",
	],
	[
		"too many",
		() => torch.lobpcg(A, 4),
		"lobpcg: k: expected at most 3 vectors for 9 rows, a third of them, got 4",
	],
	[
		"more than vectors",
		() => torch.lobpcg(A, { k: 3, n: 2 }),
		"lobpcg: k: expected at most 2 of 2, got 3",
	],
	[
		"another B",
		() => torch.lobpcg(A, { B: torch.eye(8, f64) }),
		"lobpcg: B: expected shape [9, 9], got [8, 8]",
	],
	[
		"an X of another dtype",
		() => torch.lobpcg(A, { X: torch.ones(9, 1) }),
		"lobpcg: X: expected float64 like A, got float32",
	],
	[
		"no step",
		() => torch.lobpcg(A, { niter: 0 }),
		"lobpcg: niter: expected a step at least, or -1",
	],
	[
		"an unknown method",
		() => torch.lobpcg(A, { method: any("fast") }),
		'lobpcg: method: expected one of "basic", "ortho", got string "fast"',
	],
	[
		"an unknown bound",
		() => torch.lobpcg(A, { orthoIparams: any({ orthoMax: 3 }) }),
		"lobpcg: orthoMax: unknown option; known are orthoIMax, orthoJMax",
	],
	[
		"a gradient with B",
		() => {
			const M = tensor(inputs.a as Stored).requiresGrad_();
			const [E] = torch.lobpcg(M, { B: tensor(inputs.b as Stored) });
			E.sum().backward();
		},
		"lobpcg: B: there is no gradient with a B; detach what needs none",
	],
	[
		"a gradient to a sparse A",
		() => {
			const M = tensor(inputs.a as Stored)
				.toSparse()
				.requiresGrad_();
			torch.lobpcg(M)[0].sum().backward();
		},
		"lobpcg: A: there is no gradient to a sparse A; detach what needs none",
	],
])("refused: %s", (_name, call, message) => {
	expect(call).toThrow(message);
});

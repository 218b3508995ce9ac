import * as torch from "../../lib/index.ts";
import {
	expectTensor,
	fixture,
	type Stored,
	tensor,
} from "../support/stored.ts";

type Tensor = torch.Tensor;
type Derivative = [Stored | null, Stored | null];

const { inputs, cases } = fixture<{
	inputs: [Stored, Stored];
	cases: Record<string, { value: Stored; derivatives: Derivative[] }>;
}>("autograd/derivatives.json");

const double = { dtype: "float64" } as const;

/** As in scripts/fixtures/autograd.py. */
const functions: Record<string, (x: Tensor, y: Tensor) => Tensor> = {
	polynomial: (x, y) => x.mul(x).mul(y).add(x.mul(2)).sum(),
	power: (x, y) => x.abs().add(0.5).pow(y).sum(),
	trigonometric: (x, y) => x.sin().mul(y.exp()).sum(),
	quotient: (x, y) => x.div(y.mul(y).add(1)).sum(),
	product: (x, y) => x.prod().add(y.prod(1).pow(2).sum()),
	matmul: (x, y) => x.matmul(y.t()).tanh().sum(),
	softmax: (x, y) => x.logSoftmax(1).mul(y).sum(),
	norms: (x, y) => x.norm().mul(y.norm(1, [0]).sum()),
	variance: (x, y) => x.mul(y).var(1).sum().add(x.std()),
	indexed: (x, y) =>
		x.index(torch.slice(), [0, 2, 2]).mul(y).mul(x.index(1)).sum(),
	masked: (x, y) => x.mul(y).index(x.gt(y)).pow(3).sum(),
	where: (x, y) => torch.where(x.gt(y), x.mul(x).mul(y), y.pow(3)).sum(),
	gathered: (x, y) =>
		x
			.gather(
				1,
				torch.tensor([
					[0, 2],
					[1, 1],
				]),
			)
			.pow(3)
			.mul(y.slice(1, 0, 2))
			.sum(),
	sorted: (x, y) => x.sort(1)[0].pow(3).mul(y).sum(),
	views: (x, y) =>
		x
			.t()
			.reshape(2, 3)
			.flip(0)
			.unsqueeze(1)
			.expand(2, 2, 3)
			.mul(y)
			.pow(3)
			.sum(),
	joined: (x, y) =>
		(torch.cat([x, y.mul(x)], 1).chunk(3, 1)[1] as Tensor)
			.pow(3)
			.sum()
			.add(torch.stack([x, y]).prod(0).sum()),
	inPlace: (x, y) => {
		const z = x.mul(y);
		z.mul_(x);
		z.setIndex([0], y.index(1).mul(x.index(0)));
		z.t().index(1).add_(y.index(torch.slice(), 0).exp());
		return z.pow(2).sum();
	},
	convolution: (x, y) =>
		torch
			.conv2d(
				x.index(null, null),
				y.index(null, null, torch.slice(), torch.slice(0, 2)),
			)
			.pow(3)
			.sum(),
	layerNorm: (x, y) => torch.layerNorm(x, [3]).mul(y).pow(2).sum(),
	determinant: (x, y) =>
		torch.linalg.det(x.matmul(y.t()).add(torch.eye(2, double).mul(2))),
	solved: (x, y) =>
		torch.linalg
			.solve(x.matmul(x.t()).add(torch.eye(2, double)), y)
			.pow(2)
			.sum(),
	singular: (x, y) => torch.linalg.svdvals(x.add(y)).pow(3).sum(),
	complex: (x, y) => torch.complex(x, y).exp().abs().pow(2).sum(),
	fourier: (x, y) => torch.fft.rfft(x.mul(y)).abs().pow(2).sum(),
	cumulative: (x, y) => x.cumsum(1).mul(y.cumprod(0)).pow(2).sum(),
	oneUnused: (x) => x.pow(4).sum(),
};

test("every case has its function", () => {
	expect(Object.keys(functions)).toEqual(Object.keys(cases));
});

test.each(Object.entries(cases))("%s", (name, { value, derivatives }) => {
	const leaves = inputs.map((stored) => tensor(stored).requiresGrad_());
	const [x, y] = leaves as [Tensor, Tensor];
	const weights = torch.linspace(0.5, 1.5, 6, double).reshape(2, 3);
	const result = functions[name]?.(x, y) as Tensor;
	expectTensor(result, value, { what: name });
	let target = result;
	for (const [order, wanted] of derivatives.entries()) {
		const found = torch.autograd.grad(target, leaves, {
			createGraph: true,
			allowUnused: true,
		});
		for (const [i, stored] of wanted.entries()) {
			const what = `derivative ${order + 1} of ${"xy"[i]}`;
			if (stored === null) expect([what, found[i]]).toEqual([what, null]);
			else expectTensor(found[i] as Tensor, stored, { what, tolerance: 1e-9 });
		}
		const used = found.filter((g) => g !== null);
		target = used.map((g) => g.mul(weights).sum()).reduce((a, b) => a.add(b));
	}

	// The same by backward, into grad.
	const [first] = derivatives as [Derivative];
	const [a, b] = inputs.map((stored) => tensor(stored).requiresGrad_()) as [
		Tensor,
		Tensor,
	];
	functions[name]?.(a, b).backward();
	for (const [i, leaf] of [a, b].entries())
		if (first[i])
			expectTensor(leaf.grad as Tensor, first[i], { tolerance: 1e-9 });
		else expect(leaf.grad).toBeNull();
});

import * as torch from "../../lib/index.ts";
import { LBFGS } from "../../lib/optim/index.ts";
import { camelOptions, type FloatType, readJson } from "./support.ts";

interface Case {
	dtype: FloatType;
	options: object;
	steps: {
		loss: number;
		x: number[];
		evaluations: number;
		iterations: number;
	}[];
}
const cases = readJson<Case[]>("rosenbrock.json");

/** Rosenbrock's function of three numbers, whose minimum is at ones. */
function rosenbrock(x: torch.Tensor): torch.Tensor {
	const [a, b] = [x.narrow(0, 0, 2), x.narrow(0, 1, 2)];
	return b.sub(a.square()).square().mul(100).add(a.rsub(1).square()).sum();
}

/** Its steps amplify roundings: in float32 the last digits of powers matter after hundreds of evaluations. */
const tolerances = { float32: 1e-4, float64: 1e-9 };

test.each(cases.map((c) => [c.dtype, c.options, c] as const))(
	"%s %j goes as PyTorch goes",
	(dtype, options, c) => {
		const x = torch.tensor([-1.5, 2, 0.5], { dtype, requiresGrad: true });
		const optimizer = new LBFGS([x], camelOptions(options));
		for (const expected of c.steps) {
			const loss = optimizer.step(() => {
				optimizer.zeroGrad();
				const value = rosenbrock(x);
				value.backward();
				return value;
			});
			const state = optimizer.state.get(x);
			expect([state?.func_evals, state?.n_iter]).toEqual([
				expected.evaluations,
				expected.iterations,
			]);
			const near = (actual: number, wanted: number) =>
				expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(
					tolerances[dtype] * Math.max(1, Math.abs(wanted)),
				);
			near(Number(loss.item()), expected.loss);
			for (const [i, value] of x.toArray().entries())
				near(Number(value), expected.x[i] as number);
		}
	},
);

test("a closure may return a number; without one there is no step", () => {
	const x = torch.tensor([3], { dtype: "float32", requiresGrad: true });
	const optimizer = new LBFGS([x], { lr: 0.5 });
	optimizer.step(() => {
		x.grad = x.detach().mul(2);
		return Number(x.detach().square().item());
	});
	expect(Math.abs(Number(x.item()))).toBeLessThan(0.1);
	expect(() => optimizer.step()).toThrow(/LBFGS: closure: expected function/);
	expect(() => optimizer.step(() => "no loss")).toThrow(
		/LBFGS: closure: .*returns the loss/,
	);
});

test("one group only", () => {
	const [a, b] = [torch.zeros([1]), torch.zeros([1])];
	expect(() => new LBFGS([{ params: a }, { params: b }])).toThrow(
		/LBFGS: params: LBFGS doesn't support per-parameter options/,
	);
});

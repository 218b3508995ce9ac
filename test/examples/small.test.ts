import { execFileSync } from "node:child_process";
import { join } from "node:path";

const run = (name: string) =>
	execFileSync(
		process.execPath,
		[join(__dirname, `../../dist/examples/${name}.js`)],
		{ encoding: "utf8" },
	);

test("autograd prints what Python prints", () => {
	expect(run("autograd")).toBe(
		`tensor([ 3., 12., 33.], grad_fn=<AddBackward0>)
dy/dx = tensor([ 5., 14., 29.])
√2 = 1.414213562373095
d√a/da = 1 / (2√a) = 0.35355339059327373
sin'' = tensor([-0.0000, -0.4794, -0.8415, -0.9975])
-sin  = tensor([-0.0000, -0.4794, -0.8415, -0.9975])
`,
	);
});

test("linearRegression finds the line", () => {
	const text = run("linearRegression");
	expect(text).toContain("Linear(in_features=1, out_features=1, bias=True)");
	const [weight, bias] = [...text.matchAll(/tensor\(\[+([\d.]+)\]/g)].map(
		([, number]) => Number(number),
	);
	expect(Math.abs((weight ?? 0) - 3)).toBeLessThan(0.03);
	expect(Math.abs((bias ?? 0) - 2)).toBeLessThan(0.03);
	expect(text.match(/^step \d+: loss/gm)).toHaveLength(6);
});

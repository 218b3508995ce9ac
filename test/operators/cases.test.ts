import * as torch from "../../lib/index.ts";
import { expectTensor, isStored, revive } from "../support/stored.ts";
import {
	Arguments,
	type Callable,
	cases,
	functionOf,
	type OperatorCase,
} from "./cases.ts";

function call(operatorCase: OperatorCase, given: Arguments) {
	const { target, self, args } = operatorCase;
	const options = given.options(operatorCase);
	const positional = args.map((value) => given.revive(value));
	const all =
		Object.keys(options).length > 0 ? [...positional, options] : positional;
	torch.manualSeed(0);
	if (self === undefined) return functionOf(operatorCase)(...all);
	const input = given.input(self);
	const isInPlace = target.endsWith("_");
	const on = isInPlace && input.requiresGrad ? input.mul(1) : input;
	const result = (Reflect.get(on, target) as Callable).apply(on, all);
	if (isInPlace) expect(result).toBe(on);
	return result;
}

function expectSame(actual: unknown, wanted: unknown, what: string): void {
	if (isStored(wanted)) {
		if (!torch.isTensor(actual))
			throw new Error(`${what}: expected a tensor, got ${actual}`);
		expectTensor(actual, wanted, { what });
	} else if (Array.isArray(wanted)) {
		expect(actual).toHaveLength(wanted.length);
		for (const [i, each] of wanted.entries())
			expectSame((actual as unknown[])[i], each, `${what}[${i}]`);
	} else expect([what, actual]).toEqual([what, revive(wanted)]);
}

/** Tensors in a result that have a gradient, in order. */
function differentiable(result: unknown): torch.Tensor[] {
	const listed = Array.isArray(result) ? result : [result];
	return listed.filter((r) => torch.isTensor(r) && r.requiresGrad);
}

test.each(cases)("$code", (operatorCase) => {
	const given = new Arguments();
	const result = call(operatorCase, given);
	expectSame(result, operatorCase.result, "result");
	const { grads } = operatorCase;
	const outputs = differentiable(result);
	expect(outputs.length > 0).toBe(grads !== undefined);
	if (!grads) return;
	const names = Object.keys(grads);
	const found = torch.autograd.grad(
		outputs,
		names.map((name) => given.input(name)),
		{
			gradOutputs: outputs.map(({ shape, dtype }) => {
				const count = shape.reduce((a, b) => a * b, 1);
				const spaced = torch.linspace(0.5, 1.5, count, { dtype: "float64" });
				return spaced.reshape(shape).to(dtype);
			}),
			allowUnused: true,
		},
	);
	for (const [i, name] of names.entries()) {
		const wanted = grads[name];
		if (wanted) expectSame(found[i], wanted, `gradient of ${name}`);
		else expect([name, found[i]]).toEqual([name, null]);
	}
});

test("there are cases enough", () => {
	expect(new Set(cases.map((c) => c.target)).size).toBeGreaterThan(450);
	expect(cases.filter((c) => c.grads).length).toBeGreaterThan(500);
});

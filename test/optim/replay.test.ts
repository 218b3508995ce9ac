import { fileURLToPath } from "node:url";
import * as torch from "../../lib/index.ts";
import type { OptimizerStateDict } from "../../lib/optim/index.ts";
import { Dump } from "../../scripts/conformance/dump.ts";
import {
	camelCase,
	compare,
	makeOptimizer,
	type OptimizerCase,
	replay,
	takeStep,
} from "../../scripts/conformance/replayOptimizers.ts";

const folder = fileURLToPath(
	new URL("../fixtures/optim/replay", import.meta.url),
);
const dump = new Dump(folder);
const cases = dump.cases<OptimizerCase>("optims.jsonl");
afterAll(() => dump[Symbol.dispose]());

const tensor = (value: unknown) => dump.decode(value as never) as torch.Tensor;
const dtypeOf = (c: OptimizerCase) => tensor(c.params[0]).dtype;
const title = (c: OptimizerCase) =>
	`${c.name} ${dtypeOf(c)} ${JSON.stringify(c.kwargs)}`;
const tolerances: { [dtype: string]: number } = {
	float32: 1e-6,
	float64: 1e-13,
	bfloat16: 0,
};
const single = ["LBFGS", "Muon", "SparseAdam"];

describe("PyTorch's own cases", () => {
	test.each(cases.map((c) => [title(c), c] as const))("%s", (_, c) => {
		const dtype = dtypeOf(c);
		const isFixed = single.includes(c.name) || c.kwargs.fused !== undefined;
		const ways: object[] = isFixed
			? [{}]
			: [{}, { foreach: true }, { foreach: false }];
		for (const way of ways)
			expect(replay(dump, c, way).error).toBeLessThanOrEqual(
				tolerances[dtype] as number,
			);
	});
});

const optionsOf = (c: OptimizerCase): object =>
	Object.fromEntries(
		Object.entries(c.kwargs).map(([name, value]) => [
			camelCase(name),
			dump.decode(value),
		]),
	);

describe("resuming", () => {
	const saved = cases.filter((c) => c.checkpoint !== undefined);
	test("is tried with every optimiser", () => {
		expect(new Set(saved.map((c) => c.name)).size).toBe(15);
	});

	test.each(saved.map((c) => [c.name, c] as const))(
		"%s goes on where Python's checkpoint stopped, and saves it as Python does",
		(_, c) => {
			const { params: at, stateDict } = c.checkpoint as NonNullable<
				OptimizerCase["checkpoint"]
			>;
			const params = at.map((p) => tensor(p).clone().requiresGrad_());
			const optimizer = makeOptimizer(c.name, params, optionsOf(c));
			const python = dump.decode(stateDict) as OptimizerStateDict;
			optimizer.loadStateDict(python);
			const again = optimizer.stateDict();
			expect(again.param_groups).toEqual(python.param_groups);
			expect(Object.keys(again.param_groups[0] ?? {})).toEqual(
				Object.keys(python.param_groups[0] ?? {}),
			);
			expect(Object.keys(again.state)).toEqual(Object.keys(python.state));
			for (const [number, remembered] of Object.entries(python.state))
				expect(Object.keys(again.state[Number(number)] ?? {})).toEqual(
					Object.keys(remembered),
				);
			const result = { error: 0, isEqual: true };
			for (const step of [3, 4]) takeStep(dump, c, step, params, optimizer);
			for (const [i, param] of params.entries())
				compare(param, tensor(c.after[4]?.[i]), result);
			expect(result.error).toBeLessThanOrEqual(1e-6);
		},
	);

	/** The same kinds of values: tensors of one dtype and shape, numbers, lists of them. */
	function expectAlike(actual: unknown, expected: unknown): void {
		if (expected instanceof torch.Tensor) {
			expect(actual).toBeInstanceOf(torch.Tensor);
			const ours = actual as torch.Tensor;
			expect([ours.dtype, ours.shape]).toEqual([
				expected.dtype,
				expected.shape,
			]);
			const error = ours.sub(expected).abs().max().item();
			const scale = Number(expected.abs().max().item()) + 1e-12;
			expect(Number(error) / scale).toBeLessThanOrEqual(1e-6);
		} else if (typeof expected === "number" && !Number.isInteger(expected)) {
			expect(actual).toBeCloseTo(expected, 4);
		} else if (typeof expected === "object" && expected !== null) {
			expect(Object.keys(actual as object).sort()).toEqual(
				Object.keys(expected).sort(),
			);
			for (const [name, value] of Object.entries(expected))
				expectAlike((actual as { [name: string]: unknown })[name], value);
		} else expect(actual).toEqual(expected);
	}

	test.each(saved.map((c) => [c.name, c] as const))(
		"%s's state after three steps is Python's",
		(_, c) => {
			const params = c.params.map((p) => tensor(p).clone().requiresGrad_());
			const optimizer = makeOptimizer(c.name, params, optionsOf(c));
			for (const step of [0, 1, 2]) takeStep(dump, c, step, params, optimizer);
			const python = c.checkpoint?.stateDict as never;
			expectAlike(optimizer.stateDict(), dump.decode(python));
		},
	);

	test.each(saved.map((c) => [c.name, c] as const))(
		"%s goes on from its own state dict as if it had not stopped",
		(_, c) => {
			const start = () =>
				c.params.map((p) => tensor(p).clone().requiresGrad_());
			const whole = start();
			const first = makeOptimizer(c.name, whole, optionsOf(c));
			const part = start();
			let second = makeOptimizer(c.name, part, optionsOf(c));
			for (const step of c.grads.keys()) {
				takeStep(dump, c, step, whole, first);
				takeStep(dump, c, step, part, second);
				const state = second.stateDict();
				second = makeOptimizer(c.name, part, { lr: 0.5 });
				second.loadStateDict(state);
			}
			for (const [i, param] of part.entries())
				expect(torch.equal(param, whole[i] as torch.Tensor)).toBe(true);
		},
	);
});

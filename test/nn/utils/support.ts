import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as torch from "../../../lib/index.ts";

const { nn } = torch;

export interface Saved {
	dtype: torch.DType;
	shape: number[];
	values: number[];
}
export type State = { [name: string]: Saved };

/** What a module gives in training (twice) and in evaluation, the gradients of the second, and its state then. */
export interface Observed {
	outputs: Saved[];
	grads: { [name: string]: Saved | null };
	after: State;
}

export const fixtures = JSON.parse(
	gunzipSync(
		readFileSync(new URL("../../fixtures/nn/utils.json.gz", import.meta.url)),
	).toString(),
) as { [kind: string]: unknown };

export function tensor({ dtype, shape, values }: Saved): torch.Tensor {
	return torch.tensor(values, { dtype }).reshape(shape);
}

export function tensors(state: State): { [name: string]: torch.Tensor } {
	return Object.fromEntries(
		Object.entries(state).map(([name, saved]) => [name, tensor(saved)]),
	);
}

/** Each number within 1e-6 of what is expected, relative to the greatest. */
export function expectTensor(
	actual: torch.Tensor | null | undefined,
	expected: Saved | null,
	tolerance = 1e-6,
): void {
	if (expected === null) {
		expect(actual ?? null).toBeNull();
		return;
	}
	const { dtype, shape, dataOf } = {
		dtype: actual?.dtype,
		shape: actual?.shape,
		dataOf: () => (actual as torch.Tensor).detach().toArray().map(Number),
	};
	expect([dtype, shape]).toEqual([expected.dtype, expected.shape]);
	const scale = Math.max(1e-3, ...expected.values.map(Math.abs));
	for (const [i, x] of dataOf().entries())
		expect(
			Math.abs(x - Number(expected.values[i])) / scale,
		).toBeLessThanOrEqual(tolerance);
}

/** The same names in the same order, and the same tensors. */
export function expectState(
	actual: { [name: string]: torch.Tensor },
	expected: State,
	tolerance?: number,
): void {
	expect(Object.keys(actual)).toEqual(Object.keys(expected));
	for (const [name, saved] of Object.entries(expected))
		expectTensor(actual[name], saved, tolerance);
}

type Layer = torch.nn.Module<[torch.Tensor], torch.Tensor>;

/** The modules that the Python script has under the same names. */
export const modules: { [name: string]: () => Layer } = {
	Linear: () => new nn.Linear(3, 4),
	square: () => new nn.Linear(3, 3),
	wide: () => new nn.Linear(5, 2),
	Conv2d: () => new nn.Conv2d(2, 3, 2),
	ConvTranspose1d: () => new nn.ConvTranspose1d(2, 3, 2) as unknown as Layer,
};

export function expectObserved(
	module: Layer,
	x: torch.Tensor,
	expected: Observed,
	tolerance?: number,
): void {
	module.train();
	const first = module(x);
	module.zeroGrad();
	const second = module(x);
	second.square().sum().backward();
	const grads = module.namedParameters().map(([name, p]) => [name, p.grad]);
	module.eval();
	for (const [i, output] of [first, second, module(x)].entries())
		expectTensor(output, expected.outputs[i] as Saved, tolerance);
	expect(grads.map(([name]) => name)).toEqual(Object.keys(expected.grads));
	for (const [name, grad] of grads)
		expectTensor(
			grad as torch.Tensor | null,
			expected.grads[name as string] ?? null,
			tolerance,
		);
	expectState(module.stateDict(), expected.after, tolerance);
}

/** Python's keyword arguments under the names that options have here. */
export function camelOptions(options: object): { [name: string]: unknown } {
	return Object.fromEntries(
		Object.entries(options).map(([name, value]) => [
			name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
			value === "inf" ? Infinity : value,
		]),
	);
}

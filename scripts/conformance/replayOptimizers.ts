/** Steps of optimisers as PyTorch makes them: the same gradients, the parameters after each step compared. */
import * as torch from "../../lib/index.ts";
import type { Dump, Encoded } from "./dump.ts";

const { optim } = torch;

export interface OptimizerCase {
	name: string;
	desc: string;
	kwargs: { [name: string]: Encoded };
	params: Encoded[];
	/** For each step one for each parameter. */
	grads: Encoded[][];
	/** null: not compared. */
	after: (Encoded[] | null)[];
	/** After the third step, in Python. */
	checkpoint?: { params: Encoded[]; stateDict: Encoded };
}

export interface Replayed {
	/** The greatest |ours - theirs| / |theirs| of any element after any step. */
	error: number;
	/** Whether all is equal bit by bit. */
	isEqual: boolean;
}

export const optimizers = {
	Adadelta: optim.Adadelta,
	Adafactor: optim.Adafactor,
	Adagrad: optim.Adagrad,
	Adam: optim.Adam,
	Adamax: optim.Adamax,
	AdamW: optim.AdamW,
	ASGD: optim.ASGD,
	LBFGS: optim.LBFGS,
	Muon: optim.Muon,
	NAdam: optim.NAdam,
	RAdam: optim.RAdam,
	RMSprop: optim.RMSprop,
	Rprop: optim.Rprop,
	SGD: optim.SGD,
	SparseAdam: optim.SparseAdam,
};

/** An optimiser by its name, with options that the compiler does not know. */
export function makeOptimizer(
	name: string,
	params: Iterable<unknown>,
	options: object,
): torch.optim.Optimizer {
	const Class = optimizers[name as keyof typeof optimizers] as unknown as new (
		params: Iterable<unknown>,
		options: object,
	) => torch.optim.Optimizer;
	return new Class(params, options);
}

/** `weight_decay` → `weightDecay` */
export function camelCase(name: string): string {
	return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function replay(
	dump: Dump,
	test: OptimizerCase,
	more: object = {},
): Replayed {
	const tensor = (value: Encoded) => dump.decode(value) as torch.Tensor;
	const params = test.params.map((p) => tensor(p).clone().requiresGrad_());
	const options = Object.fromEntries(
		Object.entries(test.kwargs).map(([name, value]) => [
			camelCase(name),
			dump.decode(value),
		]),
	);
	const optimizer = makeOptimizer(test.name, params, { ...options, ...more });
	const result: Replayed = { error: 0, isEqual: true };
	for (const [step, after] of test.after.entries()) {
		takeStep(dump, test, step, params, optimizer);
		if (after !== null)
			for (const [i, param] of params.entries())
				compare(param, tensor(after[i] ?? null), result);
	}
	return result;
}

/** One step with a case's gradients for it. */
export function takeStep(
	dump: Dump,
	test: OptimizerCase,
	step: number,
	params: readonly torch.Tensor[],
	optimizer: torch.optim.Optimizer,
): void {
	const grads = (test.grads[step] ?? []).map(
		(grad) => dump.decode(grad) as torch.Tensor,
	);
	const closure = () => {
		let loss = torch.zeros([], { dtype: params[0]?.dtype ?? "float32" });
		for (const [i, param] of params.entries()) {
			const grad = (grads[i] as torch.Tensor).clone();
			param.grad = test.name === "SparseAdam" ? grad.toSparse() : grad;
			loss = loss.add(param.detach().pow(2).sum());
		}
		return loss;
	};
	closure();
	if (test.name === "LBFGS") optimizer.step(closure);
	else optimizer.step();
}

export function compare(
	actual: torch.Tensor,
	expected: torch.Tensor,
	result: Replayed,
): void {
	if (actual.dtype !== expected.dtype || !sameShape(actual, expected))
		throw new Error(
			`expected ${expected.dtype} [${expected.shape}], got ${actual.dtype} [${actual.shape}]`,
		);
	const ours = actual.detach();
	if (torch.equal(ours, expected)) return;
	result.isEqual = false;
	const [a, b] = [ours.double(), expected.double()];
	const error = a.sub(b).abs().div(b.abs().clampMin(1e-30)).max();
	result.error = Math.max(result.error, Number(error.item()));
}

function sameShape(a: torch.Tensor, b: torch.Tensor): boolean {
	return a.shape.join() === b.shape.join();
}

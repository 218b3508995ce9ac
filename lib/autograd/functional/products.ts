/** Products of derivatives and vectors. */
import * as check from "../../check.ts";
import { zerosLike } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { enableGrad, isGradEnabled, setGradEnabled } from "../modes.ts";
import {
	type Alike,
	checkDependence,
	checkVector,
	commonOptions,
	type FunctionalOptions,
	type FunctionOf,
	fail,
	filled,
	finished,
	gradientsOf,
	listOf,
	optionsOf,
	prepared,
	type TensorOrList,
} from "./common.ts";

/** One tensor for one, a list for a list. */
function alike(given: unknown, results: Tensor[]): never {
	return (Array.isArray(given) ? results : results[0]) as never;
}

/** What all products begin with. */
function begin(
	op: string,
	fn: unknown,
	inputs: TensorOrList,
	options: FunctionalOptions,
) {
	check.options(op, options, commonOptions);
	const modes = optionsOf(op, fn, options);
	const given = prepared(listOf(op, "inputs", inputs), modes.createGraph, true);
	return { ...modes, given };
}

function vectorOf(
	op: string,
	v: TensorOrList | null,
	like: readonly Tensor[],
	createGraph: boolean,
	withoutVector: string,
): Tensor[] | null {
	if (v !== null) {
		const list = prepared(listOf(op, "v", v), createGraph, false);
		checkVector(op, list, like);
		return list;
	}
	if (like.length === 1 && like[0]?.numel() === 1) return null;
	throw fail(op, withoutVector);
}

function recording<T>(createGraph: boolean, fn: () => T): T {
	return setGradEnabled(createGraph || isGradEnabled(), fn);
}

/**
 * The value of a function, and the product of the vector `v` with its Jacobian.
 *
 * @param fn takes the inputs, one after the other
 * @param v of the form and the shapes of the output; null where that has one element. Default: null.
 * @returns [output, product]: the product in the form of `inputs`
 * @throws TorchError where `v` does not fit, or, with `strict`, where the output does not depend on an input
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.vjp.html
 *
 * @example
 * const { vjp } = torch.autograd.functional;
 * const [y, product] = vjp((x: torch.Tensor) => x.exp(), torch.zeros([2]), torch.ones([2])); // product is tensor([1., 1.])
 */
export function vjp<Inputs extends TensorOrList, Output extends TensorOrList>(
	fn: FunctionOf<Inputs, Output>,
	inputs: Inputs,
	v: TensorOrList | null = null,
	options: FunctionalOptions = {},
): [output: Alike<Output>, product: Alike<Inputs>] {
	const op = "vjp";
	const { given, createGraph, strict } = begin(op, fn, inputs, options);
	const call = fn as (...inputs: Tensor[]) => Output;
	const [result, outputs, vector] = enableGrad(() => {
		const result = call(...given);
		const outputs = listOf(op, "fn", result);
		checkDependence(op, outputs, "outputs", strict);
		const vector = vectorOf(
			op,
			v,
			outputs,
			createGraph,
			"The vector v can only be null if the user-provided function returns a single Tensor with a single element.",
		);
		return [result, outputs, vector] as const;
	});
	const product = recording(createGraph, () =>
		filled(
			op,
			gradientsOf(outputs, given, vector, createGraph),
			given,
			"back",
			{ strict, createGraph },
		),
	);
	return [
		alike(result, finished(outputs, createGraph)),
		alike(inputs, finished(product, createGraph)),
	];
}

/**
 * The value of a function, and the product of its Jacobian with the vector `v`, by two backwards.
 *
 * @param v of the form and the shapes of the inputs; null where there is one with one element. Default: null.
 * @returns [output, product]: the product in the form of the output
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.jvp.html
 */
export function jvp<Inputs extends TensorOrList, Output extends TensorOrList>(
	fn: FunctionOf<Inputs, Output>,
	inputs: Inputs,
	v: TensorOrList | null = null,
	options: FunctionalOptions = {},
): [output: Alike<Output>, product: Alike<Output>] {
	const op = "jvp";
	const { given, createGraph, strict } = begin(op, fn, inputs, options);
	const call = fn as (...inputs: Tensor[]) => Output;
	const vector = vectorOf(
		op,
		v,
		given,
		createGraph,
		"The vector v can only be null if the input to the user-provided function is a single Tensor with a single element.",
	);
	const found = enableGrad(() => {
		const result = call(...given);
		const outputs = listOf(op, "fn", result);
		checkDependence(op, outputs, "outputs", strict);
		// backward is linear, so their values do not matter
		const seeds = outputs.map((each) => zerosLike(each).requiresGrad_());
		const gradInputs = gradientsOf(outputs, given, seeds, true);
		checkDependence(op, gradInputs, "gradInputs", strict);
		return { result, outputs, seeds, gradInputs };
	});
	const { result, outputs, seeds, gradInputs } = found;
	const ones = vector ?? given.map((each) => zerosLike(each).add(1));
	const product = recording(createGraph, () =>
		filled(
			op,
			gradientsOf(gradInputs, seeds, ones, createGraph),
			outputs,
			"backTrick",
			{ strict, createGraph },
		),
	);
	return [
		alike(result, finished(outputs, createGraph)),
		alike(result, finished(product, createGraph)),
	];
}

/** The value of a scalar function and its gradients, which can be differentiated once more. */
function scalarAndGradients(
	op: string,
	fn: (...inputs: Tensor[]) => unknown,
	given: readonly Tensor[],
	strict: boolean,
): { output: Tensor; jacobian: (Tensor | null)[] } {
	const outputs = listOf(op, "fn", fn(...given));
	checkDependence(op, outputs, "outputs", strict);
	const [output] = outputs;
	if (output === undefined || outputs.length !== 1)
		throw fail(op, `The function given to ${op} should return a single Tensor`);
	if (output.numel() !== 1)
		throw fail(
			op,
			`The Tensor returned by the function given to ${op} should contain a single element`,
		);
	const jacobian = gradientsOf(outputs, given, null, true);
	checkDependence(op, jacobian, "jacobian", strict);
	return { output, jacobian };
}

const noVector =
	"The vector v can only be null if the input to the user-provided function is a single Tensor with a single element.";

/**
 * The value of a scalar function, and the product of the vector `v` with its Hessian.
 *
 * @returns [output, product]: the product in the form of `inputs`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.vhp.html
 */
export function vhp<Inputs extends TensorOrList>(
	fn: FunctionOf<Inputs, Tensor>,
	inputs: Inputs,
	v: TensorOrList | null = null,
	options: FunctionalOptions = {},
): [output: Tensor, product: Alike<Inputs>] {
	const op = "vhp";
	const { given, createGraph, strict } = begin(op, fn, inputs, options);
	const vector = vectorOf(op, v, given, createGraph, noVector);
	const { output, jacobian } = enableGrad(() =>
		scalarAndGradients(op, fn as never, given, strict),
	);
	const ones = vector ?? given.map((each) => zerosLike(each).add(1));
	const product = recording(createGraph, () =>
		filled(
			op,
			gradientsOf(jacobian, given, ones, createGraph),
			given,
			"doubleBack",
			{ strict, createGraph },
		),
	);
	return [
		finished([output], createGraph)[0] as Tensor,
		alike(inputs, finished(product, createGraph)),
	];
}

/**
 * The value of a scalar function, and the product of its Hessian with the vector `v`. `vhp` is faster, and the same where the Hessian is
 * symmetric.
 *
 * @returns [output, product]: the product in the form of `inputs`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.hvp.html
 */
export function hvp<Inputs extends TensorOrList>(
	fn: FunctionOf<Inputs, Tensor>,
	inputs: Inputs,
	v: TensorOrList | null = null,
	options: FunctionalOptions = {},
): [output: Tensor, product: Alike<Inputs>] {
	const op = "hvp";
	const { given, createGraph, strict } = begin(op, fn, inputs, options);
	const vector = vectorOf(op, v, given, createGraph, noVector);
	const { output, seeds, doubled } = enableGrad(() => {
		const { output, jacobian } = scalarAndGradients(
			op,
			fn as never,
			given,
			strict,
		);
		const seeds = given.map((each) => zerosLike(each).requiresGrad_());
		const doubled = gradientsOf(jacobian, given, seeds, true);
		checkDependence(op, jacobian, "hessian", strict);
		return { output, seeds, doubled };
	});
	const ones = vector ?? given.map((each) => zerosLike(each).add(1));
	const product = recording(createGraph, () =>
		filled(
			op,
			gradientsOf(doubled, seeds, ones, createGraph),
			given,
			"doubleBackTrick",
			{ strict, createGraph },
		),
	);
	return [
		finished([output], createGraph)[0] as Tensor,
		alike(inputs, finished(product, createGraph)),
	];
}

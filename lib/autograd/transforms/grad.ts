import { native } from "../../binding.ts";
import * as check from "../../check.ts";
import { zerosLike } from "../../generated/functions.ts";
import { isTensor } from "../../handle.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { grad as gradOf } from "../grad.ts";
import { enableGrad, isGradEnabled } from "../modes.ts";
import {
	type Argnums,
	type ArgnumsOptions,
	type Picked,
	pick,
	placesOf,
	replace,
	tensorLeaves,
} from "./arguments.ts";
import { inLevel, unwrap, wrap } from "./level.ts";
import { mapTensors } from "./tree.ts";

/** Gradients of the outputs with respect to the inputs; zeros where there is none. */
function gradients(
	outputs: readonly Tensor[],
	inputs: readonly Tensor[],
	gradOutputs: readonly Tensor[] | null,
	{ retainGraph, createGraph }: { retainGraph: boolean; createGraph: boolean },
): Tensor[] {
	const kept = outputs.flatMap((output, i) => (output.requiresGrad ? [i] : []));
	if (kept.length === 0) return inputs.map((input) => zerosLike(input));
	const found = gradOf(
		kept.map((i) => outputs[i] as Tensor),
		inputs,
		{
			gradOutputs: gradOutputs && kept.map((i) => gradOutputs[i] as Tensor),
			retainGraph,
			createGraph,
			allowUnused: true,
		},
	);
	return found.map((each, i) => each ?? zerosLike(inputs[i] as Tensor));
}

/** The tensors of a tree as a level sees them, those of some arguments with gradients. */
function prepare(
	op: string,
	inputs: readonly unknown[],
	argnums: Argnums,
	level: number,
) {
	const places = placesOf(op, argnums, inputs.length);
	const wrapped = inputs.map((input) =>
		mapTensors(input, (tensor) => wrap(tensor, level)),
	);
	const { leaves, tree } = tensorLeaves(
		op,
		"inputs",
		pick(argnums, places, wrapped),
	);
	for (const each of leaves) each.requiresGrad = true;
	const rebuilt = tree.rebuild(leaves);
	return { inputs: replace(argnums, places, wrapped, rebuilt), leaves, tree };
}

const outside = (level: number) => (tensor: Tensor) => unwrap(tensor, level);

interface AuxOptions {
	/** The function returns [output, something else]; that is handed on. Default: false. */
	hasAux?: boolean;
}

function splitAux(
	op: string,
	result: unknown,
	hasAux: boolean,
): [output: unknown, aux: unknown] {
	if (!hasAux) return [result, undefined];
	if (Array.isArray(result) && result.length === 2)
		return [result[0], result[1]];
	throw check.invalidType(op, "fn", "to return [output, aux]", result);
}

function run(
	op: string,
	fn: (...inputs: never[]) => unknown,
	given: readonly unknown[],
	argnums: Argnums,
	hasAux: boolean,
): { gradient: unknown; value: Tensor; aux: unknown } {
	return inLevel(
		() => native.pushGrad(),
		(level) =>
			enableGrad(() => {
				const { inputs, leaves, tree } = prepare(op, given, argnums, level);
				const [value, aux] = splitAux(op, fn(...(inputs as never[])), hasAux);
				if (!isTensor(value))
					throw check.invalidType(op, "fn", "to return a Tensor", value);
				const output = value as Tensor;
				if (output.ndim !== 0)
					throw check.invalidValue(
						op,
						"fn",
						`expected it to return a scalar tensor, got one with ${output.ndim} dims. Maybe you wanted to use the vjp or jacrev functions instead?`,
					);
				const found = gradients([output], leaves, null, {
					retainGraph: true,
					createGraph: true,
				});
				return {
					gradient: mapTensors(tree.rebuild(found), outside(level)),
					value: unwrap(output, level),
					aux: mapTensors(aux, outside(level)),
				};
			}),
	);
}

/**
 * A function that computes the gradient of another one, which must return a tensor of no dimensions. Inputs may be tensors in arrays, plain
 * objects and maps; the gradient is of the same form. Transforms can be put into each other: `vmap(grad(fn))` gives gradients by example.
 *
 * @param options `argnums`: of which arguments (default 0); with `hasAux`, fn returns [value, aux], and [gradient, aux] is returned
 * @throws TorchError, when that is called, where fn returns no such tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.grad.html
 *
 * @example
 * const cosine = torch.func.grad((x: torch.Tensor) => x.sin());
 * cosine(torch.tensor(1)); // tensor(0.5403)
 */
export function grad<Inputs extends unknown[]>(
	fn: (...inputs: Inputs) => Tensor,
	options?: { argnums?: 0; hasAux?: false },
): (...inputs: Inputs) => Inputs[0];
export function grad<Inputs extends unknown[], const Numbers extends Argnums>(
	fn: (...inputs: Inputs) => Tensor,
	options: { argnums: Numbers; hasAux?: false },
): (...inputs: Inputs) => Picked<Inputs, Numbers>;
export function grad<Inputs extends unknown[], Aux>(
	fn: (...inputs: Inputs) => [Tensor, Aux],
	options: { argnums?: 0; hasAux: true },
): (...inputs: Inputs) => [Inputs[0], Aux];
export function grad<
	Inputs extends unknown[],
	Aux,
	const Numbers extends Argnums,
>(
	fn: (...inputs: Inputs) => [Tensor, Aux],
	options: { argnums: Numbers; hasAux: true },
): (...inputs: Inputs) => [Picked<Inputs, Numbers>, Aux];
export function grad(
	fn: (...inputs: never[]) => unknown,
	options: ArgnumsOptions & AuxOptions = {},
): (...inputs: unknown[]) => unknown {
	const { argnums, hasAux } = optionsOf("grad", fn, options);
	return (...inputs) => {
		const { gradient, aux } = run("grad", fn, inputs, argnums, hasAux);
		return hasAux ? [gradient, aux] : gradient;
	};
}

/**
 * As `grad`, with the value: the function returns [gradient, value]; with `hasAux`, [gradient, [value, aux]].
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.grad_and_value.html
 */
export function gradAndValue<Inputs extends unknown[]>(
	fn: (...inputs: Inputs) => Tensor,
	options?: { argnums?: 0; hasAux?: false },
): (...inputs: Inputs) => [Inputs[0], Tensor];
export function gradAndValue<
	Inputs extends unknown[],
	const Numbers extends Argnums,
>(
	fn: (...inputs: Inputs) => Tensor,
	options: { argnums: Numbers; hasAux?: false },
): (...inputs: Inputs) => [Picked<Inputs, Numbers>, Tensor];
export function gradAndValue<Inputs extends unknown[], Aux>(
	fn: (...inputs: Inputs) => [Tensor, Aux],
	options: { argnums?: 0; hasAux: true },
): (...inputs: Inputs) => [Inputs[0], [Tensor, Aux]];
export function gradAndValue<
	Inputs extends unknown[],
	Aux,
	const Numbers extends Argnums,
>(
	fn: (...inputs: Inputs) => [Tensor, Aux],
	options: { argnums: Numbers; hasAux: true },
): (...inputs: Inputs) => [Picked<Inputs, Numbers>, [Tensor, Aux]];
export function gradAndValue(
	fn: (...inputs: never[]) => unknown,
	options: ArgnumsOptions & AuxOptions = {},
): (...inputs: unknown[]) => unknown {
	const { argnums, hasAux } = optionsOf("gradAndValue", fn, options);
	return (...inputs) => {
		const found = run("gradAndValue", fn, inputs, argnums, hasAux);
		const { gradient, value, aux } = found;
		return [gradient, hasAux ? [value, aux] : value];
	};
}

function optionsOf(
	op: string,
	fn: unknown,
	options: ArgnumsOptions & AuxOptions,
): { argnums: Argnums; hasAux: boolean } {
	check.callable(op, "fn", fn);
	check.options(op, options, ["argnums", "hasAux"]);
	const { argnums = 0, hasAux = false } = options;
	return { argnums, hasAux: check.boolean(op, "hasAux", hasAux) };
}

/** dL/dinputs for cotangents that have the form of the output. */
export type Pullback<Inputs extends unknown[], Output> = (
	cotangents: Output,
	options?: { retainGraph?: boolean; createGraph?: boolean },
) => Inputs;

/** `vjp` of some arguments: the pullback gives what those are. */
export function vjpOf(
	op: string,
	fn: (...inputs: never[]) => unknown,
	given: readonly unknown[],
	argnums: Argnums,
	hasAux: boolean,
): { output: unknown; pullback: Pullback<unknown[], unknown>; aux: unknown } {
	return inLevel(
		() => native.pushGrad(),
		(level) =>
			enableGrad(() => {
				const { inputs, leaves, tree } = prepare(op, given, argnums, level);
				const [output, aux] = splitAux(op, fn(...(inputs as never[])), hasAux);
				const outputs = tensorLeaves(op, "fn", output).leaves;
				const pullback: Pullback<unknown[], unknown> = (
					cotangents,
					{ retainGraph = true, createGraph = isGradEnabled() } = {},
				) => {
					const seeds = tensorLeaves(op, "cotangents", cotangents).leaves;
					if (seeds.length !== outputs.length)
						throw check.invalidValue(
							op,
							"cotangents",
							`expected ${outputs.length} tensors, in the form of the output, got ${seeds.length}`,
						);
					const found = gradients(outputs, leaves, seeds, {
						retainGraph,
						createGraph,
					});
					return tree.rebuild(found) as unknown[];
				};
				return {
					output: mapTensors(output, outside(level)),
					pullback,
					aux: mapTensors(aux, outside(level)),
				};
			}),
	);
}

/**
 * The value of a function, and its vector-Jacobian product: a function that gives dL/dinputs for dL/doutput.
 *
 * @returns [output, pullback]; `pullback(cotangents)` gives a gradient for each input, in an array. With `hasAux`, [output, pullback, aux].
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.vjp.html
 *
 * @example
 * const [y, pullback] = torch.func.vjp((x: torch.Tensor) => x.sin(), [torch.zeros([3])]);
 * const [dx] = pullback(torch.ones([3])); // tensor([1., 1., 1.])
 */
export function vjp<Inputs extends unknown[] | [], Output, Aux>(
	fn: (...inputs: Inputs) => [Output, Aux],
	primals: Inputs,
	options: { hasAux: true },
): [output: Output, pullback: Pullback<Inputs, Output>, aux: Aux];
export function vjp<Inputs extends unknown[] | [], Output>(
	fn: (...inputs: Inputs) => Output,
	primals: Inputs,
	options?: { hasAux?: false },
): [output: Output, pullback: Pullback<Inputs, Output>];
export function vjp(
	fn: (...inputs: never[]) => unknown,
	primals: readonly unknown[],
	options: AuxOptions = {},
): unknown[] {
	const op = "vjp";
	check.callable(op, "fn", fn);
	check.array(op, "primals", primals);
	check.options(op, options, ["hasAux"]);
	const { hasAux = false } = options;
	const all = primals.map((_, i) => i);
	const { output, pullback, aux } = vjpOf(op, fn, primals, all, hasAux);
	return hasAux ? [output, pullback, aux] : [output, pullback];
}

import * as check from "../../check.ts";
import { TorchError } from "../../errors.ts";
import { stack, zerosLike } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dualLevel, makeDual, unpackDual } from "../forwardAd.ts";
import { enableGrad } from "../modes.ts";
import { basisFor } from "../transforms/jacobians.ts";
import { jvpOf } from "../transforms/jvp.ts";
import { vmap } from "../transforms/vmap.ts";
import {
	checkDependence,
	commonOptions,
	type FunctionalOptions,
	type FunctionOf,
	fail,
	finished,
	gradientsOf,
	listOf,
	optionsOf,
	prepared,
	type TensorOrList,
} from "./common.ts";

type Strategy = "reverse-mode" | "forward-mode";

export interface JacobianOptions extends FunctionalOptions {
	/** Whether all rows are computed at once, by `vmap`: faster for more memory. Default: false. */
	vectorize?: boolean;
	/** By rows or, for more outputs than inputs, by columns. Default: "reverse-mode". */
	strategy?: Strategy;
}

const strategies = ["forward-mode", "reverse-mode"] as const;

/** For each output and each input a tensor [...output, ...input]: nested in arrays where there are several of either. */
export type JacobianOf<
	Inputs extends TensorOrList,
	Output extends TensorOrList,
> = Output extends readonly Tensor[]
	? Inputs extends readonly Tensor[]
		? Tensor[][]
		: Tensor[]
	: Inputs extends readonly Tensor[]
		? Tensor[]
		: Tensor;

/** [output][input], without the arrays that the function and its inputs did not have. */
function nested(
	jacobian: readonly (readonly Tensor[])[],
	isOutputList: boolean,
	isInputList: boolean,
): never {
	const rows = jacobian.map((row) => (isInputList ? [...row] : row[0]));
	return (isOutputList ? rows : rows[0]) as never;
}

function sizes(tensors: readonly Tensor[]): number[] {
	return tensors.map((tensor) => tensor.numel());
}

/** Row by row; [output][input]. */
function byRows(
	op: string,
	outputs: readonly Tensor[],
	inputs: readonly Tensor[],
	{ createGraph, strict }: { createGraph: boolean; strict: boolean },
): Tensor[][] {
	return outputs.map((output, o) => {
		const flat = output.reshape([-1]);
		const rows: Tensor[][] = inputs.map(() => []);
		for (let j = 0; j < output.numel(); j++) {
			const found = gradientsOf(
				[flat.select(0, j)],
				inputs,
				null,
				createGraph,
				true,
			);
			for (const [i, gradient] of found.entries()) {
				if (strict && gradient === null)
					throw fail(
						op,
						`Output ${o} of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`,
					);
				if (strict && createGraph && !gradient?.requiresGrad)
					throw fail(
						op,
						`The jacobian of the user-provided function is independent of input ${o}. This is not allowed in strict mode when createGraph is true.`,
					);
				rows[i]?.push(gradient ?? zerosLike(inputs[i] as Tensor));
			}
		}
		return inputs.map((input, i) => {
			const shape = [...output.shape, ...input.shape];
			const list = rows[i] as Tensor[];
			return list.length === 0
				? input.newZeros(shape)
				: stack(list).reshape(shape);
		});
	});
}

/** All rows at once; [output][input]. */
function rowsAtOnce(
	outputs: readonly Tensor[],
	inputs: readonly Tensor[],
	createGraph: boolean,
): Tensor[][] {
	const basis = basisFor(outputs);
	const all = vmap((...seeds: Tensor[]) =>
		gradientsOf(outputs, inputs, seeds, createGraph, true).map(
			(gradient, i) => gradient ?? zerosLike(inputs[i] as Tensor),
		),
	)(...basis);
	// [input][output]
	const parts = all.map((rows) => rows.split(sizes(outputs), 0) as Tensor[]);
	return outputs.map((output, o) =>
		inputs.map((input, i) =>
			((parts[i] as Tensor[])[o] as Tensor).reshape([
				...output.shape,
				...input.shape,
			]),
		),
	);
}

/** Column by column, or all at once; [output][input]. */
function byColumns(
	op: string,
	fn: (...inputs: Tensor[]) => unknown,
	inputs: readonly Tensor[],
	strict: boolean,
	vectorize: boolean,
): { jacobian: Tensor[][]; isOutputList: boolean } {
	let isOutputList = false;
	const call = (...values: Tensor[]) => {
		const result = fn(...values);
		isOutputList = Array.isArray(result);
		return listOf(op, "fn", result);
	};
	const basis = basisFor(inputs);
	const total = sizes(inputs).reduce((sum, size) => sum + size, 0);
	// [output]: [total, ...output]
	const columns = vectorize
		? vmap((...directions: Tensor[]) => {
				const found = jvpOf(op, call as never, inputs, directions, {});
				return found.tangent as Tensor[];
			})(...basis)
		: columnsInTurn(op, call, inputs, basis, total, strict);
	const jacobian = columns.map((column) => {
		const shape = column.shape.slice(1);
		const parts = column.movedim(0, -1).split(sizes(inputs), -1) as Tensor[];
		return inputs.map((input, i) =>
			(parts[i] as Tensor).reshape([...shape, ...input.shape]).detach(),
		);
	});
	return { jacobian, isOutputList };
}

function columnsInTurn(
	op: string,
	call: (...inputs: Tensor[]) => Tensor[],
	inputs: readonly Tensor[],
	basis: readonly Tensor[],
	total: number,
	strict: boolean,
): Tensor[] {
	const columns: Tensor[][] = [];
	for (let j = 0; j < total; j++)
		dualLevel(() => {
			const duals = inputs.map((input, i) =>
				makeDual(
					input.detach(),
					(basis[i] as Tensor).select(0, j).reshape(input.shape),
				),
			);
			for (const [o, dual] of call(...duals).entries()) {
				const { primal, tangent } = unpackDual(dual);
				if (tangent === null && strict)
					throw fail(
						op,
						`The output of the user-provided function is independent of input ${o}. This is not allowed in strict mode.`,
					);
				columns[o] ??= [];
				columns[o].push(tangent ?? zerosLike(primal));
			}
		});
	return columns.map((list) => stack(list));
}

/**
 * The Jacobian of a function at given inputs.
 *
 * @param fn takes the inputs, one after the other, and returns a tensor or an array of them
 * @param inputs one tensor or several
 * @returns a tensor [...output, ...input]; nested in arrays, by outputs first, where there are several of either
 * @throws TorchError, with `strict`, where an output does not depend on an input; where `strict` meets `vectorize`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.jacobian.html
 *
 * @example
 * torch.autograd.functional.jacobian((x: torch.Tensor) => x.pow(2), torch.tensor([1.5, 2])); // tensor([[3., 0.], [0., 4.]])
 */
export function jacobian<
	Inputs extends TensorOrList,
	Output extends TensorOrList,
>(
	fn: FunctionOf<Inputs, Output>,
	inputs: Inputs,
	options: JacobianOptions = {},
): JacobianOf<Inputs, Output> {
	const op = "jacobian";
	check.options(op, options, [...commonOptions, "vectorize", "strategy"]);
	const { vectorize = false, strategy = "reverse-mode" } = options;
	const { createGraph, strict } = optionsOf(op, fn, options);
	check.boolean(op, "vectorize", vectorize);
	check.oneOf(op, "strategy", strategy, strategies);
	const call = fn as (...inputs: Tensor[]) => Output;
	const isInputList = Array.isArray(inputs);
	const given = listOf(op, "inputs", inputs);
	if (strict && vectorize)
		throw unsupported(op, "strict", "strict and vectorize");
	if (strategy === "forward-mode") {
		if (createGraph)
			throw unsupported(op, "strategy", 'createGraph and "forward-mode"');
		const found = byColumns(op, call, given, strict, vectorize);
		return nested(found.jacobian, found.isOutputList, isInputList);
	}
	return enableGrad(() => {
		const values = prepared(given, createGraph, true);
		const result = call(...values);
		const outputs = listOf(op, "fn", result);
		checkDependence(op, outputs, "outputs", strict);
		const rows = vectorize
			? rowsAtOnce(outputs, values, createGraph)
			: byRows(op, outputs, values, { createGraph, strict });
		return nested(
			rows.map((row) => finished(row, createGraph)),
			Array.isArray(result),
			isInputList,
		);
	});
}

function unsupported(op: string, argument: string, what: string): TorchError {
	return new TorchError(`${what} are not supported together`, {
		code: "ERR_NOT_IMPLEMENTED",
		op,
		argument,
	});
}

export interface HessianOptions extends FunctionalOptions {
	/** Whether all rows are computed at once, by `vmap`. Default: false. */
	vectorize?: boolean;
	/** How the Jacobian of the gradient is computed. Default: "reverse-mode". */
	outerJacobianStrategy?: Strategy;
}

/**
 * The Hessian of a scalar function at given inputs.
 *
 * @returns a tensor [...input, ...input]; for several inputs [i][j] is that of inputs i and j
 * @throws TorchError where the function's result has several elements; with `strict`, where the gradient does not depend on an input
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.hessian.html
 *
 * @example
 * torch.autograd.functional.hessian((x: torch.Tensor) => x.pow(3).sum(), torch.tensor([1.5, 2])); // tensor([[9., 0.], [0., 12.]])
 */
export function hessian<Inputs extends TensorOrList>(
	fn: FunctionOf<Inputs, Tensor>,
	inputs: Inputs,
	options: HessianOptions = {},
): Inputs extends readonly Tensor[] ? Tensor[][] : Tensor {
	const op = "hessian";
	check.options(op, options, [
		...commonOptions,
		"vectorize",
		"outerJacobianStrategy",
	]);
	const { createGraph, strict } = optionsOf(op, fn, options);
	const { vectorize = false, outerJacobianStrategy: strategy } = options;
	if (strategy !== undefined)
		check.oneOf(op, "outerJacobianStrategy", strategy, strategies);
	const call = fn as (...inputs: Tensor[]) => unknown;
	const scalar = (...values: Tensor[]) => {
		const [output, ...others] = listOf(op, "fn", call(...values));
		if (output === undefined || others.length > 0)
			throw fail(
				op,
				"The function given to hessian should return a single Tensor",
			);
		if (output.numel() !== 1)
			throw fail(
				op,
				"The Tensor returned by the function given to hessian should contain a single element",
			);
		return output.squeeze();
	};
	const gradient = (...values: Tensor[]) => {
		if (strategy === "forward-mode")
			for (const value of values) value.requiresGrad = true;
		const rows = jacobian<readonly Tensor[], Tensor>(scalar, values, {
			createGraph: true,
		});
		checkDependence(op, rows, "jacobian", strict);
		return rows;
	};
	const isList = Array.isArray(inputs);
	const found = jacobian<readonly Tensor[], Tensor[]>(
		gradient,
		listOf(op, "inputs", inputs),
		{ createGraph, strict, vectorize, strategy: strategy ?? "reverse-mode" },
	);
	return (isList ? found : found[0]?.[0]) as never;
}

import * as check from "../../check.ts";
import { TorchError } from "../../errors.ts";
import {
	allclose,
	rand,
	randnLike,
	zerosLike,
} from "../../generated/functions.ts";
import { isTensor } from "../../handle.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { AutogradFunction, type FunctionCtx } from "../function.ts";
import { grad } from "../grad.ts";
import {
	backwardJacobian,
	batchedJacobian,
	difference,
	forwardJacobians,
	forwardTangents,
	gradientsFor,
	numericalJacobians,
	recorded,
} from "./jacobians.ts";
import {
	type AnyFunction,
	differentiable,
	type RealFunction,
	realFunction,
} from "./real.ts";

export interface GradcheckOptions {
	/** How far inputs are moved for the numerical gradient. Default: 1e-6. */
	eps?: number;
	/** Absolute tolerance. Default: 1e-5. */
	atol?: number;
	/** Relative tolerance. Default: 1e-3. */
	rtol?: number;
	/** Throws where a check fails; else false is returned. Default: true. */
	raiseException?: boolean;
	/** How much two backwards of the same may differ. Default: 0. */
	nondetTol?: number;
	/** Whether backward is tried with missing gradients of the outputs. Default: true. */
	checkUndefinedGrad?: boolean;
	/** Whether backward is compared under `vmap`. Default: false. */
	checkBatchedGrad?: boolean;
	/** Whether forward mode is checked. Default: false. */
	checkForwardAd?: boolean;
	/** Whether reverse mode is checked. Default: true. */
	checkBackwardAd?: boolean;
	/** Compares products with random vectors instead of whole Jacobians. Default: false. */
	fastMode?: boolean;
}

const defaults: Required<GradcheckOptions> = {
	eps: 1e-6,
	atol: 1e-5,
	rtol: 1e-3,
	raiseException: true,
	nondetTol: 0,
	checkUndefinedGrad: true,
	checkBatchedGrad: false,
	checkForwardAd: false,
	checkBackwardAd: true,
	fastMode: false,
};

/** A check that has failed. */
class Failed extends TorchError {
	constructor(op: string, message: string) {
		super(message, { code: "ERR_GRADCHECK", op });
	}
}

function checkInputs(op: string, inputs: readonly unknown[]): void {
	const checked = inputs.filter(
		(input) => isTensor(input) && (input as Tensor).requiresGrad,
	) as Tensor[];
	if (checked.length === 0)
		throw check.invalidValue(
			op,
			"inputs",
			"gradcheck expects at least one input tensor to require gradient, but none of them has requiresGrad",
		);
	for (const [i, input] of checked.entries()) {
		if (!/^(float64|complex128)$/.test(input.dtype))
			process.emitWarning(
				`Input #${i} requires gradient and is not a double precision floating point or complex. This check will likely fail if all the inputs are not of double precision floating point or complex.`,
			);
		const { shape } = input;
		if (input.stride().some((stride, d) => stride === 0 && (shape[d] ?? 0) > 1))
			throw check.invalidValue(
				op,
				"inputs",
				`The ${i}th input has a dimension with stride 0. gradcheck only supports inputs that are non-overlapping. You should call .contiguous on the input before passing it to gradcheck.`,
			);
	}
}

function compare(
	op: string,
	name: string,
	found: Tensor,
	numerical: Tensor,
	place: { output: number; input: number },
	{ atol, rtol }: Required<GradcheckOptions>,
): void {
	if (
		allclose(found, numerical.to(found.dtype), { rtol, atol, equalNan: true })
	)
		return;
	const kind =
		name === "forward"
			? "Jacobian computed with forward mode mismatch"
			: "Jacobian mismatch";
	throw new Failed(
		op,
		`${kind} for output ${place.output} with respect to input ${place.input},\nnumerical:${numerical}\nanalytical:${found}\n`,
	);
}

function checkSlowly(
	op: string,
	fn: RealFunction,
	options: Required<GradcheckOptions>,
): void {
	const { inputs, outputs } = recorded(fn);
	const numerical = numericalJacobians(fn, outputs, options.eps);
	const at = (o: number, i: number) => (numerical[o] as Tensor[])[i] as Tensor;
	if (options.checkForwardAd)
		for (const [o, row] of forwardJacobians(fn, outputs).entries())
			for (const [i, each] of row.entries())
				compare(
					op,
					"forward",
					each,
					at(o, i),
					{ output: o, input: i },
					options,
				);
	if (!options.checkBackwardAd) return;
	for (const [o, output] of outputs.entries()) {
		const found = backwardJacobian(output, inputs);
		for (const [i, each] of found.entries())
			compare(op, "backward", each, at(o, i), { output: o, input: i }, options);
		checkDeterminism(op, found, backwardJacobian(output, inputs), options);
		if (options.checkBatchedGrad && output.requiresGrad)
			checkBatched(op, found, batchedJacobian(output, inputs), o);
	}
}

function checkDeterminism(
	op: string,
	first: readonly Tensor[],
	second: readonly Tensor[],
	{ nondetTol }: Required<GradcheckOptions>,
): void {
	for (const [i, each] of first.entries()) {
		const other = second[i] as Tensor;
		if (allclose(each, other, { rtol: 0, atol: nondetTol, equalNan: true }))
			continue;
		throw new Failed(
			op,
			`Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives different values, although analytical gradient matches numerical gradient. The tolerance for nondeterminism was ${nondetTol}.`,
		);
	}
}

function checkBatched(
	op: string,
	expected: readonly Tensor[],
	found: readonly Tensor[],
	output: number,
): void {
	for (const [i, each] of found.entries()) {
		if (allclose(each, expected[i] as Tensor, { equalNan: true })) continue;
		throw new Failed(
			op,
			`For output ${output} and input ${i}: the gradients computed under vmap are not those computed one by one,\nvmap:${each}\none by one:${expected[i]}`,
		);
	}
}

/** A vector of length 1 without negative entries. */
function unitVector(like: Tensor): Tensor {
	const { shape, dtype, device } = like;
	const drawn = rand(shape, { dtype, device });
	return drawn.div(drawn.norm().clampMin(1e-300));
}

function dot(a: Tensor, b: Tensor): Tensor {
	return a.reshape([-1]).dot(b.reshape([-1]));
}

function checkFast(
	op: string,
	fn: RealFunction,
	options: Required<GradcheckOptions>,
): void {
	const { inputs, outputs } = recorded(fn);
	const us = fn.inputs.map(unitVector);
	const vs = outputs.map((output) => unitVector(output.detach()));
	for (const [i, u] of us.entries()) {
		const only = us.map((each, k) => (k === i ? each : null));
		const numerical = difference(fn, only, options.eps);
		const forward = options.checkForwardAd
			? forwardTangents(fn, (k) => only[k] ?? null)
			: [];
		for (const [o, output] of outputs.entries()) {
			const v = vs[o] as Tensor;
			const expected = dot(numerical[o] as Tensor, v);
			// what atol for each element comes to
			const atol =
				options.atol * Number(u.sum().item()) * Number(v.sum().item());
			const scaled = { ...options, atol };
			const place = { output: o, input: i };
			if (options.checkForwardAd) {
				const found = dot(forward[o] as Tensor, v);
				compare(op, "forward", found, expected, place, scaled);
			}
			if (options.checkBackwardAd) {
				const found = gradientsFor(output, inputs, v)[i] as Tensor;
				compare(op, "backward", dot(found, u), expected, place, scaled);
			}
		}
	}
}

/** Whatever the gradient, none goes on. */
class UndefinedGrad extends AutogradFunction {
	static forward(_ctx: FunctionCtx, output: Tensor): Tensor {
		return output.viewAs(output);
	}

	static backward(): null {
		return null;
	}
}

/** Zero seeds must give zeros, and missing ones nothing or zeros. */
function checkSeeds(
	op: string,
	fn: RealFunction,
	{ checkUndefinedGrad }: Required<GradcheckOptions>,
): void {
	const { inputs, outputs } = recorded(fn);
	const kept = outputs.filter((output) => output.requiresGrad);
	if (kept.length === 0) return;
	const areZero = (seeded: Tensor[]) =>
		grad(seeded, inputs, {
			gradOutputs: kept.map((output) => zerosLike(output)),
			retainGraph: true,
			allowUnused: true,
		}).every((each) => each === null || !each.ne(0).any().item());
	if (!areZero(kept))
		throw new Failed(op, "backward not multiplied by grad_output");
	if (checkUndefinedGrad && !areZero(kept.map((o) => UndefinedGrad.apply(o))))
		throw new Failed(
			op,
			"Expected all input grads to be undefined or zero when all output grads are undefined or zero.",
		);
}

function run(
	op: string,
	fn: AnyFunction,
	inputs: readonly unknown[],
	options: Required<GradcheckOptions>,
): boolean {
	checkInputs(op, inputs);
	const real = realFunction(fn, inputs);
	try {
		if (recorded(real).outputs.length === 0)
			throw check.invalidType(op, "fn", "to return Tensors", undefined);
		if (options.fastMode) checkFast(op, real, options);
		else checkSlowly(op, real, options);
		if (options.checkBackwardAd) checkSeeds(op, real, options);
		return true;
	} catch (error) {
		if (error instanceof Failed && !options.raiseException) return false;
		throw error;
	}
}

function optionsOf(
	op: string,
	fn: unknown,
	inputs: unknown,
	options: GradcheckOptions,
): Required<GradcheckOptions> {
	check.callable(op, "fn", fn);
	check.array(op, "inputs", inputs as unknown[]);
	check.options(op, options, Object.keys(defaults));
	for (const name of ["eps", "atol", "rtol", "nondetTol"] as const)
		if (options[name] !== undefined)
			check.number(op, name, options[name], { min: 0 });
	const all = { ...defaults, ...options };
	if (!all.checkForwardAd && !all.checkBackwardAd)
		throw check.invalidValue(
			op,
			"checkBackwardAd",
			"expected checkForwardAd or checkBackwardAd, there is nothing to check else",
		);
	return all;
}

/**
 * Compares a function's gradients with numerical ones, of all inputs that require gradients. They should be float64 or complex128.
 *
 * @param fn returns a tensor or an array of them
 * @param inputs what it is called with
 * @returns true; with `raiseException: false`, false where a check fails
 * @throws TorchError `ERR_GRADCHECK` with both Jacobians where they differ
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html
 *
 * @example
 * const x = torch.randn([3], { dtype: "float64", requiresGrad: true });
 * torch.autograd.gradcheck((x: torch.Tensor) => x.sin(), [x]); // true
 */
export function gradcheck<Inputs extends unknown[] | []>(
	fn: (...inputs: Inputs) => Tensor | readonly Tensor[],
	inputs: Inputs,
	options: GradcheckOptions = {},
): boolean {
	const op = "gradcheck";
	return run(op, fn, inputs, optionsOf(op, fn, inputs, options));
}

export interface GradgradcheckOptions
	extends Omit<GradcheckOptions, "checkForwardAd" | "checkBackwardAd"> {
	/** dL/doutput for each output that requires gradients; null: drawn at random. Default: null. */
	gradOutputs?: readonly Tensor[] | null;
}

/**
 * Compares the gradients of a function's gradients with numerical ones: of the inputs and of the outputs' gradients.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradgradcheck.html
 *
 * @example
 * const x = torch.randn([3], { dtype: "float64", requiresGrad: true });
 * torch.autograd.gradgradcheck((x: torch.Tensor) => x.sin(), [x]); // true
 */
export function gradgradcheck<Inputs extends unknown[] | []>(
	fn: (...inputs: Inputs) => Tensor | readonly Tensor[],
	inputs: Inputs,
	{ gradOutputs = null, ...options }: GradgradcheckOptions = {},
): boolean {
	const op = "gradgradcheck";
	const all = optionsOf(op, fn, inputs, options);
	checkInputs(op, inputs);
	const call = fn as AnyFunction;
	const of = (values: readonly unknown[]) =>
		differentiable(call(...(values as never[]))).filter(
			(output) => output.requiresGrad,
		);
	const seeds =
		gradOutputs ??
		of(inputs).map((output) => randnLike(output.detach()).requiresGrad_());
	const { length } = inputs;
	const gradientsOfFn = (...values: unknown[]) => {
		const given = values.slice(0, length);
		const tensors = given.filter(
			(each) => isTensor(each) && (each as Tensor).requiresGrad,
		) as Tensor[];
		return grad(of(given), tensors, {
			gradOutputs: values.slice(length) as Tensor[],
			createGraph: true,
			allowUnused: true,
		}).filter((each) => each !== null);
	};
	return run(op, gradientsOfFn, [...inputs, ...seeds], all);
}

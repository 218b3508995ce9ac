/** What the functions of torch.autograd.functional share. */
import * as check from "../../check.ts";
import { TorchError } from "../../errors.ts";
import { zerosLike } from "../../generated/functions.ts";
import { isTensor } from "../../handle.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { grad } from "../grad.ts";

/** One tensor, or several in an array. */
export type TensorOrList = Tensor | readonly Tensor[];

/** An array where several tensors are given, else one tensor. */
export type Alike<Given extends TensorOrList> = Given extends readonly Tensor[]
	? Tensor[]
	: Tensor;

/** A function of the tensors that `inputs` holds. */
export type FunctionOf<Inputs extends TensorOrList, Output> = (
	...inputs: Inputs extends readonly Tensor[]
		? { [K in keyof Inputs]: Tensor }
		: [Tensor]
) => Output;

export interface FunctionalOptions {
	/** Whether the results can be differentiated themselves. Default: false. */
	createGraph?: boolean;
	/** Throws where an input has no part in the result, instead of zeros. Default: false. */
	strict?: boolean;
}

export const commonOptions = ["createGraph", "strict"];

export function optionsOf(
	op: string,
	fn: unknown,
	options: FunctionalOptions,
): Required<Pick<FunctionalOptions, "createGraph" | "strict">> {
	check.callable(op, "fn", fn);
	const { createGraph = false, strict = false } = options;
	return {
		createGraph: check.boolean(op, "createGraph", createGraph),
		strict: check.boolean(op, "strict", strict),
	};
}

/** Several tensors, whether one or a list was given. */
export function listOf(op: string, argument: string, value: unknown): Tensor[] {
	const list: unknown[] = Array.isArray(value) ? value : [value];
	for (const each of list)
		if (!isTensor(each))
			throw check.invalidType(op, argument, "Tensor or Tensor[]", each);
	return list as Tensor[];
}

export function fail(op: string, message: string): TorchError {
	return new TorchError(message, { code: "ERR_INVALID_ARG_VALUE", op });
}

/** Tensors that gradients can be taken of, without touching those given. */
export function prepared(
	tensors: readonly Tensor[],
	createGraph: boolean,
	needsGraph: boolean,
): Tensor[] {
	return tensors.map((tensor) =>
		createGraph && tensor.requiresGrad
			? tensor.isSparse
				? tensor.clone()
				: tensor.viewAs(tensor)
			: tensor.detach().requiresGrad_(needsGraph),
	);
}

/** Results without a history, unless that was asked for. */
export function finished(
	tensors: readonly Tensor[],
	createGraph: boolean,
): Tensor[] {
	return tensors.map((tensor) => (createGraph ? tensor : tensor.detach()));
}

export function checkVector(
	op: string,
	v: readonly Tensor[],
	like: readonly Tensor[],
): void {
	if (v.length !== like.length)
		throw fail(
			op,
			like.length === 1
				? "The given v should contain a single Tensor."
				: `v has an invalid length: should be ${like.length} but got ${v.length}.`,
		);
	for (const [i, { shape }] of like.entries()) {
		const given = (v[i] as Tensor).shape;
		if (given.join() === shape.join()) continue;
		const entry = like.length > 1 ? `Entry ${i} in ` : "";
		throw fail(
			op,
			`${entry}v has invalid size: should be [${shape.join(", ")}] but got [${given.join(", ")}].`,
		);
	}
}

const notStrict = "This is not allowed in strict mode.";

export type Stage = "outputs" | "gradInputs" | "jacobian" | "hessian";

const independent: Record<Stage, (i: number) => string> = {
	outputs: (i) =>
		`Output ${i} of the user-provided function does not require gradients. The outputs must be computed in a differentiable manner from the input when running in strict mode.`,
	gradInputs: (i) =>
		`The gradient with respect to input ${i} is independent of the inputs of the user-provided function. ${notStrict}`,
	jacobian: (i) =>
		`While computing the hessian, found that the jacobian of the user-provided function with respect to input ${i} is independent of the input. ${notStrict} You should ensure that your function is twice differentiable and that the jacobian depends on the inputs (this would be violated by a linear function for example).`,
	hessian: (i) =>
		`The hessian of the user-provided function with respect to input ${i} is independent of the input. ${notStrict} You should ensure that your function is thrice differentiable and that the hessian depends on the inputs.`,
};

/** In strict mode, all tensors must depend on the inputs. */
export function checkDependence(
	op: string,
	tensors: readonly (Tensor | null)[],
	stage: Stage,
	strict: boolean,
): void {
	if (!strict) return;
	for (const [i, tensor] of tensors.entries()) {
		if (tensor === null)
			throw fail(
				op,
				`The output of the user-provided function is independent of input ${i}. ${notStrict}`,
			);
		if (!tensor.requiresGrad) throw fail(op, independent[stage](i));
	}
}

/** Gradients, null for what is not used. */
export function gradientsOf(
	outputs: readonly (Tensor | null)[],
	inputs: readonly Tensor[],
	gradOutputs: readonly Tensor[] | null,
	createGraph: boolean,
	retainGraph = createGraph,
): (Tensor | null)[] {
	const kept = outputs.flatMap((output, i) =>
		output?.requiresGrad ? [i] : [],
	);
	if (kept.length === 0) return inputs.map(() => null);
	return grad(
		kept.map((i) => outputs[i] as Tensor),
		inputs,
		{
			gradOutputs: gradOutputs && kept.map((i) => gradOutputs[i] as Tensor),
			allowUnused: true,
			createGraph,
			retainGraph,
		},
	);
}

const unused = {
	back: (i: number) =>
		`The output of the user-provided function is independent of input ${i}. ${notStrict}`,
	backTrick: (i: number) =>
		`The gradient with respect to the input is independent of entry ${i} in the grad_outputs when using the double backward trick to compute forward mode gradients. ${notStrict}`,
	doubleBack: (i: number) =>
		`The jacobian of the user-provided function is independent of input ${i}. ${notStrict}`,
	doubleBackTrick: (i: number) =>
		`The hessian of the user-provided function is independent of entry ${i} in the grad_jacobian. This is not allowed in strict mode as it prevents from using the double backward trick to replace forward mode AD.`,
};

/** Zeros where there is no gradient; in strict mode, that is an error. */
export function filled(
	op: string,
	gradients: readonly (Tensor | null)[],
	like: readonly Tensor[],
	stage: keyof typeof unused,
	{ strict, createGraph }: { strict: boolean; createGraph: boolean },
): Tensor[] {
	return gradients.map((gradient, i) => {
		if (gradient === null) {
			if (strict) throw fail(op, unused[stage](i));
			return zerosLike(like[i] as Tensor);
		}
		if (strict && createGraph && !gradient.requiresGrad) {
			const what = stage.startsWith("double") ? "hessian" : "jacobian";
			throw fail(
				op,
				`The ${what} of the user-provided function is independent of input ${i}. This is not allowed in strict mode when createGraph is true.`,
			);
		}
		return gradient;
	});
}

import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { TorchError } from "../../errors.ts";
import { stack, zeros } from "../../generated/functions.ts";
import { vectorNorm } from "../../generated/linalg.ts";
import { privateOperator } from "../../operator.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Optional, optional } from "../arguments.ts";
import { alike, type Tensors, tensorsOf } from "./tensors.ts";

const normOfEach = privateOperator("_foreach_norm", "Scalar");
const multiplyEach = privateOperator("_foreach_mul_", "Tensor");
const clampMinOfEach = privateOperator("_foreach_clamp_min_", "Scalar");
const clampMaxOfEach = privateOperator("_foreach_clamp_max_", "Scalar");

interface NormArguments {
	/** The order of the norm; Infinity: the greatest size. Default: 2. */
	normType: number;
	/** Throws where the norm is not finite. Default: false. */
	errorIfNonfinite: boolean;
	/** false: one tensor after the other, not by `_foreach_` kernels. Both give the same. Default: null. */
	foreach: boolean | null;
}
type NormOptions = Optional<
	NormArguments,
	["normType", "errorIfNonfinite", "foreach"]
>;

function normArguments(op: string, given: readonly unknown[]): NormArguments {
	const values = optional<NormArguments>(
		op,
		{ normType: 2, errorIfNonfinite: false, foreach: null },
		given,
	);
	check.number(op, "normType", values.normType);
	check.boolean(op, "errorIfNonfinite", values.errorIfNonfinite);
	if (values.foreach !== null) check.boolean(op, "foreach", values.foreach);
	return values;
}

/**
 * The norm of all tensors, as if they were one vector.
 *
 * @returns no dimensions, on the first tensor's device; 0 without tensors
 * @throws TorchError `ERR_INVALID_ARG_VALUE` for a norm that is not finite, if `errorIfNonfinite`
 * @see torch.nn.utils.get_total_norm
 */
export function getTotalNorm(tensors: Tensors, ...rest: NormOptions): Tensor {
	const list = tensorsOf("getTotalNorm", "tensors", tensors);
	return totalNorm(list, normArguments("getTotalNorm", rest));
}

function totalNorm(
	tensors: readonly Tensor[],
	{ normType, errorIfNonfinite, foreach }: NormArguments,
): Tensor {
	const [first] = tensors;
	if (first === undefined) return zeros([]);
	const total = scope(() => {
		const norms = alike(tensors).flatMap((group) =>
			foreach === false
				? group.map((tensor) => vectorNorm(tensor, normType))
				: (normOfEach(group, normType) as Tensor[]),
		);
		return vectorNorm(
			stack(norms.map((norm) => norm.to({ device: first.device }))),
			normType,
		);
	});
	if (errorIfNonfinite && !total.isfinite().item())
		throw new TorchError(
			`The total norm of order ${normType} for gradients from \`parameters\` is non-finite, so it cannot be clipped`,
			{
				code: "ERR_INVALID_ARG_VALUE",
				op: "clipGradNorm_",
				argument: "errorIfNonfinite",
			},
		);
	return total;
}

/**
 * Scales the gradients of all parameters, in place, so that their norm, as if they were one vector, is at most `maxNorm`.
 *
 * @returns the norm before
 * @throws TorchError for a norm that is not finite, if `errorIfNonfinite`; then nothing has changed
 * @see torch.nn.utils.clip_grad_norm_
 * @example
 * loss.backward();
 * nn.utils.clipGradNorm_(model.parameters(), 1);
 * optimizer.step();
 */
export function clipGradNorm_(
	parameters: Tensors,
	maxNorm: number,
	...rest: NormOptions
): Tensor {
	const op = "clipGradNorm_";
	const list = tensorsOf(op, "parameters", parameters);
	check.number(op, "maxNorm", maxNorm);
	const values = normArguments(op, rest);
	return noGrad(() => {
		const grads = gradsOf(list);
		const total = totalNorm(grads, values);
		scale(grads, maxNorm, total, values.foreach);
		return total;
	});
}

/**
 * Scales the gradients of all parameters, in place, given their norm.
 *
 * @see torch.nn.utils.clip_grads_with_norm_
 */
export function clipGradsWithNorm_(
	parameters: Tensors,
	maxNorm: number,
	totalNorm: Tensor,
	...rest: Optional<{ foreach: boolean | null }, ["foreach"]>
): void {
	const op = "clipGradsWithNorm_";
	const list = tensorsOf(op, "parameters", parameters);
	check.number(op, "maxNorm", maxNorm);
	const { foreach } = optional<{ foreach: boolean | null }>(
		op,
		{ foreach: null },
		rest,
	);
	noGrad(() => scale(gradsOf(list), maxNorm, totalNorm, foreach));
}

function gradsOf(parameters: readonly Tensor[]): Tensor[] {
	return parameters.flatMap((parameter) => parameter.grad ?? []);
}

function scale(
	grads: readonly Tensor[],
	maxNorm: number,
	total: Tensor,
	foreach: boolean | null,
): void {
	scope(() => {
		const factor = total.add(1e-6).reciprocal().mul(maxNorm).clampMax(1);
		for (const group of alike(grads)) {
			const here = factor.to({ device: (group[0] as Tensor).device });
			if (foreach === false) for (const grad of group) grad.mul_(here);
			else multiplyEach(group, here);
		}
	});
}

/**
 * Clips each element of the gradients of all parameters, in place, to [-clipValue, clipValue].
 *
 * @see torch.nn.utils.clip_grad_value_
 * @example
 * nn.utils.clipGradValue_(model.parameters(), 0.5);
 */
export function clipGradValue_(
	parameters: Tensors,
	clipValue: number,
	...rest: Optional<{ foreach: boolean | null }, ["foreach"]>
): void {
	const op = "clipGradValue_";
	const list = tensorsOf(op, "parameters", parameters);
	check.number(op, "clipValue", clipValue);
	const { foreach } = optional<{ foreach: boolean | null }>(
		op,
		{ foreach: null },
		rest,
	);
	noGrad(() => {
		for (const group of alike(gradsOf(list)))
			if (foreach === false)
				for (const grad of group) grad.clamp_(-clipValue, clipValue);
			else {
				clampMinOfEach(group, -clipValue);
				clampMaxOfEach(group, clipValue);
			}
	});
}

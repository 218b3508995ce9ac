import { TorchError } from "../errors.ts";
import { isTensor } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { FunctionContext } from "./context.ts";
import { AutogradFunction, type FunctionGradients } from "./function.ts";
import { isGradEnabled, noGrad } from "./modes.ts";

/** Gives gradients on that refuse to be differentiated. */
class Refused extends AutogradFunction {
	static forward(_ctx: FunctionContext, gradient: Tensor): Tensor {
		return gradient.clone();
	}

	static backward(): never {
		throw new TorchError(
			"trying to differentiate twice a function that was marked with onceDifferentiable",
			{ code: "ERR_TORCH", op: "backward" },
		);
	}
}

/**
 * A `backward` that cannot be differentiated itself: it runs without recording, and a second derivative through it is an error instead of
 * silently wrong.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.function.once_differentiable.html
 * @example
 * class Twice extends torch.autograd.Function {
 *   static forward(ctx: torch.autograd.FunctionCtx, x: torch.Tensor) {
 *     return x.mul(2);
 *   }
 *   static backward = torch.autograd.onceDifferentiable(
 *     (ctx: torch.autograd.FunctionCtx, gradient: torch.Tensor) => gradient.mul(2),
 *   );
 * }
 */
export function onceDifferentiable<
	Ctx extends FunctionContext,
	Gradients extends (Tensor | null)[],
>(
	backward: (ctx: Ctx, ...gradients: Gradients) => FunctionGradients,
): (ctx: Ctx, ...gradients: Gradients) => FunctionGradients {
	return (ctx, ...gradients) => {
		const isRecorded =
			isGradEnabled() && gradients.some((gradient) => gradient?.requiresGrad);
		const result = noGrad(() => backward(ctx, ...gradients));
		if (!isRecorded) return result;
		const refuse = (gradient: Tensor | null | undefined) =>
			isTensor(gradient)
				? Refused.apply((gradient as Tensor).detach().requiresGrad_())
				: gradient;
		return Array.isArray(result)
			? result.map(refuse)
			: refuse(result as Tensor | null | undefined);
	};
}

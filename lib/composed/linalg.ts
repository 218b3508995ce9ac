/** torch.linalg: its operators, and one that needs a look at its argument first. */
import { checkTensor } from "../arguments.ts";
import { native } from "../binding.ts";
import * as check from "../check.ts";
import { isfinite } from "../generated/functions.ts";
import { $linalgEigvals } from "../generated/operators.ts";
import { slotOf } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Out, writeTo } from "./out.ts";

export * from "../generated/linalg.ts";

/**
 * The eigenvalues of square matrices, complex.
 *
 * @param input floating-point or complex, […, n, n]
 * @param options.out where to write the result, instead of to a new tensor
 * @returns […, n]
 * @throws TorchError for infinite elements and NaN, of which LAPACK would end the process
 * @see https://docs.pytorch.org/docs/stable/generated/torch.linalg.eigvals.html
 *
 * @example
 * torch.linalg.eigvals(torch.eye(2)).real().tolist(); // [1, 1]
 */
export function eigvals(input: Tensor, options: Out = {}): Tensor {
	const op = "linalg.eigvals";
	checkTensor(op, "input", input);
	check.options(op, options, ["out"]);
	const isReadable =
		input.device === "cpu" &&
		input.layout === "strided" &&
		native.unwrapped(slotOf(input)) === null;
	if (isReadable && !isfinite(input.detach()).all().item())
		throw check.invalidValue(
			op,
			"input",
			"expected finite numbers, got an infinity or NaN",
		);
	const values = $linalgEigvals.call([input]) as Tensor;
	return writeTo(op, options.out, values);
}

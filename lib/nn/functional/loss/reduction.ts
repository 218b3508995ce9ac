import * as check from "../../../check.ts";
import { broadcastTensors } from "../../../composed/index.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { checkTensor } from "../../arguments.ts";

/** What a loss does with the losses of single elements: keeps them, averages them, or adds them up. */
export type Reduction = "none" | "mean" | "sum";

export interface ReductionOption {
	/** Default "mean". */
	reduction?: Reduction | undefined;
}

/** The reductions as LibTorch's operators number them. */
export const REDUCTIONS: readonly Reduction[] = ["none", "mean", "sum"];

export const mean: Reduction = "mean";
export const noTensor: Tensor | null = null;

export function reductionIndex(op: string, reduction: Reduction): number {
	check.oneOf(op, "reduction", reduction, REDUCTIONS);
	return REDUCTIONS.indexOf(reduction);
}

/** The losses of single elements as `reduction` wants them; a mean divides by `count`, or by how many there are. */
export function reduced(
	op: string,
	losses: Tensor,
	reduction: Reduction,
	count?: Tensor,
): Tensor {
	check.oneOf(op, "reduction", reduction, REDUCTIONS);
	if (reduction === "none") return losses;
	if (reduction === "sum") return losses.sum();
	return count === undefined ? losses.mean() : losses.sum().div(count);
}

/** Input and target in one shape. */
export function broadcast(
	op: string,
	input: Tensor,
	target: Tensor,
): [Tensor, Tensor] {
	checkTensor(op, "input", input);
	checkTensor(op, "target", target);
	if (isSameShape(input, target)) return [input, target];
	warnOfBroadcasting(op, input, target);
	return broadcastTensors([input, target]) as [Tensor, Tensor];
}

export function checkSameShape(
	op: string,
	argument: string,
	tensor: Tensor,
	input: Tensor,
): void {
	checkTensor(op, "input", input);
	checkTensor(op, argument, tensor);
	if (isSameShape(tensor, input)) return;
	throw check.invalidValue(
		op,
		argument,
		`expected the input's shape [${input.shape.join(", ")}], got [${tensor.shape.join(", ")}]`,
	);
}

function isSameShape(a: Tensor, b: Tensor): boolean {
	return a.shape.join() === b.shape.join();
}

const warned = new Set<string>();

/** [N, 1] against [N] becomes [N, N], which is hardly ever meant: said once, since it would be said in every step. */
function warnOfBroadcasting(op: string, input: Tensor, target: Tensor): void {
	if (warned.has(op)) return;
	warned.add(op);
	process.emitWarning(
		`${op}: the target's shape [${target.shape.join(", ")}] differs from the input's [${input.shape.join(", ")}]; ` +
			"broadcasting will likely lead to incorrect results. Make them the same.",
	);
}

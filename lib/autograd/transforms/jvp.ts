import { native } from "../../binding.ts";
import * as check from "../../check.ts";
import { zerosLike } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { makeDual, sharedLevel, unpackDual } from "../forwardAd.ts";
import { tensorLeaves } from "./arguments.ts";
import { inLevel, unwrap } from "./level.ts";
import { mapTensors } from "./tree.ts";

export interface JvpOptions {
	/** Throws where an output does not depend on the inputs, instead of a tangent of zeros. Default: false. */
	strict?: boolean;
	/** The function returns [output, something else]; that is handed on. Default: false. */
	hasAux?: boolean;
}

function withForwardGrad<T>(fn: () => T): T {
	const before = native.isForwardGradEnabled();
	native.setForwardGradEnabled(true);
	try {
		return fn();
	} finally {
		native.setForwardGradEnabled(before);
	}
}

export function jvpOf(
	op: string,
	fn: (...inputs: never[]) => unknown,
	primals: readonly unknown[],
	tangents: readonly unknown[],
	{ strict = false, hasAux = false }: JvpOptions,
): { output: unknown; tangent: unknown; aux: unknown } {
	const values = tensorLeaves(op, "primals", primals);
	const directions = tensorLeaves(op, "tangents", tangents).leaves;
	if (directions.length !== values.leaves.length)
		throw check.invalidValue(
			op,
			"tangents",
			`expected ${values.leaves.length} tensors, in the form of the primals, got ${directions.length}`,
		);
	return inLevel(
		() => native.pushJvp(),
		(level) =>
			withForwardGrad(() =>
				sharedLevel(() => {
					const duals = values.leaves.map((primal, i) =>
						makeDual(primal, directions[i] as Tensor),
					);
					const result = fn(...(values.tree.rebuild(duals) as never[]));
					if (hasAux && !(Array.isArray(result) && result.length === 2))
						throw check.invalidType(
							op,
							"fn",
							"to return [output, aux]",
							result,
						);
					const [output, aux] = hasAux ? (result as unknown[]) : [result];
					const outputs = tensorLeaves(op, "fn", output);
					const unpacked = outputs.leaves.map((dual) => {
						const { primal, tangent } = unpackDual(dual);
						if (tangent === null && strict)
							throw check.invalidValue(
								op,
								"fn",
								"an output does not depend on the inputs (strict)",
							);
						return [
							unwrap(primal, level),
							unwrap(tangent ?? zerosLike(primal), level),
						];
					});
					return {
						output: outputs.tree.rebuild(unpacked.map(([primal]) => primal)),
						tangent: outputs.tree.rebuild(unpacked.map(([, each]) => each)),
						aux: mapTensors(aux, (tensor) =>
							unwrap(unpackDual(tensor).primal, level),
						),
					};
				}),
			),
	);
}

/**
 * The value of a function, and its Jacobian-vector product: how the output changes where the inputs go in the direction of `tangents`.
 *
 * @param tangents of the form of `primals`
 * @returns [output, tangent]; with `hasAux`, [output, tangent, aux]
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.jvp.html
 *
 * @example
 * const [y, dy] = torch.func.jvp((x: torch.Tensor) => x.pow(2), [torch.tensor([3.5])], [torch.ones([1])]); // dy is tensor([7.])
 */
export function jvp<Inputs extends unknown[] | [], Output, Aux>(
	fn: (...inputs: Inputs) => [Output, Aux],
	primals: Inputs,
	tangents: Inputs,
	options: JvpOptions & { hasAux: true },
): [output: Output, tangent: Output, aux: Aux];
export function jvp<Inputs extends unknown[] | [], Output>(
	fn: (...inputs: Inputs) => Output,
	primals: Inputs,
	tangents: Inputs,
	options?: JvpOptions & { hasAux?: false },
): [output: Output, tangent: Output];
export function jvp(
	fn: (...inputs: never[]) => unknown,
	primals: readonly unknown[],
	tangents: readonly unknown[],
	options: JvpOptions = {},
): unknown[] {
	const op = "jvp";
	check.callable(op, "fn", fn);
	check.array(op, "primals", primals);
	check.array(op, "tangents", tangents);
	check.options(op, options, ["strict", "hasAux"]);
	const { output, tangent, aux } = jvpOf(op, fn, primals, tangents, options);
	return options.hasAux ? [output, tangent, aux] : [output, tangent];
}

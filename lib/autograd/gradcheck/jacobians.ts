/** Jacobians [output element, input element] of a real function, computed in different ways. */
import { stack, zeros, zerosLike } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dualLevel, makeDual, unpackDual } from "../forwardAd.ts";
import { grad } from "../grad.ts";
import { noGrad } from "../modes.ts";
import { basisFor } from "../transforms/jacobians.ts";
import { vmap } from "../transforms/vmap.ts";
import type { RealFunction } from "./real.ts";

function detached(fn: RealFunction, inputs: readonly Tensor[]): Tensor[] {
	return fn
		.call(inputs.map((input) => input.detach().clone().requiresGrad_()))
		.map((output) => output.detach().clone().reshape([-1]));
}

/** How the outputs change where one input goes along `direction`: central differences. */
export function difference(
	fn: RealFunction,
	directions: readonly (Tensor | null)[],
	eps: number,
): Tensor[] {
	const moved = (sign: number) =>
		detached(
			fn,
			fn.inputs.map((input, k) => {
				const direction = directions[k] ?? null;
				return direction === null
					? input
					: noGrad(() => input.add(direction, { alpha: sign * eps }));
			}),
		);
	const [after, before] = [moved(1), moved(-1)];
	return after.map((each, o) => each.sub(before[o] as Tensor).div(2 * eps));
}

/** [output][input], by central differences. */
export function numericalJacobians(
	fn: RealFunction,
	outputs: readonly Tensor[],
	eps: number,
): Tensor[][] {
	const columns = fn.inputs.map((input, k) => {
		const flat = input.numel();
		const list: Tensor[][] = [];
		for (let j = 0; j < flat; j++) {
			const unit = zeros([flat], { dtype: input.dtype, device: input.device });
			unit.setIndex([j], 1);
			const directions = fn.inputs.map((each, i) =>
				i === k ? unit.reshape(each.shape) : null,
			);
			list.push(difference(fn, directions, eps));
		}
		return list;
	});
	return outputs.map((output, o) =>
		fn.inputs.map((input, k) => {
			const list = (columns[k] as Tensor[][]).map((each) => each[o] as Tensor);
			return list.length === 0
				? zeros([output.numel(), 0], { dtype: input.dtype })
				: stack(list, 1);
		}),
	);
}

/** Inputs with gradients, and the outputs for them. */
export function recorded(fn: RealFunction): {
	inputs: Tensor[];
	outputs: Tensor[];
} {
	const inputs = fn.inputs.map((input) =>
		input.detach().clone().requiresGrad_(),
	);
	return { inputs, outputs: fn.call(inputs) };
}

/** The gradients of one output for a seed; zeros where there is none. */
export function gradientsFor(
	output: Tensor,
	inputs: readonly Tensor[],
	seed: Tensor,
): Tensor[] {
	if (!output.requiresGrad) return inputs.map((input) => zerosLike(input));
	const found = grad(output, inputs, {
		gradOutputs: seed,
		retainGraph: true,
		allowUnused: true,
	});
	return found.map((each, i) => each ?? zerosLike(inputs[i] as Tensor));
}

/** By backward; for each input [output element, input element]. */
export function backwardJacobian(
	output: Tensor,
	inputs: readonly Tensor[],
): Tensor[] {
	const size = output.numel();
	const rows: Tensor[][] = inputs.map(() => []);
	for (let j = 0; j < size; j++) {
		const seed = zerosLike(output.detach()).contiguous();
		seed.reshape([-1]).setIndex([j], 1);
		for (const [i, each] of gradientsFor(output, inputs, seed).entries())
			rows[i]?.push(each.detach().reshape([-1]));
	}
	return inputs.map((input, i) =>
		size === 0
			? zeros([0, input.numel()], { dtype: input.dtype })
			: stack(rows[i] as Tensor[]),
	);
}

/** By backward with all seeds at once, through `vmap`. */
export function batchedJacobian(
	output: Tensor,
	inputs: readonly Tensor[],
): Tensor[] {
	const [basis] = basisFor([output.detach()]);
	const all = vmap((seed: Tensor) => gradientsFor(output, inputs, seed))(
		basis as Tensor,
	);
	return all.map((each) => each.detach().reshape([output.numel(), -1]));
}

/** By forward mode; [output][input]. */
export function forwardJacobians(
	fn: RealFunction,
	outputs: readonly Tensor[],
): Tensor[][] {
	const columns = fn.inputs.map((input, k) => {
		const list: Tensor[][] = [];
		for (let j = 0; j < input.numel(); j++) {
			const tangent = zerosLike(input).contiguous();
			tangent.reshape([-1]).setIndex([j], 1);
			list.push(forwardTangents(fn, (i) => (i === k ? tangent : null)));
		}
		return list;
	});
	return outputs.map((output, o) =>
		fn.inputs.map((input, k) => {
			const list = (columns[k] as Tensor[][]).map((each) => each[o] as Tensor);
			return list.length === 0
				? zeros([output.numel(), 0], { dtype: input.dtype })
				: stack(list, 1);
		}),
	);
}

/** The outputs' tangents for tangents of the inputs, flat. */
export function forwardTangents(
	fn: RealFunction,
	tangentOf: (input: number) => Tensor | null,
): Tensor[] {
	return dualLevel(() => {
		const duals = fn.inputs.map((input, i) => {
			const tangent = tangentOf(i);
			return tangent === null ? input : makeDual(input, tangent);
		});
		return fn.call(duals).map((output) => {
			const { primal, tangent } = unpackDual(output);
			return (tangent ?? zerosLike(primal)).detach().clone().reshape([-1]);
		});
	});
}

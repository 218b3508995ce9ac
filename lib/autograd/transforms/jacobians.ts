import * as check from "../../check.ts";
import { cat, eye, zeros } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	type Argnums,
	type ArgnumsOptions,
	pick,
	placesOf,
	replace,
	tensorLeaves,
} from "./arguments.ts";
import { vjpOf } from "./grad.ts";
import { jvpOf } from "./jvp.ts";
import { flatten } from "./tree.ts";
import { vmap } from "./vmap.ts";

/** For each tensor of one tree (the output) the tree of the other (the inputs), of tensors of shape [...output, ...input]. */
export type Jacobian = Tensor | Jacobian[] | { [name: string]: Jacobian };

interface CommonOptions extends ArgnumsOptions {
	/** The function returns [output, something else]; [jacobian, that] is returned. Default: false. */
	hasAux?: boolean;
	/** How many rows (of jacfwd: columns) are computed at a time; null for all. Default: null. */
	chunkSize?: number | null;
}

export type JacrevOptions = CommonOptions;

export interface JacfwdOptions extends CommonOptions {
	/** What random functions do: see `vmap`. Default: "error". */
	randomness?: "error" | "different" | "same";
}

/** For each of some tensors the unit vectors of all of them together: [total, ...shape]. */
export function basisFor(tensors: readonly Tensor[]): Tensor[] {
	const sizes = tensors.map((tensor) => tensor.numel());
	const total = sizes.reduce((sum, size) => sum + size, 0);
	let start = 0;
	return tensors.map((tensor, i) => {
		const size = sizes[i] as number;
		const { dtype, device, shape } = tensor;
		const like = { dtype, device } as const;
		const columns = cat([
			zeros([start, size], like),
			eye(size, like),
			zeros([total - start - size, size], like),
		]);
		start += size;
		return columns.reshape([total, ...shape]);
	});
}

function split(tensor: Tensor, like: readonly Tensor[], dim: number): Tensor[] {
	return tensor.split(
		like.map((each) => each.numel()),
		dim,
	) as Tensor[];
}

function checkOptions(
	op: string,
	fn: unknown,
	options: JacfwdOptions,
	known: readonly string[],
): void {
	check.callable(op, "fn", fn);
	check.options(op, options, ["argnums", "hasAux", "chunkSize", ...known]);
}

/**
 * A function that computes the Jacobian of another one, row by row with reverse mode: best where there are fewer outputs than inputs.
 *
 * @returns for each output (in its form) and each argument of `argnums` (in its form) a tensor of shape [...output, ...input]; with `hasAux`,
 *   [jacobian, aux]
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.jacrev.html
 *
 * @example
 * torch.func.jacrev((x: torch.Tensor) => x.pow(2))(torch.tensor([1.5, 2])); // tensor([[3., 0.], [0., 4.]])
 */
export function jacrev<Inputs extends unknown[]>(
	fn: (...inputs: Inputs) => Tensor,
	options?: JacrevOptions & { argnums?: number; hasAux?: false },
): (...inputs: Inputs) => Tensor;
export function jacrev<Inputs extends unknown[]>(
	fn: (...inputs: Inputs) => Tensor,
	options: JacrevOptions & { argnums: readonly number[]; hasAux?: false },
): (...inputs: Inputs) => Tensor[];
export function jacrev<Inputs extends unknown[], Aux>(
	fn: (...inputs: Inputs) => [Tensor, Aux],
	options: JacrevOptions & { argnums?: number; hasAux: true },
): (...inputs: Inputs) => [Tensor, Aux];
export function jacrev<Inputs extends unknown[]>(
	fn: (...inputs: Inputs) => unknown,
	options?: JacrevOptions,
): (...inputs: Inputs) => Jacobian;
export function jacrev(
	fn: (...inputs: never[]) => unknown,
	options: JacrevOptions = {},
): (...inputs: never[]) => unknown {
	const op = "jacrev";
	checkOptions(op, fn, options, []);
	const { argnums = 0, hasAux = false, chunkSize = null } = options;
	return (...inputs: unknown[]) => {
		const { output, pullback, aux } = vjpOf(op, fn, inputs, argnums, hasAux);
		const outputs = tensorLeaves(op, "fn", output);
		const basis = outputs.tree.rebuild(basisFor(outputs.leaves));
		const rows = vmap((seeds: unknown) => pullback(seeds) as unknown, {
			chunkSize,
		})(basis);
		const places = placesOf(op, argnums, inputs.length);
		const primals = tensorLeaves(op, "inputs", pick(argnums, places, inputs));
		// [input][output]
		const parts = flatten(rows).leaves.map((each) =>
			split(each as Tensor, outputs.leaves, 0),
		) as Tensor[][];
		const part = (i: number, o: number) => (parts[i] as Tensor[])[o] as Tensor;
		const jacobian = outputs.tree.rebuild(
			outputs.leaves.map(({ shape }, o) =>
				primals.tree.rebuild(
					primals.leaves.map((primal, i) =>
						part(i, o).reshape([...shape, ...primal.shape]),
					),
				),
			),
		);
		return hasAux ? [jacobian, aux] : jacobian;
	};
}

/**
 * As `jacrev`, column by column with forward mode: best where there are more outputs than inputs.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.jacfwd.html
 */
export function jacfwd<Inputs extends unknown[]>(
	fn: (...inputs: Inputs) => Tensor,
	options?: JacfwdOptions & { argnums?: number; hasAux?: false },
): (...inputs: Inputs) => Tensor;
export function jacfwd<Inputs extends unknown[]>(
	fn: (...inputs: Inputs) => Tensor,
	options: JacfwdOptions & { argnums: readonly number[]; hasAux?: false },
): (...inputs: Inputs) => Tensor[];
export function jacfwd<Inputs extends unknown[], Aux>(
	fn: (...inputs: Inputs) => [Tensor, Aux],
	options: JacfwdOptions & { argnums?: number; hasAux: true },
): (...inputs: Inputs) => [Tensor, Aux];
export function jacfwd<Inputs extends unknown[]>(
	fn: (...inputs: Inputs) => unknown,
	options?: JacfwdOptions,
): (...inputs: Inputs) => Jacobian;
export function jacfwd(
	fn: (...inputs: never[]) => unknown,
	options: JacfwdOptions = {},
): (...inputs: never[]) => unknown {
	const op = "jacfwd";
	checkOptions(op, fn, options, ["randomness"]);
	const {
		argnums = 0,
		hasAux = false,
		chunkSize = null,
		randomness = "error",
	} = options;
	return (...inputs: unknown[]) => {
		const places = placesOf(op, argnums, inputs.length);
		const picked = pick(argnums, places, inputs);
		const primals = tensorLeaves(op, "inputs", picked);
		const ofPicked = (part: unknown) =>
			fn(...(replace(argnums, places, inputs, part) as never[]));
		let outputTree: ReturnType<typeof flatten>["tree"] | undefined;
		let auxTree: typeof outputTree;
		const columns = vmap(
			(directions: unknown) => {
				const found = jvpOf(op, ofPicked, [picked], [directions], { hasAux });
				const flat = flatten(found.tangent);
				outputTree = flat.tree;
				const aux = flatten(found.aux);
				auxTree = aux.tree;
				return hasAux ? [flat.leaves, aux.leaves] : [flat.leaves, []];
			},
			{ chunkSize, randomness, outDims: [-1, 0] },
		)(primals.tree.rebuild(basisFor(primals.leaves))) as [Tensor[], Tensor[]];
		const [tangents, auxes] = columns;
		const jacobian = outputTree?.rebuild(
			tangents.map((each) => {
				const shape = each.shape.slice(0, -1);
				const parts = split(each, primals.leaves, -1);
				return primals.tree.rebuild(
					primals.leaves.map((primal, i) =>
						(parts[i] as Tensor).reshape([...shape, ...primal.shape]),
					),
				);
			}),
		);
		// The same for each column, so the first tells it.
		const aux = auxTree?.rebuild(auxes.map((each) => each.select(0, 0)));
		return hasAux ? [jacobian, aux] : jacobian;
	};
}

/**
 * A function that computes the Hessian of another one: `jacfwd(jacrev(fn))`.
 *
 * @returns for an output of shape [...o] and an argument of shape [...i] a tensor of shape [...o, ...i, ...i]
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.hessian.html
 *
 * @example
 * torch.func.hessian((x: torch.Tensor) => x.pow(3).sum())(torch.tensor([1.5, 2])); // tensor([[9., 0.], [0., 12.]])
 */
export function hessian<Inputs extends unknown[]>(
	fn: (...inputs: Inputs) => Tensor,
	options?: { argnums?: number },
): (...inputs: Inputs) => Tensor;
export function hessian<Inputs extends unknown[]>(
	fn: (...inputs: Inputs) => unknown,
	options?: ArgnumsOptions,
): (...inputs: Inputs) => Jacobian;
export function hessian(
	fn: (...inputs: never[]) => unknown,
	options: ArgnumsOptions = {},
): (...inputs: never[]) => unknown {
	check.callable("hessian", "fn", fn);
	check.options("hessian", options, ["argnums"]);
	const { argnums = 0 } = options;
	return jacfwd(jacrev(fn, { argnums }), { argnums });
}

export type { Argnums };

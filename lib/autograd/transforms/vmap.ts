import { native } from "../../binding.ts";
import * as check from "../../check.ts";
import { cat } from "../../generated/functions.ts";
import { isTensor, slotOf } from "../../handle.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { inLevel } from "./level.ts";
import { flatten, spread, type Tree } from "./tree.ts";

/** A dimension for each tensor: one for all, null for none, or arrays and objects as deep as is needed. */
export type Dims =
	| number
	| null
	| readonly Dims[]
	| { readonly [name: string]: Dims };

export interface VmapOptions {
	/** Which dimension of each input is mapped over; null: the input is the same for all. Default: 0 for all. */
	inDims?: Dims;
	/** Where the mapped dimension stands in each output. Default: 0 for all. */
	outDims?: Dims;
	/** What random functions do: throw, draw for each alone, or the same for all. Default: "error". */
	randomness?: "error" | "different" | "same";
	/** How many are computed at a time; null for all. Default: null. */
	chunkSize?: number | null;
}

interface Batch {
	leaves: unknown[];
	dims: (number | null)[];
	tree: Tree;
	size: number;
}

const op = "vmap";

function batchOf(inputs: readonly unknown[], inDims: Dims): Batch {
	const { leaves, tree } = flatten(inputs);
	if (leaves.length === 0)
		throw check.invalidValue(
			op,
			"inputs",
			"got no inputs: vmap over a function without inputs is not supported",
		);
	const given = spread(inDims, inputs);
	if (given === null)
		throw check.invalidValue(
			op,
			"inDims",
			"expected a number, or dimensions in the same arrays and objects as the inputs",
		);
	const dims = leaves.map((leaf, i) => inDim(leaf, given[i]));
	const sizes = leaves.flatMap((leaf, i) => {
		const dim = dims[i] ?? null;
		return dim === null ? [] : [(leaf as Tensor).size(dim)];
	});
	const [size] = sizes;
	if (size === undefined)
		throw check.invalidValue(
			op,
			"inDims",
			"expected at least one Tensor to vmap over, all dimensions are null",
		);
	if (sizes.some((each) => each !== size))
		throw check.invalidValue(
			op,
			"inputs",
			`expected all tensors to have the same size in the mapped dimension, got sizes ${sizes.join(", ")}`,
		);
	return { leaves, dims, tree, size };
}

/** The dimension that one input is mapped over, counted from the front. */
function inDim(leaf: unknown, dim: unknown): number | null {
	if (dim === null || dim === undefined) return null;
	const number = check.integer(op, "inDims", dim);
	if (!isTensor(leaf))
		throw check.invalidValue(
			op,
			"inDims",
			`got ${number} for an input that is no Tensor but ${check.describe(leaf)}; give null there`,
		);
	const { ndim } = leaf as Tensor;
	if (number >= -ndim && number < ndim)
		return number < 0 ? number + ndim : number;
	throw check.invalidValue(
		op,
		"inDims",
		`got ${number} for an input of ${ndim} dimensions, expected one from ${-ndim} to ${ndim - 1}`,
	);
}

/** The output as those outside see it. */
function outputOf(
	output: unknown,
	level: number,
	size: number,
	dim: unknown,
): Tensor {
	if (!isTensor(output))
		throw check.invalidType(op, "fn", "to return only Tensors", output);
	const tensor = output as Tensor;
	const batched = native.removeBatchDim(slotOf(tensor), level);
	if (dim === null) {
		if (batched === null) return tensor;
		throw check.invalidValue(
			op,
			"outDims",
			"an output depends on what is mapped over, so its dimension cannot be null",
		);
	}
	const place = check.integer(op, "outDims", dim);
	const ndim = tensor.ndim + 1;
	if (place < -ndim || place >= ndim)
		throw check.invalidValue(
			op,
			"outDims",
			`got ${place} for an output of ${ndim} dimensions, expected one from ${-ndim} to ${ndim - 1}`,
		);
	if (batched === null)
		return tensor.expand([size, ...tensor.shape]).movedim(0, place);
	const [value, from] = batched;
	return (value as Tensor).movedim(from, place);
}

function run(
	fn: (...inputs: never[]) => unknown,
	{ leaves, dims, tree, size }: Batch,
	outDims: Dims,
	randomness: string,
): { outputs: Tensor[]; tree: Tree; dims: unknown[] } {
	return inLevel(
		() => native.pushVmap(size, randomness),
		(level) => {
			const seen = leaves.map((leaf, i) => {
				const dim = dims[i] ?? null;
				return dim === null
					? leaf
					: native.addBatchDim(slotOf(leaf as Tensor), dim, level);
			});
			const result = fn(...(tree.rebuild(seen) as never[]));
			const flat = flatten(result);
			const places = spread(outDims, result);
			if (places === null)
				throw check.invalidValue(
					op,
					"outDims",
					"expected a number, or dimensions in the same arrays and objects as the outputs",
				);
			const outputs = flat.leaves.map((output, i) =>
				outputOf(output, level, size, places[i]),
			);
			return { outputs, tree: flat.tree, dims: places };
		},
	);
}

/** Parts of a batch, of `chunk` each but the last. */
function chunksOf(batch: Batch, chunk: number): Batch[] {
	const parts: Batch[] = [];
	for (let start = 0; start < batch.size; start += chunk) {
		const size = Math.min(chunk, batch.size - start);
		const leaves = batch.leaves.map((leaf, i) => {
			const dim = batch.dims[i] ?? null;
			return dim === null ? leaf : (leaf as Tensor).narrow(dim, start, size);
		});
		parts.push({ ...batch, leaves, size });
	}
	return parts;
}

/**
 * Maps a function over a dimension of its inputs, all at once: a function of one example becomes one of a batch. Inputs and outputs may be
 * tensors in arrays, plain objects and maps. Within the function, tensors lack the dimension that is mapped over.
 *
 * What needs a tensor's values (`item`, `if (x.gt(0).item())`) or has shapes that depend on them cannot be mapped.
 *
 * @returns a function of the inputs with that dimension
 * @throws TorchError, when that is called, where dimensions do not fit, or an output is no tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.vmap.html
 *
 * @example
 * const dots = torch.func.vmap((a: torch.Tensor, b: torch.Tensor) => a.dot(b));
 * dots(torch.randn([8, 3]), torch.randn([8, 3])); // [8]
 */
export function vmap<Inputs extends unknown[], Output>(
	fn: (...inputs: Inputs) => Output,
	options: VmapOptions = {},
): (...inputs: Inputs) => Output {
	check.callable(op, "fn", fn);
	check.options(op, options, ["inDims", "outDims", "randomness", "chunkSize"]);
	const {
		inDims = 0,
		outDims = 0,
		randomness = "error",
		chunkSize = null,
	} = options;
	check.oneOf(op, "randomness", randomness, ["error", "different", "same"]);
	if (chunkSize !== null) check.integer(op, "chunkSize", chunkSize, { min: 1 });
	return (...inputs) => {
		const batch = batchOf(inputs, inDims);
		const parts = chunkSize === null ? [batch] : chunksOf(batch, chunkSize);
		const results = parts.map((part) => run(fn, part, outDims, randomness));
		const [first] = results;
		if (first === undefined)
			throw check.invalidValue(op, "inputs", "the mapped dimension is empty");
		const joined = first.outputs.map((output, i) => {
			const dim = first.dims[i] as number | null;
			if (results.length === 1 || dim === null) return output;
			return cat(
				results.map((result) => result.outputs[i] as Tensor),
				dim,
			);
		});
		return first.tree.rebuild(joined) as Output;
	};
}

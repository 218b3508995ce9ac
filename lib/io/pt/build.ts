import { emptyStrided } from "../../generated/functions.ts";
import { Parameter } from "../../nn/parameter.ts";
import { privateOperator } from "../../operator.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { DType, Layout } from "../../types.ts";
import { layOut, shown } from "../files.ts";
import { PickleProblem } from "../pickle/reader.ts";
import type { Storage } from "./args.ts";
import { isDifferentiable, sizeOf } from "./dtypes.ts";
import type { Builder, Quantized, Strided } from "./interpret.ts";

/** Finds out whether all tensors can be made, and of which storages, before any is. */
export class Check implements Builder {
	readonly storages = new Map<string, Storage>();

	isTensor(value: unknown): boolean {
		return value === TENSOR;
	}

	strided(tensor: Strided): unknown {
		const { storage, dtype, shape, strides, offset } = tensor;
		const known = this.storages.get(storage.key);
		if (known && known.rootBytes !== storage.rootBytes)
			throw new PickleProblem(
				`has two lengths for the storage ${shown(storage.key)}`,
			);
		this.storages.set(storage.key, storage);
		if (storage.begin + storage.bytes > storage.rootBytes)
			throw beyond(storage);
		let end = offset + 1;
		for (const [i, length] of shape.entries())
			end += (length - 1) * (strides[i] as number);
		// Rounding cannot bring a sum beyond 2^53 below any file's size.
		if (!shape.includes(0) && end * sizeOf(dtype) > storage.bytes)
			throw beyond(storage);
		if (storage.begin % sizeOf(dtype) !== 0)
			throw new PickleProblem("has a view that begins within an element");
		return checkGradient(dtype, tensor.requiresGrad);
	}

	quantized(tensor: Quantized): unknown {
		const { dtype, scale, zeroPoint, axis, shape } = tensor;
		if (!/^q(u?int8|int32)$/.test(dtype))
			throw new PickleProblem(`has a quantized tensor of ${dtype}`);
		const isFit =
			axis === null
				? Number.isFinite(scale) && Number.isSafeInteger(zeroPoint)
				: shape[axis] !== undefined && scale === TENSOR && zeroPoint === TENSOR;
		if (!isFit) throw new PickleProblem("has a quantizer without parameters");
		return this.strided(tensor);
	}

	meta(): unknown {
		return TENSOR;
	}

	sparse(): unknown {
		return TENSOR;
	}

	parameter(data: unknown): unknown {
		return data;
	}

	converted(_: unknown, dtype: DType, requiresGrad: boolean): unknown {
		return checkGradient(dtype, requiresGrad);
	}
}

const TENSOR = Symbol("tensor");

function checkGradient(dtype: DType, requiresGrad: boolean): unknown {
	if (requiresGrad && !isDifferentiable(dtype))
		throw new PickleProblem(`has a tensor of ${dtype} that requires grad`);
	return TENSOR;
}

function beyond({ key }: Storage): PickleProblem {
	return new PickleProblem(
		`has a tensor that reaches beyond its storage ${shown(key)}`,
	);
}

/** Makes tensors over the storages that are given by their keys, each as a tensor of its bytes. */
export class Make implements Builder {
	readonly #storages: ReadonlyMap<string, Tensor>;

	constructor(storages: ReadonlyMap<string, Tensor>) {
		this.#storages = storages;
	}

	isTensor(value: unknown): boolean {
		return value instanceof Tensor;
	}

	strided(tensor: Strided): Tensor {
		let made = this.#over(tensor, tensor.dtype);
		if (tensor.conj) made = conj(made) as Tensor;
		if (tensor.neg) made = negView(made) as Tensor;
		return made.requiresGrad_(tensor.requiresGrad);
	}

	quantized(tensor: Quantized): Tensor {
		const { dtype, scale, zeroPoint, axis, shape } = tensor;
		// Not checked where they are used
		if (axis !== null)
			for (const list of [scale, zeroPoint] as Tensor[])
				if (`${list.shape}` !== `${shape[axis]}`)
					throw new PickleProblem("has a quantizer of another length");
		using integers = this.#over(tensor, dtype.slice(1) as DType); // quint8 → uint8
		return (
			axis === null
				? quantizeWhole(integers, scale, zeroPoint)
				: quantizeAlong(integers, scale, zeroPoint, axis)
		) as Tensor;
	}

	#over({ storage, shape, strides, offset }: Strided, dtype: DType): Tensor {
		const bytes = this.#storages.get(storage.key) as Tensor;
		const begin = storage.begin / sizeOf(dtype);
		return layOut(bytes, dtype, shape, strides, begin + offset);
	}

	meta(dtype: DType, shape: number[], strides: number[]): Tensor {
		return emptyStrided(shape, strides, { dtype, device: "meta" });
	}

	/** Indices come from the file: one beyond the shape would lead beyond the memory. */
	sparse(
		layout: Layout,
		parts: unknown[],
		shape: number[],
		coalesced: boolean | null,
	): Tensor {
		const [first, second, third] = parts as Tensor[];
		if (layout === "sparse_coo") {
			validateCoo(first, second, shape, coalesced);
			const unset = undefined;
			return sparseCooTensor(
				...[first, second, shape, unset, unset, unset, unset, coalesced],
			) as Tensor;
		}
		validateCompressed(first, second, third, shape, layout);
		return sparseCompressedTensor(
			...[first, second, third, shape, undefined, layout],
		) as Tensor;
	}

	parameter(data: unknown, requiresGrad: boolean): Tensor {
		return new Parameter(data as Tensor, { requiresGrad });
	}

	converted(data: unknown, dtype: DType, requiresGrad: boolean): Tensor {
		return (data as Tensor).to({ dtype }).requiresGrad_(requiresGrad);
	}
}

const sparseCooTensor = privateOperator("sparse_coo_tensor", "indices_size");
const sparseCompressedTensor = privateOperator(
	"sparse_compressed_tensor",
	"comp_plain_value_size",
);
const validateCoo = privateOperator("_validate_sparse_coo_tensor_args");
const validateCompressed = privateOperator(
	"_validate_sparse_compressed_tensor_args",
);
const conj = privateOperator("_conj");
const negView = privateOperator("_neg_view");
const quantizeWhole = privateOperator("_make_per_tensor_quantized_tensor");
const quantizeAlong = privateOperator("_make_per_channel_quantized_tensor");

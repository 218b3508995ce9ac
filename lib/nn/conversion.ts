import * as check from "../check.ts";
import { Tensor } from "../tensor/tensor.ts";
import { complexTypes, type Device, type DType, floatTypes } from "../types.ts";

/** What `Module.to` changes. A `dtype` concerns floating point and complex tensors only. */
export interface ModuleToOptions {
	device?: Device | (string & {}) | undefined;
	dtype?: DType | undefined;
	/** Copies from pinned memory without waiting. Default false. */
	nonBlocking?: boolean | undefined;
}

/** What `Module.to` takes: a device, a dtype, a tensor that has both, or options. */
export type ModuleToTarget =
	| DType
	| Device
	| (string & {})
	| Tensor
	| ModuleToOptions;

const convertible: readonly string[] = [...floatTypes, ...complexTypes];

/** The change of a tensor that `target` asks for. */
export function conversion(target: ModuleToTarget): (tensor: Tensor) => Tensor {
	const options = read(target);
	check.options("to", options, ["device", "dtype", "nonBlocking"]);
	const { device, dtype, nonBlocking = false } = options;
	if (dtype !== undefined && !convertible.includes(dtype))
		throw check.invalidValue(
			"to",
			"dtype",
			`expected a floating point or complex dtype, got ${dtype}`,
		);
	return (tensor) =>
		tensor.isFloatingPoint() || tensor.isComplex()
			? tensor.to({ device, dtype, nonBlocking })
			: tensor.to({ device, nonBlocking });
}

/** A string is a device ("cpu", "cuda:1"), or else a dtype. */
function read(target: ModuleToTarget): ModuleToOptions {
	if (typeof target !== "string")
		return target instanceof Tensor
			? { device: target.device, dtype: target.dtype }
			: target;
	return /^(cpu|cuda|meta)(:\d+)?$/.test(target)
		? { device: target }
		: { dtype: target as DType };
}

import * as check from "../check.ts";
import { dtypeOrDevice, Tensor } from "../tensor/tensor.ts";
import {
	complexTypes,
	type Device,
	type DType,
	floatTypes,
	type MemoryFormat,
} from "../types.ts";

/** What `Module.to` changes. A `dtype` concerns floating point and complex tensors only. */
export interface ModuleToOptions {
	device?: Device | (string & {}) | undefined;
	dtype?: DType | undefined;
	/** Copies from pinned memory without waiting. Default false. */
	nonBlocking?: boolean | undefined;
	/** How memory lies: "channels_last" concerns tensors of 4 dimensions only, "channels_last_3d" those of 5. */
	memoryFormat?: MemoryFormat | undefined;
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
	check.options("to", options, [
		"device",
		"dtype",
		"nonBlocking",
		"memoryFormat",
	]);
	const { device, dtype, nonBlocking = false, memoryFormat } = options;
	if (dtype !== undefined && !convertible.includes(dtype))
		throw check.invalidValue(
			"to",
			"dtype",
			`expected a floating point or complex dtype, got ${dtype}`,
		);
	return (tensor) => {
		if (tensor.device === "meta" && (device ?? "meta") !== "meta")
			throw check.invalidValue(
				"to",
				"device",
				'what is on "meta" has no values to move; toEmpty({ device }) gives it memory, to be filled',
			);
		const isConvertible = tensor.isFloatingPoint() || tensor.isComplex();
		return tensor.to({
			device,
			dtype: isConvertible ? dtype : undefined,
			nonBlocking,
			...(memoryFormat !== undefined && concerns(memoryFormat, tensor)
				? { memoryFormat }
				: {}),
		});
	};
}

function concerns(memoryFormat: MemoryFormat, tensor: Tensor): boolean {
	if (memoryFormat === "channels_last") return tensor.dim() === 4;
	return memoryFormat !== "channels_last_3d" || tensor.dim() === 5;
}

/** A string is a device ("cpu", "cuda:1"), or else a dtype. */
function read(target: ModuleToTarget): ModuleToOptions {
	if (target instanceof Tensor)
		return { device: target.device, dtype: target.dtype };
	const read = dtypeOrDevice(target);
	return read ?? (target as ModuleToOptions);
}

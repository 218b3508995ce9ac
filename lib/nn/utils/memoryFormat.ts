import type { MemoryFormat } from "../../types.ts";
import type { Module } from "../module.ts";
import {
	Conv2d,
	Conv3d,
	ConvTranspose2d,
	ConvTranspose3d,
} from "../modules/index.ts";

type AnyModule = Module<never, unknown>;

function convert<Parent extends AnyModule>(
	module: Parent,
	classes: readonly (abstract new (...args: never) => unknown)[],
	memoryFormat: MemoryFormat,
): Parent {
	for (const each of module.modules() as unknown[])
		if (classes.some((Class) => each instanceof Class)) {
			const { weight } = each as Conv2d;
			weight.data = weight.detach().contiguous({ memoryFormat });
		}
	return module;
}

/**
 * Lays the weights of all Conv2d and ConvTranspose2d out in another memory format.
 *
 * @returns the module
 * @see torch.nn.utils.convert_conv2d_weight_memory_format
 */
export function convertConv2dWeightMemoryFormat<Parent extends AnyModule>(
	module: Parent,
	memoryFormat: MemoryFormat,
): Parent {
	return convert(module, [Conv2d, ConvTranspose2d], memoryFormat);
}

/**
 * Lays the weights of all Conv3d and ConvTranspose3d out in another memory format.
 *
 * @returns the module
 * @see torch.nn.utils.convert_conv3d_weight_memory_format
 */
export function convertConv3dWeightMemoryFormat<Parent extends AnyModule>(
	module: Parent,
	memoryFormat: MemoryFormat,
): Parent {
	return convert(module, [Conv3d, ConvTranspose3d], memoryFormat);
}

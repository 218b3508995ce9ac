import { resnetBackbone } from "./backbone.ts";
import {
	FCN,
	FCNHead,
	type SegmentationOptions,
	segmentationSettings,
} from "./segmentation.ts";

function fcn(op: string, depth: 50 | 101, options: SegmentationOptions): FCN {
	const { numClasses, auxLoss } = segmentationSettings(op, options);
	const { module, channels } = resnetBackbone(depth, auxLoss);
	const aux = auxLoss ? new FCNHead(channels.aux, numClasses) : null;
	return new FCN(module, new FCNHead(channels.out, numClasses), aux);
}

/**
 * `FCN` on a ResNet of 50 layers.
 *
 * ```ts
 * const model = vision.models.fcnResnet50({ numClasses: 3 });
 * model(torch.randn([2, 3, 64, 64])).out.shape; // [2, 3, 64, 64]
 * ```
 */
export function fcnResnet50(options: SegmentationOptions = {}): FCN {
	return fcn("fcnResnet50", 50, options);
}

/** `FCN` on a ResNet of 101 layers. */
export function fcnResnet101(options: SegmentationOptions = {}): FCN {
	return fcn("fcnResnet101", 101, options);
}

import * as F from "../../../nn/functional/index.ts";
import * as nn from "../../../nn/index.ts";
import { settings } from "../../../nn/settings.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { NUM_CLASSES } from "../options.ts";
import { type IntermediateLayerGetter, mobilenetBackbone } from "./backbone.ts";
import {
	enlarged,
	type SegmentationOptions,
	type SegmentationOutput,
} from "./segmentation.ts";

class LRASPPHead extends nn.Module<[low: Tensor, high: Tensor], Tensor> {
	readonly cbr: nn.Sequential;
	readonly scale: nn.Sequential;
	readonly lowClassifier: nn.Conv2d;
	readonly highClassifier: nn.Conv2d;

	constructor(
		lowChannels: number,
		highChannels: number,
		numClasses: number,
		width: number,
	) {
		super();
		const narrow = () => new nn.Conv2d(highChannels, width, 1, { bias: false });
		this.cbr = new nn.Sequential(
			narrow(),
			new nn.BatchNorm2d(width),
			new nn.ReLU({ inplace: true }),
		);
		this.scale = new nn.Sequential(
			new nn.AdaptiveAvgPool2d(1),
			narrow(),
			new nn.Sigmoid(),
		);
		this.lowClassifier = new nn.Conv2d(lowChannels, numClasses, 1);
		this.highClassifier = new nn.Conv2d(width, numClasses, 1);
	}

	override forward(low: Tensor, high: Tensor): Tensor {
		const scaled = this.cbr(high).mul(this.scale(high));
		const large = F.interpolate(scaled, {
			size: low.shape.slice(-2),
			mode: "bilinear",
			alignCorners: false,
		});
		return this.lowClassifier(low).add(this.highClassifier(large));
	}
}

/** "Lite R-ASPP", for segmentation on small devices: https://arxiv.org/abs/1905.02244 */
export class LRASPP extends nn.Module<[x: Tensor], SegmentationOutput> {
	readonly backbone: IntermediateLayerGetter;
	readonly classifier: LRASPPHead;

	/** The backbone gives "low" and "high". */
	constructor(
		backbone: IntermediateLayerGetter,
		lowChannels: number,
		highChannels: number,
		numClasses: number,
		interChannels = 128,
	) {
		super();
		this.backbone = backbone;
		this.classifier = new LRASPPHead(
			lowChannels,
			highChannels,
			numClasses,
			interChannels,
		);
	}

	override forward(x: Tensor): SegmentationOutput {
		const { low, high } = this.backbone(x) as { low: Tensor; high: Tensor };
		return { out: enlarged(this.classifier(low, high), x) };
	}
}

/** `LRASPP` on the large MobileNet V3: 3.2 million parameters. */
export function lrasppMobilenetV3Large(
	options: Omit<SegmentationOptions, "auxLoss"> = {},
): LRASPP {
	const { numClasses } = settings("lrasppMobilenetV3Large", options, {
		numClasses: { ...NUM_CLASSES, fallback: 21 },
	});
	const { module, channels } = mobilenetBackbone("high", "low");
	return new LRASPP(module, channels.low, channels.high, numClasses);
}

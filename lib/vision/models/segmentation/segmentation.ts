import * as F from "../../../nn/functional/index.ts";
import * as nn from "../../../nn/index.ts";
import { flag, settings } from "../../../nn/settings.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { Layer } from "../../ops/layers.ts";
import { NUM_CLASSES } from "../options.ts";
import type { IntermediateLayerGetter } from "./backbone.ts";

export interface SegmentationOptions {
	/** Default 21: Pascal VOC's 20, and the background. */
	numClasses?: number | undefined;
	/** Whether there is a second classifier, for training. Default false. */
	auxLoss?: boolean | undefined;
}

/** Scores of each class at each place of the input: [N, numClasses, H, W]. */
export interface SegmentationOutput {
	out: Tensor;
	/** The second classifier's, with `auxLoss`. */
	aux?: Tensor;
}

/** A backbone, and classifiers of its features, enlarged to the input's size. */
abstract class SegmentationModel extends nn.Module<
	[x: Tensor],
	SegmentationOutput
> {
	readonly backbone: IntermediateLayerGetter;
	readonly classifier: Layer;
	readonly auxClassifier: Layer | null;

	constructor(
		backbone: IntermediateLayerGetter,
		classifier: Layer,
		auxClassifier: Layer | null,
	) {
		super();
		this.backbone = backbone;
		this.classifier = classifier;
		this.auxClassifier = auxClassifier;
	}

	override forward(x: Tensor): SegmentationOutput {
		const features = this.backbone(x) as { out: Tensor; aux: Tensor };
		const output: SegmentationOutput = {
			out: enlarged(this.classifier(features.out), x),
		};
		if (this.auxClassifier !== null)
			output.aux = enlarged(this.auxClassifier(features.aux), x);
		return output;
	}
}

/** A fully convolutional network: https://arxiv.org/abs/1411.4038 */
export class FCN extends SegmentationModel {}

/** DeepLab V3: https://arxiv.org/abs/1706.05587 */
export class DeepLabV3 extends SegmentationModel {}

/** `features` at the height and width of `x`. */
export function enlarged(features: Tensor, x: Tensor): Tensor {
	return F.interpolate(features, {
		size: x.shape.slice(-2),
		mode: "bilinear",
		alignCorners: false,
	});
}

/** A 3 × 3 convolution to a quarter of the channels, and the classes. */
export class FCNHead extends nn.Sequential {
	constructor(inputs: number, channels: number) {
		const width = Math.floor(inputs / 4);
		super(
			new nn.Conv2d(inputs, width, 3, { padding: 1, bias: false }),
			new nn.BatchNorm2d(width),
			new nn.ReLU(),
			new nn.Dropout(0.1),
			new nn.Conv2d(width, channels, 1),
		);
	}
}

export function segmentationSettings(
	op: string,
	options: SegmentationOptions,
): { numClasses: number; auxLoss: boolean } {
	return settings(op, options, {
		numClasses: { ...NUM_CLASSES, fallback: 21 },
		auxLoss: flag(false),
	});
}

import { cat } from "../../../generated/functions.ts";
import * as nn from "../../../nn/index.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { Layer } from "../../ops/layers.ts";
import {
	type Backbone,
	mobilenetBackbone,
	resnetBackbone,
} from "./backbone.ts";
import {
	DeepLabV3,
	enlarged,
	FCNHead,
	type SegmentationOptions,
	segmentationSettings,
} from "./segmentation.ts";

/** A convolution without a shift, batch normalisation and ReLU. */
const convolved = (conv: nn.Conv2d): [nn.Conv2d, nn.BatchNorm2d, nn.ReLU] => [
	conv,
	new nn.BatchNorm2d(conv.outChannels),
	new nn.ReLU(),
];

/** A 3 × 3 convolution whose points lie `dilation` apart. */
class ASPPConv extends nn.Sequential {
	constructor(inputs: number, outputs: number, dilation: number) {
		super(
			...convolved(
				new nn.Conv2d(inputs, outputs, 3, {
					padding: dilation,
					dilation,
					bias: false,
				}),
			),
		);
	}
}

/** What the whole image is like, at every place. */
class ASPPPooling extends nn.Sequential {
	constructor(inputs: number, outputs: number) {
		super(
			new nn.AdaptiveAvgPool2d(1),
			...convolved(new nn.Conv2d(inputs, outputs, 1, { bias: false })),
		);
	}

	override forward(x: Tensor): Tensor {
		return enlarged(super.forward(x), x);
	}
}

/** Convolutions of several dilations side by side: "atrous spatial pyramid pooling". */
class ASPP extends nn.Module<[x: Tensor], Tensor> {
	readonly convs: nn.ModuleList<Layer>;
	readonly project: nn.Sequential;

	constructor(inputs: number, rates: readonly number[], outputs = 256) {
		super();
		this.convs = new nn.ModuleList<Layer>([
			new nn.Sequential(
				...convolved(new nn.Conv2d(inputs, outputs, 1, { bias: false })),
			),
			...rates.map((rate) => new ASPPConv(inputs, outputs, rate)),
			new ASPPPooling(inputs, outputs),
		]);
		const joined = this.convs.length * outputs;
		this.project = new nn.Sequential(
			...convolved(new nn.Conv2d(joined, outputs, 1, { bias: false })),
			new nn.Dropout(0.5),
		);
	}

	override forward(x: Tensor): Tensor {
		return this.project(
			cat(
				[...this.convs].map((conv) => conv(x)),
				1,
			),
		);
	}
}

class DeepLabHead extends nn.Sequential {
	constructor(inputs: number, numClasses: number) {
		super(
			new ASPP(inputs, [12, 24, 36]),
			...convolved(new nn.Conv2d(256, 256, 3, { padding: 1, bias: false })),
			new nn.Conv2d(256, numClasses, 1),
		);
	}
}

function deeplabv3(
	{ module, channels }: Backbone<"out" | "aux">,
	{ numClasses, auxLoss }: { numClasses: number; auxLoss: boolean },
): DeepLabV3 {
	const aux = auxLoss ? new FCNHead(channels.aux, numClasses) : null;
	return new DeepLabV3(module, new DeepLabHead(channels.out, numClasses), aux);
}

/** `DeepLabV3` on a ResNet of 50 layers. */
export function deeplabv3Resnet50(
	options: SegmentationOptions = {},
): DeepLabV3 {
	const given = segmentationSettings("deeplabv3Resnet50", options);
	return deeplabv3(resnetBackbone(50, given.auxLoss), given);
}

/** `DeepLabV3` on a ResNet of 101 layers. */
export function deeplabv3Resnet101(
	options: SegmentationOptions = {},
): DeepLabV3 {
	const given = segmentationSettings("deeplabv3Resnet101", options);
	return deeplabv3(resnetBackbone(101, given.auxLoss), given);
}

/** `DeepLabV3` on the large MobileNet V3: 11 million parameters. */
export function deeplabv3MobilenetV3Large(
	options: SegmentationOptions = {},
): DeepLabV3 {
	const given = segmentationSettings("deeplabv3MobilenetV3Large", options);
	const { module, channels } = mobilenetBackbone(
		"out",
		given.auxLoss ? "aux" : null,
	);
	const named = { out: channels.high, aux: channels.low };
	return deeplabv3({ module, channels: named }, given);
}

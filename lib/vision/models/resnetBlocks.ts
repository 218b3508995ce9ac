/** The blocks of residual networks. */
import * as check from "../../check.ts";
import * as nn from "../../nn/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Layer, NormLayer } from "../ops/layers.ts";

export interface BlockOptions {
	stride: number;
	downsample: Layer | null;
	groups: number;
	baseWidth: number;
	dilation: number;
	normLayer: NormLayer;
}

export type Block = {
	readonly expansion: number;
	new (inplanes: number, planes: number, options: BlockOptions): Layer;
};

const conv3x3 = (
	inputs: number,
	outputs: number,
	{ stride = 1, groups = 1, dilation = 1 } = {},
) =>
	new nn.Conv2d(inputs, outputs, 3, {
		stride,
		padding: dilation,
		groups,
		bias: false,
		dilation,
	});

export const conv1x1 = (inputs: number, outputs: number, stride = 1) =>
	new nn.Conv2d(inputs, outputs, 1, { stride, bias: false });

/** Two 3 × 3 convolutions, and the input added. */
export class BasicBlock extends nn.Module<[x: Tensor], Tensor> {
	static readonly expansion = 1;
	readonly conv1: nn.Conv2d;
	readonly bn1: Layer;
	readonly relu: nn.ReLU;
	readonly conv2: nn.Conv2d;
	readonly bn2: Layer;
	readonly downsample: Layer | null;

	constructor(
		inplanes: number,
		planes: number,
		{
			stride,
			downsample,
			groups,
			baseWidth,
			dilation,
			normLayer,
		}: BlockOptions,
	) {
		super();
		if (groups !== 1 || baseWidth !== 64 || dilation !== 1)
			throw check.invalidValue(
				"ResNet",
				"groups, widthPerGroup, replaceStrideWithDilation",
				"resnet18 and resnet34 have no groups, widths or dilation of their own; the deeper ones do",
			);
		this.conv1 = conv3x3(inplanes, planes, { stride });
		this.bn1 = normLayer(planes);
		this.relu = new nn.ReLU({ inplace: true });
		this.conv2 = conv3x3(planes, planes);
		this.bn2 = normLayer(planes);
		this.downsample = downsample;
	}

	override forward(x: Tensor): Tensor {
		const out = this.relu(this.bn1(this.conv1(x)));
		const identity = this.downsample === null ? x : this.downsample(x);
		return this.relu(this.bn2(this.conv2(out)).add_(identity));
	}
}

/** 1 × 1, 3 × 3 and 1 × 1 convolutions, the input added; the stride is the second one's (ResNet V1.5). */
export class Bottleneck extends nn.Module<[x: Tensor], Tensor> {
	static readonly expansion = 4;
	readonly conv1: nn.Conv2d;
	readonly bn1: Layer;
	readonly conv2: nn.Conv2d;
	readonly bn2: Layer;
	readonly conv3: nn.Conv2d;
	readonly bn3: Layer;
	readonly relu: nn.ReLU;
	readonly downsample: Layer | null;

	constructor(
		inplanes: number,
		planes: number,
		{
			stride,
			downsample,
			groups,
			baseWidth,
			dilation,
			normLayer,
		}: BlockOptions,
	) {
		super();
		const width = Math.trunc(planes * (baseWidth / 64)) * groups;
		this.conv1 = conv1x1(inplanes, width);
		this.bn1 = normLayer(width);
		this.conv2 = conv3x3(width, width, { stride, groups, dilation });
		this.bn2 = normLayer(width);
		this.conv3 = conv1x1(width, planes * Bottleneck.expansion);
		this.bn3 = normLayer(planes * Bottleneck.expansion);
		this.relu = new nn.ReLU({ inplace: true });
		this.downsample = downsample;
	}

	override forward(x: Tensor): Tensor {
		let out = this.relu(this.bn1(this.conv1(x)));
		out = this.relu(this.bn2(this.conv2(out)));
		const identity = this.downsample === null ? x : this.downsample(x);
		return this.relu(this.bn3(this.conv3(out)).add_(identity));
	}
}

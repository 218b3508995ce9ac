import { cat } from "../../generated/functions.ts";
import * as nn from "../../nn/index.ts";
import { flag, settings, whole } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";

export interface UNetOptions {
	/** Channels of the images. Default 3. */
	inChannels?: number | undefined;
	/** Channels of the output: classes. Default 1. */
	outChannels?: number | undefined;
	/** Channels of the first block; each deeper one has twice as many. Default 32. */
	initFeatures?: number | undefined;
	/** Whether the output is between 0 and 1; else logits, for losses with a softmax or a sigmoid of their own. Default true. */
	sigmoid?: boolean | undefined;
}

/** Two 3 × 3 convolutions, each with batch normalisation and ReLU. */
function block(inputs: number, outputs: number, name: string): nn.Sequential {
	const conv = (channels: number) =>
		new nn.Conv2d(channels, outputs, 3, { padding: 1, bias: false });
	return new nn.Sequential({
		[`${name}conv1`]: conv(inputs),
		[`${name}norm1`]: new nn.BatchNorm2d(outputs),
		[`${name}relu1`]: new nn.ReLU({ inplace: true }),
		[`${name}conv2`]: conv(outputs),
		[`${name}norm2`]: new nn.BatchNorm2d(outputs),
		[`${name}relu2`]: new nn.ReLU({ inplace: true }),
	});
}

/**
 * U-Net with batch normalisation, as PyTorch Hub's `unet` (mateuszbuda/brain-segmentation-pytorch), whose weights fit:
 * [N, inChannels, H, W] to [N, outChannels, H, W], H and W multiples of 16.
 *
 * @see https://arxiv.org/abs/1505.04597, https://pytorch.org/hub/mateuszbuda_brain-segmentation-pytorch_unet/
 */
export class UNet extends nn.Module<[x: Tensor], Tensor> {
	readonly sigmoid: boolean;
	readonly encoder1: nn.Sequential;
	readonly pool1: nn.MaxPool2d;
	readonly encoder2: nn.Sequential;
	readonly pool2: nn.MaxPool2d;
	readonly encoder3: nn.Sequential;
	readonly pool3: nn.MaxPool2d;
	readonly encoder4: nn.Sequential;
	readonly pool4: nn.MaxPool2d;
	readonly bottleneck: nn.Sequential;
	readonly upconv4: nn.ConvTranspose2d;
	readonly decoder4: nn.Sequential;
	readonly upconv3: nn.ConvTranspose2d;
	readonly decoder3: nn.Sequential;
	readonly upconv2: nn.ConvTranspose2d;
	readonly decoder2: nn.Sequential;
	readonly upconv1: nn.ConvTranspose2d;
	readonly decoder1: nn.Sequential;
	readonly conv: nn.Conv2d;

	constructor(options: UNetOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			inChannels: whole(3, { min: 1 }),
			outChannels: whole(1, { min: 1 }),
			initFeatures: whole(32, { min: 1 }),
			sigmoid: flag(true),
		});
		const { inChannels, outChannels, initFeatures: width } = given;
		const pool = () => new nn.MaxPool2d(2, { stride: 2 });
		const up = (times: number) =>
			new nn.ConvTranspose2d(2 * times * width, times * width, 2, {
				stride: 2,
			});
		const decoder = (times: number, name: string) =>
			block(2 * times * width, times * width, name);
		this.sigmoid = given.sigmoid;
		this.encoder1 = block(inChannels, width, "enc1");
		this.pool1 = pool();
		this.encoder2 = block(width, 2 * width, "enc2");
		this.pool2 = pool();
		this.encoder3 = block(2 * width, 4 * width, "enc3");
		this.pool3 = pool();
		this.encoder4 = block(4 * width, 8 * width, "enc4");
		this.pool4 = pool();
		this.bottleneck = block(8 * width, 16 * width, "bottleneck");
		this.upconv4 = up(8);
		this.decoder4 = decoder(8, "dec4");
		this.upconv3 = up(4);
		this.decoder3 = decoder(4, "dec3");
		this.upconv2 = up(2);
		this.decoder2 = decoder(2, "dec2");
		this.upconv1 = up(1);
		this.decoder1 = decoder(1, "dec1");
		this.conv = new nn.Conv2d(width, outChannels, 1);
	}

	override forward(x: Tensor): Tensor {
		const first = this.encoder1(x);
		const second = this.encoder2(this.pool1(first));
		const third = this.encoder3(this.pool2(second));
		const fourth = this.encoder4(this.pool3(third));
		let y = this.bottleneck(this.pool4(fourth));
		y = this.decoder4(cat([this.upconv4(y), fourth], 1));
		y = this.decoder3(cat([this.upconv3(y), third], 1));
		y = this.decoder2(cat([this.upconv2(y), second], 1));
		y = this.decoder1(cat([this.upconv1(y), first], 1));
		y = this.conv(y);
		return this.sigmoid ? y.sigmoid() : y;
	}
}

/** `UNet`: 7.8 million parameters. */
export function unet(options: UNetOptions = {}): UNet {
	return new UNet(options);
}

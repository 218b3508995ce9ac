/** The parts of Inception V3, by the letters of torchvision. */
import { cat } from "../../generated/functions.ts";
import * as F from "../../nn/functional/index.ts";
import * as nn from "../../nn/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { BasicConv2d } from "./basicConv2d.ts";

/** 1 × 7 and 7 × 1 convolutions that keep the size. */
const wide = (inputs: number, outputs: number) =>
	new BasicConv2d(inputs, outputs, [1, 7], { padding: [0, 3] });
const tall = (inputs: number, outputs: number) =>
	new BasicConv2d(inputs, outputs, [7, 1], { padding: [3, 0] });
const averaged = (x: Tensor) => F.avgPool2d(x, 3, 1, 1);
const halved = (x: Tensor) => F.maxPool2d(x, 3, 2);

export class InceptionA extends nn.Module<[x: Tensor], Tensor> {
	readonly branch1x1: BasicConv2d;
	readonly branch5x5_1: BasicConv2d;
	readonly branch5x5_2: BasicConv2d;
	readonly branch3x3dbl_1: BasicConv2d;
	readonly branch3x3dbl_2: BasicConv2d;
	readonly branch3x3dbl_3: BasicConv2d;
	readonly branch_pool: BasicConv2d;

	constructor(inputs: number, poolFeatures: number) {
		super();
		this.branch1x1 = new BasicConv2d(inputs, 64, 1);
		this.branch5x5_1 = new BasicConv2d(inputs, 48, 1);
		this.branch5x5_2 = new BasicConv2d(48, 64, 5, { padding: 2 });
		this.branch3x3dbl_1 = new BasicConv2d(inputs, 64, 1);
		this.branch3x3dbl_2 = new BasicConv2d(64, 96, 3, { padding: 1 });
		this.branch3x3dbl_3 = new BasicConv2d(96, 96, 3, { padding: 1 });
		this.branch_pool = new BasicConv2d(inputs, poolFeatures, 1);
	}

	override forward(x: Tensor): Tensor {
		const triple = this.branch3x3dbl_2(this.branch3x3dbl_1(x));
		return cat(
			[
				this.branch1x1(x),
				this.branch5x5_2(this.branch5x5_1(x)),
				this.branch3x3dbl_3(triple),
				this.branch_pool(averaged(x)),
			],
			1,
		);
	}
}

/** Halves the size. */
export class InceptionB extends nn.Module<[x: Tensor], Tensor> {
	readonly branch3x3: BasicConv2d;
	readonly branch3x3dbl_1: BasicConv2d;
	readonly branch3x3dbl_2: BasicConv2d;
	readonly branch3x3dbl_3: BasicConv2d;

	constructor(inputs: number) {
		super();
		this.branch3x3 = new BasicConv2d(inputs, 384, 3, { stride: 2 });
		this.branch3x3dbl_1 = new BasicConv2d(inputs, 64, 1);
		this.branch3x3dbl_2 = new BasicConv2d(64, 96, 3, { padding: 1 });
		this.branch3x3dbl_3 = new BasicConv2d(96, 96, 3, { stride: 2 });
	}

	override forward(x: Tensor): Tensor {
		const double = this.branch3x3dbl_2(this.branch3x3dbl_1(x));
		return cat([this.branch3x3(x), this.branch3x3dbl_3(double), halved(x)], 1);
	}
}

export class InceptionC extends nn.Module<[x: Tensor], Tensor> {
	readonly branch1x1: BasicConv2d;
	readonly branch7x7_1: BasicConv2d;
	readonly branch7x7_2: BasicConv2d;
	readonly branch7x7_3: BasicConv2d;
	readonly branch7x7dbl_1: BasicConv2d;
	readonly branch7x7dbl_2: BasicConv2d;
	readonly branch7x7dbl_3: BasicConv2d;
	readonly branch7x7dbl_4: BasicConv2d;
	readonly branch7x7dbl_5: BasicConv2d;
	readonly branch_pool: BasicConv2d;

	/** `width` is that of the 7 × 7 branches' inner layers. */
	constructor(inputs: number, width: number) {
		super();
		this.branch1x1 = new BasicConv2d(inputs, 192, 1);
		this.branch7x7_1 = new BasicConv2d(inputs, width, 1);
		this.branch7x7_2 = wide(width, width);
		this.branch7x7_3 = tall(width, 192);
		this.branch7x7dbl_1 = new BasicConv2d(inputs, width, 1);
		this.branch7x7dbl_2 = tall(width, width);
		this.branch7x7dbl_3 = wide(width, width);
		this.branch7x7dbl_4 = tall(width, width);
		this.branch7x7dbl_5 = wide(width, 192);
		this.branch_pool = new BasicConv2d(inputs, 192, 1);
	}

	override forward(x: Tensor): Tensor {
		const seven = this.branch7x7_2(this.branch7x7_1(x));
		let double = this.branch7x7dbl_2(this.branch7x7dbl_1(x));
		double = this.branch7x7dbl_4(this.branch7x7dbl_3(double));
		return cat(
			[
				this.branch1x1(x),
				this.branch7x7_3(seven),
				this.branch7x7dbl_5(double),
				this.branch_pool(averaged(x)),
			],
			1,
		);
	}
}

/** Halves the size. */
export class InceptionD extends nn.Module<[x: Tensor], Tensor> {
	readonly branch3x3_1: BasicConv2d;
	readonly branch3x3_2: BasicConv2d;
	readonly branch7x7x3_1: BasicConv2d;
	readonly branch7x7x3_2: BasicConv2d;
	readonly branch7x7x3_3: BasicConv2d;
	readonly branch7x7x3_4: BasicConv2d;

	constructor(inputs: number) {
		super();
		this.branch3x3_1 = new BasicConv2d(inputs, 192, 1);
		this.branch3x3_2 = new BasicConv2d(192, 320, 3, { stride: 2 });
		this.branch7x7x3_1 = new BasicConv2d(inputs, 192, 1);
		this.branch7x7x3_2 = wide(192, 192);
		this.branch7x7x3_3 = tall(192, 192);
		this.branch7x7x3_4 = new BasicConv2d(192, 192, 3, { stride: 2 });
	}

	override forward(x: Tensor): Tensor {
		const three = this.branch3x3_2(this.branch3x3_1(x));
		const seven = this.branch7x7x3_2(this.branch7x7x3_1(x));
		const last = this.branch7x7x3_4(this.branch7x7x3_3(seven));
		return cat([three, last, halved(x)], 1);
	}
}

export class InceptionE extends nn.Module<[x: Tensor], Tensor> {
	readonly branch1x1: BasicConv2d;
	readonly branch3x3_1: BasicConv2d;
	readonly branch3x3_2a: BasicConv2d;
	readonly branch3x3_2b: BasicConv2d;
	readonly branch3x3dbl_1: BasicConv2d;
	readonly branch3x3dbl_2: BasicConv2d;
	readonly branch3x3dbl_3a: BasicConv2d;
	readonly branch3x3dbl_3b: BasicConv2d;
	readonly branch_pool: BasicConv2d;

	constructor(inputs: number) {
		super();
		const flat = () => new BasicConv2d(384, 384, [1, 3], { padding: [0, 1] });
		const upright = () =>
			new BasicConv2d(384, 384, [3, 1], { padding: [1, 0] });
		this.branch1x1 = new BasicConv2d(inputs, 320, 1);
		this.branch3x3_1 = new BasicConv2d(inputs, 384, 1);
		this.branch3x3_2a = flat();
		this.branch3x3_2b = upright();
		this.branch3x3dbl_1 = new BasicConv2d(inputs, 448, 1);
		this.branch3x3dbl_2 = new BasicConv2d(448, 384, 3, { padding: 1 });
		this.branch3x3dbl_3a = flat();
		this.branch3x3dbl_3b = upright();
		this.branch_pool = new BasicConv2d(inputs, 192, 1);
	}

	override forward(x: Tensor): Tensor {
		const three = this.branch3x3_1(x);
		const double = this.branch3x3dbl_2(this.branch3x3dbl_1(x));
		return cat(
			[
				this.branch1x1(x),
				this.branch3x3_2a(three),
				this.branch3x3_2b(three),
				this.branch3x3dbl_3a(double),
				this.branch3x3dbl_3b(double),
				this.branch_pool(averaged(x)),
			],
			1,
		);
	}
}

/** A classifier in the middle, for training. */
export class InceptionAux extends nn.Module<[x: Tensor], Tensor> {
	readonly conv0: BasicConv2d;
	readonly conv1: BasicConv2d;
	readonly fc: nn.Linear;

	constructor(inputs: number, numClasses: number) {
		super();
		this.conv0 = new BasicConv2d(inputs, 128, 1);
		this.conv1 = new BasicConv2d(128, 768, 5);
		this.fc = new nn.Linear(768, numClasses);
	}

	override forward(x: Tensor): Tensor {
		const y = this.conv1(this.conv0(F.avgPool2d(x, 5, 3)));
		return this.fc(F.adaptiveAvgPool2d(y, [1, 1]).flatten(1));
	}
}

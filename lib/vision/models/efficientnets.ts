/** The known EfficientNets: B0 to B7 by width and depth, V2 by their tables. */
import { batchNormWith } from "../ops/layers.ts";
import {
	EfficientNet,
	type EfficientNetOptions,
	type EfficientNetStage,
} from "./efficientnet.ts";
import { makeDivisible } from "./options.ts";

type Row = readonly [
	expandRatio: number,
	kernel: number,
	stride: number,
	inputChannels: number,
	outChannels: number,
	numLayers: number,
];

function stage(row: Row, isFused = false): EfficientNetStage {
	const [expandRatio, kernel, stride, inputChannels, outChannels, numLayers] =
		row;
	return {
		isFused,
		expandRatio,
		kernel,
		stride,
		inputChannels,
		outChannels,
		numLayers,
	};
}

const B0: readonly Row[] = [
	[1, 3, 1, 32, 16, 1],
	[6, 3, 2, 16, 24, 2],
	[6, 5, 2, 24, 40, 2],
	[6, 3, 2, 40, 80, 3],
	[6, 5, 1, 80, 112, 3],
	[6, 5, 2, 112, 192, 4],
	[6, 3, 1, 192, 320, 1],
];

function scaled(
	width: number,
	depth: number,
	options: EfficientNetOptions,
): EfficientNet {
	const stages = B0.map(([ratio, kernel, stride, inputs, outputs, layers]) =>
		stage([
			ratio,
			kernel,
			stride,
			makeDivisible(inputs * width, 8),
			makeDivisible(outputs * width, 8),
			Math.ceil(layers * depth),
		]),
	);
	return new EfficientNet(stages, options);
}

const sharp = batchNormWith({ eps: 0.001, momentum: 0.01 });

/** `EfficientNet` B0, for images of 224 × 224: 5.3 million parameters with ImageNet's classes. */
export function efficientnetB0(
	options: EfficientNetOptions = {},
): EfficientNet {
	return scaled(1, 1, options);
}

/** `EfficientNet` B1, for images of 240 × 240. */
export function efficientnetB1(
	options: EfficientNetOptions = {},
): EfficientNet {
	return scaled(1, 1.1, options);
}

/** `EfficientNet` B2, for images of 288 × 288; dropout 0.3. */
export function efficientnetB2(
	options: EfficientNetOptions = {},
): EfficientNet {
	return scaled(1.1, 1.2, { dropout: 0.3, ...options });
}

/** `EfficientNet` B3, for images of 300 × 300; dropout 0.3. */
export function efficientnetB3(
	options: EfficientNetOptions = {},
): EfficientNet {
	return scaled(1.2, 1.4, { dropout: 0.3, ...options });
}

/** `EfficientNet` B4, for images of 380 × 380; dropout 0.4. */
export function efficientnetB4(
	options: EfficientNetOptions = {},
): EfficientNet {
	return scaled(1.4, 1.8, { dropout: 0.4, ...options });
}

/** `EfficientNet` B5, for images of 456 × 456; dropout 0.4. */
export function efficientnetB5(
	options: EfficientNetOptions = {},
): EfficientNet {
	return scaled(1.6, 2.2, { dropout: 0.4, normLayer: sharp, ...options });
}

/** `EfficientNet` B6, for images of 528 × 528; dropout 0.5. */
export function efficientnetB6(
	options: EfficientNetOptions = {},
): EfficientNet {
	return scaled(1.8, 2.6, { dropout: 0.5, normLayer: sharp, ...options });
}

/** `EfficientNet` B7, for images of 600 × 600: 66 million parameters with ImageNet's classes; dropout 0.5. */
export function efficientnetB7(
	options: EfficientNetOptions = {},
): EfficientNet {
	return scaled(2, 3.1, { dropout: 0.5, normLayer: sharp, ...options });
}

/** The first stages are fused. */
function v2(
	fused: readonly Row[],
	rest: readonly Row[],
	options: EfficientNetOptions,
): EfficientNet {
	return new EfficientNet(
		[...fused.map((row) => stage(row, true)), ...rest.map((row) => stage(row))],
		{
			normLayer: batchNormWith({ eps: 0.001 }),
			lastChannel: 1280,
			...options,
		},
	);
}

/** The small `EfficientNet` V2, for images of 384 × 384: 21 million parameters with ImageNet's classes. */
export function efficientnetV2S(
	options: EfficientNetOptions = {},
): EfficientNet {
	return v2(
		[
			[1, 3, 1, 24, 24, 2],
			[4, 3, 2, 24, 48, 4],
			[4, 3, 2, 48, 64, 4],
		],
		[
			[4, 3, 2, 64, 128, 6],
			[6, 3, 1, 128, 160, 9],
			[6, 3, 2, 160, 256, 15],
		],
		options,
	);
}

/** The medium `EfficientNet` V2, for images of 480 × 480; dropout 0.3. */
export function efficientnetV2M(
	options: EfficientNetOptions = {},
): EfficientNet {
	return v2(
		[
			[1, 3, 1, 24, 24, 3],
			[4, 3, 2, 24, 48, 5],
			[4, 3, 2, 48, 80, 5],
		],
		[
			[4, 3, 2, 80, 160, 7],
			[6, 3, 1, 160, 176, 14],
			[6, 3, 2, 176, 304, 18],
			[6, 3, 1, 304, 512, 5],
		],
		{ dropout: 0.3, ...options },
	);
}

/** The large `EfficientNet` V2, for images of 480 × 480; dropout 0.4. */
export function efficientnetV2L(
	options: EfficientNetOptions = {},
): EfficientNet {
	return v2(
		[
			[1, 3, 1, 32, 32, 4],
			[4, 3, 2, 32, 64, 7],
			[4, 3, 2, 64, 96, 7],
		],
		[
			[4, 3, 2, 96, 192, 10],
			[6, 3, 1, 192, 224, 19],
			[6, 3, 2, 224, 384, 25],
			[6, 3, 1, 384, 640, 7],
		],
		{ dropout: 0.4, ...options },
	);
}

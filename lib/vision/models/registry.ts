/** Models by torchvision's names. */
import * as check from "../../check.ts";
import type { AnyModule } from "../../nn/index.ts";
import { alexnet } from "./alexnet.ts";
import {
	convnextBase,
	convnextLarge,
	convnextSmall,
	convnextTiny,
} from "./convnext.ts";
import {
	densenet121,
	densenet161,
	densenet169,
	densenet201,
} from "./densenet.ts";
import {
	efficientnetB0,
	efficientnetB1,
	efficientnetB2,
	efficientnetB3,
	efficientnetB4,
	efficientnetB5,
	efficientnetB6,
	efficientnetB7,
	efficientnetV2L,
	efficientnetV2M,
	efficientnetV2S,
} from "./efficientnets.ts";
import { googlenet } from "./googlenet.ts";
import { inceptionV3 } from "./inception.ts";
import { lenet } from "./lenet.ts";
import { mnasnet0_5, mnasnet0_75, mnasnet1_0, mnasnet1_3 } from "./mnasnet.ts";
import { mobilenetV2 } from "./mobilenetV2.ts";
import { mobilenetV3Large, mobilenetV3Small } from "./mobilenetV3.ts";
import {
	regnetX1_6gf,
	regnetX3_2gf,
	regnetX8gf,
	regnetX16gf,
	regnetX32gf,
	regnetX400mf,
	regnetX800mf,
	regnetY1_6gf,
	regnetY3_2gf,
	regnetY8gf,
	regnetY16gf,
	regnetY32gf,
	regnetY128gf,
	regnetY400mf,
	regnetY800mf,
} from "./regnets.ts";
import {
	resnet18,
	resnet34,
	resnet50,
	resnet101,
	resnet152,
	resnext50_32x4d,
	resnext101_32x8d,
	resnext101_64x4d,
	wideResnet50_2,
	wideResnet101_2,
} from "./resnet.ts";
import {
	deeplabv3MobilenetV3Large,
	deeplabv3Resnet50,
	deeplabv3Resnet101,
} from "./segmentation/deeplabv3.ts";
import { fcnResnet50, fcnResnet101 } from "./segmentation/fcn.ts";
import { lrasppMobilenetV3Large } from "./segmentation/lraspp.ts";
import {
	shufflenetV2X0_5,
	shufflenetV2X1_0,
	shufflenetV2X1_5,
	shufflenetV2X2_0,
} from "./shufflenetV2.ts";
import { squeezenet1_0, squeezenet1_1 } from "./squeezenet.ts";
import {
	swinB,
	swinS,
	swinT,
	swinV2B,
	swinV2S,
	swinV2T,
} from "./swinTransformer.ts";
import { unet } from "./unet.ts";
import {
	vgg11,
	vgg11Bn,
	vgg13,
	vgg13Bn,
	vgg16,
	vgg16Bn,
	vgg19,
	vgg19Bn,
} from "./vgg.ts";
import { vitB16, vitB32, vitH14, vitL16, vitL32 } from "./visionTransformer.ts";

/** Every model's builder. */
export const builders = {
	lenet,
	alexnet,
	vgg11,
	vgg11_bn: vgg11Bn,
	vgg13,
	vgg13_bn: vgg13Bn,
	vgg16,
	vgg16_bn: vgg16Bn,
	vgg19,
	vgg19_bn: vgg19Bn,
	resnet18,
	resnet34,
	resnet50,
	resnet101,
	resnet152,
	resnext50_32x4d,
	resnext101_32x8d,
	resnext101_64x4d,
	wide_resnet50_2: wideResnet50_2,
	wide_resnet101_2: wideResnet101_2,
	squeezenet1_0,
	squeezenet1_1,
	densenet121,
	densenet161,
	densenet169,
	densenet201,
	inception_v3: inceptionV3,
	googlenet,
	shufflenet_v2_x0_5: shufflenetV2X0_5,
	shufflenet_v2_x1_0: shufflenetV2X1_0,
	shufflenet_v2_x1_5: shufflenetV2X1_5,
	shufflenet_v2_x2_0: shufflenetV2X2_0,
	mobilenet_v2: mobilenetV2,
	mobilenet_v3_large: mobilenetV3Large,
	mobilenet_v3_small: mobilenetV3Small,
	mnasnet0_5,
	mnasnet0_75,
	mnasnet1_0,
	mnasnet1_3,
	efficientnet_b0: efficientnetB0,
	efficientnet_b1: efficientnetB1,
	efficientnet_b2: efficientnetB2,
	efficientnet_b3: efficientnetB3,
	efficientnet_b4: efficientnetB4,
	efficientnet_b5: efficientnetB5,
	efficientnet_b6: efficientnetB6,
	efficientnet_b7: efficientnetB7,
	efficientnet_v2_s: efficientnetV2S,
	efficientnet_v2_m: efficientnetV2M,
	efficientnet_v2_l: efficientnetV2L,
	regnet_y_400mf: regnetY400mf,
	regnet_y_800mf: regnetY800mf,
	regnet_y_1_6gf: regnetY1_6gf,
	regnet_y_3_2gf: regnetY3_2gf,
	regnet_y_8gf: regnetY8gf,
	regnet_y_16gf: regnetY16gf,
	regnet_y_32gf: regnetY32gf,
	regnet_y_128gf: regnetY128gf,
	regnet_x_400mf: regnetX400mf,
	regnet_x_800mf: regnetX800mf,
	regnet_x_1_6gf: regnetX1_6gf,
	regnet_x_3_2gf: regnetX3_2gf,
	regnet_x_8gf: regnetX8gf,
	regnet_x_16gf: regnetX16gf,
	regnet_x_32gf: regnetX32gf,
	convnext_tiny: convnextTiny,
	convnext_small: convnextSmall,
	convnext_base: convnextBase,
	convnext_large: convnextLarge,
	vit_b_16: vitB16,
	vit_b_32: vitB32,
	vit_l_16: vitL16,
	vit_l_32: vitL32,
	vit_h_14: vitH14,
	swin_t: swinT,
	swin_s: swinS,
	swin_b: swinB,
	swin_v2_t: swinV2T,
	swin_v2_s: swinV2S,
	swin_v2_b: swinV2B,
	unet,
	fcn_resnet50: fcnResnet50,
	fcn_resnet101: fcnResnet101,
	deeplabv3_resnet50: deeplabv3Resnet50,
	deeplabv3_resnet101: deeplabv3Resnet101,
	deeplabv3_mobilenet_v3_large: deeplabv3MobilenetV3Large,
	lraspp_mobilenet_v3_large: lrasppMobilenetV3Large,
};

/** Names of models, as torchvision has them. */
export type ModelName = keyof typeof builders;
/** The options of the model of that name. */
export type ModelOptions<Name extends ModelName> = NonNullable<
	Parameters<(typeof builders)[Name]>[0]
>;
/** The model of that name. */
export type ModelOf<Name extends ModelName> = ReturnType<
	(typeof builders)[Name]
>;

/**
 * The names of all models, sorted; with `include` those that match one of its patterns, without those that match one of `exclude`'s.
 * A `*` in a pattern stands for any letters.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.models.list_models.html
 * @example
 * vision.models.listModels({ include: "resnet*" }); // ["resnet101", "resnet152", "resnet18", "resnet34", "resnet50"]
 */
export function listModels({
	include,
	exclude,
}: {
	include?: string | readonly string[];
	exclude?: string | readonly string[];
} = {}): ModelName[] {
	const matches = (name: string, patterns: string | readonly string[]) =>
		[patterns].flat().some((pattern) => asPattern(pattern).test(name));
	return (Object.keys(builders) as ModelName[])
		.filter((name) => include === undefined || matches(name, include))
		.filter((name) => exclude === undefined || !matches(name, exclude))
		.sort();
}

function asPattern(text: string): RegExp {
	const parts = text
		.split("*")
		.map((part) => part.replace(/[^\w]/g, (sign) => `\\${sign}`));
	return new RegExp(`^${parts.join(".*")}$`);
}

/**
 * A new model by its name, with the weights that PyTorch draws for the same seed. `loadModel` gives a trained one.
 *
 * @throws TorchError for an unknown name, with those that are like it
 * @example
 * const model = vision.models.getModel("resnet18", { numClasses: 10 });
 */
export function getModel<Name extends ModelName>(
	name: Name,
	options: ModelOptions<Name> = {} as ModelOptions<Name>,
): ModelOf<Name> {
	const build = builders[checkName("getModel", name)] as unknown as (
		options: object,
	) => AnyModule;
	return build(options) as ModelOf<Name>;
}

/** The name, if it is a model's. */
export function checkName(op: string, name: unknown): ModelName {
	const text = check.string(op, "name", name);
	if (Object.hasOwn(builders, text)) return text as ModelName;
	const stem = (value: string) => value.slice(0, 4).toLowerCase();
	const alike = listModels().filter((known) => stem(known) === stem(text));
	throw check.invalidValue(
		op,
		"name",
		`unknown model "${text}"; ${alike.length > 0 ? `there are ${alike.join(", ")}` : "listModels() gives those that there are"}`,
	);
}

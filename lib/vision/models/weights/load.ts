import * as check from "../../../check.ts";
import type { AnyModule } from "../../../nn/index.ts";
import { onDevice } from "../../../nn/settings.ts";
import type { GoogLeNet } from "../googlenet.ts";
import type { Inception3 } from "../inception.ts";
import {
	getModel,
	type ModelName,
	type ModelOf,
	type ModelOptions,
} from "../registry.ts";
import { getWeights, type Weights, type WeightsOptions } from "./weights.ts";

export interface LoadModelOptions extends WeightsOptions {
	/** Which ones: torchvision's name, or those of `getWeights`. Default "DEFAULT", the best ones. */
	weights?: string | Weights | undefined;
}

type Options = Record<string, unknown>;

/**
 * A model with trained weights, which are downloaded unless they are there. It is in training mode, as all new models: `eval()` before use.
 *
 * The number of classes is the weights'; for one's own classes the last layer is replaced afterwards.
 *
 * ```ts
 * const model = await vision.models.loadModel("resnet18");
 * model.setSubmodule("fc", new nn.Linear(512, 10)); // for transfer learning
 * ```
 *
 * @param options of the model, as for `getModel`
 * @throws TorchError `ERR_DOWNLOAD` or `ERR_HASH`, or for options that the weights do not fit
 */
export async function loadModel<Name extends ModelName>(
	name: Name,
	loading: LoadModelOptions = {},
	options: ModelOptions<Name> = {} as ModelOptions<Name>,
): Promise<ModelOf<Name>> {
	const { weights: wanted = "DEFAULT", ...downloading } = loading;
	const weights =
		typeof wanted === "string" ? getWeights(name, wanted) : wanted;
	if (weights.model !== name)
		throw check.invalidValue(
			"loadModel",
			"weights",
			`expected weights of ${name}, got ${weights}`,
		);
	const given = options as Options;
	const needed = fitting(weights);
	for (const [key, value] of Object.entries(needed))
		if (!SOFT.has(key) && (given[key] ?? value) !== value)
			throw check.invalidValue(
				"loadModel",
				key,
				`expected ${value}, which ${weights} were trained with, got ${given[key]}`,
			);
	const isInception = name === "googlenet" || name === "inception_v3";
	const soft = isInception ? { transformInput: true } : {};
	const build = () =>
		getModel(name, { ...soft, ...given, ...needed } as ModelOptions<Name>);
	const state = await weights.getStateDict(downloading);
	// On "meta" first: initial values would be drawn in vain.
	const model = onDevice("meta", build) as unknown as AnyModule;
	model.toEmpty({ device: "cpu" });
	for (const buffer of model.buffers())
		if (buffer.dtype === "int64") buffer.zero_(); // counts of batches, which old files lack
	model.loadStateDict(state);
	if (isInception) removeAuxiliary(model, name, given.auxLogits);
	return model as unknown as ModelOf<Name>;
}

/** Options that may be asked for otherwise: parts that the weights have are taken away afterwards. */
const SOFT = new Set(["auxLogits"]);

/** The options that a model must have for the weights to fit. */
function fitting({ model, meta }: Weights): Options {
	const { categories, minSize } = meta;
	const needed: Options = { numClasses: categories.length };
	if (model.startsWith("vit_")) needed.imageSize = minSize[0];
	if (/^(fcn|deeplabv3)_/.test(model)) needed.auxLoss = true;
	if (model === "googlenet" || model === "inception_v3")
		Object.assign(needed, { auxLogits: true });
	return needed;
}

/** GoogLeNet's classifiers in the middle are not trained, so they stay only where they are asked for. */
function removeAuxiliary(
	model: AnyModule,
	name: ModelName,
	asked: unknown,
): void {
	if (name === "googlenet" && asked !== true) {
		const net = model as unknown as GoogLeNet;
		net.aux1 = null;
		net.aux2 = null;
	} else if (name === "inception_v3" && asked === false) {
		(model as unknown as Inception3).AuxLogits = null;
	}
}

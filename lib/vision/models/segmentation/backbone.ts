import * as check from "../../../check.ts";
import * as nn from "../../../nn/index.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { Layer } from "../../ops/layers.ts";
import { InvertedResidual, mobilenetV3Large } from "../mobilenetV3.ts";
import { resnet50, resnet101 } from "../resnet.ts";

/** Runs a model's submodules in order up to the last that is asked for, and gives the outputs of some by new names. */
export class IntermediateLayerGetter extends nn.Module<
	[x: Tensor],
	Record<string, Tensor>
> {
	private readonly returnLayers: ReadonlyMap<string, string>;

	/** `returnLayers` maps names of submodules to names in the output. */
	constructor(
		model: nn.AnyModule,
		returnLayers: Readonly<Record<string, string>>,
	) {
		super();
		const left = new Set(Object.keys(returnLayers));
		for (const [name, module] of model.namedChildren()) {
			if (left.size === 0) break;
			this.registerModule(name, module);
			left.delete(name);
		}
		if (left.size > 0)
			throw check.invalidValue(
				"IntermediateLayerGetter",
				"returnLayers",
				`the model has no submodule ${[...left].join(", ")}`,
			);
		this.returnLayers = new Map(Object.entries(returnLayers));
	}

	override forward(x: Tensor): Record<string, Tensor> {
		const outputs: Record<string, Tensor> = {};
		let y = x;
		for (const [name, module] of this.namedChildren()) {
			y = (module as Layer)(y);
			const output = this.returnLayers.get(name);
			if (output !== undefined) outputs[output] = y;
		}
		return outputs;
	}
}

/** A backbone, and how many channels its outputs have. */
export interface Backbone<Names extends string = string> {
	module: IntermediateLayerGetter;
	channels: Record<Names, number>;
}

/** Stage 4 as "out" and, if asked for, stage 3 as "aux"; at an eighth of the size. */
export function resnetBackbone(
	depth: 50 | 101,
	hasAux: boolean,
): Backbone<"out" | "aux"> {
	const resnet = depth === 50 ? resnet50 : resnet101;
	const model = resnet({ replaceStrideWithDilation: [false, true, true] });
	const layers: Record<string, string> = { layer4: "out" };
	if (hasAux) layers.layer3 = "aux";
	return {
		module: new IntermediateLayerGetter(model, layers),
		channels: { out: 2048, aux: 1024 },
	};
}

/** The last layer under the name `high`, the third last that halves the size under `low` (null: not given). */
export function mobilenetBackbone(
	high: string,
	low: string | null,
): Backbone<"high" | "low"> {
	const { features } = mobilenetV3Large({ dilated: true });
	const layers = [...features];
	const halving = layers.flatMap((layer, i) =>
		layer instanceof InvertedResidual && layer.halves ? [i] : [],
	);
	const highAt = layers.length - 1;
	const lowAt = [0, ...halving, highAt].at(-4) as number;
	const names: Record<string, string> = { [highAt]: high };
	if (low !== null) names[lowAt] = low;
	const channels = (i: number) =>
		(layers[i] as unknown as { outChannels: number }).outChannels;
	return {
		module: new IntermediateLayerGetter(features, names),
		channels: { high: channels(highAt), low: channels(lowAt) },
	};
}

import * as check from "../../check.ts";
import * as nn from "../../nn/index.ts";
import { flag, nullable, real, settings } from "../../nn/settings.ts";
import { layerMaker } from "./convNormActivation.ts";
import {
	type ActivationLayer,
	type Layer,
	type NormLayer,
	relu,
} from "./layers.ts";

export interface MLPOptions {
	/** Makes the normalisation after each hidden layer. Default null: none. */
	normLayer?: NormLayer | null | undefined;
	/** Makes the activation after each hidden layer. Default: ReLU. */
	activationLayer?: ActivationLayer | undefined;
	/** Whether activations and dropout overwrite their inputs. Default false. */
	inplace?: boolean | undefined;
	/** Whether linear layers have biases. Default true. */
	bias?: boolean | undefined;
	/** The probability of a zero after each layer, the last too. Default 0. */
	dropout?: number | undefined;
}

/** Linear layers of the widths `hiddenChannels`, with activations and dropout between them: [..., inChannels] to [..., the last width]. */
export class MLP extends nn.Sequential {
	constructor(
		inChannels: number,
		hiddenChannels: readonly number[],
		options: MLPOptions = {},
	) {
		const given = settings("MLP", options, {
			normLayer: nullable(layerMaker<NormLayer>(() => new nn.Identity())),
			activationLayer: layerMaker(relu),
			inplace: flag(false),
			bias: flag(true),
			dropout: real(0, { min: 0, max: 1 }),
		});
		const { normLayer, activationLayer, inplace, bias, dropout } = given;
		const last = check.array("MLP", "hiddenChannels", hiddenChannels).at(-1);
		if (last === undefined)
			throw check.invalidValue(
				"MLP",
				"hiddenChannels",
				"expected one or more widths, got none",
			);
		const layers: Layer[] = [];
		let width = inChannels;
		for (const hidden of hiddenChannels.slice(0, -1)) {
			layers.push(new nn.Linear(width, hidden, { bias }));
			if (normLayer !== null) layers.push(normLayer(hidden));
			layers.push(
				activationLayer(inplace),
				new nn.Dropout(dropout, { inplace }),
			);
			width = hidden;
		}
		layers.push(new nn.Linear(width, last, { bias }));
		layers.push(new nn.Dropout(dropout, { inplace }));
		super(...layers);
	}
}

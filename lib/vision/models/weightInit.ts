/** How models draw their first weights. */
import * as nn from "../../nn/index.ts";

/** Calls `conv` and `linear` with the model's layers of these kinds, in order. Normalisations start as they should. */
export function initialise(
	model: nn.AnyModule,
	{
		conv,
		linear,
	}: {
		conv?: (layer: nn.Conv2d) => void;
		linear?: (layer: nn.Linear) => void;
	},
): void {
	for (const module of model.modules()) {
		if (module instanceof nn.Conv2d) conv?.(module);
		else if (module instanceof nn.Linear) linear?.(module);
	}
}

export function zeroBias({ bias }: nn.Conv2d | nn.Linear): void {
	if (bias !== null) nn.init.zeros_(bias);
}

/** He's initialisation by the number of outputs, and no shift. */
export function kaimingFanOut(layer: nn.Conv2d): void {
	nn.init.kaimingNormal_(layer.weight, {
		mode: "fan_out",
		nonlinearity: "relu",
	});
	zeroBias(layer);
}

/** N(0, 0.01²), and no shift. */
export function normalLinear(layer: nn.Linear): void {
	nn.init.normal_(layer.weight, 0, 0.01);
	zeroBias(layer);
}

/** Glorot's initialisation, and shifts from N(0, 1e-12). */
export function xavier({ weight, bias }: nn.Linear): void {
	nn.init.xavierUniform_(weight);
	if (bias !== null) nn.init.normal_(bias, { std: 1e-6 });
}

import * as check from "../../check.ts";
import * as F from "../../nn/functional/index.ts";
import * as nn from "../../nn/index.ts";
import { nullable, settings, unchecked } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Conv2dNormActivation, layerMaker } from "./convNormActivation.ts";
import type { NormLayer } from "./layers.ts";

/** Maps by name, from the largest to the smallest. */
export type FeatureMaps = Readonly<Record<string, Tensor>>;

/** Makes more, smaller maps: of the pyramid's `results` and the backbone's maps `x` gives all results and their names. */
export abstract class ExtraFPNBlock extends nn.Module<
	[results: Tensor[], x: Tensor[], names: string[]],
	[results: Tensor[], names: string[]]
> {}

export interface FeaturePyramidOptions {
	/** Makes more maps at the end. Default null: none. */
	extraBlocks?: ExtraFPNBlock | null | undefined;
	/** Makes the normalisation of each convolution. Default null: none. */
	normLayer?: NormLayer | null | undefined;
}

/**
 * Maps of a backbone, of `inChannelsList` channels, to maps of `outChannels` that each know what the smaller ones saw.
 *
 * ```ts
 * const pyramid = new vision.ops.FeaturePyramidNetwork([10, 20], 5);
 * const maps = pyramid({ c1: torch.rand([1, 10, 64, 64]), c2: torch.rand([1, 20, 32, 32]) });
 * maps.c1.shape; // [1, 5, 64, 64]
 * ```
 *
 * @see https://arxiv.org/abs/1612.03144
 */
export class FeaturePyramidNetwork extends nn.Module<
	[x: FeatureMaps],
	Record<string, Tensor>
> {
	readonly innerBlocks: nn.ModuleList<Conv2dNormActivation>;
	readonly layerBlocks: nn.ModuleList<Conv2dNormActivation>;
	readonly extraBlocks: ExtraFPNBlock | null;

	constructor(
		inChannelsList: readonly number[],
		outChannels: number,
		options: FeaturePyramidOptions = {},
	) {
		super();
		const op = new.target.name;
		const { extraBlocks, normLayer } = settings(op, options, {
			extraBlocks: nullable(unchecked<ExtraFPNBlock | null>(null)),
			normLayer: nullable(layerMaker<NormLayer | null>(null)),
		});
		if (extraBlocks !== null && !(extraBlocks instanceof ExtraFPNBlock))
			throw check.invalidType(op, "extraBlocks", "ExtraFPNBlock", extraBlocks);
		const common = { normLayer, activationLayer: null };
		this.innerBlocks = new nn.ModuleList<Conv2dNormActivation>();
		this.layerBlocks = new nn.ModuleList<Conv2dNormActivation>();
		for (const channels of check.array(op, "inChannelsList", inChannelsList)) {
			this.innerBlocks.append(
				new Conv2dNormActivation(channels, outChannels, {
					kernelSize: 1,
					padding: 0,
					...common,
				}),
			);
			this.layerBlocks.append(
				new Conv2dNormActivation(outChannels, outChannels, common),
			);
		}
		for (const module of this.modules())
			if (module instanceof nn.Conv2d) startAnew(module);
		this.extraBlocks = extraBlocks;
	}

	/** State dicts from before torchvision 0.15 have the convolutions themselves in the lists. */
	protected override adoptState(state: nn.StateDict, prefix: string): void {
		for (const name of Object.keys(state)) {
			if (!name.startsWith(prefix)) continue;
			const old = /^((?:inner|layer)_blocks\.\d+)\.((?:weight|bias))$/.exec(
				name.slice(prefix.length),
			);
			if (old === null) continue;
			state[`${prefix}${old[1]}.0.${old[2]}`] = state[name] as Tensor;
			delete state[name];
		}
	}

	override forward(x: FeatureMaps): Record<string, Tensor> {
		const maps = Object.values(x);
		if (maps.length !== this.innerBlocks.length)
			throw check.invalidValue(
				this.constructor.name,
				"x",
				`expected ${this.innerBlocks.length} maps, got ${maps.length}`,
			);
		let results: Tensor[] = [];
		let above: Tensor | null = null;
		for (let i = maps.length - 1; i >= 0; i--) {
			const lateral: Tensor = this.innerBlocks.at(i)(maps[i] as Tensor);
			const size = lateral.shape.slice(-2);
			above =
				above === null
					? lateral
					: lateral.add(F.interpolate(above, { size, mode: "nearest" }));
			results.unshift(this.layerBlocks.at(i)(above));
		}
		let names = Object.keys(x);
		if (this.extraBlocks !== null)
			[results, names] = this.extraBlocks(results, maps, names);
		return Object.fromEntries(
			names.map((name, i) => [name, results[i] as Tensor]),
		);
	}
}

function startAnew({ weight, bias }: nn.Conv2d): void {
	nn.init.kaimingUniform_(weight, { a: 1 });
	if (bias !== null) nn.init.zeros_(bias);
}

/** One more map, "pool": every other place of the smallest. */
export class LastLevelMaxPool extends ExtraFPNBlock {
	override forward(
		results: Tensor[],
		_x: Tensor[],
		names: string[],
	): [Tensor[], string[]] {
		const last = results.at(-1) as Tensor;
		return [
			[...results, F.maxPool2d(last, 1, 2, 0)],
			[...names, "pool"],
		];
	}
}

/** Two more maps, "p6" and "p7", by convolutions: of the last result, or of the backbone's last map where channels differ. */
export class LastLevelP6P7 extends ExtraFPNBlock {
	readonly p6: nn.Conv2d;
	readonly p7: nn.Conv2d;

	constructor(inChannels: number, outChannels: number) {
		super();
		const halving = { stride: 2, padding: 1 };
		this.p6 = new nn.Conv2d(inChannels, outChannels, 3, halving);
		this.p7 = new nn.Conv2d(outChannels, outChannels, 3, halving);
		startAnew(this.p6);
		startAnew(this.p7);
	}

	override forward(
		results: Tensor[],
		x: Tensor[],
		names: string[],
	): [Tensor[], string[]] {
		const { inChannels, outChannels } = this.p6;
		const source = inChannels === outChannels ? results : x;
		const p6 = this.p6(source.at(-1) as Tensor);
		const p7 = this.p7(p6.relu());
		return [
			[...results, p6, p7],
			[...names, "p6", "p7"],
		];
	}
}

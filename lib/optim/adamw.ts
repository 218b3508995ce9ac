import * as check from "../check.ts";
import { Adam, type AdamOptions } from "./adam.ts";
import type { ParamGroup, Params, SavedGroup } from "./types.ts";

export type AdamWOptions = Omit<AdamOptions, "decoupledWeightDecay">;

/**
 * Adam with decoupled weight decay: parameters shrink by lr · weightDecay at each step.
 *
 * @param params parameters, named parameters, or groups of them with options of their own
 * @param options those of Adam; weightDecay is 0.01 by default
 * @throws TorchError for an option out of its range
 * @see torch.optim.AdamW
 * @example
 * const optimizer = new AdamW(model.parameters(), { lr: 3e-4, weightDecay: 0.1 });
 */
export class AdamW extends Adam {
	constructor(
		params: Params<AdamWOptions>,
		options: Partial<AdamWOptions> = {},
	) {
		super(params, decoupled(options));
	}

	// Checkpoints from before PyTorch's AdamW was an Adam do not say that they decouple.
	protected override loadGroup(
		group: ParamGroup<AdamOptions>,
		saved: SavedGroup,
	): ParamGroup<AdamOptions> {
		return super.loadGroup(group, { ...saved, decoupled_weight_decay: true });
	}
}

function decoupled(options: Partial<AdamOptions>): Partial<AdamOptions> {
	if (options.decoupledWeightDecay !== undefined)
		throw check.invalidValue(
			"AdamW",
			"decoupledWeightDecay",
			"unknown option: AdamW always decouples it, Adam leaves the choice",
		);
	const { weightDecay = 1e-2 } = options;
	return { ...options, weightDecay, decoupledWeightDecay: true };
}

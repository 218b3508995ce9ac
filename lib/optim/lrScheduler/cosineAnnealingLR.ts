import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";
import type { EpochOptions } from "./arguments.ts";
import { EpochScheduler } from "./epochScheduler.ts";

export interface CosineAnnealingLROptions extends EpochOptions {
	/** The lowest rate. Default: 0. */
	etaMin?: number;
}

/**
 * Lowers the rate along half a cosine, from its start to `etaMin` after `tMax` epochs (and up again after that).
 *
 * @see torch.optim.lr_scheduler.CosineAnnealingLR
 * @example
 * const scheduler = new CosineAnnealingLR(optimizer, epochs, { etaMin: 1e-5 });
 */
export class CosineAnnealingLR extends EpochScheduler {
	tMax: number;
	etaMin: number;

	constructor(
		optimizer: Optimizer,
		tMax: number,
		options: CosineAnnealingLROptions = {},
	) {
		const { etaMin = 0, lastEpoch = -1 } = options;
		super(optimizer, lastEpoch);
		check.options(this.op, options, ["etaMin", "lastEpoch"]);
		this.tMax = check.integer(this.op, "tMax", tMax, { min: 1 });
		this.etaMin = check.number(this.op, "etaMin", etaMin);
		this.start();
	}

	// Each rate follows from the one before, so that other changes of the rate are not undone.
	override getLr(): number[] {
		const { lastEpoch: epoch, tMax, etaMin } = this;
		const now = this.rates();
		if (this.isInitial) return now;
		if (this._stepCount === 1 && epoch > 0) return this.closedFormLr();
		if ((epoch - 1 - tMax) % (2 * tMax) === 0)
			return now.map((lr, i) => {
				const height = (this.baseLrs[i] as number) - etaMin;
				return lr + (height * (1 - Math.cos(Math.PI / tMax))) / 2;
			});
		const ratio =
			(1 + Math.cos((Math.PI * epoch) / tMax)) /
			(1 + Math.cos((Math.PI * (epoch - 1)) / tMax));
		return now.map((lr) => ratio * (lr - etaMin) + etaMin);
	}

	protected override closedFormLr(): number[] {
		const { lastEpoch, tMax, etaMin } = this;
		const height = 1 + Math.cos((Math.PI * lastEpoch) / tMax);
		return this.baseLrs.map((lr) => etaMin + ((lr - etaMin) * height) / 2);
	}
}

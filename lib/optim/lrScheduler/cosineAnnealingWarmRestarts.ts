import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";
import type { EpochOptions } from "./arguments.ts";
import { EpochScheduler } from "./epochScheduler.ts";

export interface CosineAnnealingWarmRestartsOptions extends EpochOptions {
	/** How much longer each cycle is than the one before: an integer from 1. Default: 1. */
	tMult?: number;
	/** The lowest rate. Default: 0. */
	etaMin?: number;
}

/**
 * Lowers the rate along half a cosine and begins anew: after `t0` epochs, then `t0 · tMult`, …, as in "SGDR: Stochastic Gradient
 * Descent with Warm Restarts".
 *
 * @see torch.optim.lr_scheduler.CosineAnnealingWarmRestarts
 * @example
 * const scheduler = new CosineAnnealingWarmRestarts(optimizer, 10, { tMult: 2 });
 */
export class CosineAnnealingWarmRestarts extends EpochScheduler {
	t0: number;
	/** The length of the present cycle. */
	tI: number;
	tMult: number;
	etaMin: number;
	/** Epochs since the last restart. */
	tCur: number;

	constructor(
		optimizer: Optimizer,
		t0: number,
		options: CosineAnnealingWarmRestartsOptions = {},
	) {
		const { tMult = 1, etaMin = 0, lastEpoch = -1 } = options;
		super(optimizer, lastEpoch);
		const { op } = this;
		check.options(op, options, ["tMult", "etaMin", "lastEpoch"]);
		this.t0 = check.integer(op, "t0", t0, { min: 1 });
		this.tI = t0;
		this.tMult = check.integer(op, "tMult", tMult, { min: 1 });
		this.etaMin = check.number(op, "etaMin", etaMin);
		this.tCur = lastEpoch;
		this.start();
	}

	override getLr(): number[] {
		const { etaMin, tCur, tI } = this;
		const height = 1 + Math.cos((Math.PI * tCur) / tI);
		return this.baseLrs.map((lr) => etaMin + ((lr - etaMin) * height) / 2);
	}

	/** @param epoch goes to that epoch instead of the next, which may be between two: `epoch + i / iterations`. */
	override step(epoch?: number): void {
		const { t0, tMult } = this;
		let now = epoch;
		if (now === undefined && this.lastEpoch < 0) now = 0;
		if (now === undefined) {
			now = this.lastEpoch + 1;
			this.tCur += 1;
			if (this.tCur >= this.tI) {
				this.tCur %= this.tI;
				this.tI *= tMult;
			}
		} else {
			check.number(this.op, "epoch", now, { min: 0 });
			if (now < t0) {
				this.tI = t0;
				this.tCur = now;
			} else if (tMult === 1) this.tCur = now % t0;
			else {
				const restarts = Math.trunc(
					Math.log((now / t0) * (tMult - 1) + 1) / Math.log(tMult),
				);
				this.tCur = now - (t0 * (tMult ** restarts - 1)) / (tMult - 1);
				this.tI = t0 * tMult ** restarts;
			}
		}
		this.setRates(Math.floor(now), this.getLr());
	}
}

import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { hyperValue } from "../hyper.ts";
import type { Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerState, setRate } from "./lrScheduler.ts";

export interface ReduceLROnPlateauOptions {
	/** "min": the metric should fall; "max": it should rise. Default: "min". */
	mode?: "min" | "max";
	/** What the rate is multiplied by, below 1. Default: 0.1. */
	factor?: number;
	/** Epochs without improvement that are accepted. Default: 10. */
	patience?: number;
	/** How much better counts as better. Default: 1e-4. */
	threshold?: number;
	/** Whether `threshold` is relative to the best metric ("rel") or absolute ("abs"). Default: "rel". */
	thresholdMode?: "rel" | "abs";
	/** Epochs after a reduction during which nothing is counted. Default: 0. */
	cooldown?: number;
	/** The lowest rate, or one for each parameter group. Default: 0. */
	minLr?: number | number[];
	/** Reductions smaller than this are left out. Default: 1e-8. */
	eps?: number;
}

const defaults: Required<ReduceLROnPlateauOptions> = {
	mode: "min",
	factor: 0.1,
	patience: 10,
	threshold: 1e-4,
	thresholdMode: "rel",
	cooldown: 0,
	minLr: 0,
	eps: 1e-8,
};
const numbers = ["factor", "patience", "threshold", "cooldown", "eps"] as const;

function worst(mode: "min" | "max"): number {
	return mode === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/**
 * Multiplies the rate by `factor` when a metric has not become better for `patience` epochs.
 *
 * @see torch.optim.lr_scheduler.ReduceLROnPlateau
 * @example
 * const scheduler = new ReduceLROnPlateau(optimizer, { patience: 3 });
 * for (let epoch = 0; epoch < 100; epoch++) {
 *   trainOneEpoch();
 *   scheduler.step(validationLoss());
 * }
 */
export class ReduceLROnPlateau extends LRScheduler {
	factor: number;
	protected defaultMinLr: number | null;
	minLrs: number[];
	patience: number;
	cooldown: number;
	eps: number;
	mode: "min" | "max";
	threshold: number;
	thresholdMode: "rel" | "abs";
	protected modeWorse: number;
	/** The best metric so far. */
	best: number;
	cooldownCounter = 0;
	numBadEpochs = 0;

	constructor(optimizer: Optimizer, options: ReduceLROnPlateauOptions = {}) {
		super(optimizer, 0);
		const { op } = this;
		const { minLr, ...given } = { ...defaults, ...options };
		check.options(op, options, Object.keys(defaults));
		check.oneOf(op, "mode", given.mode, ["min", "max"]);
		check.oneOf(op, "thresholdMode", given.thresholdMode, ["rel", "abs"]);
		for (const name of numbers) check.number(op, name, given[name]);
		if (given.factor >= 1)
			throw check.invalidValue(op, "factor", "Factor should be < 1.0.");
		const groups = optimizer.paramGroups.length;
		const minLrs = Array.isArray(minLr)
			? [...minLr]
			: new Array<number>(groups).fill(minLr);
		if (minLrs.length !== groups)
			throw check.invalidValue(
				op,
				"minLr",
				`expected ${groups} min_lrs, got ${minLrs.length}`,
			);
		for (const rate of minLrs) check.number(op, "minLr", rate);
		this.defaultMinLr = Array.isArray(minLr) ? null : minLr;
		this.minLrs = minLrs;
		this.factor = given.factor;
		this.patience = given.patience;
		this.cooldown = given.cooldown;
		this.eps = given.eps;
		this.mode = given.mode;
		this.threshold = given.threshold;
		this.thresholdMode = given.thresholdMode;
		this.modeWorse = worst(this.mode);
		this.best = this.modeWorse;
	}

	/** Whether a reduction is too recent for anything to be counted. */
	get inCooldown(): boolean {
		return this.cooldownCounter > 0;
	}

	/**
	 * Ends an epoch.
	 *
	 * @param metric what should become better, such as the validation loss: a number or a tensor of one element
	 * @param epoch the epoch's number, if it is not the next (deprecated in PyTorch)
	 */
	step(metric: number | Tensor, epoch: number = this.lastEpoch + 1): void {
		const current = hyperValue(metric);
		this.lastEpoch = epoch;
		if (this.isBetter(current)) {
			this.best = current;
			this.numBadEpochs = 0;
		} else {
			this.numBadEpochs += 1;
		}
		if (this.inCooldown) {
			this.cooldownCounter -= 1;
			this.numBadEpochs = 0;
		}
		if (this.numBadEpochs > this.patience) {
			this.reduce();
			this.cooldownCounter = this.cooldown;
			this.numBadEpochs = 0;
		}
		this._lastLr = this.rates();
	}

	private isBetter(current: number): boolean {
		const { best, threshold, mode } = this;
		if (this.thresholdMode === "rel")
			return mode === "min"
				? current < best * (1 - threshold)
				: current > best * (threshold + 1);
		return mode === "min"
			? current < best - threshold
			: current > best + threshold;
	}

	private reduce(): void {
		const { paramGroups } = this.optimizer;
		if (this.minLrs.length !== paramGroups.length) {
			if (this.defaultMinLr === null)
				throw check.invalidValue(
					this.op,
					"minLr",
					`The number of param groups in the optimizer (${paramGroups.length}) differs from when ReduceLROnPlateau was initialized (${this.minLrs.length}): set minLrs to match`,
				);
			this.minLrs = new Array<number>(paramGroups.length).fill(
				this.defaultMinLr,
			);
		}
		for (const [i, group] of paramGroups.entries()) {
			const old = hyperValue(group.lr);
			const next = Math.max(old * this.factor, this.minLrs[i] as number);
			if (old - next > this.eps) setRate(group, next);
		}
	}

	override loadStateDict(stateDict: SchedulerState): void {
		super.loadStateDict(stateDict);
		this.modeWorse = worst(this.mode);
	}
}

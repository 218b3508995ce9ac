import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { hyperValue } from "../hyper.ts";
import type { Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerState } from "./lrScheduler.ts";

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

	constructor(
		optimizer: Optimizer,
		{
			mode = "min",
			factor = 0.1,
			patience = 10,
			threshold = 1e-4,
			thresholdMode = "rel",
			cooldown = 0,
			minLr = 0,
			eps = 1e-8,
		}: ReduceLROnPlateauOptions = {},
	) {
		super(optimizer, 0);
		const { op } = this;
		const groups = optimizer.paramGroups.length;
		if (!(factor < 1))
			throw check.invalidValue(op, "factor", "Factor should be < 1.0.");
		if (mode !== "min" && mode !== "max")
			throw check.invalidValue(op, "mode", `mode ${mode} is unknown!`);
		if (thresholdMode !== "rel" && thresholdMode !== "abs")
			throw check.invalidValue(
				op,
				"thresholdMode",
				`threshold mode ${thresholdMode} is unknown!`,
			);
		if (Array.isArray(minLr) && minLr.length !== groups)
			throw check.invalidValue(
				op,
				"minLr",
				`expected ${groups} min_lrs, got ${minLr.length}`,
			);
		for (const [name, value] of Object.entries({
			patience,
			threshold,
			cooldown,
			eps,
		}))
			check.number(op, name, value);
		this.factor = factor;
		this.defaultMinLr = Array.isArray(minLr) ? null : minLr;
		this.minLrs = Array.isArray(minLr)
			? [...minLr]
			: new Array<number>(groups).fill(minLr);
		this.patience = patience;
		this.cooldown = cooldown;
		this.eps = eps;
		this.mode = mode;
		this.threshold = threshold;
		this.thresholdMode = thresholdMode;
		this.modeWorse = mode === "min" ? Infinity : -Infinity;
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
			if (old - next > this.eps) this.setRate(group, next);
		}
	}

	override loadStateDict(stateDict: SchedulerState): void {
		super.loadStateDict(stateDict);
		this.modeWorse = this.mode === "min" ? Infinity : -Infinity;
	}
}

import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";
import { type EpochOptions, perGroup } from "./arguments.ts";
import { EpochScheduler } from "./epochScheduler.ts";
import { checkOptimizer, type SchedulerValue, setRate } from "./lrScheduler.ts";
import { groupsOf, setMomentum, usesBeta1 } from "./momentum.ts";

export interface CyclicLROptions extends EpochOptions {
	/** Steps from the lowest rate to the greatest. Default: 2000. */
	stepSizeUp?: number;
	/** Steps back. Default: stepSizeUp. */
	stepSizeDown?: number | null;
	/** "triangular2" halves the height with each cycle, "exp_range" multiplies it by gamma at each step. Default: "triangular". */
	mode?: "triangular" | "triangular2" | "exp_range";
	/** Of "exp_range". Default: 1. */
	gamma?: number;
	/** The height of a cycle or step, instead of `mode`. */
	scaleFn?: ((x: number) => number) | null;
	/** Whether `scaleFn` is of the cycle's number, from 1, or of the step's. Default: "cycle". */
	scaleMode?: "cycle" | "iterations";
	/** Moves the momentum the other way. Default: true. */
	cycleMomentum?: boolean;
	/** The lowest momentum, or one for each group. Default: 0.8. */
	baseMomentum?: number | number[];
	/** The greatest momentum, or one for each group. Default: 0.9. */
	maxMomentum?: number | number[];
}

/**
 * Moves the rate up and down between two bounds, as in "Cyclical Learning Rates for Training Neural Networks". Call `step` after every
 * batch.
 *
 * @param baseLr the lowest rate, or one for each parameter group
 * @param maxLr the greatest rate, or one for each parameter group
 * @see torch.optim.lr_scheduler.CyclicLR
 * @example
 * const scheduler = new CyclicLR(optimizer, 0.01, 0.1, { stepSizeUp: 500 });
 */
export class CyclicLR extends EpochScheduler {
	maxLrs: number[];
	/** Steps of a cycle, and the share of them that goes up. */
	totalSize: number;
	stepRatio: number;
	mode: "triangular" | "triangular2" | "exp_range";
	gamma: number;
	protected _scaleFnCustom: ((x: number) => number) | null;
	scaleMode: "cycle" | "iterations";
	cycleMomentum: boolean;

	constructor(
		optimizer: Optimizer,
		baseLr: number | number[],
		maxLr: number | number[],
		options: CyclicLROptions = {},
	) {
		const {
			stepSizeUp = 2000,
			mode = "triangular",
			gamma = 1,
			scaleFn = null,
			scaleMode = "cycle",
			cycleMomentum = true,
			baseMomentum = 0.8,
			maxMomentum = 0.9,
			lastEpoch = -1,
		} = options;
		const stepSizeDown = options.stepSizeDown ?? stepSizeUp;
		const op = new.target.name;
		const isNew = lastEpoch === -1;
		checkOptimizer(op, optimizer);
		const baseLrs = perGroup(op, "baseLr", baseLr, optimizer);
		if (isNew)
			for (const [i, group] of optimizer.paramGroups.entries())
				setRate(group, baseLrs[i] as number);
		super(optimizer, lastEpoch);
		check.options(op, options, [
			"stepSizeUp",
			"stepSizeDown",
			"mode",
			"gamma",
			"scaleFn",
			"scaleMode",
			"cycleMomentum",
			"baseMomentum",
			"maxMomentum",
			"lastEpoch",
		]);
		this.maxLrs = perGroup(op, "maxLr", maxLr, optimizer);
		check.number(op, "stepSizeUp", stepSizeUp, { min: 0 });
		check.number(op, "stepSizeDown", stepSizeDown, { min: 0 });
		this.totalSize = stepSizeUp + stepSizeDown;
		this.stepRatio = stepSizeUp / this.totalSize;
		if (scaleFn !== null) check.callable(op, "scaleFn", scaleFn);
		this.mode = check.oneOf(op, "mode", mode, [
			"triangular",
			"triangular2",
			"exp_range",
		]);
		this.gamma = check.number(op, "gamma", gamma);
		this._scaleFnCustom = scaleFn;
		check.oneOf(op, "scaleMode", scaleMode, ["cycle", "iterations"]);
		this.scaleMode =
			scaleFn !== null
				? scaleMode
				: mode === "exp_range"
					? "iterations"
					: "cycle";
		this.cycleMomentum = check.boolean(op, "cycleMomentum", cycleMomentum);
		if (cycleMomentum) {
			this.useBeta1 = usesBeta1(op, optimizer);
			this.baseMomentums = perGroup(
				op,
				"baseMomentum",
				baseMomentum,
				optimizer,
			);
			this.maxMomentums = perGroup(op, "maxMomentum", maxMomentum, optimizer);
			if (isNew)
				for (const [i, group] of groupsOf(optimizer).entries()) {
					group.maxMomentum = this.maxMomentums[i] as number;
					group.baseMomentum = this.baseMomentums[i] as number;
					setMomentum(group, group.maxMomentum, this.useBeta1);
				}
		}
		this.start();
		this.baseLrs = baseLrs;
	}

	/** Where the momentum is moved, too. */
	declare useBeta1?: boolean;
	declare baseMomentums?: number[];
	declare maxMomentums?: number[];

	/** The height of the present cycle, or step. */
	scaleFn(x: number): number {
		if (this._scaleFnCustom !== null) return this._scaleFnCustom(x);
		if (this.mode === "exp_range") return this.gamma ** x;
		return this.mode === "triangular2" ? 1 / 2 ** (x - 1) : 1;
	}

	override getLr(): number[] {
		const { lastEpoch, totalSize, stepRatio, optimizer } = this;
		const cycle = Math.floor(1 + lastEpoch / totalSize);
		const x = 1 + lastEpoch / totalSize - cycle;
		const share = x <= stepRatio ? x / stepRatio : (x - 1) / (stepRatio - 1);
		const scale = this.scaleFn(this.scaleMode === "cycle" ? cycle : lastEpoch);
		const height = (low: number, high: number) => (high - low) * share * scale;
		const { baseMomentums, maxMomentums, useBeta1 = false } = this;
		if (this.cycleMomentum && baseMomentums && maxMomentums)
			for (const [i, group] of groupsOf(optimizer).entries()) {
				const high = maxMomentums[i] as number;
				const low = baseMomentums[i] as number;
				setMomentum(group, high - height(low, high), useBeta1);
			}
		return this.baseLrs.map((low, i) => {
			const high = this.maxLrs[i] as number;
			return low + height(low, high);
		});
	}

	protected override saved(
		name: string,
		value: unknown,
	): SchedulerValue | undefined {
		return name === "_scaleFnCustom" ? null : super.saved(name, value);
	}

	protected override restored(name: string, value: SchedulerValue): unknown {
		return name === "_scaleFnCustom"
			? this._scaleFnCustom
			: super.restored(name, value);
	}
}

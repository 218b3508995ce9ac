import * as check from "../../check.ts";
import { camelCase } from "../names.ts";
import type { Optimizer } from "../optimizer.ts";
import { type EpochOptions, perGroup } from "./arguments.ts";
import { EpochScheduler } from "./epochScheduler.ts";
import { checkOptimizer } from "./lrScheduler.ts";
import {
	groupsOf,
	type MomentumGroup,
	setMomentum,
	usesBeta1,
} from "./momentum.ts";

export interface OneCycleLROptions extends EpochOptions {
	/** Steps of the cycle; needed unless `epochs` and `stepsPerEpoch` are given. */
	totalSteps?: number | null;
	epochs?: number | null;
	stepsPerEpoch?: number | null;
	/** The share of the steps in which the rate rises. Default: 0.3. */
	pctStart?: number;
	/** Default: "cos". */
	annealStrategy?: "cos" | "linear";
	/** Moves the momentum the other way. Default: true. */
	cycleMomentum?: boolean;
	/** The lowest momentum, or one for each group. Default: 0.85. */
	baseMomentum?: number | number[];
	/** The greatest momentum, or one for each group. Default: 0.95. */
	maxMomentum?: number | number[];
	/** maxLr / the first rate. Default: 25. */
	divFactor?: number;
	/** The first rate / the last one. Default: 1e4. */
	finalDivFactor?: number;
	/** Goes back to the first rate before it goes to the last one. Default: false. */
	threePhase?: boolean;
}

/** A part of the cycle, under PyTorch's names, which name options of groups. */
type Phase = {
	end_step: number;
	start_lr: string;
	end_lr: string;
	start_momentum: string;
	end_momentum: string;
};

/**
 * Raises the rate to `maxLr` and lowers it far below where it began, as in "Super-Convergence". Call `step` after every batch.
 *
 * @param maxLr the greatest rate, or one for each parameter group
 * @throws TorchError for a step after the last one
 * @see torch.optim.lr_scheduler.OneCycleLR
 * @example
 * const scheduler = new OneCycleLR(optimizer, 0.1, { epochs: 10, stepsPerEpoch: 100 });
 */
export class OneCycleLR extends EpochScheduler {
	totalSteps: number;
	protected _schedulePhases: Phase[];
	protected _annealFuncType: "cos" | "linear";
	cycleMomentum: boolean;
	/** Where the momentum is moved, too. */
	declare useBeta1?: boolean;

	constructor(
		optimizer: Optimizer,
		maxLr: number | number[],
		options: OneCycleLROptions = {},
	) {
		const {
			pctStart = 0.3,
			annealStrategy = "cos",
			cycleMomentum = true,
			baseMomentum = 0.85,
			maxMomentum = 0.95,
			divFactor = 25,
			finalDivFactor = 1e4,
			threePhase = false,
			lastEpoch = -1,
		} = options;
		const op = new.target.name;
		checkOptimizer(op, optimizer);
		check.options(op, options, [
			"totalSteps",
			"epochs",
			"stepsPerEpoch",
			"pctStart",
			"annealStrategy",
			"cycleMomentum",
			"baseMomentum",
			"maxMomentum",
			"divFactor",
			"finalDivFactor",
			"threePhase",
			"lastEpoch",
		]);
		const maxLrs = perGroup(op, "maxLr", maxLr, optimizer);
		const totalSteps = stepsOf(op, options);
		check.number(op, "pctStart", pctStart, { min: 0, max: 1 });
		check.oneOf(op, "annealStrategy", annealStrategy, ["cos", "linear"]);
		check.boolean(op, "cycleMomentum", cycleMomentum);
		check.boolean(op, "threePhase", threePhase);
		check.number(op, "divFactor", divFactor);
		check.number(op, "finalDivFactor", finalDivFactor);
		const isBeta1 = cycleMomentum && usesBeta1(op, optimizer);
		const low = perGroup(op, "baseMomentum", baseMomentum, optimizer);
		const high = perGroup(op, "maxMomentum", maxMomentum, optimizer);
		if (lastEpoch === -1)
			for (const [i, group] of groupsOf(optimizer).entries()) {
				group.initialLr = (maxLrs[i] as number) / divFactor;
				group.maxLr = maxLrs[i] as number;
				group.minLr = group.initialLr / finalDivFactor;
				if (!cycleMomentum) continue;
				group.maxMomentum = high[i] as number;
				group.baseMomentum = low[i] as number;
				setMomentum(group, group.maxMomentum, isBeta1);
			}
		super(optimizer, lastEpoch);
		this.totalSteps = totalSteps;
		this._schedulePhases = phasesOf(totalSteps, pctStart, threePhase);
		this._annealFuncType = annealStrategy;
		this.cycleMomentum = cycleMomentum;
		if (cycleMomentum) this.useBeta1 = isBeta1;
		this.start();
	}

	override getLr(): number[] {
		const { lastEpoch: step, totalSteps, _schedulePhases: phases } = this;
		if (step > totalSteps)
			throw check.invalidValue(
				this.op,
				"step",
				`Tried to step ${step} times. The specified number of total steps is ${totalSteps}`,
			);
		const found = phases.findIndex((phase) => step <= phase.end_step);
		const i = found < 0 ? phases.length - 1 : found;
		const phase = phases[i] as Phase;
		const start = i === 0 ? 0 : (phases[i - 1] as Phase).end_step;
		const share = (step - start) / (phase.end_step - start);
		return groupsOf(this.optimizer).map((group) => {
			const option = (name: string) =>
				group[camelCase(name) as keyof MomentumGroup] as number;
			const between = (from: string, to: string) =>
				this.#anneal(option(from), option(to), share);
			if (this.cycleMomentum)
				setMomentum(
					group,
					between(phase.start_momentum, phase.end_momentum),
					this.useBeta1 ?? false,
				);
			return between(phase.start_lr, phase.end_lr);
		});
	}

	#anneal(from: number, to: number, share: number): number {
		return this._annealFuncType === "cos"
			? to + ((from - to) / 2) * (Math.cos(Math.PI * share) + 1)
			: (to - from) * share + from;
	}
}

function stepsOf(
	op: string,
	{ totalSteps, epochs, stepsPerEpoch }: OneCycleLROptions,
): number {
	if (totalSteps !== undefined && totalSteps !== null)
		return check.integer(op, "totalSteps", totalSteps, { min: 1 });
	if (epochs === undefined || stepsPerEpoch === undefined)
		throw check.invalidValue(
			op,
			"totalSteps",
			"You must define either totalSteps OR (epochs AND stepsPerEpoch)",
		);
	return (
		check.integer(op, "epochs", epochs, { min: 1 }) *
		check.integer(op, "stepsPerEpoch", stepsPerEpoch, { min: 1 })
	);
}

function phasesOf(
	totalSteps: number,
	pctStart: number,
	threePhase: boolean,
): Phase[] {
	const up: Phase = {
		end_step: pctStart * totalSteps - 1,
		start_lr: "initial_lr",
		end_lr: "max_lr",
		start_momentum: "max_momentum",
		end_momentum: "base_momentum",
	};
	const down = {
		start_lr: "max_lr",
		start_momentum: "base_momentum",
		end_momentum: "max_momentum",
	};
	const last = { end_step: totalSteps - 1, end_lr: "min_lr" };
	if (!threePhase) return [up, { ...down, ...last }];
	return [
		up,
		{ ...down, end_step: 2 * pctStart * totalSteps - 2, end_lr: "initial_lr" },
		{
			...last,
			start_lr: "initial_lr",
			start_momentum: "max_momentum",
			end_momentum: "max_momentum",
		},
	];
}

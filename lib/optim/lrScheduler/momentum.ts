import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";

/** A group as the schedulers see it that change momentum, too. */
export interface MomentumGroup {
	betas?: readonly unknown[];
	momentum?: number;
	initialLr?: number;
	maxLr?: number;
	minLr?: number;
	maxMomentum?: number;
	baseMomentum?: number;
}

export function groupsOf(optimizer: Optimizer): MomentumGroup[] {
	return optimizer.paramGroups as MomentumGroup[];
}

/** Whether the momentum of an optimizer is its first beta; throws where it has neither. */
export function usesBeta1(op: string, optimizer: Optimizer): boolean {
	const { defaults } = optimizer;
	if (!("momentum" in defaults) && !("betas" in defaults))
		throw check.invalidValue(
			op,
			"cycleMomentum",
			"optimizer must support momentum or beta1 with `cycleMomentum` option enabled",
		);
	return "betas" in defaults;
}

export function setMomentum(
	group: MomentumGroup,
	momentum: number,
	isBeta1: boolean,
): void {
	if (isBeta1) group.betas = [momentum, ...(group.betas ?? []).slice(1)];
	else group.momentum = momentum;
}

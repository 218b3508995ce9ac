import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { type Hyper, hyperValue } from "../hyper.ts";
import { camelCase, snakeCase } from "../names.ts";
import { Optimizer } from "../optimizer.ts";

export type SchedulerValue =
	| number
	| boolean
	| string
	| null
	| SchedulerValue[];

/** A scheduler's fields under PyTorch's names: `step_size`, `T_max`, `_last_lr`. */
export type SchedulerState = { [name: string]: SchedulerValue };

/**
 * What all schedulers share. The fields of a scheduler are its state dict, all but the optimizer and what is `#private`;
 * `_lastLr` is `_last_lr` there and `tMax` is `T_max`.
 */
export abstract class LRScheduler {
	readonly optimizer: Optimizer;
	/** The epoch that the present rates are for, from 0. */
	lastEpoch: number;
	protected _lastLr: number[];

	constructor(optimizer: Optimizer, lastEpoch: number) {
		if (!(optimizer instanceof Optimizer))
			throw check.invalidValue(
				this.op,
				"optimizer",
				`${check.describe(optimizer)} is not an Optimizer`,
			);
		this.optimizer = optimizer;
		this.lastEpoch = lastEpoch;
		this._lastLr = this.rates();
	}

	/** The name that errors have. */
	protected get op(): string {
		return this.constructor.name;
	}

	/** The present rate of each parameter group. */
	protected rates(): number[] {
		return this.optimizer.paramGroups.map(({ lr }) => hyperValue(lr));
	}

	/** Sets a group's rate; a tensor is filled, so that whoever holds it sees the change. */
	protected setRate(group: { lr: Hyper }, rate: number): void {
		const { lr } = group;
		if (typeof lr === "number") group.lr = rate;
		else noGrad(() => lr.fill_(rate));
	}

	/** The rate of each parameter group that this scheduler set last. */
	getLastLr(): number[] {
		return [...this._lastLr];
	}

	/** The state in PyTorch's own form. */
	stateDict(): SchedulerState {
		const state: SchedulerState = {};
		for (const [name, value] of Object.entries(this))
			if (name !== "optimizer")
				state[snakeCase(name.replace(/^t([A-Z0-9])/, toTUnderscore))] =
					structuredClone(value);
		return state;
	}

	/**
	 * Takes over what `stateDict` returned, here or in Python. The optimizer's rates are in its own state dict. Names that this
	 * scheduler does not have are left out.
	 */
	loadStateDict(stateDict: SchedulerState): void {
		if (typeof stateDict !== "object" || stateDict === null)
			throw check.invalidValue(this.op, "stateDict", "expected an object");
		const loaded: { [name: string]: unknown } = {};
		for (const [pythonName, value] of Object.entries(stateDict)) {
			const name = camelCase(pythonName.replace(/^T_/, "t_"));
			if (name === "optimizer" || !Object.hasOwn(this, name)) continue;
			const known: unknown = this[name as keyof this];
			if (known !== null && value !== null && kind(known) !== kind(value))
				throw check.invalidValue(
					this.op,
					"stateDict",
					`${pythonName}: expected ${kind(known)}, got ${kind(value)}`,
				);
			loaded[name] = structuredClone(value);
		}
		Object.assign(this, loaded);
	}
}

function toTUnderscore(_: string, letter: string): string {
	return `T_${letter.toLowerCase()}`;
}

function kind(value: unknown): string {
	return Array.isArray(value) ? "array" : typeof value;
}

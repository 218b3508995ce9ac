import { types } from "node:util";
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
	| SchedulerValue[]
	| { [name: string]: SchedulerValue }
	| Map<number, number>;

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
		checkOptimizer(this.op, optimizer);
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

	/** @internal Sets the rates for the first epoch. */
	start(): void {}

	/** @internal Goes one epoch back, without its rates. */
	undo(): void {
		this.lastEpoch -= 1;
	}

	/** @internal Sets the rates for an epoch, or for the next one. */
	update(_epoch?: number): void {}

	/** The rate of each parameter group that this scheduler set last. */
	getLastLr(): number[] {
		return [...this._lastLr];
	}

	/** What of a field goes into a state dict; undefined: nothing. */
	protected saved(name: string, value: unknown): SchedulerValue | undefined {
		return name === "optimizer" ? undefined : copied(value as SchedulerValue);
	}

	/** Takes over what `saved` gave for a field. */
	protected restored(_name: string, value: SchedulerValue): unknown {
		return copied(value);
	}

	/** The state in PyTorch's own form. */
	stateDict(): SchedulerState {
		const state: SchedulerState = {};
		for (const [name, field] of Object.entries(this)) {
			const value = this.saved(name, field);
			if (value !== undefined)
				state[snakeCase(name.replace(/^t([A-Z0-9])/, toTUnderscore))] = value;
		}
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
			loaded[name] = this.restored(name, value);
		}
		Object.assign(this, loaded);
	}
}

/** Arrays, objects and maps anew. */
function copied(value: SchedulerValue): SchedulerValue {
	if (Array.isArray(value)) return value.map(copied);
	if (typeof value !== "object" || value === null) return value;
	if (types.isMap(value)) return new Map(value);
	return Object.fromEntries(
		Object.entries(value).map(([name, item]) => [name, copied(item)]),
	);
}

export function checkOptimizer(op: string, optimizer: unknown): void {
	if (!(optimizer instanceof Optimizer))
		throw check.invalidValue(
			op,
			"optimizer",
			`${check.describe(optimizer)} is not an Optimizer`,
		);
}

/** Sets a group's rate; a tensor is filled, so that whoever holds it sees the change. */
export function setRate(group: { lr: Hyper }, rate: number): void {
	const { lr } = group;
	if (typeof lr === "number") group.lr = rate;
	else noGrad(() => lr.fill_(rate));
}

function toTUnderscore(_: string, letter: string): string {
	return `T_${letter.toLowerCase()}`;
}

function kind(value: unknown): string {
	return Array.isArray(value) ? "array" : typeof value;
}

import * as check from "../../check.ts";
import type { Run } from "../callback.ts";
import type { Logs } from "../history.ts";

export interface MonitorOptions {
	/** The number that should become better: "valLoss", "accuracy", … Default: "valLoss", or "loss" where there is no validation. */
	monitor?: string | undefined;
	/** "min": it should fall; "max": it should rise. Default: "min" for losses; other numbers need it. */
	mode?: "min" | "max" | undefined;
	/** How much better counts as better. Default 0. */
	minDelta?: number | undefined;
}

export const monitorOptions = ["monitor", "mode", "minDelta"] as const;

/** A number of epochs, and the best of it so far. */
export class Monitor {
	readonly #op: string;
	readonly #minDelta: number;
	readonly #sign: 1 | -1;
	#name: string | undefined;
	best: number | null = null;

	constructor(op: string, { monitor, mode, minDelta = 0 }: MonitorOptions) {
		this.#op = op;
		this.#name = monitor;
		this.#minDelta = check.number(op, "minDelta", minDelta, { min: 0 });
		if (monitor !== undefined) check.string(op, "monitor", monitor);
		if (mode !== undefined) check.oneOf(op, "mode", mode, ["min", "max"]);
		else if (monitor !== undefined && !/loss$/i.test(monitor))
			throw check.invalidValue(
				op,
				"mode",
				`expected "min" or "max", as nobody knows whether a higher "${monitor}" is better`,
			);
		this.#sign = mode === "max" ? -1 : 1;
	}

	/** Forgets the best, and settles what is looked at. */
	begin({ hasValidation }: Run): void {
		this.#name ??= hasValidation ? "valLoss" : "loss";
		this.best = null;
	}

	get name(): string {
		return this.#name ?? "valLoss";
	}

	/** @throws TorchError where the epoch has no such number */
	valueIn(logs: Logs): number {
		const value = logs[this.name];
		if (value !== undefined) return value;
		throw check.invalidValue(
			this.#op,
			"monitor",
			`there is no "${this.name}"; known are ${Object.keys(logs).join(", ")}`,
		);
	}

	/** Whether `value` is better than `other`, by more than `minDelta`. NaN never is. */
	isBetter(value: number, other: number | null): boolean {
		if (other === null || Number.isNaN(other)) return !Number.isNaN(value);
		return this.#sign * (other - value) > this.#minDelta;
	}

	/** Takes `value` for the best, if it is better than that. */
	improve(value: number): boolean {
		if (!this.isBetter(value, this.best)) return false;
		this.best = value;
		return true;
	}
}

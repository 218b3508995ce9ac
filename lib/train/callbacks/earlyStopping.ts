import * as check from "../../check.ts";
import type { Storable } from "../../io/index.ts";
import type { StateDict } from "../../nn/index.ts";
import type { Callback, Run } from "../callback.ts";
import type { Logs } from "../history.ts";
import { Monitor, type MonitorOptions, monitorOptions } from "./monitor.ts";
import { Weights } from "./weights.ts";

export interface EarlyStoppingOptions extends MonitorOptions {
	/** Epochs without improvement after which training ends. Default 0: the first one. */
	patience?: number | undefined;
	/** What has to be reached: better numbers that are worse than this do not count. Default: anything counts. */
	baseline?: number | undefined;
	/**
	 * Puts the weights of the best epoch back when training ends, for whatever reason but an error; with `EMA` those of its average. Default
	 * false: the last ones stay.
	 */
	restoreBestWeights?: boolean | undefined;
}

interface State {
	waited: number;
	best: number | null;
	bestEpoch: number;
	weights: StateDict | null;
}

/**
 * Ends training when a number has not become better for `patience` epochs.
 *
 * ```ts
 * const stopping = new train.EarlyStopping({ patience: 5, restoreBestWeights: true });
 * await train.fit(model, { data, validation, loss, optimizer, epochs: 1000, callbacks: [stopping] });
 * console.log(stopping.bestEpoch);
 * ```
 *
 * @see https://keras.io/api/callbacks/early_stopping/
 */
export class EarlyStopping implements Callback {
	readonly patience: number;
	readonly baseline: number | null;
	readonly restoreBestWeights: boolean;
	/** The epoch with the best number, from 1; 0 before there is one. */
	bestEpoch = 0;
	readonly #monitor: Monitor;
	readonly #weights = new Weights();
	#waited = 0;

	constructor(options: EarlyStoppingOptions = {}) {
		const op = "EarlyStopping";
		check.options(op, options, [
			...monitorOptions,
			"patience",
			"baseline",
			"restoreBestWeights",
		]);
		const { patience = 0, baseline, restoreBestWeights = false } = options;
		this.patience = check.integer(op, "patience", patience, { min: 0 });
		this.baseline =
			baseline === undefined ? null : check.number(op, "baseline", baseline);
		this.restoreBestWeights = check.boolean(
			op,
			"restoreBestWeights",
			restoreBestWeights,
		);
		this.#monitor = new Monitor(op, options);
	}

	/** The best number so far, null before the first epoch. */
	get best(): number | null {
		return this.#monitor.best;
	}

	onTrainBegin(run: Run): void {
		this.#monitor.begin(run);
		this.#weights.forget();
		this.#waited = 0;
		this.bestEpoch = 0;
	}

	onEpochEnd(run: Run, logs: Logs): void {
		const monitor = this.#monitor;
		const value = monitor.valueIn(logs);
		this.#waited += 1;
		const improved = monitor.improve(value);
		if (improved) this.bestEpoch = run.epoch;
		if (this.restoreBestWeights && (improved || this.#weights.state === null))
			this.#weights.copy(run.evaluated);
		const counts =
			this.baseline === null || monitor.isBetter(value, this.baseline);
		if (improved && counts) this.#waited = 0;
		if (this.#waited < Math.max(1, this.patience)) return;
		const best = monitor.best === null ? "none" : monitor.best.toPrecision(5);
		run.stop(
			`${monitor.name} has not become better since epoch ${this.bestEpoch} (best: ${best})`,
		);
	}

	onTrainEnd(run: Run, error: unknown): void {
		if (this.restoreBestWeights && error === null)
			this.#weights.restore(run.model);
	}

	stateDict(): Storable {
		return {
			waited: this.#waited,
			best: this.#monitor.best,
			bestEpoch: this.bestEpoch,
			weights: this.#weights.state,
		};
	}

	loadStateDict(state: Storable): void {
		const { waited, best, bestEpoch, weights } = state as unknown as State;
		this.#waited = waited;
		this.#monitor.best = best;
		this.bestEpoch = bestEpoch;
		this.#weights.state = weights;
	}
}

import * as check from "../check.ts";

/** Numbers of an epoch by name, as callbacks read them. */
export type Logs = { readonly [name: string]: number | undefined };

/** What every epoch has, whatever is measured. */
export interface CommonLogs {
	/** From 1. */
	epoch: number;
	/** Mean over the training samples, in training mode, while the model learnt; without penalties (`l1`, `l2`). */
	loss: number;
	/** The learning rate of the first parameter group, in the epoch's last step. */
	lr: number;
	/** How long it took, with its validation. */
	seconds: number;
	/** Mean over the validation samples after the epoch, in evaluation mode. */
	valLoss?: number;
}

/** The numbers of an epoch: `loss`, `lr`, …, and of each metric `name` those of training (`name`) and of validation (`valName`). */
export type EpochLogs<Names extends string = never> = CommonLogs & {
	[Name in Names]: number;
} & { [Name in Names as ValidationName<Name>]?: number };

/** "accuracy" → "valAccuracy" */
export type ValidationName<Name extends string> = `val${Capitalize<Name>}`;

/** "accuracy" → "valAccuracy" */
export function validationName<Name extends string>(
	name: Name,
): ValidationName<Name> {
	return `val${name.charAt(0).toUpperCase()}${name.slice(1)}` as ValidationName<Name>;
}

/**
 * What `fit` gives: the numbers of all epochs.
 *
 * ```ts
 * history.epochs.at(-1)?.valAccuracy; // of the last epoch
 * history.column("valLoss"); // of all of them
 * history.best("valLoss").epoch; // the epoch with the lowest one
 * ```
 */
export class History<Names extends string = never> {
	/** One for each epoch that was finished. */
	readonly epochs: EpochLogs<Names>[] = [];
	/** Why training ended before its last epoch, where it did: what a callback gave to `run.stop`. */
	stopped: string | null = null;

	/** How many epochs there are. */
	get length(): number {
		return this.epochs.length;
	}

	/** What is known of each epoch: "epoch", "loss", "lr", "seconds", metrics, and the same of validation ("valLoss"). */
	names(): (keyof EpochLogs<Names> & string)[] {
		const names = new Set(this.epochs.flatMap((logs) => Object.keys(logs)));
		return [...names] as (keyof EpochLogs<Names> & string)[];
	}

	/** One number of each epoch; NaN where an epoch lacks it. */
	column(name: keyof EpochLogs<Names> & string): number[] {
		return this.epochs.map((logs) => (logs as Logs)[name] ?? Number.NaN);
	}

	/**
	 * The epoch where a number was lowest ("min", the default) or highest ("max"). The first one of several.
	 *
	 * @throws TorchError where no epoch has that number
	 */
	best(
		name: keyof EpochLogs<Names> & string,
		mode: "min" | "max" = "min",
	): EpochLogs<Names> {
		check.oneOf("History.best", "mode", mode, ["min", "max"]);
		const sign = mode === "min" ? 1 : -1;
		let best = -1;
		const column = this.column(name).map((value) => sign * value);
		for (const [i, value] of column.entries())
			if (!Number.isNaN(value) && !(value >= (column[best] ?? Infinity)))
				best = i;
		if (best < 0)
			throw check.invalidValue(
				"History.best",
				"name",
				`no epoch has "${name}"; known are ${this.names().join(", ") || "none"}`,
			);
		return this.epochs[best] as EpochLogs<Names>;
	}

	toJSON(): { epochs: EpochLogs<Names>[]; stopped: string | null } {
		return { epochs: this.epochs, stopped: this.stopped };
	}
}

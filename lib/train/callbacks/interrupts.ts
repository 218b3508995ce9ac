import { constants } from "node:os";

type Signal = "SIGINT" | "SIGTERM";
type Listener = NodeJS.SignalsListener;

const signals: readonly Signal[] = ["SIGINT", "SIGTERM"];

/** Takes signals that would end the process, until `restore`. */
export class Interrupts {
	/** The one that came. */
	signal: Signal | null = null;
	#others: Map<Signal, Listener[]> | null = null;
	readonly #listener = (signal: Signal) => {
		if (this.signal !== null) process.exit(statusOf(signal));
		this.signal = signal;
	};

	/** Listens instead of all who listen now. */
	listen(): void {
		if (this.#others !== null) return;
		this.signal = null;
		this.#others = new Map();
		for (const signal of signals) {
			this.#others.set(signal, process.listeners(signal) as Listener[]);
			process.removeAllListeners(signal);
			process.on(signal, this.#listener as Listener);
		}
	}

	/** Puts the listeners back that were there before. Returns what ends the process as the signal that came would, or null. */
	restore(): (() => never) | null {
		for (const [signal, listeners] of this.#others ?? []) {
			process.off(signal, this.#listener as Listener);
			for (const listener of listeners) process.on(signal, listener);
		}
		this.#others = null;
		const { signal } = this;
		return signal && (() => process.exit(statusOf(signal)));
	}
}

function statusOf(signal: Signal): number {
	return 128 + constants.signals[signal];
}

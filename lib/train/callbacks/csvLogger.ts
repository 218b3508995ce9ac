import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import * as check from "../../check.ts";
import { atomicWrite } from "../../io/atomicWrite.ts";
import type { Callback, Run } from "../callback.ts";

/**
 * Keeps the history in a file of comma-separated values: a row for each epoch, a column for each number.
 *
 * The file is written anew after each epoch, whole or not at all: a resumed run has each epoch once.
 *
 * ```ts
 * await train.fit(model, { ...options, callbacks: [new train.CSVLogger("runs/mnist.csv")] });
 * const table = data.readCsv("runs/mnist.csv");
 * ```
 */
export class CSVLogger implements Callback {
	readonly path: string;

	constructor(path: string) {
		this.path = check.string("CSVLogger", "path", path);
	}

	onTrainBegin(): void {
		mkdirSync(dirname(this.path), { recursive: true });
	}

	onEpochEnd({ history }: Run): void {
		const names = history.names();
		const rows = history.epochs.map((logs) =>
			names.map((name) => logs[name] ?? ""),
		);
		const text = [names, ...rows].map((row) => `${row.join(",")}\n`).join("");
		atomicWrite(this.path, [Buffer.from(text)]);
	}
}

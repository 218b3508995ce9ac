import { SingleBar } from "cli-progress";
import type { Tensor } from "torch-node";
import { Score } from "./score.ts";

/** The score of an epoch while it trains: a bar in a terminal, nothing where lines are wanted. */
export class Progress extends Score {
	readonly #bar: SingleBar | null;
	readonly #start = performance.now();
	#last = this.#start;

	/** @param title in front of the bar; @param total images in the epoch */
	constructor(title: string, total: number) {
		super();
		this.#bar = isTerminal()
			? new SingleBar({
					format: `${title} {bar} {percentage} % · loss {loss} · accuracy {accuracy} % · {rate} images/s`,
					barCompleteChar: "█",
					barIncompleteChar: "░",
					barsize: Math.max(6, Math.min(24, process.stdout.columns - 74)),
					hideCursor: true,
					clearOnComplete: true,
					gracefulExit: false, // Ctrl-C is the run's business
				})
			: null;
		this.#bar?.start(total, 0, this.#numbers());
	}

	override add(loss: Tensor, output: Tensor, labels: Tensor): void {
		super.add(loss, output, labels);
		this.#last = performance.now();
		this.#bar?.update(this.count, this.#numbers());
	}

	/** Takes the bar away. */
	end(): void {
		this.#bar?.stop();
	}

	/** Images per second up to the last batch. */
	get rate(): number {
		return (1000 * this.count) / (this.#last - this.#start);
	}

	#numbers() {
		const isNew = this.count === 0;
		return {
			loss: isNew ? "–" : this.loss.toFixed(4),
			accuracy: isNew ? "–" : percent(this.accuracy),
			rate: isNew ? "–" : thousands(this.rate),
		};
	}
}

function isTerminal(): boolean {
	return Boolean(process.stdout.isTTY) && !process.env.CI;
}

/** 0.98333 → "98.33" */
export const percent = (fraction: number) => (100 * fraction).toFixed(2);

/** 12345.6 → "12,346" */
export const thousands = (count: number) =>
	Math.round(count).toLocaleString("en");

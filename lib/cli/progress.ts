import { SingleBar } from "cli-progress";
import type { Report } from "../files/report.ts";

/** A report that must be ended, so that its bar lets the terminal go. */
export interface ProgressReport extends Report {
	end(): void;
}

/** Shows a long job on standard error: a bar in a terminal, a line per step and a few per download elsewhere. */
export function progressReport(): ProgressReport {
	return process.stderr.isTTY ? bars() : lines();
}

function bars(): ProgressReport {
	let bar: SingleBar | null = null;
	const end = () => {
		bar?.stop();
		bar = null;
	};
	return {
		step(message) {
			end();
			console.error(message);
		},
		progress(done, total) {
			if (total === null) return;
			if (bar === null || total !== bar.getTotal()) {
				end(); // the bar of this step's last file
				bar = new SingleBar({
					format: "  {bar} {percentage} % of {size}, {eta_formatted} left",
					hideCursor: true,
					clearOnComplete: true,
				});
				bar.start(total, done, { size: bytes(total) });
			}
			bar.update(done, { size: bytes(total) });
		},
		end,
	};
}

function lines(): ProgressReport {
	let quarter = 0;
	return {
		step(message) {
			quarter = 0;
			console.error(message);
		},
		progress(done, total) {
			if (total === null || total < 50e6) return; // over before it is read
			const now = Math.floor((4 * done) / total);
			if (now === quarter) return;
			quarter = now; // back to 0 for the next file of this step
			if (now > 0) console.error(`  ${now * 25} % of ${bytes(total)}`);
		},
		end() {},
	};
}

/** 191794682 → "192 MB" */
function bytes(count: number): string {
	return count >= 1e9
		? `${(count / 1e9).toFixed(1)} GB`
		: `${Math.round(count / 1e6)} MB`;
}

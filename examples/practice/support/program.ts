// The command line of the programs: --small for a short run, --seed N, --json for the last line as data.
import { parseArgs } from "node:util";

const { small, seed: given, json } = options();

/** What `manualSeed` is called with. */
export const seed = Number(given);

/** A size or a number of epochs: the first in full, the second with --small. */
export const pick = <T>(full: T, short: T): T => (small ? short : full);

/** Says what came out: scores by name, and the training loss of each epoch (or step). */
export function report(
	scores: Readonly<Record<string, number>>,
	losses: readonly number[],
): void {
	if (json) console.log(JSON.stringify({ scores, losses }));
	else
		for (const [name, score] of Object.entries(scores))
			console.log(`${name}: ${Number(score.toFixed(4))}`);
}

function options() {
	try {
		const { values } = parseArgs({
			options: {
				small: { type: "boolean", default: false },
				seed: { type: "string", default: "0" },
				json: { type: "boolean", default: false },
			},
		});
		if (!/^\d+$/.test(values.seed))
			throw new Error(`--seed: expected a whole number, got "${values.seed}"`);
		return values;
	} catch (error) {
		console.error(
			`${(error as Error).message}\nKnown are --small, --seed N and --json.`,
		);
		process.exit(2);
	}
}

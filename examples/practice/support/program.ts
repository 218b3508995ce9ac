// The command line of the programs: --small for a short run, --seed N, --json for the last line as data.
import { parseArgs } from "node:util";

const { values } = parseArgs({
	options: {
		small: { type: "boolean", default: false },
		seed: { type: "string", default: "0" },
		json: { type: "boolean", default: false },
	},
});

/** What `manualSeed` is called with. */
export const seed = Number(values.seed);

/** A size or a number of epochs: the first in full, the second with --small. */
export const pick = <T>(full: T, small: T): T => (values.small ? small : full);

/** Says what came out: scores by name, and the training loss of each epoch (or step). */
export function report(
	scores: Readonly<Record<string, number>>,
	losses: readonly number[],
): void {
	if (values.json) console.log(JSON.stringify({ scores, losses }));
	else
		for (const [name, score] of Object.entries(scores))
			console.log(`${name}: ${score.toFixed(4)}`);
}

/** Replays the operators' cases of a dump (OpInfo): what scripts and PyTorch's own tests call, results and gradients. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Dump } from "./dump.ts";
import { type OperatorCase, replay, titleOf } from "./replayOperators.ts";
import type { Report } from "./report.ts";

/** Why a case cannot be replayed: the dump holds less than it needs. */
function lackOf({ op, variant, grads }: OperatorCase): string | undefined {
	if (op === "as_strided" && variant === "partial_views")
		return "the input is a view, and the dump has its elements without the memory around them";
	// Elsewhere null stands for an input that does not take part, as a gradient of ours does then.
	if (op === "istft" && grads?.includes(null))
		return "the window is a view of another leaf, which takes its gradient; the dump has the view alone";
	return undefined;
}

/** `only`: the cases of one operator, "linalg.svd". */
export function replayOperators(
	dump: Dump,
	report: Report,
	only?: string,
): void {
	for (const test of dump.cases<OperatorCase>("cases.jsonl")) {
		const title = titleOf(test);
		if (only !== undefined && only !== title && only !== test.op) continue;
		const reason = lackOf(test);
		report.run(title, `#${test.i}`, () =>
			reason === undefined ? replay(dump, test) : { missing: reason },
		);
	}
	// What Python could not write down.
	const skipped = join(dump.folder, "skipped.json");
	if (only !== undefined || !existsSync(skipped)) return;
	const reasons = JSON.parse(readFileSync(skipped, "utf8")) as {
		[title: string]: string;
	};
	for (const [title, reason] of Object.entries(reasons))
		report.skip(title, reason);
}

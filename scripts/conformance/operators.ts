/** Replays the operators' cases of a dump (OpInfo): what scripts and PyTorch's own tests call, results and gradients. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Dump } from "./dump.ts";
import { type OperatorCase, replay, titleOf } from "./replayOperators.ts";
import type { Report } from "./report.ts";

/** Cases that hold less than they need, and why. */
const incomplete: { readonly [title: string]: string } = {
	"as_strided.partial_views":
		"the input is a view, and the dump has its elements without the memory around them",
};

/** `only`: the cases of one operator, "linalg.svd". */
export function replayOperators(
	dump: Dump,
	report: Report,
	only?: string,
): void {
	for (const test of dump.cases<OperatorCase>("cases.jsonl")) {
		const title = titleOf(test);
		if (only !== undefined && only !== title && only !== test.op) continue;
		const reason = incomplete[title];
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

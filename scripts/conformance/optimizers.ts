/**
 * Replays PyTorch's optimiser cases (OptimizerInfo) in all ways that give the same: by default, with foreach and without.
 *
 * optims.jsonl: `{name, kwargs, params, grads, after}` a line, five steps with the given gradients. A case passes where every element is
 * within 1e-6 (float32), 1e-13 (float64), or the same (bfloat16).
 */
import type { Dump } from "./dump.ts";
import { type OptimizerCase, replay } from "./replayOptimizers.ts";
import type { Report } from "./report.ts";

const tolerances: { [dtype: string]: number } = {
	float32: 1e-6,
	float64: 1e-13,
	bfloat16: 0,
};
/** Optimisers that take no `foreach`. */
const single = ["LBFGS", "Muon", "SparseAdam"];

/** The ways of running a case that give the same. */
function waysOf({ name, kwargs }: OptimizerCase): object[] {
	const isFixed = single.includes(name) || kwargs.fused !== undefined;
	return isFixed ? [{}] : [{}, { foreach: true }, { foreach: false }];
}

/** `only`: the cases of one optimiser. */
export function replayOptimizers(
	dump: Dump,
	report: Report,
	only?: string,
): void {
	for (const test of dump.cases<OptimizerCase>("optims.jsonl")) {
		if (only !== undefined && only !== test.name) continue;
		const { dtype } = dump.decode(test.params[0] ?? null) as { dtype: string };
		report.run(test.name, `${dtype} ${JSON.stringify(test.kwargs)}`, () => {
			const results = waysOf(test).map((way) => replay(dump, test, way));
			const error = Math.max(...results.map((r) => r.error));
			if (error > (tolerances[dtype] ?? 0))
				return { what: `off by ${error.toExponential(1)}` };
			return results.every((r) => r.isEqual) ? "equal" : "close";
		});
	}
}

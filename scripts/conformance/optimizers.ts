/**
 * Replays PyTorch's optimiser cases (OptimizerInfo), and says how near each one comes.
 *
 * usage: node dist/scripts/conformance/optimizers.js FOLDER [--all]
 *
 * FOLDER has optims.jsonl, tensors.json and tensors.bin: `{name, kwargs, params, grads, after}` a line, five steps with the given
 * gradients. Every case is run in all ways that give the same: by default, with foreach and without. A case passes where every element
 * is within 1e-6 (float32), 1e-14 (float64), or the same (bfloat16). --all prints the passed ones, too.
 */
import { Dump } from "./dump.ts";
import { type OptimizerCase, replay } from "./replayOptimizers.ts";

const [folder, flag] = process.argv.slice(2);
if (folder === undefined) {
	console.error("usage: optimizers.js FOLDER [--all]");
	process.exit(2);
}
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

using dump = new Dump(folder);
const cases = dump.cases<OptimizerCase>("optims.jsonl");
let passed = 0;
let equal = 0;
for (const test of cases) {
	const first = dump.decode(test.params[0] ?? null) as { dtype: string };
	const results = waysOf(test).map((way) => replay(dump, test, way));
	const error = Math.max(...results.map((r) => r.error));
	const isEqual = results.every((r) => r.isEqual);
	const isPassed = error <= (tolerances[first.dtype] ?? 0);
	if (isPassed) passed += 1;
	if (isEqual) equal += 1;
	if (!isPassed || flag === "--all")
		console.log(
			`${isPassed ? "passed" : "FAILED"} ${test.name} ${first.dtype} ${JSON.stringify(test.kwargs)}: ${isEqual ? "equal" : error.toExponential(1)}`,
		);
}
console.log(
	`${passed} of ${cases.length} optimiser cases passed, ${equal} of them bit by bit in every way`,
);
process.exitCode = passed === cases.length ? 0 : 1;

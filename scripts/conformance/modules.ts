/**
 * Replays PyTorch's module cases (ModuleInfo): initial weights bit by bit, outputs, gradients of parameters and of inputs.
 *
 * modules.jsonl: `{name, ctor, training, state, forward, out, param_grads, input_grads}` a line.
 */
import type { Dump } from "./dump.ts";
import { type ModuleCase, replay } from "./replayModules.ts";
import type { Report } from "./report.ts";

/** `only`: the cases of one module, "nn.Conv2d". */
export function replayModules(dump: Dump, report: Report, only?: string): void {
	for (const test of dump.cases<ModuleCase>("modules.jsonl")) {
		if (only !== undefined && only !== test.name) continue;
		const mode = test.training ? "train" : "eval";
		report.run(test.name, `#${test.k} ${mode}`, () => {
			const what = replay(dump, test);
			return what === null ? "close" : { what };
		});
	}
}

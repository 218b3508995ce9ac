/**
 * Replays PyTorch's module cases (ModuleInfo): initial weights bit by bit, outputs, gradients of parameters and of inputs.
 *
 * usage: node dist/scripts/conformance/modules.js FOLDER [NAME]
 *
 * FOLDER has modules.jsonl, tensors.json and tensors.bin: `{name, ctor, training, state, forward, out, param_grads, input_grads}` a line.
 * A case passes where all is within PyTorch's own tolerances (float32: 1.3e-6 relative and 1e-5 absolute). NAME: only that module.
 */
import { Dump } from "./dump.ts";
import { type ModuleCase, replay } from "./replayModules.ts";

const [folder, only] = process.argv.slice(2);
if (folder === undefined) {
	console.error("usage: modules.js FOLDER [NAME]");
	process.exit(2);
}

using dump = new Dump(folder);
const cases = dump
	.cases<ModuleCase>("modules.jsonl")
	.filter(({ name }) => only === undefined || name === `nn.${only}`);
const failed = new Map<string, string[]>();
for (const test of cases) {
	let what: string | null;
	try {
		what = replay(dump, test);
	} catch (error) {
		what = (error as Error).message;
	}
	if (what === null) continue;
	const list = failed.get(test.name) ?? [];
	list.push(`#${test.k} ${test.training ? "train" : "eval"}: ${what}`);
	failed.set(test.name, list);
}
let count = 0;
for (const [name, list] of failed) {
	count += list.length;
	console.log(
		`${name}: ${list.length} failed\n  ${list.slice(0, 3).join("\n  ")}`,
	);
}
console.log(`${cases.length - count} of ${cases.length} module cases passed`);
process.exitCode = count === 0 ? 0 : 1;

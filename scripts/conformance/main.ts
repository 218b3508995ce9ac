/**
 * Replays PyTorch's own test cases and compares values, dtypes, shapes and gradients.
 *
 * usage: npm run conformance [-- FOLDER…] [--only NAME]
 *
 * A folder has tensors.json and tensors.bin, and of cases.jsonl (operators), modules.jsonl, optims.jsonl and vision.jsonl those that there are, as
 * PyTorch's OpInfo, ModuleInfo and OptimizerInfo and torchvision's functions gave them. Default: the subset that is committed. Of each kind a table is printed, the
 * cases that differ or cannot be replayed, and the sum. NAME: only one operator ("linalg.svd"), module ("nn.Conv2d"), optimiser ("Adam") or function of images ("resized_crop").
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../../lib/package.ts";
import { Dump } from "./dump.ts";
import { replayModules } from "./modules.ts";
import { replayOperators } from "./operators.ts";
import { replayOptimizers } from "./optimizers.ts";
import { Report } from "./report.ts";
import { replayVision } from "./vision.ts";

const { values, positionals } = parseArgs({
	options: { only: { type: "string" } },
	allowPositionals: true,
});
const committed = [
	"operators/opinfo",
	"nn/moduleInfo",
	"optim/replay",
	"vision/replay",
].map((folder) => join(packageRoot, "test/fixtures", folder));
const kinds = [
	{ file: "cases.jsonl", title: "operators", replay: replayOperators },
	{ file: "modules.jsonl", title: "modules", replay: replayModules },
	{ file: "optims.jsonl", title: "optimisers", replay: replayOptimizers },
	{ file: "vision.jsonl", title: "images", replay: replayVision },
];

let failures = 0;
let found = 0;
for (const folder of positionals.length > 0 ? positionals : committed) {
	for (const { file, title, replay } of kinds) {
		if (!existsSync(join(folder, file))) continue;
		using dump = new Dump(folder);
		const report = new Report(title);
		replay(dump, report, values.only);
		console.log(String(report));
		failures += report.failures;
		found++;
	}
}
if (found === 0) console.error(`no cases in ${positionals.join(", ")}`);
process.exitCode = failures > 0 || found === 0 ? 1 : 0;

/** A few of PyTorch's own module cases; scripts/conformance/modules.ts replays all of them from a dump. */
import { join } from "node:path";
import { Dump } from "../../scripts/conformance/dump.ts";
import {
	type ModuleCase,
	replay,
} from "../../scripts/conformance/replayModules.ts";

const dump = new Dump(join(__dirname, "../fixtures/nn/moduleInfo"));
afterAll(() => dump[Symbol.dispose]());

const titled = dump
	.cases<ModuleCase>("modules.jsonl")
	.map((each): [string, ModuleCase] => [
		`${each.name} #${each.k} ${each.training ? "train" : "eval"}`,
		each,
	]);

test.each(titled)("%s", (_title, each) => {
	expect(replay(dump, each)).toBeNull();
});

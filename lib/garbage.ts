/** V8's young generation, where most tensors die. To collect it alone takes a twentieth of the time of a whole collection. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (options: { type: "minor" }) => void;
let collect: Collect | null | undefined;

const isParallel = !/--(no[-_]?parallel[-_]scavenge|single[-_]threaded)/.test(
	[...process.execArgv, process.env.NODE_OPTIONS].join(" "),
);

/**
 * Collects the young generation now, where V8 lets itself be asked. One thread does it: those that V8 would wake for half a millisecond
 * take the cores from LibTorch's, which wait there for their next work. It makes a training step with two threads a tenth faster.
 */
export function collectYoung(): void {
	if (collect === undefined) collect = findCollect();
	if (collect === null) return;
	try {
		if (isParallel) setFlagsFromString("--no-parallel-scavenge");
		collect({ type: "minor" });
	} finally {
		if (isParallel) setFlagsFromString("--parallel-scavenge");
	}
}

/** V8 shows the function in contexts that are made while this flag is set. */
function findCollect(): Collect | null {
	const isShown = typeof globalThis.gc === "function";
	try {
		setFlagsFromString("--expose-gc");
		const found: unknown = runInNewContext("globalThis.gc");
		return typeof found === "function" ? (found as Collect) : null;
	} catch {
		return null;
	} finally {
		if (!isShown) setFlagsFromString("--no-expose-gc");
	}
}

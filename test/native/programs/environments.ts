/** Several environments in one process: node environments.mjs CASE. Prints { rss } in MB after each group of workers, or nothing. */
import { setTimeout as wait } from "node:timers/promises";
import {
	isMainThread,
	parentPort,
	Worker,
	workerData,
} from "node:worker_threads";
import * as torch from "../../../lib/index.ts";

interface Given {
	task: string;
	shared: SharedArrayBuffer;
}

const kept: unknown[] = [];

class Twice extends torch.autograd.Function {
	static forward(
		ctx: torch.autograd.FunctionCtx,
		x: torch.Tensor,
	): torch.Tensor {
		ctx.saveForBackward(x);
		return x.mul(2);
	}
	static backward(
		ctx: torch.autograd.FunctionCtx,
		g: torch.Tensor,
	): torch.Tensor {
		kept[20] = ctx.savedTensors;
		return g.mul(2);
	}
}

/** Work that never ends; every kind of thing that an environment can hold is alive when it is ended. */
function compute(
	shared: SharedArrayBuffer,
	steps = Number.POSITIVE_INFINITY,
): void {
	torch.setNumThreads(1);
	const own = new Float32Array(4096);
	const blob = torch.fromBlob(own).requiresGrad_();
	const sum = torch.fromBlob(new Float32Array(shared)).mul(blob).sum();
	kept.push(blob, sum, new torch.Generator(), torch.ones([1000]));
	const weight = torch.randn([256, 256], { requiresGrad: true });
	weight.registerHook((g) => g.mul(1));
	weight.registerPostAccumulateGradHook((leaf) => {
		leaf.grad = null;
	});
	for (let i = 0; i < steps; i++) {
		const loss = Twice.apply(torch.ones([64, 256]).matmul(weight))
			.relu()
			.sum();
		loss.backward();
		kept[10] = loss;
		if (i === 0) parentPort?.postMessage("computing");
	}
}

async function work({ task, shared }: Given): Promise<void> {
	switch (task) {
		case "endless":
			return compute(shared);
		case "exit":
			compute(shared, 5);
			process.exit(0);
			break;
		case "throw":
			compute(shared, 5);
			throw new Error("on purpose");
		case "graph": {
			// left in inference mode, and in the midst of a deep graph
			let x = torch.ones([8], { requiresGrad: true });
			for (let i = 0; i < 20_000; i++) x = x.add(1);
			kept.push(x);
			// with everything that its thread can be left in
			torch.autograd.forwardAd.dualLevel();
			torch.autograd.setDetectAnomaly(true);
			torch.autograd.graph.savedTensorsHooks(
				(tensor) => tensor,
				(tensor) => tensor,
			);
			kept.push(x.exp().gradFn, Twice.apply(x));
			torch.autograd.inferenceMode?.();
			parentPort?.postMessage("computing");
			break;
		}
	}
}

const shared = new SharedArrayBuffer(4 * 4096);

/** Starts a worker; resolves when it computes. */
function start(
	task: string,
): Promise<{ worker: Worker; ended: Promise<void> }> {
	const worker = new Worker(new URL(import.meta.url), {
		workerData: { task, shared } satisfies Given,
	});
	worker.on("error", (error) => {
		if (error.message !== "on purpose") throw error;
	});
	const ended = new Promise<void>((resolve) =>
		worker.on("exit", () => resolve()),
	);
	return new Promise((resolve) => {
		worker.once("message", () => resolve({ worker, ended }));
	});
}

const cases: Record<string, () => Promise<unknown>> = {
	/** Ends them in the midst of computing. */
	async terminate() {
		const rss: number[] = [];
		for (let group = 0; group < 5; group++) {
			const workers = await Promise.all(
				Array.from({ length: 4 }, () => start("endless")),
			);
			await wait(5);
			await Promise.all(workers.map(({ worker }) => worker.terminate()));
			rss.push(process.memoryUsage.rss() / 2 ** 20);
		}
		return { rss, sum: torch.fromBlob(new Float32Array(shared)).sum().item() };
	},
	/** They end themselves, each in its way. */
	async ends() {
		const rss: number[] = [];
		for (let group = 0; group < 6; group++) {
			const workers = await Promise.all(["exit", "throw", "graph"].map(start));
			await Promise.all(workers.map(({ ended }) => ended));
			rss.push(process.memoryUsage.rss() / 2 ** 20);
		}
		return { rss };
	},
	/** The whole process ends while workers and, by a timer, the main thread compute. */
	async exit() {
		await Promise.all(Array.from({ length: 4 }, () => start("endless")));
		compute(shared, 3);
		process.exit(0);
	},
	async leave() {
		compute(shared, 3);
		return {};
	},
	async uncaught() {
		await start("endless");
		compute(shared, 3);
		throw new Error("uncaught on purpose");
	},
};

if (isMainThread) {
	const result = await cases[process.argv[2] as string]?.();
	console.log(JSON.stringify(result));
} else {
	await work(workerData as Given);
}

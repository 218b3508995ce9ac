/**
 * Loops that never dispose: node loops.mjs NAME. Prints, in MB, the most memory of its own (`peak`), and by how much the second half
 * of the loop raised it (`grown`).
 */
import { readFileSync } from "node:fs";
import * as torch from "../../../lib/index.ts";

const count = 262_144; // float32: 1 MB
const x = torch.ones([count]);

/**
 * Of this program alone: what `resourceUsage` says begins with the peak of the process that started it. Without the pages of LibTorch's files:
 * those are 150 MB, or 400 where they were just read from the disk, which are the system's to drop.
 */
function peak(): number {
	const status = readFileSync("/proc/self/status", "utf8");
	const size = (name: string) =>
		Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
	return size("VmHWM") - size("RssFile");
}

/** Returns the peak halfway. */
function loop(times: number, step: () => void): number {
	let halfway = 0;
	for (let i = 0; i < times; i++) {
		step();
		if (i === Math.floor(times / 2)) halfway = peak();
	}
	return halfway;
}

class Square extends torch.autograd.Function {
	static forward(
		ctx: torch.autograd.FunctionCtx,
		w: torch.Tensor,
	): torch.Tensor {
		ctx.saveForBackward(w);
		return w.mul(w);
	}
	static backward(
		ctx: torch.autograd.FunctionCtx,
		g: torch.Tensor,
	): torch.Tensor {
		return g.mul(ctx.savedTensors[0] as torch.Tensor).mul(2);
	}
}

const loops: Record<string, () => number> = {
	results: () => loop(20_000, () => x.add(1)),
	// each keeps 1 MB alive, and has one element itself
	views: () => loop(20_000, () => x.add(1).select(0, 5).unsqueeze(0)),
	inPlace: () => loop(5_000, () => torch.empty([0]).resize_([count]).zero_()),
	blobs: () => loop(20_000, () => torch.fromBlob(new Float32Array(count))),
	copies: () => {
		const data = new Float32Array(count);
		return loop(20_000, () => torch.tensor(data));
	},
	lists: () => loop(2_000, () => torch.stack([x, x]).unbind(0)),
	graphs: () => {
		const leaf = torch.ones([count], { requiresGrad: true });
		return loop(1_500, () => leaf.mul(2).exp().sum());
	},
	training: () => {
		torch.setNumThreads(1);
		const model = new torch.nn.Sequential(
			new torch.nn.Linear(784, 256),
			new torch.nn.ReLU(),
			new torch.nn.Linear(256, 10),
		);
		const optimizer = new torch.optim.Adam(model.parameters());
		const images = torch.randn([64, 784]);
		const labels = torch.randint(0, 10, [64]);
		return loop(4_000, () => {
			optimizer.zeroGrad();
			torch.nn.functional.crossEntropy(model(images), labels).backward();
			optimizer.step();
		});
	},
	// Large and small results in turn: finalizers ran while V8 was told of new memory, and it aborted.
	mixed: () => {
		const large = torch.ones([150_000]);
		const small = torch.ones([3]);
		return loop(3_000, () => {
			large.add(1);
			for (let k = 0; k < 30; k++) small.add(1);
		});
	},
	// Each graph holds functions of JavaScript, and they what it saved.
	functions: () =>
		loop(1_500, () => {
			const w = torch.ones([count], { requiresGrad: true });
			const y = Square.apply(w.mul(2));
			y.registerHook((g) => g.mul(2));
			y.gradFn?.registerHook(([g]) => [g as torch.Tensor]);
			w.registerPostAccumulateGradHook((leaf) => {
				leaf.grad = null;
			});
			if (Math.random() < 0.5) y.sum().backward();
		}),
	packed: () =>
		loop(1_500, () => {
			const w = torch.ones([count], { requiresGrad: true });
			const y = torch.autograd.graph.savedTensorsHooks(
				(t) => t.mul(1),
				(t) => t,
				() => w.mul(w).exp(),
			);
			if (Math.random() < 0.5) y.sum().backward();
		}),
	checkpoints: () =>
		loop(800, () => {
			const w = torch.ones([count], { requiresGrad: true });
			const run = (a: torch.Tensor) => a.sin().exp().mul(a);
			torch.utils.checkpoint.checkpoint(run, [w]).sum().backward();
		}),
	transforms: () => {
		const rows = torch.ones([8, count / 8]);
		const { grad, vmap } = torch.func;
		const f = vmap(grad((a: torch.Tensor) => a.sin().sum()));
		return loop(800, () => void f(rows));
	},
	thrown: () =>
		loop(1_500, () => {
			const w = torch.ones([count], { requiresGrad: true });
			const y = w.mul(2);
			y.registerHook(() => {
				throw new Error("on purpose");
			});
			try {
				y.sum().backward();
			} catch {
				// expected
			}
		}),
	// Much is taken while V8 collects what died: a finalizer forced a collection within it, and waited for itself.
	taken: () => {
		const held: torch.Tensor[] = [];
		return loop(200, () => {
			for (let k = 0; k < 300; k++) torch.zeros([2048]);
			if (held.push(torch.zeros([8 << 20])) === 8) held.length = 0;
		});
	},
};

const halfway = loops[process.argv[2] as string]?.() ?? Number.NaN;
console.log(JSON.stringify({ peak: peak(), grown: peak() - halfway }));

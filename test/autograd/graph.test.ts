/** Saved tensor hooks, checkpoints and anomaly mode. */
import * as torch from "../../lib/index.ts";

type Tensor = torch.Tensor;
const { savedTensorsHooks, saveOnCpu } = torch.autograd.graph;
const { checkpoint, checkpointSequential } = torch.utils.checkpoint;
const leaf = (...values: number[]): Tensor =>
	torch.tensor(values, { dtype: "float32", requiresGrad: true });

describe("saved tensor hooks", () => {
	test("the innermost pair counts; leaving restores the one before", () => {
		const packed: string[] = [];
		const hooks = (name: string, fn: () => void) =>
			savedTensorsHooks(
				(t) => {
					packed.push(name);
					return t;
				},
				(t) => t,
				fn,
			);
		const x = leaf(1);
		hooks("outer", () => {
			x.exp();
			hooks("inner", () => void x.exp());
			x.exp();
		});
		x.exp();
		expect(packed).toEqual(["outer", "inner", "outer"]);
	});

	test("any value may stand for the tensor", () => {
		const x = leaf(1, 2);
		const y = savedTensorsHooks(
			(t) => t.tolist() as number[],
			(list) => torch.tensor(list, { dtype: "float32" }),
			() => x.pow(2).sum(),
		);
		y.backward();
		expect(x.grad?.tolist()).toEqual([2, 4]);
	});

	test("what they throw comes out, and a scope does not free what was packed", () => {
		const x = leaf(1);
		const fails = (
			pack: (t: Tensor) => Tensor,
			unpack: (t: Tensor) => Tensor,
		) => savedTensorsHooks(pack, unpack, () => x.exp().sum());
		const raise = (): never => {
			throw new RangeError("mine");
		};
		expect(() => fails(raise, (t) => t)).toThrow(RangeError);
		const y = fails((t) => t, raise);
		expect(() => y.backward()).toThrow(RangeError);
		const z = torch.scope(() =>
			fails(
				(t) => t.add(1),
				(t) => t.sub(1),
			),
		);
		z.backward();
		expect(x.grad?.item()).toBeCloseTo(Math.E, 5);
	});

	test("disposing within, changes in place and wrong results are refused", () => {
		const x = leaf(1, 2);
		const other = torch.ones([1]);
		const run = (pack: (t: Tensor) => unknown, unpack: (t: never) => unknown) =>
			savedTensorsHooks(pack, unpack as never, () => x.exp())
				.sum()
				.backward();
		expect(() =>
			run(
				() => other.dispose(),
				() => other,
			),
		).toThrow(/cannot be disposed within a saved tensor hook/);
		expect(() =>
			run(
				(t) => t.mul_(2),
				(t) => t,
			),
		).toThrow(/modifying its input in place/);
		expect(() =>
			run(
				(t) => t,
				() => 3,
			),
		).toThrow(/unpack: expected to return a Tensor, got number 3/);
	});

	test("saveOnCpu: the same gradients", () => {
		const x = leaf(1, 2);
		saveOnCpu({}, () => x.pow(3).sum()).backward();
		expect(x.grad?.tolist()).toEqual([3, 12]);
	});
});

describe("checkpoint", () => {
	test("runs the function again, and only as far as is needed", () => {
		const x = leaf(1, 2);
		const steps: number[] = [];
		const fn = (a: Tensor): Tensor => {
			steps.push(1);
			const b = a.exp();
			steps.push(2);
			const c = b.sin();
			steps.push(3);
			return c.add(1);
		};
		checkpoint(fn, [x]).sum().backward();
		expect(steps).toEqual([1, 2, 3, 1, 2]);
		steps.length = 0;
		checkpoint(fn, [x], { earlyStop: false }).sum().backward();
		expect(steps).toEqual([1, 2, 3, 1, 2, 3]);
	});

	test("a graph that is retained can go backward again", () => {
		const x = leaf(1);
		const y = checkpoint((a: Tensor) => a.exp().exp(), [x]).sum();
		y.backward({ retainGraph: true });
		const first = Number(x.grad?.item());
		y.backward();
		expect(x.grad?.item()).toBeCloseTo(2 * first, 3);
	});

	test("batch norm's running statistics and dropout", () => {
		torch.manualSeed(0);
		const model = new torch.nn.Sequential(
			new torch.nn.Linear(4, 4),
			new torch.nn.Dropout({ p: 0.5 }),
			new torch.nn.ReLU(),
		);
		const x = torch.randn([8, 4]);
		const gradients = (run: () => Tensor) => {
			torch.manualSeed(1);
			model.zeroGrad();
			run().sum().backward();
			return model.parameters().map((p) => p.grad?.tolist());
		};
		const plain = gradients(() => model(x));
		expect(gradients(() => checkpoint((a: Tensor) => model(a), [x]))).toEqual(
			plain,
		);
		expect(
			gradients(() => checkpointSequential([...model] as never, 3, x)),
		).toEqual(plain);
	});

	test("functions that do not do the same again, and wrong options, are refused", () => {
		const x = leaf(1, 2);
		let calls = 0;
		const changing = (a: Tensor): Tensor =>
			calls++ % 2 === 0 ? a.exp().sin() : a.mul(2);
		expect(() => checkpoint(changing, [x]).sum().backward()).toThrow(
			/different number of tensors was saved.*\n.*forward: 2\n.*recomputation: 0/,
		);
		let size = 2;
		const shrinking = (a: Tensor): Tensor => a.slice(0, 0, size--).exp();
		expect(() => checkpoint(shrinking, [x]).sum().backward()).toThrow(
			/different metadata[\s\S]*saved: shape \[2\][\s\S]*recomputed: shape \[1\]/,
		);
		expect(() =>
			checkpoint((a: Tensor) => a, [x], { reentrant: true } as never),
		).toThrow(/unknown option; known are useReentrant/);
		expect(() => checkpointSequential([(a: Tensor) => a], 2, x)).toThrow(
			/segments/,
		);
	});

	test("what the function throws comes out, in forward and in backward", () => {
		const x = leaf(1);
		let calls = 0;
		const y = checkpoint(
			(a: Tensor) => {
				if (calls++ > 0) throw new RangeError("second");
				return a.exp();
			},
			[x],
		);
		expect(() => y.backward()).toThrow(new RangeError("second"));
		expect(torch.getRngState().equal(torch.getRngState())).toBe(true);
	});
});

describe("anomaly mode", () => {
	/** The line that this is called from. */
	const line = (): number => {
		const lines = (new Error().stack ?? "").matchAll(/graph\.test\.ts:(\d+)/g);
		return Number([...lines][1]?.[1]);
	};

	test("NaN in backward names the node and the line of its forward call", () => {
		let at = 0;
		const run = () =>
			torch.autograd.detectAnomaly(() => {
				const x = leaf(-1);
				at = line() + 1;
				const y = x.sqrt();
				y.mul(2).sum().backward();
			});
		expect(run).toThrow(
			/Function 'SqrtBackward0' returned nan values in its 0th output\.[\s\S]*Error detected in SqrtBackward0\. Traceback of forward call/,
		);
		try {
			run();
		} catch (error) {
			const [, found] =
				/graph\.test\.ts:(\d+)/.exec((error as Error).message) ?? [];
			expect(Number(found)).toBe(at);
		}
		expect(torch.autograd.isAnomalyEnabled()).toBe(false);
	});

	test("errors of LibTorch too; those of one's own stay themselves", () => {
		const failing = () =>
			torch.autograd.detectAnomaly(() => {
				const x = leaf(1).mul(1);
				const y = x.exp();
				y.add_(1);
				y.sum().backward();
			});
		expect(failing).toThrow(/inplace operation[\s\S]*in ExpBackward0/);
		const own = new RangeError("mine");
		expect(() =>
			torch.autograd.detectAnomaly(() => {
				const y = leaf(1).exp();
				y.registerHook(() => {
					throw own;
				});
				y.sum().backward();
			}),
		).toThrow(own);
	});

	test("a forward outside of the mode is told to be so; without checkNan, NaN passes", () => {
		const x = leaf(-1);
		const y = x.sqrt().sum();
		expect(() =>
			torch.autograd.detectAnomaly(() => y.backward({ retainGraph: true })),
		).toThrow(/No forward pass information available/);
		using _ = torch.autograd.setDetectAnomaly(true, { checkNan: false });
		y.backward();
		expect(x.grad?.item()).toBeNaN();
		expect(torch.autograd.isAnomalyCheckNanEnabled()).toBe(false);
	});

	test("a node that a backward made tells whose backward that was", () => {
		expect(() =>
			torch.autograd.detectAnomaly(() => {
				const x = leaf(0);
				const [g] = torch.autograd.grad(x.exp().sum(), x, {
					createGraph: true,
				});
				g?.backward({ gradient: torch.tensor([Number.NaN]) });
			}),
		).toThrow(
			/Error detected in MulBackward0\.[\s\S]*Previous calculation was induced by ExpBackward0\./,
		);
	});
});

/** Autograd, modules and optimisers on a GPU give what they give on the CPU. */
import * as torch from "../../lib/index.ts";
import { describeOnGpu, distance } from "./gpu.ts";

const { nn, optim } = torch;
const F = nn.functional;
type Model = torch.nn.Module<[torch.Tensor], torch.Tensor>;

const mlp = () =>
	new nn.Sequential(
		new nn.Linear(20, 32),
		new nn.GELU(),
		new nn.LayerNorm(32),
		new nn.Linear(32, 5),
	);
const cnn = () =>
	new nn.Sequential(
		new nn.Conv2d(1, 4, 3, { padding: 1 }),
		new nn.BatchNorm2d(4),
		new nn.ReLU(),
		new nn.MaxPool2d(2),
		new nn.Flatten(),
		new nn.Linear(4 * 4 * 4, 5),
	);

/** Both computed in float64, where no kernel takes TF32, so that nothing but rounding differs. */
const models: { [name: string]: { make: () => Model; shape: number[] } } = {
	MLP: { make: mlp, shape: [16, 20] },
	CNN: { make: cnn, shape: [16, 1, 8, 8] },
};

const optimizers: {
	[name: string]: (
		model: Model,
	) => torch.optim.SGD | torch.optim.Adam | torch.optim.AdamW;
} = {
	"SGD, momentum": (m) =>
		new optim.SGD(m.parameters(), { lr: 0.05, momentum: 0.9, nesterov: true }),
	"SGD, plain formula": (m) =>
		new optim.SGD(m.parameters(), { lr: 0.05, fused: false }),
	Adam: (m) => new optim.Adam(m.parameters(), { lr: 0.01, amsgrad: true }),
	"Adam, fused": (m) =>
		new optim.Adam(m.parameters(), { lr: 0.01, fused: true }),
	"Adam, foreach": (m) =>
		new optim.Adam(m.parameters(), { lr: 0.01, foreach: true }),
	"Adam, plain formula": (m) =>
		new optim.Adam(m.parameters(), {
			lr: 0.01,
			fused: false,
			foreach: false,
		}),
	AdamW: (m) => new optim.AdamW(m.parameters(), { lr: 0.01, weightDecay: 0.1 }),
	"AdamW, foreach": (m) =>
		new optim.AdamW(m.parameters(), {
			lr: 0.01,
			weightDecay: 0.1,
			foreach: true,
		}),
};

/** Ten steps from one seed. */
function train(
	device: "cpu" | "cuda",
	dtype: "float32" | "float64",
	model: string,
	optimizer: string,
) {
	const { make, shape } = models[model] as (typeof models)[string];
	torch.manualSeed(0); // on the CPU, so that both begin with the same numbers
	const net = make().to(dtype).to(device);
	const x = torch.randn(shape, { dtype }).to(device);
	const y = torch.randint(5, [16]).to(device);
	const stepper = optimizers[optimizer]?.(net) as torch.optim.Adam;
	const losses: number[] = [];
	for (let i = 0; i < 10; i++) {
		stepper.zeroGrad();
		const loss = F.crossEntropy(net(x), y);
		loss.backward();
		stepper.step();
		losses.push(Number(loss.item()));
	}
	return { net, losses, stepper };
}

describeOnGpu("training", () => {
	test("gradients", () => {
		const onBoth = (["cpu", "cuda"] as const).map((device) => {
			torch.manualSeed(1);
			const x = torch.randn([6, 4]).to(device).requiresGrad_(true);
			const w = torch.randn([4, 3]).to(device).requiresGrad_(true);
			const y = x.matmul(w).softmax(1).add(x.sin().pow(2).sum()).log().mean();
			const [dx, dw] = torch.autograd.grad(y, [x, w], { createGraph: true });
			dx?.pow(2).sum().backward(); // second derivatives
			return [y, dx, dw, x.grad, w.grad] as torch.Tensor[];
		});
		for (const [i, expected] of (onBoth[0] as torch.Tensor[]).entries()) {
			const actual = onBoth[1]?.[i] as torch.Tensor;
			expect(actual.device).toBe("cuda:0");
			expect(distance(actual, expected)).toBeLessThan(2e-5);
		}
	});

	test("a gradient goes through a move", () => {
		const x = torch.ones([3], { requiresGrad: true });
		x.to("cuda").mul(3).sum().cpu().backward();
		expect(x.grad?.device).toBe("cpu");
		expect(x.grad?.tolist()).toEqual([3, 3, 3]);
	});

	const cases = Object.keys(models).flatMap((model) =>
		Object.keys(optimizers).map((name) => [model, name] as const),
	);

	test.each(cases)("%s with %s: float64 as on the CPU", (model, name) => {
		const here = train("cpu", "float64", model, name);
		const there = train("cuda", "float64", model, name);
		for (const [i, loss] of here.losses.entries())
			expect(there.losses[i]).toBeCloseTo(loss, 9);
		expect(here.losses[9]).toBeLessThan(here.losses[0] as number);
		const expected = here.net.stateDict();
		for (const [key, value] of Object.entries(there.net.stateDict())) {
			expect(value.device).toBe("cuda:0");
			const wanted = expected[key] as torch.Tensor;
			expect([key, distance(value, wanted) < 1e-8]).toEqual([key, true]);
		}
	});

	test.each(Object.keys(optimizers))(
		"MLP with %s: float32 within its rounding",
		(name) => {
			const here = train("cpu", "float32", "MLP", name);
			const there = train("cuda", "float32", "MLP", name);
			for (const [i, loss] of here.losses.entries())
				expect(Math.abs((there.losses[i] as number) - loss)).toBeLessThan(2e-4);
		},
	);

	test.each([
		["Adam, fused", "Adam, plain formula"],
		["AdamW", "AdamW, foreach"],
	])("%s and %s give the same", (one, other) => {
		const a = train("cuda", "float64", "MLP", one);
		const b = train("cuda", "float64", "MLP", other);
		const expected = b.net.stateDict();
		for (const [key, value] of Object.entries(a.net.stateDict())) {
			const wanted = expected[key] as torch.Tensor;
			expect([key, distance(value, wanted) < 1e-10]).toEqual([key, true]);
		}
	});

	test("state dicts travel: trained there, loaded here", () => {
		const { net } = train("cuda", "float32", "CNN", "Adam");
		net.eval();
		const copy = cnn();
		copy.loadStateDict(net.stateDict());
		copy.eval();
		const x = torch.randn([4, 1, 8, 8]);
		// float32 convolutions take TF32 on newer GPUs, as they do in Python
		expect(distance(net(x.to("cuda")), copy(x))).toBeLessThan(2e-2);
		expect(copy.parameters()[0]?.device).toBe("cpu");
	});

	test("an optimiser's state is on the GPU, and is loaded there", () => {
		const { net, stepper } = train("cuda", "float64", "MLP", "Adam");
		const saved = stepper.stateDict();
		const other = new optim.Adam(net.parameters(), { lr: 0.01, amsgrad: true });
		other.loadStateDict(saved);
		const state = Object.values(other.stateDict().state)[0] as Record<
			string,
			torch.Tensor
		>;
		expect(state.exp_avg?.device).toBe("cuda:0");
	});

	test("a module's buffers and its random numbers", () => {
		const norm = new nn.BatchNorm2d(3).to("cuda");
		norm(torch.randn([2, 3, 4, 4], { device: "cuda" }));
		expect(norm.runningMean?.device).toBe("cuda:0");
		const dropout = new nn.Dropout(0.5);
		const kept = dropout(torch.ones([10_000], { device: "cuda" }));
		expect(Math.abs(Number(kept.mean().item()) - 1)).toBeLessThan(0.1);
		expect(new Set(kept.tolist() as number[])).toEqual(new Set([0, 2]));
	});
});

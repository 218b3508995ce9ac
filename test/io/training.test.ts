import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { io, nn, optim, type Tensor } from "../../lib/index.ts";
import { temporaryFolder } from "../support/folder.ts";

// What Python trained for three steps goes on here: scripts/fixtures/checkpoint_files.py
const temporary = temporaryFolder();
const fixture = (name: string) =>
	join(__dirname, "../fixtures/checkpoint", `${name}.pt`);

interface Before {
	images: Tensor;
	labels: Tensor;
	model: nn.StateDict;
	optimizer: optim.OptimizerStateDict;
	scheduler: optim.lrScheduler.SchedulerState;
}

interface After {
	losses: number[];
	model: nn.StateDict;
}

const network = () =>
	new nn.Sequential(
		new nn.Conv2d(1, 4, 3, { bias: false }),
		new nn.BatchNorm2d(4),
		new nn.ReLU(),
		new nn.Flatten(),
		new nn.Linear(64, 3),
	);

const { StepLR, CosineAnnealingLR } = optim.lrScheduler;
// All figures but the kinds come from the checkpoint.
const runs: Record<
	string,
	[
		(parameters: Tensor[]) => optim.Optimizer,
		(
			optimizer: optim.Optimizer,
		) => InstanceType<typeof StepLR | typeof CosineAnnealingLR>,
	]
> = {
	adam: [(p) => new optim.Adam(p), (o) => new StepLR(o, 1)],
	adamw: [
		(p) => new optim.AdamW(p, { amsgrad: true }),
		(o) => new CosineAnnealingLR(o, 1),
	],
	sgd: [
		(p) => new optim.SGD(p, { lr: 1, momentum: 0.5 }),
		(o) => new StepLR(o, 1),
	],
};

/** Takes up a run, and does `steps` more. */
function goOn(name: string, before: Before, steps: number) {
	const [make, schedule] = runs[name] as (typeof runs)[string];
	const model = network();
	const optimizer = make(model.parameters());
	const scheduler = schedule(optimizer);
	model.loadStateDict(before.model);
	optimizer.loadStateDict(before.optimizer);
	scheduler.loadStateDict(before.scheduler);
	const losses: number[] = [];
	for (let i = 0; i < steps; i++) {
		optimizer.zeroGrad();
		const loss = nn.functional.crossEntropy(
			model.forward(before.images),
			before.labels,
		);
		loss.backward();
		optimizer.step();
		scheduler.step();
		losses.push(loss.item() as number);
	}
	const state = {
		...before,
		model: model.stateDict(),
		optimizer: optimizer.stateDict(),
		scheduler: scheduler.stateDict(),
	};
	return { losses, state };
}

function expectAfter(name: string, losses: number[], model: nn.StateDict) {
	const after = io.load<After>(fixture(`${name}After`));
	expect(losses).toHaveLength(after.losses.length);
	for (const [i, loss] of losses.entries())
		expect(Math.abs(loss - (after.losses[i] as number))).toBeLessThan(1e-6);
	expect(Object.keys(model)).toEqual(Object.keys(after.model));
	for (const [key, tensor] of Object.entries(after.model))
		expect([
			key,
			model[key]?.allclose(tensor, { rtol: 1e-5, atol: 1e-7 }),
		]).toEqual([key, true]);
}

describe.each(Object.keys(runs))("%s", (name) => {
	test.each([{ mmap: true }, { mmap: false }])(
		"goes on with Python's numbers, %j",
		(options) => {
			const before = io.load<Before>(fixture(name), options);
			const { losses, state } = goOn(name, before, 3);
			expectAfter(name, losses, state.model);
		},
	);

	test("saved and loaded between the steps, the numbers stay", () => {
		let before = io.load<Before>(fixture(name));
		const losses: number[] = [];
		for (let i = 0; i < 3; i++) {
			const { losses: more, state } = goOn(name, before, 1);
			losses.push(...more);
			const path = temporary(`${name}${i}.pt`);
			io.save(state, path);
			before = io.load<Before>(path);
		}
		expectAfter(name, losses, before.model);
	});

	// With TORCH_NODE_TEST_PYTHON, Python takes up what was saved here.
	const python = process.env.TORCH_NODE_TEST_PYTHON;
	if (python)
		test("Python goes on with what was saved here", () => {
			const { losses, state } = goOn(name, io.load<Before>(fixture(name)), 1);
			const [path, result] = [temporary("here.pt"), temporary("there.pt")];
			io.save(state, path);
			const script = `
import sys, torch
from torch import nn
from torch.optim.lr_scheduler import StepLR, CosineAnnealingLR
s = torch.load(sys.argv[1], weights_only=True)
m = nn.Sequential(nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(64, 3))
make, schedule = {
    "adam": (torch.optim.Adam, lambda o: StepLR(o, 1)),
    "adamw": (lambda p: torch.optim.AdamW(p, amsgrad=True), lambda o: CosineAnnealingLR(o, 1)),
    "sgd": (lambda p: torch.optim.SGD(p, lr=1, momentum=0.5), lambda o: StepLR(o, 1)),
}[sys.argv[3]]
o = make(m.parameters())
sch = schedule(o)
m.load_state_dict(s["model"]); o.load_state_dict(s["optimizer"]); sch.load_state_dict(s["scheduler"])
losses = []
for _ in range(2):
    o.zero_grad()
    loss = nn.functional.cross_entropy(m(s["images"]), s["labels"])
    loss.backward(); o.step(); sch.step()
    losses.append(loss.item())
torch.save({"losses": losses, "model": m.state_dict()}, sys.argv[2])
`;
			execFileSync(python, ["-W", "ignore", "-c", script, path, result, name]);
			const there = io.load<After>(result);
			expectAfter(name, [...losses, ...there.losses], there.model);
		});
});

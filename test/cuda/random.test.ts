/** Random numbers on a GPU: the same again for the same seed, and Python's. */
import { spawnSync } from "node:child_process";
import * as torch from "../../lib/index.ts";
import { describeOnGpu, hasGpu } from "./gpu.ts";

const { nn } = torch;
const device = "cuda";

/** What is drawn, by the same names as in the program below. */
const draws: { [name: string]: () => torch.Tensor } = {
	rand: () => torch.rand([9], { device }),
	randn: () => torch.randn([2, 5], { device }),
	randint: () => torch.randint(1000, [9], { device }),
	randperm: () => torch.randperm(11, { device }),
	normal_: () => torch.empty([7], { device }).normal_(1, 2),
	uniform_: () => torch.empty([7], { device }).uniform_(-1, 1),
	bernoulli: () => torch.full([20], 0.3, { device }).bernoulli(),
	dropout: () => nn.functional.dropout(torch.ones([40], { device }), 0.25),
	linear: () => new nn.Linear(3, 4, { device }).weight.detach(),
	conv2d: () => new nn.Conv2d(2, 3, 3, { device }).bias?.detach() as never,
};

const program = `
import json, torch
from torch import nn
device = "cuda"
draws = {
    "rand": lambda: torch.rand(9, device=device),
    "randn": lambda: torch.randn(2, 5, device=device),
    "randint": lambda: torch.randint(1000, (9,), device=device),
    "randperm": lambda: torch.randperm(11, device=device),
    "normal_": lambda: torch.empty(7, device=device).normal_(1, 2),
    "uniform_": lambda: torch.empty(7, device=device).uniform_(-1, 1),
    "bernoulli": lambda: torch.full((20,), 0.3, device=device).bernoulli(),
    "dropout": lambda: nn.functional.dropout(torch.ones(40, device=device), 0.25),
    "linear": lambda: nn.Linear(3, 4, device=device).weight,
    "conv2d": lambda: nn.Conv2d(2, 3, 3, device=device).bias,
}
result = {}
for name, draw in draws.items():
    torch.manual_seed(42)
    result[name] = [draw().tolist(), draw().tolist()]
print(json.dumps(result))
`;

/** Python's numbers, or null where its PyTorch has no GPU. */
function ofPython(): { [name: string]: unknown[] } | null {
	const { status, stdout } = spawnSync(
		process.env.PYTHON ?? "python3",
		["-c", program],
		{ encoding: "utf8" },
	);
	return status === 0 ? JSON.parse(stdout) : null;
}

describeOnGpu("random numbers", () => {
	test.each(Object.entries(draws))("%s: the same for a seed", (_name, draw) => {
		torch.manualSeed(42);
		const [first, second] = [draw(), draw()];
		expect(first.equal(second)).toBe(false);
		torch.cuda.manualSeed(42);
		expect(draw().equal(first)).toBe(true);
		torch.cuda.manualSeedAll(42);
		expect(draw().equal(first)).toBe(true);
		expect(draw().equal(second)).toBe(true);
	});

	test("initialSeed", () => {
		torch.manualSeed(77);
		expect(torch.cuda.initialSeed()).toBe(77);
	});

	test("the state is saved and restored", () => {
		torch.cuda.manualSeed(3);
		torch.rand([5], { device });
		const state = torch.cuda.getRngState();
		expect([state.dtype, state.device]).toEqual(["uint8", "cpu"]);
		const [a, b] = [
			torch.randn([100], { device }),
			torch.randn([3], { device }),
		];
		torch.cuda.setRngState(state);
		expect(torch.randn([100], { device }).equal(a)).toBe(true);
		expect(torch.randn([3], { device }).equal(b)).toBe(true);
	});

	test("the GPU's numbers and the CPU's do not disturb each other", () => {
		torch.manualSeed(1);
		const alone = torch.rand([4]);
		torch.manualSeed(1);
		torch.rand([1000], { device });
		expect(torch.rand([4]).equal(alone)).toBe(true);
	});

	test("a generator of its own", () => {
		const generator = new torch.Generator(device).manualSeed(9);
		const first = torch.randn([6], { device, generator });
		torch.randn([6], { device });
		const second = torch.randn([6], { device, generator });
		generator.manualSeed(9);
		expect(torch.randn([6], { device, generator }).equal(first)).toBe(true);
		expect(torch.randn([6], { device, generator }).equal(second)).toBe(true);
		expect(() => torch.randn([6], { generator })).toThrow(/device/);
	});

	const python = hasGpu ? ofPython() : null;
	(python ? describe : describe.skip)(
		python
			? "Python's numbers for the same seed"
			: "Python's numbers for the same seed (skipped: python3 has no PyTorch with a GPU)",
		() => {
			test.each(Object.entries(draws))("%s", (name, draw) => {
				torch.manualSeed(42);
				expect([draw().tolist(), draw().tolist()]).toEqual(python?.[name]);
			});
		},
	);
});

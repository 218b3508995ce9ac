import * as torch from "../../lib/index.ts";
import { expectTensor, fixture, type Stored } from "./fixtures.ts";

interface InitCase {
	function: string;
	shape: number[];
	dtype: torch.DType;
	args: unknown[];
	result: Stored;
}

const { init } = torch.nn;
type Init = (tensor: torch.Tensor, ...args: unknown[]) => torch.Tensor;
const functions = init as unknown as Record<string, Init>;
const cases = fixture<InitCase[]>("init.json");

test.each(
	cases.map((each): [string, InitCase] => [
		`${each.function}(${JSON.stringify([each.shape, each.dtype, ...each.args]).slice(1, -1)})`,
		each,
	]),
)("%s", (_title, { function: name, shape, dtype, args, result }) => {
	torch.manualSeed(3);
	const weight = new torch.nn.Parameter(torch.ones(shape, { dtype }));
	expect((functions[name] as Init)(weight, ...args)).toBe(weight);
	expect(weight.requiresGrad && weight.isLeaf).toBe(true);
	expectTensor(weight, result);
});

test("every function has cases", () => {
	const tested = new Set(cases.map((each) => each.function));
	expect(
		Object.keys(init).filter((name) => name.endsWith("_") && !tested.has(name)),
	).toEqual([]);
});

test("a generator of one's own is used", () => {
	const drawn = () =>
		init
			.kaimingNormal_(torch.empty([2, 3]), {
				generator: new torch.Generator().manualSeed(7),
			})
			.tolist();
	torch.manualSeed(7);
	const wanted = init.kaimingNormal_(torch.empty([2, 3])).tolist();
	expect(drawn()).toEqual(wanted);
	expect(drawn()).toEqual(wanted);
});

test("gains are PyTorch's", () => {
	expect(init.calculateGain("relu")).toBe(Math.SQRT2);
	expect(init.calculateGain("tanh")).toBe(5 / 3);
	expect(init.calculateGain("selu")).toBe(0.75);
	expect(init.calculateGain("conv2d")).toBe(1);
	expect(init.calculateGain("sigmoid")).toBe(1);
	expect(init.calculateGain("leaky_relu")).toBe(Math.sqrt(2 / (1 + 0.01 ** 2)));
	expect(init.calculateGain("leaky_relu", 0.2)).toBe(
		Math.sqrt(2 / (1 + 0.2 ** 2)),
	);
});

test.each<[() => unknown, string]>([
	[
		() => init.calculateGain("swish" as never),
		"calculateGain: nonlinearity: unsupported nonlinearity swish",
	],
	[
		() => init.eye_(torch.ones([2])),
		"eye_: tensor: expected 2 dimensions, got 1",
	],
	[
		() => init.dirac_(torch.ones([2, 2])),
		"dirac_: tensor: expected 3, 4 or 5 dimensions, got 2",
	],
	[
		() => init.dirac_(torch.ones([3, 2, 1]), 2),
		"dirac_: groups: expected a divisor of 3, got 2",
	],
	[
		() => init.xavierNormal_(torch.ones([2])),
		"calculateFanInAndFanOut: tensor: expected 2 or more dimensions, got 1",
	],
	[
		() => init.kaimingNormal_(torch.ones([2, 2]), { mode: "fanIn" as never }),
		"kaimingNormal_: mode: expected one of",
	],
	[
		() => init.orthogonal_(torch.ones([2])),
		"orthogonal_: tensor: expected 2 or more dimensions, got 1",
	],
	[
		() => init.uniform_(torch.ones([2]), { low: 1 } as never),
		"uniform_: low: unknown option; known are a, b, generator",
	],
])("a wrong argument is named", (call, message) => {
	expect(call).toThrow(message);
});

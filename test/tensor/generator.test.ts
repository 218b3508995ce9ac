import * as torch from "../../lib/index.ts";
import { expectTensor, fixture } from "../support/stored.ts";

const draw = (generator?: torch.Generator) =>
	generator
		? torch.rand([3], { generator }).tolist()
		: torch.rand([3]).tolist();

describe("Generator", () => {
	test("is a stream of its own", () => {
		torch.manualSeed(0);
		const shared = draw();
		const own = new torch.Generator().manualSeed(0);
		torch.manualSeed(5);
		expect(draw(own)).toEqual(shared);
		expect(draw(own)).not.toEqual(shared);
		const other = new torch.Generator("cpu").manualSeed(0);
		expect(draw(other)).toEqual(shared);
		expect(own.device).toBe("cpu");
	});

	test("begins where PyTorch's begins", () => {
		const fresh = new torch.Generator();
		expect(fresh.initialSeed()).toBe(67280421310721);
		expect(draw(fresh)).toEqual(
			draw(new torch.Generator().manualSeed(67280421310721)),
		);
	});

	test("tells its seed, and draws one that cannot be foretold", () => {
		const generator = new torch.Generator();
		for (const seed of [0, 1234, 2 ** 53 - 1])
			expect(generator.manualSeed(seed).initialSeed()).toBe(seed);
		expect(generator.manualSeed(2n ** 63n + 1n).initialSeed()).toBe(
			2n ** 63n + 1n,
		);
		expect(generator.manualSeed(-1).initialSeed()).toBe(2n ** 64n - 1n);
		const drawn = generator.seed();
		expect(generator.initialSeed()).toBe(drawn);
		expect(generator.seed()).not.toBe(drawn);
	});

	test("goes back to a state, its own or another's", () => {
		const generator = new torch.Generator().manualSeed(3);
		draw(generator);
		torch.randn([1], { generator }); // leaves half of a pair of normal numbers behind
		const state = generator.getState();
		expect([state.dtype, state.device, state.ndim]).toEqual([
			"uint8",
			"cpu",
			1,
		]);
		const wanted = [draw(generator), torch.randn([1], { generator }).item()];
		const again = () => [
			draw(generator),
			torch.randn([1], { generator }).item(),
		];
		expect(generator.setState(state)).toBe(generator);
		expect(again()).toEqual(wanted);
		const other = new torch.Generator().setState(state);
		expect([
			draw(other),
			torch.randn([1], { generator: other }).item(),
		]).toEqual(wanted);
	});
});

describe("the numbers of torch itself", () => {
	test("begin anew with a seed", () => {
		const generator = torch.manualSeed(7);
		expect(generator).toBeInstanceOf(torch.Generator);
		const first = draw();
		expect(torch.initialSeed()).toBe(7);
		torch.manualSeed(7n);
		expect(draw()).toEqual(first);
		torch.manualSeed(7);
		expect(draw(generator)).toEqual(first); // the same stream
		const drawn = torch.seed();
		expect(torch.initialSeed()).toBe(drawn);
	});

	test("go back to a state", () => {
		torch.manualSeed(1);
		const state = torch.getRngState();
		const wanted = [draw(), torch.randperm(5).tolist()];
		torch.setRngState(state);
		expect([draw(), torch.randperm(5).tolist()]).toEqual(wanted);
	});

	test("are the same after work that draws nothing", () => {
		torch.manualSeed(0);
		const wanted = draw();
		torch.manualSeed(0);
		torch.ones(100).matmul(torch.ones(100));
		draw(new torch.Generator());
		expect(draw()).toEqual(wanted);
	});
});

test("one seed, several draws of one kind after another", () => {
	const { results } = fixture<
		{ function: string; seed: number; own: boolean; results: never[] }[]
	>("tensor/random.json").find(
		(c) => c.function === "rand" && c.seed === 1234 && !c.own,
	) as { results: never[] };
	torch.manualSeed(1234);
	for (const wanted of results)
		expectTensor(torch.rand(3), wanted, { exact: true });
});

test.each<[string, () => unknown, string | RegExp]>([
	[
		"a text as seed",
		() => torch.manualSeed("0" as never),
		'manualSeed: seed: expected integer, got string "0"',
	],
	[
		"half a seed",
		() => torch.manualSeed(0.5),
		"manualSeed: seed: expected integer, got number 0.5",
	],
	[
		"an unsafe seed",
		() => torch.manualSeed(2 ** 53),
		"manualSeed: seed: expected integer",
	],
	[
		"a huge seed",
		() => torch.manualSeed(2n ** 64n),
		"manualSeed: seed: expected an integer of 64 bits, got 18446744073709551616",
	],
	[
		"no seed",
		() => torch.manualSeed(undefined as never),
		"manualSeed: seed: expected integer, got undefined",
	],
	[
		"the same of a generator",
		() => new torch.Generator().manualSeed(Number.NaN),
		"manualSeed: seed: expected integer, got number NaN",
	],
	[
		"the same of a GPU",
		() => torch.cuda.manualSeed("0" as never),
		'manualSeed: seed: expected integer, got string "0"',
	],
	[
		"a state of numbers",
		() => torch.setRngState(torch.ones(3)),
		"RNG state must be a torch.ByteTensor",
	],
	[
		"a state that is too short",
		() => torch.setRngState(torch.ones(3).to("uint8")),
		"found the input RNG state size to be 3",
	],
	[
		"no state",
		() => torch.setRngState(5 as never),
		"setState: state: expected Tensor, got number 5",
	],
	[
		"no device",
		() => new torch.Generator("gpu"),
		'expected device such as "cpu" or "cuda:0", got string "gpu"',
	],
	[
		"a number as generator",
		() => torch.rand([2], { generator: 5 as never }),
		/generator.*number 5/,
	],
])("%s is refused", (_name, act, message) => {
	expect(act).toThrow(message);
	expect(act).toThrow(torch.TorchError);
});

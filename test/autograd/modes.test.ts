import * as torch from "../../lib/index.ts";

const x = torch.ones(2, { requiresGrad: true });
const records = () => x.mul(2).requiresGrad;

afterEach(() => {
	expect([torch.isGradEnabled(), torch.isInferenceModeEnabled()]).toEqual([
		true,
		false,
	]);
});

test("as functions: they give what fn gives, and end with it", () => {
	expect(torch.noGrad(records)).toBe(false);
	expect(torch.enableGrad(records)).toBe(true);
	expect(torch.setGradEnabled(false, records)).toBe(false);
	expect(torch.setGradEnabled(true, records)).toBe(true);
	expect(torch.inferenceMode(records)).toBe(false);
	expect(torch.noGrad(() => undefined)).toBeUndefined();
	expect(records()).toBe(true);
});

test("nested: the innermost counts", () => {
	const seen = torch.noGrad(() => [
		records(),
		torch.enableGrad(() => [records(), torch.noGrad(records), records()]),
		torch.setGradEnabled(true, records),
		torch.isGradEnabled(),
	]);
	expect(seen).toEqual([false, [true, false, true], true, false]);
	expect(torch.inferenceMode(() => torch.enableGrad(records))).toBe(false);
	expect(
		torch.inferenceMode(() => [
			torch.inferenceMode(records),
			torch.isInferenceModeEnabled(),
		]),
	).toEqual([false, true]);
});

test("errors restore what was before, at each level", () => {
	const fail = () => {
		throw new Error("left");
	};
	const modes = [
		torch.noGrad,
		torch.enableGrad,
		torch.inferenceMode,
		(fn: () => void) => torch.setGradEnabled(false, fn),
	];
	for (const outer of modes)
		for (const inner of modes) {
			expect(() => outer(() => inner(fail))).toThrow("left");
			expect([torch.isGradEnabled(), torch.isInferenceModeEnabled()]).toEqual([
				true,
				false,
			]);
		}
});

test("with using: until the end of the block", () => {
	{
		using _ = torch.noGrad();
		expect(records()).toBe(false);
		{
			using _inner = torch.enableGrad();
			expect(records()).toBe(true);
		}
		expect(records()).toBe(false);
	}
	{
		using _ = torch.setGradEnabled(false);
		expect(torch.isGradEnabled()).toBe(false);
	}
	{
		using _ = torch.inferenceMode();
		expect([
			torch.isInferenceModeEnabled(),
			torch.ones(1).isInference(),
		]).toEqual([true, true]);
	}
	const leave = () => {
		using _ = torch.noGrad();
		using _inner = torch.inferenceMode();
		throw new Error("left");
	};
	expect(leave).toThrow("left");
	expect(records()).toBe(true);
});

test("a mode that is left twice is left once", () => {
	const mode = torch.inferenceMode();
	mode[Symbol.dispose]();
	mode[Symbol.dispose]();
	expect(torch.isInferenceModeEnabled()).toBe(false);
});

test("setGradEnabled lasts where nothing ends it", () => {
	torch.setGradEnabled(false);
	expect(records()).toBe(false);
	torch.setGradEnabled(true);
	expect(records()).toBe(true);
});

test("in noGrad leaves can still be made, and factories obey requiresGrad", () => {
	const made = torch.noGrad(() => torch.ones(2, { requiresGrad: true }));
	expect([made.requiresGrad, made.isLeaf]).toEqual([true, true]);
	const made2 = torch.noGrad(() => torch.tensor([0.5], { requiresGrad: true }));
	expect(made2.requiresGrad).toBe(true);
});

describe("tensors of inference mode", () => {
	const inference = torch.inferenceMode(() => torch.ones(2));

	test("are told apart", () => {
		expect([
			inference.isInference(),
			inference.clone().isInference(),
			torch.ones(1).isInference(),
		]).toEqual([true, false, false]);
	});

	test.each<[string, () => unknown, string]>([
		[
			"saved for backward",
			() => x.mul(inference),
			"mul: Inference tensors cannot be saved for backward",
		],
		[
			"changed outside",
			() => inference.add_(1),
			"add_: Inplace update to inference tensor outside InferenceMode is not allowed",
		],
		[
			"made to require gradients",
			() => inference.clone() && inference.requiresGrad_(),
			"Setting requires_grad=True on inference tensor outside InferenceMode is not allowed",
		],
	])("cannot be %s", (_name, act, message) => {
		expect(act).toThrow(message);
		expect(act).toThrow(torch.TorchError);
	});

	test("can be read, and changed inside", () => {
		const read = torch.inferenceMode(() => torch.ones(2));
		expect(read.add(1).tolist()).toEqual([2, 2]);
		const y = torch.inferenceMode(() => torch.ones(2));
		torch.inferenceMode(() => y.add_(1));
		expect(y.tolist()).toEqual([2, 2]);
		expect(x.mul(inference.clone()).requiresGrad).toBe(true);
	});
});

test.each<[() => unknown, string]>([
	[
		() => torch.noGrad(5 as never),
		"noGrad: fn: expected function, got number 5",
	],
	[
		() => torch.enableGrad({} as never),
		"enableGrad: fn: expected function, got object",
	],
	[
		() => torch.inferenceMode(null as never),
		"inferenceMode: fn: expected function, got null",
	],
	[
		() => torch.noGrad(async () => 1),
		"noGrad: fn: expected a function that is not async",
	],
	[
		() => torch.inferenceMode(async () => 1),
		"inferenceMode: fn: expected a function that is not async",
	],
	[
		() => torch.setGradEnabled("yes" as never),
		'setGradEnabled: enabled: expected boolean, got string "yes"',
	],
	[
		() => torch.setGradEnabled(true, 1 as never),
		"setGradEnabled: fn: expected function, got number 1",
	],
])("%s is refused", (act, message) => {
	expect(act).toThrow(message);
	expect(act).toThrow(torch.TorchError);
});

describe("operators that go past autograd where there is nothing to record", () => {
	const { functional: F } = torch.nn;
	const rand = (...shape: number[]) => torch.rand(shape, { dtype: "float64" });
	torch.manualSeed(0);
	const cases: [
		string,
		(...tensors: torch.Tensor[]) => torch.Tensor,
		torch.Tensor[],
	][] = [
		["add", (a, b) => a.add(b), [rand(3), rand(3)]],
		["sum", (a) => a.sum(), [rand(2, 3)]],
		["stack", (a, b) => torch.stack([a, b]), [rand(3), rand(3)]],
		["clone", (a) => a.clone(), [rand(3)]],
		[
			"conv1d",
			(x, w, b) => F.conv1d(x, w, b),
			[rand(1, 2, 6), rand(3, 2, 3), rand(3)],
		],
		[
			"conv2d",
			(x, w, b) => F.conv2d(x, w, b),
			[rand(1, 2, 6, 6), rand(3, 2, 3, 3), rand(3)],
		],
		[
			"conv3d",
			(x, w, b) => F.conv3d(x, w, b),
			[rand(1, 2, 4, 4, 4), rand(3, 2, 2, 2, 2), rand(3)],
		],
		[
			"crossEntropy",
			(x, target, weight) => F.crossEntropy(x, target, { weight }),
			[rand(4, 3), rand(4, 3).softmax(1), rand(3)],
		],
		[
			"layerNorm",
			(x, weight, bias) => F.layerNorm(x, [5], weight, bias),
			[rand(2, 5), rand(5), rand(5)],
		],
		[
			"linear",
			(x, w, b) => F.linear(x, w, b),
			[rand(4, 3), rand(2, 3), rand(2)],
		],
		[
			"linear of three dimensions",
			(x, w, b) => F.linear(x, w, b),
			[rand(2, 4, 3), rand(2, 3), rand(2)],
		],
		["matmul", (a, b) => torch.matmul(a, b), [rand(2, 4, 3), rand(3, 5)]],
		["maxPool2d", (x) => F.maxPool2d(x, 2), [rand(1, 2, 4, 4)]],
	];

	test.each(cases)(
		"%s gives the same, and records where one is asked",
		(_, op, tensors) => {
			const plain = op(...tensors);
			expect([plain.requiresGrad, plain.isLeaf]).toEqual([false, true]);
			for (const [i, watched] of tensors.entries()) {
				const leaf = watched.detach().requiresGrad_();
				const result = op(...tensors.with(i, leaf));
				expect(result.requiresGrad).toBe(true);
				expect(result.equal(plain)).toBe(true);
				result.sum().backward();
				expect(leaf.grad?.shape).toEqual(watched.shape);
				expect(
					torch.noGrad(() => op(...tensors.with(i, leaf))).requiresGrad,
				).toBe(false);
				const [, slope] = torch.func.jvp(
					(x) => op(...tensors.with(i, x)),
					[watched],
					[torch.onesLike(watched)],
				);
				// both are the sum of the whole Jacobian
				expect((slope as torch.Tensor).sum().item()).toBeCloseTo(
					leaf.grad?.sum().item() as number,
					9,
				);
			}
		},
	);

	test.each(cases)(
		"%s gives what may be changed in place, and nothing else changes",
		(_, op, tensors) => {
			const before = tensors.map((x) => x.clone());
			const result = op(...tensors);
			expect(result.version).toBe(0);
			result.fill_(5);
			expect(result.version).toBe(1);
			for (const [i, x] of tensors.entries())
				expect(x.equal(before[i] as torch.Tensor)).toBe(true);
		},
	);
});

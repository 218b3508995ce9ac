/** `linearCrossEntropy` in chunks is `linearCrossEntropy` at once. */

import type { Tensor } from "../../lib/index.ts";
import * as torch from "../../lib/index.ts";

const { nn } = torch;
const F = nn.functional;
type Options = torch.nn.functional.LinearCrossEntropyOptions;
type Given = torch.nn.functional.LinearCrossEntropyFunctionOptions;

const [samples, inFeatures, classes] = [11, 5, 23];

/** The loss and the gradients of input, weight and bias. */
function run(given: Given, dtype: torch.DType, isOne = false): Tensor[] {
	const generator = new torch.Generator().manualSeed(3);
	const draw = (shape: number[]) =>
		torch.randn(shape, { generator, dtype: "float64" }).to({ dtype });
	const input = draw(isOne ? [inFeatures] : [samples, inFeatures]);
	const linearWeight = draw([classes, inFeatures]);
	const bias = draw([classes]);
	const target = isOne
		? torch.tensor(7)
		: torch.tensor([0, 1, 22, 7, 7, 3, 0, 9, 15, 22, 4]);
	const leaves = [input, linearWeight, bias];
	for (const leaf of leaves) leaf.requiresGrad_();
	const loss = F.linearCrossEntropy(input, linearWeight, target, {
		linearBias: bias,
		...given,
	});
	const upstream = torch.arange(1, loss.numel() + 1).to({ dtype });
	loss.backward(upstream.reshape(loss.shape));
	return [loss.detach(), ...leaves.map((leaf) => leaf.grad as Tensor)];
}

function expectNear(actual: Tensor[], expected: Tensor[], tolerance: number) {
	for (const [i, x] of actual.entries()) {
		const wanted = expected[i] as Tensor;
		expect([x.dtype, x.shape]).toEqual([wanted.dtype, wanted.shape]);
		const error = x.double().sub(wanted.double()).abs().max();
		const scale = Math.max(1, Number(wanted.double().abs().max().item()));
		expect(Number(error.item()) / scale).toBeLessThanOrEqual(tolerance);
	}
}

const weight = torch.arange(1, classes + 1, { dtype: "float64" }).div(classes);
const chunks: Options[] = [
	{},
	{ batchChunkSize: 1 },
	{ batchChunkSize: 4, accPolicy: "accurate" },
	{ batchChunkSize: 4, accPolicy: "balanced", allowRetainGraph: true },
	{ batchChunkSize: 100, accPolicy: "compact" },
	{ chunkingMethod: "aspect_ratio" },
	{ chunkingMethod: "aspect_ratio:3", accDtype: null },
	{ chunkingMethod: null },
];
const cases: Given[] = (["mean", "sum", "none"] as const).flatMap(
	(reduction) => [
		{ reduction },
		{ reduction, weight, ignoreIndex: 7 },
		{ reduction, linearBias: null, ignoreIndex: 0 },
	],
);

describe.each(cases.map((c) => [c.reduction, c.ignoreIndex, c]))(
	"%s, ignoreIndex %s",
	(_reduction, _ignored, given) => {
		test.each(chunks)("%j", (options) => {
			const all = given as Given;
			const { linearBias } = all;
			const used = (grads: Tensor[]) =>
				linearBias === null ? grads.slice(0, 3) : grads;
			expectNear(
				used(run({ ...all, options }, "float64")),
				used(run(all, "float64")),
				1e-14,
			);
		});
	},
);

test("one sample without a batch", () => {
	for (const reduction of ["mean", "none"] as const)
		expectNear(
			run({ reduction, options: {} }, "float64", true),
			run({ reduction }, "float64", true),
			1e-14,
		);
});

// From PyTorch 2.13: LinearCrossEntropyOptions(chunking_method=…)._adjust(…).batch_chunk_size
test.each([
	[11, 5, 23, "aspect_ratio", 4],
	[1000, 64, 50000, "aspect_ratio", 2],
	[1000, 64, 50000, "aspect_ratio:2", 1],
	[7, 64, 3, "aspect_ratio", 7],
	[4096, 512, 32000, "aspect_ratio:4", 32],
	[1, 8, 8, "aspect_ratio:2", 1],
	[33, 8, 9, "aspect_ratio", 32],
])("%i samples, %i to %i, %s: %i at a time", (n, features, c, method, size) => {
	const loss = () =>
		F.linearCrossEntropy(
			torch.ones([n, features]),
			torch.ones([c, features]),
			torch.zeros([n], { dtype: "int64" }),
			{ options: { chunkingMethod: method, batchChunkSize: 2 ** 30 } },
		);
	expect(loss).toThrow(`options.batchChunkSize: expected ${size}, which`);
});

test.each(["bfloat16", "float16"] as const)(
	"%s: gradients are no less precise than at once",
	(dtype) => {
		const exact = run({}, "float64");
		const error = (given: Given) =>
			run(given, dtype)
				.slice(1)
				.map((grad, i) =>
					Number(
						grad
							.double()
							.sub(exact[i + 1] as Tensor)
							.abs()
							.max()
							.item(),
					),
				);
		const chunked = error({ options: { batchChunkSize: 4 } });
		for (const [i, atOnce] of error({}).entries())
			expect(chunked[i]).toBeLessThanOrEqual(1.5 * atOnce);
	},
);

test("all targets ignored, and no samples: a mean of nothing", () => {
	const at = (n: number) =>
		F.linearCrossEntropy(
			torch.randn([n, 2]),
			torch.randn([3, 2]),
			torch.zeros([n], { dtype: "int64" }),
			{ ignoreIndex: 0, options: {} },
		).item();
	expect([at(4), at(0)]).toEqual([Number.NaN, Number.NaN]);
});

test("backward goes through once, unless it is asked for", () => {
	const loss = (options: Options) => {
		const x = torch.ones([4, 2], { requiresGrad: true });
		const y = torch.tensor([0, 1, 2, 0]);
		const result = F.linearCrossEntropy(x, torch.eye(3).narrow(1, 0, 2), y, {
			options,
		});
		result.backward({ retainGraph: true });
		const once = x.grad?.clone() as Tensor;
		result.backward();
		return [once.mul(2).tolist(), x.grad?.tolist()];
	};
	expect(() => loss({})).toThrow(/inplace operation/);
	const [twice, sum] = loss({ allowRetainGraph: true });
	expect(sum).toEqual(twice);
});

test("the module takes the options, too", () => {
	const options = { batchChunkSize: 3 };
	torch.manualSeed(1);
	const [a, b] = [{ options }, {}].map((given) => {
		torch.manualSeed(1);
		const loss = new nn.LinearCrossEntropyLoss(4, 9, { bias: true, ...given });
		const x = torch.randn([7, 4]);
		return loss(x, torch.randint(9, [7])).item();
	});
	expect(a).toBeCloseTo(b as number, 6);
});

test.each<[unknown, string]>([
	[5, "options: expected object or null, got number 5"],
	[{ size: 5 }, "size: unknown option; known are allowRetainGraph"],
	[
		{ batchChunkSize: 0 },
		"options.batchChunkSize: expected a number at least 1, got 0",
	],
	[{ chunkingMethod: "halves" }, 'options.chunkingMethod: expected "auto"'],
	[{ chunkingMethod: "aspect_ratio:0" }, "options.chunkingMethod: expected"],
	[{ accPolicy: "best" }, "options.accPolicy: expected one of"],
	[{ accDtype: "int8" }, "options.accDtype: expected one of"],
	[{ accDtype: "float64" }, "options.accDtype: expected float32"],
	[{ allowRetainGraph: 1 }, "options.allowRetainGraph: expected boolean"],
	[
		{ batchChunkSize: 3, chunkingMethod: "aspect_ratio" },
		"options.batchChunkSize: expected 4, which chunkingMethod",
	],
])("%j is refused", (options, message) => {
	expect(() =>
		F.linearCrossEntropy(
			torch.ones([4, 2]),
			torch.ones([2, 2]),
			torch.zeros([4], { dtype: "int64" }),
			{ options: options as Options },
		),
	).toThrow(message);
});

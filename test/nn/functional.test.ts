import * as torch from "../../lib/index.ts";
import {
	expectTensor,
	fixture,
	isStored,
	revive,
	type Stored,
	tensor,
} from "./fixtures.ts";

const F = torch.nn.functional;

interface FunctionalCase {
	function: string;
	args: unknown[];
	output: Stored | (Stored | null)[];
	gradOutput?: Stored;
	/** Positions, among the tensors, of those that have a gradient. */
	learnt: number[];
	grads?: (Stored | null)[];
}

const cases = fixture<FunctionalCase[]>("functionals.json.gz");
const titled = cases.map((each, i): [string, FunctionalCase] => {
	const text = JSON.stringify(each.args, (_key, value) =>
		isStored(value) ? "tensor" : value,
	);
	return [
		`${i} ${each.function}(${text.slice(1, -1).replaceAll('"', "")})`,
		each,
	];
});

test.each(titled)("%s", (_title, each) => {
	const args = revive(each.args) as unknown[];
	const named = Object.values((args.at(-1) ?? {}) as object);
	const tensors = [
		...args,
		...(args.at(-1) instanceof torch.Tensor ? [] : named),
	].filter((arg) => arg instanceof torch.Tensor);
	const learnt = each.learnt.map((i) =>
		(tensors[i] as torch.Tensor).requiresGrad_(),
	);
	const isInplace = JSON.stringify(each.args.at(-1)).includes('"inplace":true');
	torch.manualSeed(2);
	const call = (
		F as unknown as Record<
			string,
			(...args: unknown[]) => torch.Tensor | torch.Tensor[]
		>
	)[each.function];
	// Which LibTorch takes column by column only
	if (each.function === "scaledMm")
		args[1] = (args[1] as torch.Tensor).t().contiguous().t();
	const given = isInplace
		? [(args[0] as torch.Tensor).clone(), ...args.slice(1)]
		: args;
	const output = call?.(...given) as torch.Tensor | torch.Tensor[];
	const outputs = Array.isArray(output) ? output : [output];
	const wanted = Array.isArray(each.output) ? each.output : [each.output];
	for (const [i, stored] of wanted.entries()) {
		if (stored === null) expect(outputs[i]).toBeNull();
		else expectTensor(outputs[i] as torch.Tensor, stored, `output ${i}`);
	}
	if (isInplace) expect(outputs[0]).toBe(given[0]);
	if (each.gradOutput === undefined) return;
	(outputs[0] as torch.Tensor).backward(tensor(each.gradOutput));
	for (const [i, stored] of (each.grads ?? []).entries()) {
		const grad = learnt[i]?.grad;
		if (stored === null) expect(grad).toBeNull();
		else expectTensor(grad as torch.Tensor, stored, `gradient ${i}`);
	}
});

test("every functional has cases", () => {
	const tested = new Set(cases.map((each) => each.function));
	const onGpuOnly = ["scaledGroupedMm"];
	expect(Object.keys(F).filter((name) => !tested.has(name))).toEqual(onGpuOnly);
});

describe("arguments", () => {
	const x = torch.arange(6).reshape([2, 3]).to("float32");

	test("stand in positions, or have names in a last object", () => {
		const target = torch.tensor([2, 0]);
		const weight = torch.tensor([1, 2, 3]).float();
		const wanted = F.crossEntropy(x, target, weight, -100, "sum", 0.1).item();
		expect(
			F.crossEntropy(x, target, {
				weight,
				reduction: "sum",
				labelSmoothing: 0.1,
			}).item(),
		).toBe(wanted);
		expect(F.softmax(x, { dim: 1 }).tolist()).toEqual(F.softmax(x, 1).tolist());
	});

	test.each<[string, () => unknown, string | RegExp]>([
		[
			"an unknown name",
			() => F.softmax(x, { axis: 1 } as never),
			"softmax: axis: unknown option; known are dim, dtype",
		],
		[
			"too many",
			() => (F.softmax as (...args: unknown[]) => unknown)(x, 1, "float32", 3),
			"softmax: expected at most 2 optional arguments (dim, dtype), got 3",
		],
		[
			"a reduction",
			() => F.mseLoss(x, x, "avg" as never),
			'mseLoss: reduction: expected one of "none", "mean", "sum", got string "avg"',
		],
		[
			"a probability",
			() => F.dropout(x, 1.5),
			"dropout: p: expected a number from 0 to 1, got 1.5",
		],
		[
			"an eps",
			() => F.batchNorm(x, null, null, { training: true, eps: 0 }),
			"batchNorm: eps: expected a number above 0 in training, got 0",
		],
		[
			"one value per channel",
			() => F.batchNorm(x.narrow(0, 0, 1), null, null, { training: true }),
			"batchNorm: input: expected more than 1 value per channel when training, got shape [1, 3]",
		],
		[
			"a padding index",
			() => F.embedding(torch.tensor([0]), x, { paddingIdx: 2 }),
			"embedding: paddingIdx: expected an integer within numEmbeddings (-2 to 1), got 2",
		],
		[
			"a target's shape",
			() => F.binaryCrossEntropyWithLogits(x, x.t()),
			"binaryCrossEntropyWithLogits: target: expected the input's shape [2, 3], got [3, 2]",
		],
		[
			"a factor per class",
			() => F.nllLoss(x, torch.tensor([0, 1]), "a" as never),
			"nllLoss: weight: expected Tensor",
		],
		[
			"a target that LibTorch refuses",
			() => F.crossEntropy(x, torch.tensor([0, 1, 2])),
			/^crossEntropy: Expected input batch_size \(2\)/,
		],
		["an image", () => F.unfold(x, 2), /^unfold: /],
		["a grid", () => F.gridSample(x, x), /^gridSample: /],
		[
			"a mode for as many dimensions",
			() => F.interpolate(x.reshape([1, 2, 3]), { size: 4, mode: "bilinear" }),
			'interpolate: mode: "bilinear" is not for an input of 3 dimensions',
		],
		[
			"neither a size nor a scale",
			() => F.interpolate(x.reshape([1, 2, 3])),
			"interpolate: size: expected either a size or a scaleFactor",
		],
		[
			"a power",
			() => F.multiMarginLoss(x, torch.tensor([0, 1]), 3),
			"multiMarginLoss: p: expected 1 or 2, got 3",
		],
		[
			"a margin",
			() => F.tripletMarginLoss(x, x, x, 0),
			"tripletMarginLoss: margin: expected a number above 0, got 0",
		],
		[
			"a variance",
			() => F.gaussianNllLoss(x, x, x.sub(10)),
			"gaussianNllLoss: var: expected no negative variances",
		],
		[
			"a size to unpool to",
			() => F.maxUnpool1d(x, x.long(), 2, { outputSize: [9] }),
			"maxUnpool1d: outputSize: expected 1 or 3 sizes, the last ones within a stride of [6], got [9]",
		],
		[
			"offsets that are missing",
			() => F.embeddingBag(torch.tensor([0]), x),
			"embeddingBag: offsets: expected a tensor with 1 dimension, got null",
		],
		[
			"a width of attention",
			() =>
				F.multiHeadAttentionForward(
					...([x, x, x, 4, 2, x, null, null, null, false, 0, x, null] as const),
				),
			"multiHeadAttentionForward: query: expected 4 features, got 3",
		],
	])("%s that is wrong is named", (_what, call, message) => {
		expect(call).toThrow(message);
	});
});

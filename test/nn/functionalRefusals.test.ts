import * as torch from "../../lib/index.ts";

const F: Record<string, unknown> = torch.nn.functional;
const x = torch.rand([2, 3, 4]);
const y = torch.rand([2, 3, 4]);
const matrix = torch.rand([2, 3]);
const classes = torch.tensor([0, 2]);
const image = torch.rand([1, 3, 8, 8]);
const volume = torch.rand([1, 3, 4, 4, 4]);
const signs = torch.tensor([1, -1]);
const [pooled, places] = torch.nn.functional.maxPool2d(image, 2, {
	returnIndices: true,
});
const line = torch.rand([1, 2, 4]);
const lineIndices = torch.tensor([
	[
		[0, 2, 4, 6],
		[1, 3, 5, 7],
	],
]);
const experts = torch.rand([2, 16, 16]);
const eight = torch.rand([16, 16]).to("float8_e4m3fn");
const one = torch.ones([16, 1]);
const [deep, deepPlaces] = torch.nn.functional.maxPool3d(volume, 2, {
	returnIndices: true,
});

/** What comes before the optional arguments of each function, by the names of the tensors among it. */
type Call = [name: string, tensors: string[], ...given: unknown[]];

const plain = [
	..."celu celu_ dropout elu elu_ gelu hardshrink hardsigmoid hardswish hardtanh hardtanh_ leakyRelu leakyRelu_".split(
		" ",
	),
	..."logSoftmax logsigmoid mish normalize relu relu6 relu_ rrelu rrelu_ selu selu_ sigmoid silu softmax softmin softplus".split(
		" ",
	),
	..."softshrink softsign tanh tanhshrink alphaDropout featureAlphaDropout dropout1d instanceNorm".split(
		" ",
	),
];

const calls: Call[] = [
	...plain.map((name): Call => [name, ["input"], x.clone()]),
	["glu", ["input"], image.unsqueeze(-1).expand(1, 3, 8, 8, 2)],
	["gumbelSoftmax", ["logits"], x],
	["threshold", ["input"], x, 0.5, 0],
	["threshold_", ["input"], x.clone(), 0.5, 0],
	["prelu", ["input", "weight"], x, torch.rand([1])],
	["adaptiveAvgPool1d", ["input"], x, 2],
	["adaptiveAvgPool2d", ["input"], image, [2, null]],
	["adaptiveAvgPool3d", ["input"], volume, [2, null, null]],
	["adaptiveMaxPool1d", ["input"], x, 2],
	["adaptiveMaxPool2d", ["input"], image, [2, null]],
	["adaptiveMaxPool3d", ["input"], volume, [2, null, null]],
	["adaptiveMaxPool1dWithIndices", ["input"], x, 2],
	["adaptiveMaxPool2dWithIndices", ["input"], image, [2, null]],
	["adaptiveMaxPool3dWithIndices", ["input"], volume, [2, null, null]],
	["avgPool1d", ["input"], x, 2],
	["avgPool2d", ["input"], image, 2],
	["avgPool3d", ["input"], volume, 2],
	["maxPool1d", ["input"], x, 2],
	["maxPool2d", ["input"], image, 2],
	["maxPool3d", ["input"], volume, 2],
	["maxPool1dWithIndices", ["input"], x, 2],
	["maxPool2dWithIndices", ["input"], image, 2],
	["maxPool3dWithIndices", ["input"], volume, 2],
	["lpPool1d", ["input"], x, 2, 2],
	["lpPool2d", ["input"], image, 2, 2],
	["lpPool3d", ["input"], volume, 2, 2],
	["maxUnpool1d", ["input", "indices"], line, lineIndices, 2],
	["maxUnpool2d", ["input", "indices"], pooled, places, 2],
	["maxUnpool3d", ["input", "indices"], deep, deepPlaces, 2],
	["fractionalMaxPool2d", ["input"], image, 2, { outputSize: 2 }],
	["fractionalMaxPool3d", ["input"], volume, 2, { outputSize: 2 }],
	["fractionalMaxPool2dWithIndices", ["input"], image, 2, { outputSize: 2 }],
	["fractionalMaxPool3dWithIndices", ["input"], volume, 2, { outputSize: 2 }],
	["dropout2d", ["input"], image],
	["dropout3d", ["input"], volume],
	["batchNorm", ["input"], x, null, null, { training: true }],
	["layerNorm", ["input"], x, [4]],
	["rmsNorm", ["input"], x, [4]],
	["groupNorm", ["input"], x, 3],
	["localResponseNorm", ["input"], x, 2],
	["linear", ["input", "weight"], matrix, torch.rand([4, 3])],
	[
		"bilinear",
		["input1", "input2", "weight"],
		matrix,
		matrix,
		torch.rand([4, 3, 3]),
	],
	["conv1d", ["input", "weight"], x, torch.rand([2, 3, 2])],
	["conv2d", ["input", "weight"], image, torch.rand([2, 3, 2, 2])],
	["conv3d", ["input", "weight"], volume, torch.rand([2, 3, 2, 2, 2])],
	[
		"convTbc",
		["input", "weight", "bias"],
		x,
		torch.rand([2, 4, 2]),
		torch.rand([2]),
	],
	["convTranspose1d", ["input", "weight"], x, torch.rand([3, 2, 2])],
	["convTranspose2d", ["input", "weight"], image, torch.rand([3, 2, 2, 2])],
	["convTranspose3d", ["input", "weight"], volume, torch.rand([3, 2, 2, 2, 2])],
	["cosineSimilarity", ["x1", "x2"], matrix, matrix],
	["pairwiseDistance", ["x1", "x2"], matrix, matrix],
	["pdist", ["input"], matrix],
	["scaledDotProductAttention", ["query", "key", "value"], x, x, x],
	["channelShuffle", ["input"], torch.rand([1, 4, 2, 2]), 2],
	["nativeChannelShuffle", ["input"], torch.rand([1, 4, 2, 2]), 2],
	["pad", ["input"], x, [1, 1]],
	["pixelShuffle", ["input"], torch.rand([1, 4, 2, 2]), 2],
	["pixelUnshuffle", ["input"], image, 2],
	["unfold", ["input"], image, 2],
	["fold", ["input"], torch.rand([1, 12, 4]), 4, 2, { stride: 2 }],
	["interpolate", ["input"], image, { scaleFactor: 2 }],
	["upsample", ["input"], image, { scaleFactor: 2 }],
	["upsampleBilinear", ["input"], image, { scaleFactor: 2 }],
	["upsampleNearest", ["input"], image, { scaleFactor: 2 }],
	["affineGrid", ["theta"], torch.rand([1, 2, 3]), [1, 1, 2, 2]],
	["gridSample", ["input", "grid"], image, torch.rand([1, 2, 2, 2])],
	["embedding", ["input", "weight"], classes, matrix.t().contiguous()],
	[
		"embeddingBag",
		["input", "weight"],
		classes.unsqueeze(0),
		matrix.t().contiguous(),
	],
	["oneHot", ["input"], classes],
	["nllLoss", ["input", "target"], matrix, classes],
	["crossEntropy", ["input", "target"], matrix, classes],
	[
		"linearCrossEntropy",
		["input", "linearWeight", "target"],
		matrix,
		torch.rand([4, 3]),
		classes,
	],
	["binaryCrossEntropy", ["input", "target"], x, y],
	["binaryCrossEntropyWithLogits", ["input", "target"], x, y],
	["multilabelSoftMarginLoss", ["input", "target"], x, y],
	[
		"multilabelMarginLoss",
		["input", "target"],
		matrix,
		torch.tensor([
			[0, -1, 0],
			[2, 1, -1],
		]),
	],
	["multiMarginLoss", ["input", "target"], matrix, classes],
	["softMarginLoss", ["input", "target"], x, y],
	["hingeEmbeddingLoss", ["input", "target"], x, y],
	[
		"cosineEmbeddingLoss",
		["input1", "input2", "target"],
		matrix,
		matrix,
		signs,
	],
	[
		"marginRankingLoss",
		["input1", "input2", "target"],
		classes,
		classes,
		signs,
	],
	[
		"tripletMarginLoss",
		["anchor", "positive", "negative"],
		matrix,
		matrix,
		matrix,
	],
	[
		"tripletMarginWithDistanceLoss",
		["anchor", "positive", "negative"],
		matrix,
		matrix,
		matrix,
	],
	[
		"ctcLoss",
		["logProbs", "targets"],
		torch.rand([5, 1, 4]).logSoftmax(2),
		torch.tensor([[1, 2]]),
		[5],
		[2],
	],
	["groupedMm", ["matA", "matB"], experts, experts.mT],
	[
		"scaledMm",
		["matA", "matB"],
		eight,
		eight.t(),
		one,
		"RowWise",
		one.t(),
		"RowWise",
	],
	["gaussianNllLoss", ["input", "target"], x, y, y],
	["huberLoss", ["input", "target"], x, y],
	["klDiv", ["input", "target"], x, y],
	["l1Loss", ["input", "target"], x, y],
	["mseLoss", ["input", "target"], x, y],
	["poissonNllLoss", ["input", "target"], x, y],
	["smoothL1Loss", ["input", "target"], x, y],
	[
		"multiHeadAttentionForward",
		["query", "key", "value"],
		x,
		x,
		x,
		4,
		2,
		...[
			torch.rand([12, 4]),
			null,
			null,
			null,
			false,
			0,
			torch.rand([4, 4]),
			null,
		],
	],
];

test("there is a call of every function", () => {
	const onGpuOnly = "scaledGroupedMm";
	expect([...calls.map(([name]) => name), onGpuOnly].sort()).toEqual(
		Object.keys(F).sort(),
	);
});

test.each(calls)(
	"%s names the tensor that is none",
	(name, tensors, ...given) => {
		const call = F[name] as (...args: unknown[]) => unknown;
		call(...given); // as it stands it is fine
		const places = given.flatMap((v, i) =>
			v instanceof torch.Tensor ? [i] : [],
		);
		for (const [k, argument] of tensors.entries()) {
			const wrong = given.slice();
			wrong[places[k] as number] = 3;
			expect(() => call(...wrong)).toThrow(
				expect.objectContaining({
					name: "TorchError",
					op: name,
					argument,
					message: expect.stringMatching(
						/expected Tensor( or \w+(\[\])?)*, got number 3$/,
					),
				}),
			);
		}
	},
);

test.each([
	[
		"scaledMm",
		"Rowwise",
		'scaledMm: scaleRecipeA: expected one of "TensorWise", "RowWise"',
	],
	["scaledGroupedMm", "RowWise", "scaledGroupedMm: Could not run"],
])("%s: %s", (name, recipe, message) => {
	const call = F[name] as (...args: unknown[]) => unknown;
	const factors = [one, recipe, one.t(), "RowWise"];
	expect(() => call(eight, eight.t(), ...factors)).toThrow(message);
});

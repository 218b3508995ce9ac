import * as torch from "../../lib/index.ts";
import { stateName } from "../../lib/nn/names.ts";

const { nn } = torch;

test.each<[string, () => unknown, string]>([
	[
		"Linear",
		() => new nn.Linear("4" as never, 3),
		'Linear: inFeatures: expected integer, got string "4"',
	],
	[
		"Linear",
		() => new nn.Linear(4, -1),
		"Linear: outFeatures: expected a number at least 0, got -1",
	],
	[
		"Linear",
		() => new nn.Linear(4, 3, { Bias: false } as never),
		"Linear: Bias: unknown option; known are bias, device, dtype",
	],
	[
		"Linear",
		() => new nn.Linear(4, 3, false as never),
		"Linear: options: expected object, got boolean false",
	],
	[
		"Linear",
		() => new nn.Linear(4, 3, { bias: 0 as never }),
		"Linear: bias: expected boolean, got number 0",
	],
	[
		"Conv2d",
		() => new nn.Conv2d(3, 4, 3, { stride: "x" as never }),
		'Conv2d: stride: expected number or [number, number], got string "x"',
	],
	[
		"Conv2d",
		() => new nn.Conv2d(3, 4, [3, 3, 3] as never),
		"Conv2d: kernelSize: expected number or [number, number], got [3, 3, 3]",
	],
	[
		"Conv2d",
		() => new nn.Conv2d(3, 4, 3, { padding: [1, -1] }),
		"Conv2d: padding[1]: expected a number at least 0, got -1",
	],
	[
		"Conv2d",
		() => new nn.Conv2d(3, 4, 3, { groups: 2 }),
		"Conv2d: inChannels: expected a multiple of groups (2), got 3",
	],
	[
		"ConvTranspose2d",
		() => new nn.ConvTranspose2d(1, 1, 3, { nonsense: 1 } as never),
		"ConvTranspose2d: nonsense: unknown option; known are stride, padding, dilation, groups, bias, paddingMode, outputPadding, device, dtype",
	],
	[
		"RNNCell",
		() => new nn.RNNCell(1, 1, { nonsense: 1 } as never),
		"RNNCell: nonsense: unknown option; known are nonlinearity, bias, device, dtype",
	],
	[
		"RNNCell",
		() => new nn.RNNCell(1, 1, { nonlinearity: "gelu" as never }),
		'RNNCell: nonlinearity: expected one of "tanh", "relu", got string "gelu"',
	],
	[
		"RMSNorm",
		() => new nn.RMSNorm(3, { elementwiseAffine: false, dtype: 1 as never }),
		"RMSNorm: dtype: expected string, got number 1",
	],
	[
		"LPPool2d",
		() => new nn.LPPool2d(2, 3, { stride: Number.NaN }),
		"LPPool2d: stride: expected integer, got number NaN",
	],
	[
		"LPPool2d",
		() => new nn.LPPool2d(2, 3, { stride: 0 }),
		"LPPool2d: stride: expected a number at least 1, got 0",
	],
	[
		"FractionalMaxPool2d",
		() => new nn.FractionalMaxPool2d(2, { outputRatio: Number.NaN }),
		"FractionalMaxPool2d: outputRatio: expected number, or 2 numbers, between 0 and 1, got number NaN",
	],
	[
		"FractionalMaxPool2d",
		() => new nn.FractionalMaxPool2d(2, { outputSize: 0 }),
		"FractionalMaxPool2d: outputSize: expected a number at least 1, got 0",
	],
	[
		"AdaptiveLogSoftmaxWithLoss",
		() => new nn.AdaptiveLogSoftmaxWithLoss(8, 20, [5], { divValue: -1 }),
		"AdaptiveLogSoftmaxWithLoss: divValue: expected a number above 0, got -1",
	],
	[
		"Conv1d",
		() => new nn.Conv1d(4, 3, 3, { groups: 2 }),
		"Conv1d: outChannels: expected a multiple of groups (2), got 3",
	],
	[
		"Conv3d",
		() => new nn.Conv3d(1, 1, 3, { padding: "same", stride: 2 }),
		'Conv3d: padding: "same" is not supported for strided convolutions',
	],
	[
		"Conv2d",
		() => new nn.Conv2d(1, 1, 3, { padding: "full" as never }),
		'Conv2d: padding: expected one of "same", "valid", got string "full"',
	],
	[
		"Conv2d",
		() => new nn.Conv2d(1, 1, 3, { paddingMode: "wrap" as never }),
		'Conv2d: paddingMode: expected one of "zeros", "reflect"',
	],
	[
		"MaxPool2d",
		() => new nn.MaxPool2d(0),
		"MaxPool2d: kernelSize: expected a number at least 1, got 0",
	],
	[
		"AvgPool2d",
		() => new nn.AvgPool2d(2, { divisor: 3 } as never),
		"AvgPool2d: divisor: unknown option; known are stride, padding, ceilMode",
	],
	[
		"AdaptiveAvgPool2d",
		() => new nn.AdaptiveAvgPool2d([1] as never),
		"AdaptiveAvgPool2d: outputSize: expected number or [number, number], got [1]",
	],
	[
		"BatchNorm2d",
		() => new nn.BatchNorm2d(3, { momentum: "0.1" as never }),
		'BatchNorm2d: momentum: expected number, got string "0.1"',
	],
	[
		"BatchNorm2d",
		() => new nn.BatchNorm2d(3)(torch.ones([2, 3])),
		"BatchNorm2d: input: expected 4 dimensions, got 2",
	],
	[
		"BatchNorm1d",
		() => new nn.BatchNorm1d(3)(torch.ones([2, 3, 4, 5])),
		"BatchNorm1d: input: expected 2 or 3 dimensions, got 4",
	],
	[
		"BatchNorm1d",
		() => new nn.BatchNorm1d(3)(torch.ones([1, 3])),
		"batchNorm: input: expected more than 1 value per channel when training",
	],
	[
		"LayerNorm",
		() => new nn.LayerNorm([4, 1.5]),
		"LayerNorm: normalizedShape[1]: expected integer, got number 1.5",
	],
	[
		"Dropout",
		() => new nn.Dropout(1.5),
		"Dropout: p: expected a number from 0 to 1, got 1.5",
	],
	[
		"Dropout2d",
		() => new nn.Dropout2d({ P: 0.5 } as never),
		"Dropout2d: P: unknown option; known are p, inplace",
	],
	[
		"ReLU",
		() => new nn.ReLU(true as never),
		"ReLU: options: expected object, got boolean true",
	],
	[
		"GELU",
		() => new nn.GELU({ approximate: "erf" as never }),
		'GELU: approximate: expected one of "none", "tanh", got string "erf"',
	],
	[
		"Softmax",
		() => new nn.Softmax("1" as never),
		'Softmax: dim: expected integer, got string "1"',
	],
	[
		"Flatten",
		() => new nn.Flatten({ startDim: 0.5 }),
		"Flatten: startDim: expected integer, got number 0.5",
	],
	[
		"Unflatten",
		() => new nn.Unflatten(1, [2, -2]),
		"Unflatten: unflattenedSize[1]: expected a number at least -1, got -2",
	],
	[
		"Embedding",
		() => new nn.Embedding(4, 3, { paddingIdx: 4 }),
		"Embedding: paddingIdx: expected an integer within numEmbeddings (-4 to 3), got 4",
	],
	[
		"Embedding",
		() => new nn.Embedding(4, 3, { weight: torch.ones([3, 4]) }),
		"Embedding: weight: expected shape [4, 3], got [3, 4]",
	],
	[
		"Embedding",
		() => nn.Embedding.fromPretrained(torch.ones([3])),
		"fromPretrained: embeddings: expected 2 dimensions, got 1",
	],
	[
		"MSELoss",
		() => new nn.MSELoss({ reduction: "avg" as never }),
		'MSELoss: reduction: expected one of "none", "mean", "sum", got string "avg"',
	],
	[
		"NLLLoss",
		() => new nn.NLLLoss({ weight: [1] as never }),
		"NLLLoss: weight: expected Tensor, got [1]",
	],
	[
		"CrossEntropyLoss",
		() => new nn.CrossEntropyLoss({ labelSmoothing: 2 }),
		"CrossEntropyLoss: labelSmoothing: expected a number from 0 to 1, got 2",
	],
	[
		"BCEWithLogitsLoss",
		() => new nn.BCEWithLogitsLoss({ pos_weight: null } as never),
		"BCEWithLogitsLoss: pos_weight: unknown option; known are",
	],
])("%s names a wrong argument", (_module, make, message) => {
	expect(make).toThrow(message);
	expect(make).toThrow(torch.TorchError);
});

test("Embedding.fromPretrained shares and freezes the weight", () => {
	const table = torch.randn([4, 3]);
	const embedding = nn.Embedding.fromPretrained(table, { paddingIdx: 1 });
	expect(embedding.weight.dataPtr()).toBe(table.dataPtr());
	expect([
		embedding.weight.requiresGrad,
		embedding.paddingIdx,
		embedding.numEmbeddings,
	]).toEqual([false, 1, 4]);
	expect(embedding(torch.tensor([2])).tolist()).toEqual(
		[table.tolist()].map((rows) => (rows as number[][])[2]),
	);
	expect(
		nn.Embedding.fromPretrained(table, { freeze: false }).weight.requiresGrad,
	).toBe(true);
});

test("a warning says that a loss broadcasts", () => {
	const warn = jest.spyOn(process, "emitWarning").mockImplementation(() => {});
	new nn.MSELoss()(torch.ones([2, 1]), torch.ones([2]));
	expect(warn).toHaveBeenCalledWith(
		expect.stringContaining(
			"the target's shape [2] differs from the input's [2, 1]",
		),
	);
	warn.mockRestore();
});

test.each([
	["weight", "weight"],
	["runningMean", "running_mean"],
	["numBatchesTracked", "num_batches_tracked"],
	["inProjWeight", "in_proj_weight"],
	["biasK", "bias_k"],
	["conv1", "conv1"],
	["layer1Norm2", "layer1_norm2"],
	["weightIhL0", "weight_ih_l0"],
	["weightHhL10Reverse", "weight_hh_l10_reverse"],
	["hidden_layer", "hidden_layer"],
	["Mixed_5b", "Mixed_5b"],
	["AuxLogits", "AuxLogits"],
	["branch5x5_1", "branch5x5_1"],
	["0", "0"],
])("the field %s is %s in a state dict", (field, name) => {
	expect(stateName(field)).toBe(name);
});

/** Bad input to vision.ops: an error that names the function and the argument. */
import * as torch from "../../../lib/index.ts";

const { ops } = torch.vision;
const boxes = torch.zeros([3, 4]);
const map = torch.zeros([1, 4, 5, 5]);

const cases: [call: () => unknown, message: string][] = [
	[
		() => ops.nms(torch.zeros([3]), torch.zeros([3]), 0.5),
		"nms: boxes: expected boxes [..., 4], got [3]",
	],
	[
		() => ops.nms(boxes, torch.zeros([2]), 0.5),
		"nms: scores: expected [3], a score for each box, got [2]",
	],
	[
		() => ops.nms(boxes.to("int64"), torch.zeros([3]), 0.5),
		"nms: boxes: expected floating point boxes [N, 4], got int64 [3, 4]",
	],
	[
		() => ops.nms(boxes, torch.zeros([3]), Number.NaN),
		"nms: iouThreshold: expected number, got number NaN",
	],
	[
		() => ops.batchedNms(boxes, torch.zeros([3]), torch.zeros([1]), 0.5),
		"batchedNms: idxs: expected the scores' shape [3], got [1]",
	],
	[
		() => ops.boxIou(boxes, torch.zeros([3, 5])),
		"boxIou: boxes2: expected boxes [..., 4], got [3, 5]",
	],
	[
		() => ops.boxIou(boxes, torch.zeros([4])),
		"boxIou: boxes2: expected boxes [..., N, 4], got [4]",
	],
	[
		() => ops.boxConvert(boxes, "xyxy", "yx" as never),
		'boxConvert: outFmt: expected one of "xyxy", "xywh", "cxcywh", got string "yx"',
	],
	[
		() => ops.masksToBoxes(boxes),
		"masksToBoxes: masks: expected masks [N, H, W], got [3, 4]",
	],
	[
		() => ops.roiAlign(map, boxes, 2),
		"roiAlign: boxes: expected [K, 5], got [3, 4]",
	],
	[
		() => ops.roiAlign(map, [boxes, torch.zeros([2, 5])], 2),
		"roiAlign: boxes[1]: expected [L, 4], got [2, 5]",
	],
	[
		() => ops.roiAlign(map, torch.tensor([[1, 0, 0, 1, 1.5]]), 2),
		"roiAlign: boxes: region 0 is of image 1, and there are 1",
	],
	[
		() => ops.roiPool(map, torch.tensor([[0, 0, Number.NaN, 1, 1]]), 2),
		"roiPool: boxes: region 0 has the coordinate NaN",
	],
	[
		() => ops.roiAlign(map[0 as never] ?? boxes, boxes, 2),
		"roiAlign: input: expected [N, C, H, W], got [3, 4]",
	],
	[
		() => ops.psRoiAlign(map, torch.zeros([0, 5]), 3),
		"psRoiAlign: input: expected a multiple of 3 · 3 channels, got 4",
	],
	[
		() => ops.roiAlign(map, torch.zeros([0, 5]), 0),
		"roiAlign: outputSize: expected a number at least 1, got 0",
	],
	[
		() =>
			ops.deformConv2d(
				map,
				torch.zeros([1, 17, 3, 3]),
				torch.zeros([2, 4, 3, 3]),
			),
		"deformConv2d: offset: expected 2 · groups · 3 · 3 channels, with groups that divide 4, got 17",
	],
	[
		() =>
			ops.deformConv2d(
				map,
				torch.zeros([1, 18, 5, 5]),
				torch.zeros([2, 4, 3, 3]),
			),
		"deformConv2d: offset: expected [1, 18, 3, 3], got [1, 18, 5, 5]",
	],
	[
		() => ops.sigmoidFocalLoss(boxes, boxes, { alpha: 2 }),
		"sigmoidFocalLoss: alpha: expected a number from 0 to 1, got 2",
	],
	[
		() =>
			ops.generalizedBoxIouLoss(boxes, boxes, { reduction: "max" as never }),
		'generalizedBoxIouLoss: reduction: expected one of "none", "mean", "sum", got string "max"',
	],
	[
		() => ops.dropBlock2d(map, 0.5, 4),
		"dropBlock2d: blockSize: expected an odd number, got 4",
	],
	[
		() => ops.stochasticDepth(map, 1.5, "row"),
		"stochasticDepth: p: expected a number from 0 to 1, got 1.5",
	],
	[
		() => new ops.MLP(3, []),
		"MLP: hiddenChannels: expected one or more widths, got none",
	],
	[
		() => new ops.Conv2dNormActivation(3, 4, { norm: null } as never),
		"Conv2dNormActivation: norm: unknown option; known are kernelSize, stride, padding, groups, normLayer, activationLayer, dilation, inplace, bias",
	],
	[
		() => new ops.FeaturePyramidNetwork([3, 4], 2)({ a: map }),
		"FeaturePyramidNetwork: x: expected 2 maps, got 1",
	],
	[
		() => new ops.DeformConv2d(3, 4, 3, { groups: 2 }),
		"DeformConv2d: inChannels: expected a multiple of groups (2), got 3",
	],
];

test.each(cases.map(([call, message]) => ({ message, call })))(
	"$message",
	({ call, message }) => {
		expect(call).toThrow(
			expect.objectContaining({ name: "TorchError", message }),
		);
	},
);

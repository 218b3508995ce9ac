/** What the compiler accepts and refuses of lists with one number for each dimension. Checked by `tsc -p test`; never run. */
import * as torch from "../../lib/index.ts";

const { nn } = torch;
const F = nn.functional;
declare const x: torch.Tensor;
declare const w: torch.Tensor;
declare const many: number[];
declare const pair: [number, number];
declare const fixed: readonly [number, number];

// ---- convolutions: a number, one for each dimension, or a list of one

torch.conv2d(x, w, null, 2, [1, 2], [1]);
torch.conv2d(x, w, null, pair, fixed);
torch.conv2d(x, w, { stride: [2, 1], padding: "same" });
torch.conv1d(x, w, null, [2]);
torch.conv3d(x, w, null, [1, 2, 3], [1n, 2, 3n]);
// @ts-expect-error: three for two dimensions
torch.conv2d(x, w, null, [1, 2, 3]);
// @ts-expect-error: three for two dimensions, by name
torch.conv2d(x, w, { padding: [1, 2, 3] });
// @ts-expect-error: none
torch.conv2d(x, w, null, []);
// @ts-expect-error: two for one dimension
torch.conv1d(x, w, null, [1, 2]);
// @ts-expect-error: two for three dimensions
torch.conv3d(x, w, null, [1, 2]);
// @ts-expect-error: two for three dimensions
torch.convTranspose3d(x, w, null, 1, 0, [1, 2]);
// @ts-expect-error: of any length
torch.conv2d(x, w, null, many);
// @ts-expect-error: nn.functional has the same
F.conv2d(x, w, null, [1, 2, 3]);
torch.convolution(x, w, null, many, many, many, false, many, 1);

// ---- pools: the stride may be empty, which is the window's size

torch.maxPool2d(x, [2, 2], [], [1]);
torch.maxPool3d(x, 2, [2, 2, 2]);
x.adaptiveAvgPool2d([3, 3]);
F.avgPool2d(x, [2, 3], { stride: [1, 2] });
F.adaptiveAvgPool2d(x, [null, 3]);
// @ts-expect-error: an empty window
torch.maxPool2d(x, []);
// @ts-expect-error: three for two dimensions
torch.maxPool2d(x, 2, [1, 1, 1]);
// @ts-expect-error: one for three dimensions is a number
x.adaptiveAvgPool3d([3]);
// @ts-expect-error: two for three dimensions
torch.maxUnpool3d(x, x, [4, 4], 2, 0);
// @ts-expect-error: three for two dimensions
F.avgPool2d(x, [2, 2, 2]);
// @ts-expect-error: three for two dimensions
F.adaptiveMaxPool2d(x, [2, 2, 2]);
// @ts-expect-error: one for two dimensions is a number
F.lpPool2d(x, 2, [2]);
// @ts-expect-error: two for three dimensions
F.fractionalMaxPool3d(x, [2, 2], { outputSize: 3 });
// @ts-expect-error: two for one dimension
F.maxUnpool1d(x, x, [2, 2]);
F.maxUnpool2d(x, x, 2, { outputSize: x.shape });

// ---- sizes, blocks, windows, sides

torch.upsampleBilinear2d(x, [8, 8], true);
torch.upsampleBilinear2d(x, null, true, many);
x.reflectionPad2d([1, 1, 2, 2]);
x.reflectionPad1d(1);
x.toSparseBsr([2, 2]);
F.pad(x, [1, 1, 2, 2, 0, 0]);
F.interpolate(x, { size: x.shape.slice(-2), mode: "bilinear" });
F.unfold(x, [2, 2], { stride: [1, 2] });
// @ts-expect-error: two sides of four
x.reflectionPad2d([1, 1]);
// @ts-expect-error: three sides of two
x.replicationPad1d([1, 1, 1]);
// @ts-expect-error: three sizes for a matrix
x.toSparseBsr([2, 2, 2]);
// @ts-expect-error: three for two dimensions
torch.im2col(x, [2, 2, 2], 1, 0, 1);
// @ts-expect-error: one for two dimensions is a number
F.fold(x, [4], 2);
// @ts-expect-error: three for two dimensions
F.unfold(x, 2, { padding: [1, 1, 1] });
// @ts-expect-error: a norm over two dimensions
torch.nuclearNorm(x, [0, 1, 2]);

torch.rot90(x, 1, [0, 1]);
torch.linalg.matrixNorm(x, "fro", { dim: [0, 1] });
// @ts-expect-error: a plane has two dimensions
torch.rot90(x, 1, [0, 1, 2]);
// @ts-expect-error: a matrix has two dimensions
torch.linalg.matrixNorm(x, "fro", [0]);

// ---- dimensions are any

x.sum([0, 1, 2]);
torch.roll(x, many, many);
torch.fft.fftn(x, many);

// ---- modules

new nn.MaxPool3d([2, 2, 2], { stride: [1, 2, 1] });
new nn.Upsample({ size: x.shape.slice(2) });
// @ts-expect-error: two for three dimensions
new nn.MaxPool3d([2, 2]);
// @ts-expect-error: three for two dimensions
new nn.AvgPool2d(2, { stride: [1, 1, 1] });
// @ts-expect-error: three for two dimensions
new nn.AdaptiveAvgPool2d([1, 1, 1]);
// @ts-expect-error: two for three dimensions
new nn.ConvTranspose3d(1, 1, 2, { outputPadding: [1, 1] });
// @ts-expect-error: two sides of four
new nn.ReflectionPad2d([1, 1]);
// @ts-expect-error: three for two dimensions
new nn.Unfold([1, 1, 1]);
// @ts-expect-error: three for two dimensions
new nn.MaxUnpool2d([2, 2, 2]);
// @ts-expect-error: three for an image
new nn.UpsamplingNearest2d({ size: [2, 2, 2] });

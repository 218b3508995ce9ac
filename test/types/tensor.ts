/** What the compiler accepts and refuses of tensors, operators and autograd. Checked by `tsc -p test`; never run. */
import * as torch from "../../lib/index.ts";

type Tensor = torch.Tensor;
type Equal<A, B> =
	(<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
		? true
		: false;
const holds = <_T extends true>(): void => {};

declare const x: Tensor;
declare const y: Tensor;

// ---- creation

torch.tensor(1);
torch.tensor(
	[
		[1, 2n],
		[true, { re: 1, im: 2 }],
	],
	{ dtype: "complex64", device: "cpu", requiresGrad: true },
);
torch.tensor(new Float32Array(2));
torch.tensor([new Float32Array(2), [1, 2]] as never);
torch.tensor(x);
// @ts-expect-error: a string is no number
torch.tensor("1");
// @ts-expect-error: nor is one within
torch.tensor([1, "2"]);
// @ts-expect-error: nothing to make it of
torch.tensor();
// @ts-expect-error: null is no number
torch.tensor([null]);
// @ts-expect-error: PyTorch's float is float32 here
torch.tensor([1], { dtype: "float" });
// @ts-expect-error: the names are in camelCase
torch.tensor([1], { requires_grad: true });
// @ts-expect-error: an option, not a position
torch.tensor([1], "float32");

torch.zeros(2, 3);
torch.zeros([2, 3], {
	dtype: "bfloat16",
	device: "cuda:1",
	requiresGrad: true,
});
torch.zeros(2, 3, { dtype: "int64" });
torch.full([2], true);
torch.arange(1, 5, 0.5, { dtype: "float64" });
torch.randint(2, 9, [3], { generator: new torch.Generator() });
torch.zerosLike(x, { memoryFormat: "channels_last" });
// @ts-expect-error: a size is a number
torch.zeros("2");
// @ts-expect-error: no such dtype
torch.zeros([2], { dtype: "float128" });
// @ts-expect-error: not an option of zeros
torch.zeros([2], { generator: new torch.Generator() });
// @ts-expect-error: no such device
torch.zeros([2], { device: "gpu" });
// @ts-expect-error: the value is missing
torch.full([2]);
// @ts-expect-error: the size is a list
torch.full(2, 1);
// @ts-expect-error: the size is missing
torch.randint(5);
// @ts-expect-error: a number is no generator
torch.rand([2], { generator: 5 });
// @ts-expect-error: no such memory format
torch.zerosLike(x, { memoryFormat: "nhwc" });
// @ts-expect-error: a tensor to be like is needed
torch.zerosLike([2, 3]);

torch.fromBlob(new Float32Array(6), [2, 3]);
torch.fromBlob(Buffer.alloc(2), [2], { dtype: "bool" });
// @ts-expect-error: an array has no memory to share
torch.fromBlob([1, 2]);
// @ts-expect-error: the shape is a list
torch.fromBlob(new Float32Array(6), 6);
// @ts-expect-error: memory is where it is
torch.fromBlob(new Float32Array(6), [6], { device: "cpu" });

// ---- properties and data

holds<Equal<typeof x.shape, number[]>>();
holds<Equal<typeof x.dtype, torch.DType>>();
holds<Equal<typeof x.grad, Tensor | null>>();
const size = x.size();
const rows = x.size(0);
holds<Equal<typeof size, number[]>>();
holds<Equal<typeof rows, number>>();
const item = x.item();
holds<Equal<typeof item, torch.Element>>();
const list = x.tolist();
holds<Equal<typeof list, torch.Nested<torch.Element>>>();
const array = x.toTypedArray();
holds<Equal<typeof array, torch.TypedArray>>();
for (const row of x) holds<Equal<typeof row, Tensor>>();
// @ts-expect-error: a shape is read only
x.shape = [2];
// @ts-expect-error: a dtype is read only
x.dtype = "int64";
// @ts-expect-error: a dimension is a number
x.size("0");
// @ts-expect-error: a gradient is a tensor
x.grad = 1;
// @ts-expect-error: yes or no
x.requiresGrad = 1;
x.grad = null;
x.requiresGrad = true;

x.to("float16");
x.to("cuda:0", { dtype: "int32", nonBlocking: true });
x.to(y, { copy: true });
x.to({ dtype: "int64", memoryFormat: "contiguous_format" });
// @ts-expect-error: a number is neither dtype nor device
x.to(5);
// @ts-expect-error: not an option of to
x.to({ dtyp: "int64" });

// ---- indexing

x.index(
	0,
	-1n,
	torch.slice(1, null, 2),
	"...",
	null,
	true,
	[0, 1],
	[[true, false]],
	y,
);
x.setIndex([0, torch.slice()], 5)
	.setIndex([], y)
	.setIndex([y.gt(0)], { re: 1, im: 0 });
// @ts-expect-error: slices are made by torch.slice
x.index("1:3");
// @ts-expect-error: undefined is no index
x.index(undefined);
// @ts-expect-error: the indices are a list
x.setIndex(0, 5);
// @ts-expect-error: a list is no value
x.setIndex([0], [1, 2]);
// @ts-expect-error: the value is missing
x.setIndex([0]);
// @ts-expect-error: a step is a number
torch.slice(0, 1, "2");

// ---- operators: overloads, keywords, results

const sum = x.sum();
holds<Equal<typeof sum, Tensor>>();
x.sum(1);
x.sum([0, 1], true, { dtype: "float64" });
x.sum({ dim: 1, keepdim: true });
torch.sum(x, 1, { keepdim: true });
// @ts-expect-error: PyTorch's keepdim has no s
x.sum({ dim: 1, keepdims: true });
// @ts-expect-error: a dimension is a number
x.sum("1");
// @ts-expect-error: keepdim is yes or no
x.sum(1, 1);
// @ts-expect-error: no such dtype
x.sum({ dtype: "int" });

x.add(y);
x.add(1, { alpha: 2 });
x.add(2n).add(true).add({ re: 1, im: 2 });
x.add_(y, { alpha: 0.5 });
holds<Equal<ReturnType<typeof x.add_>, Tensor>>();
// @ts-expect-error: the other is missing
x.add();
// @ts-expect-error: a string is no number
x.add("1");
// @ts-expect-error: an array is no tensor
x.add([1, 2]);
// @ts-expect-error: add has no beta
x.add(y, { beta: 2 });
// @ts-expect-error: not a function of torch
torch.add_(x, y);

const [values, indices] = x.max(1);
holds<Equal<typeof values, Tensor>>();
holds<Equal<typeof indices, Tensor>>();
const pair = x.max(1, { keepdim: true });
holds<Equal<(typeof pair)["length"], 2>>();
const named: [Tensor, Tensor] = [pair.values, pair.indices];
void named;
// @ts-expect-error: its results are values and indices
pair.index;
const spread = torch.varMean(x);
// @ts-expect-error: there are two
spread[2];
const largest = x.max();
holds<Equal<typeof largest, Tensor>>();
const larger = x.max(y);
holds<Equal<typeof larger, Tensor>>();
const [u, s, v] = torch.linalg.svd(x);
holds<Equal<[typeof u, typeof s, typeof v], [Tensor, Tensor, Tensor]>>();
const chunks = x.chunk(2);
holds<Equal<typeof chunks, Tensor[]>>();
const isClose = torch.allclose(x, y, { rtol: 1e-3 });
holds<Equal<typeof isClose, boolean>>();

torch.cat([x, y], 1);
torch.conv2d(x, y, null, 2, "same");
torch.conv2d(x, y, { stride: [1, 2], padding: 1, groups: 2 });
torch.clamp(x, { min: 0 });
torch.where(x.gt(0), x, 1);
// @ts-expect-error: tensors are given in a list
torch.cat(x, y);
// @ts-expect-error: a number is no tensor
torch.cat([x, 1]);
// @ts-expect-error: a weight is needed
torch.conv2d(x);
// @ts-expect-error: stride has no s
torch.conv2d(x, y, { strides: 2 });
// @ts-expect-error: bias is a tensor
torch.conv2d(x, y, 0.5);
// @ts-expect-error: a dimension is needed
x.softmax();
// @ts-expect-error: a condition is a tensor
torch.where(true, x, y);
// @ts-expect-error: rounding is said by name, in a string
x.div(y, { roundingMode: 1 });

x.view(2, 3).view([2, 3]).permute(1, 0).expand([2, 3]).repeat(1, 2);
// @ts-expect-error: a string is no size
x.view("2");
// @ts-expect-error: half of an element has no name
x.notAnOperator();

torch.fft.fft(x, 4, 0, "ortho");
torch.linalg.norm(x, "nuc");
torch.special.erf(x);
// @ts-expect-error: a private operator
torch._fusedDropout;
// @ts-expect-error: linalg's are in torch.linalg
torch.linalgInv(x);
// @ts-expect-error: a number of points is a number
torch.fft.fft(x, "4");

// ---- autograd

x.backward();
x.backward(y);
x.backward({ gradient: y, retainGraph: true, inputs: [x] });
// @ts-expect-error: a gradient is a tensor
x.backward(1);
// @ts-expect-error: the names are in camelCase
x.backward({ retain_graph: true });

const strict = torch.autograd.grad(x, [y]);
holds<Equal<typeof strict, Tensor[]>>();
const loose = torch.autograd.grad([x, y], y, { allowUnused: true });
holds<Equal<typeof loose, (Tensor | null)[]>>();
torch.autograd.grad(x, y, { gradOutputs: [x, null], createGraph: true });
torch.autograd.backward([x, y], { gradTensors: null });
// @ts-expect-error: inputs are needed
torch.autograd.grad(x);
// @ts-expect-error: not an option of grad
torch.autograd.grad(x, y, { onlyInputs: true });
// @ts-expect-error: a number has no gradient
torch.autograd.grad(1, y);

const answer = torch.noGrad(() => 42);
holds<Equal<typeof answer, number>>();
const result = torch.scope(() => [x, 1] as const);
holds<Equal<typeof result, readonly [Tensor, 1]>>();
{
	using _ = torch.noGrad();
	using _inner = torch.inferenceMode();
	using _tensor = torch.ones(2);
}
torch.setGradEnabled(true, () => x);
// @ts-expect-error: on or off
torch.setGradEnabled();
// @ts-expect-error: a function, not its result
torch.noGrad(5);
// @ts-expect-error: tensors are kept
torch.keep(5);

// ---- random numbers, defaults, devices

torch.manualSeed(0).manualSeed(2n ** 63n);
torch.setDefaultDtype("float64");
torch.setDefaultDevice("cuda:1");
torch.setDefaultDevice(null);
const device: torch.Device = torch.getDefaultDevice();
const onMeta = torch.onDevice("meta", () => [x, device] as const);
holds<Equal<typeof onMeta, readonly [Tensor, torch.Device]>>();
{
	using _ = torch.onDevice("meta");
}
// @ts-expect-error: no such device
torch.setDefaultDevice("gpu");
// @ts-expect-error: which one
torch.setDefaultDevice();
// @ts-expect-error: a function, not its result
torch.onDevice("meta", 5);
torch.cuda.synchronize(0);
torch.cuda.memoryAllocated("cuda:1");
// @ts-expect-error: a seed is a whole number
torch.manualSeed("0");
// @ts-expect-error: a state is a tensor
torch.setRngState([1, 2]);
// @ts-expect-error: no GPU
torch.cuda.synchronize("cpu");
// @ts-expect-error: no such dtype
torch.setDefaultDtype("double");

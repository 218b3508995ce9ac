/** What the compiler accepts and refuses of nn. Checked by `tsc -p test`; never run. */
import * as torch from "../../lib/index.ts";

const { nn } = torch;
const F = nn.functional;
type Tensor = torch.Tensor;
type Equal<A, B> =
	(<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
		? true
		: false;
const holds = <_T extends true>(): void => {};

declare const x: Tensor;

class Net extends nn.Module<[x: Tensor, mask?: Tensor], [Tensor, number]> {
	readonly layer = new nn.Linear(2, 3);

	override forward(x: Tensor, mask?: Tensor): [Tensor, number] {
		return [mask ? x.mul(mask) : x, 1];
	}
}

// A module is called with forward's arguments and gives its result.
const net = new Net();
const result = net(x);
holds<Equal<typeof result, [Tensor, number]>>();
net(x, x);
// @ts-expect-error: an argument is missing
net();
// @ts-expect-error: a number is no tensor
net(1);
// @ts-expect-error: too many arguments
net(x, x, x);

class Wrong extends nn.Module<[Tensor], Tensor> {
	// @ts-expect-error: not the output that was declared
	override forward(x: Tensor): number {
		return x.dim();
	}
}
void Wrong;

// Without type arguments: a tensor in, a tensor out.
class Simple extends nn.Module {
	override forward(x: Tensor): Tensor {
		return x;
	}
}
const y: Tensor = new Simple()(x);
void y;

// @ts-expect-error: Module is abstract
new nn.Module();

// Required arguments have positions, the others names.
new nn.Linear(2, 3, { bias: false, dtype: "float64", device: "cpu" });
// @ts-expect-error: outFeatures is missing
new nn.Linear(2);
// @ts-expect-error: not an option
new nn.Linear(2, 3, { biased: false });
// @ts-expect-error: the options are an object
new nn.Linear(2, 3, false);
// @ts-expect-error: no such dtype
new nn.Linear(2, 3, { dtype: "float" });

new nn.Conv2d(1, 2, [3, 3], {
	stride: [2, 1],
	padding: "same",
	paddingMode: "reflect",
});
// @ts-expect-error: three sizes for two dimensions
new nn.Conv2d(1, 2, [3, 3, 3]);
// @ts-expect-error: no such padding
new nn.Conv2d(1, 2, 3, { padding: "full" });
// @ts-expect-error: no such mode
new nn.Conv2d(1, 2, 3, { paddingMode: "wrap" });
// @ts-expect-error: one size for three dimensions is a number
new nn.Conv3d(1, 2, [3]);

// returnIndices changes the result.
holds<
	Equal<ReturnType<InstanceType<typeof nn.MaxPool2d<false>>["forward"]>, Tensor>
>();
const pooled: Tensor = new nn.MaxPool2d(2)(x);
const [maxima, where]: [Tensor, Tensor] = new nn.MaxPool2d(2, {
	returnIndices: true,
})(x);
const [functionalMaxima, functionalWhere]: [Tensor, Tensor] = F.maxPool2d(
	x,
	2,
	{ returnIndices: true },
);
void [pooled, maxima, where, functionalMaxima, functionalWhere];
// @ts-expect-error: with indices there are two tensors
const single: Tensor = new nn.MaxPool2d(2, { returnIndices: true })(x);
void single;

// A field's type says whether it is learnt.
const layer = new nn.Linear(2, 3);
holds<Equal<typeof layer.weight, torch.nn.Parameter>>();
holds<Equal<typeof layer.bias, torch.nn.Parameter | null>>();
// @ts-expect-error: a plain tensor is no Parameter
const parameter: torch.nn.Parameter = x;
// @ts-expect-error: a plain tensor is no Buffer
const buffer: torch.nn.Buffer = x;
// @ts-expect-error: a Buffer is no Parameter
const learnt: torch.nn.Parameter = new nn.Buffer(x);
const plain: Tensor = new nn.Parameter(x);
void [parameter, buffer, learnt, plain];

// Sequential has its first module's inputs and its last one's output.
const chain = new nn.Sequential(
	new nn.Linear(2, 3),
	new nn.ReLU(),
	new nn.Linear(3, 4),
);
const scores: Tensor = chain(x);
// @ts-expect-error: one tensor goes in
chain(x, x);
class Two extends nn.Module<[Tensor, Tensor], Tensor> {
	override forward(a: Tensor, b: Tensor): Tensor {
		return a.add(b);
	}
}
const twoIn: Tensor = new nn.Sequential(new Two(), new nn.ReLU())(x, x);
// @ts-expect-error: two tensors go in
new nn.Sequential(new Two(), new nn.ReLU())(x);
const tupleOut: [Tensor, number] = new nn.Sequential(new nn.ReLU(), net)(x);
// @ts-expect-error: a module in the middle must give a tensor
new nn.Sequential(new nn.ReLU(), net, new nn.ReLU());
// @ts-expect-error: a function is no module
new nn.Sequential(new nn.ReLU(), (t: Tensor) => t);
const spread: torch.nn.Module[] = [];
const fromSpread: Tensor = new nn.Sequential(...spread)(x);
const field: torch.nn.Sequential = new nn.Sequential({
	a: new nn.ReLU(),
	b: layer,
});
void [scores, twoIn, tupleOut, fromSpread, field];

// Lists and dictionaries know what they hold, and are not called.
const list = new nn.ModuleList([new nn.Linear(1, 1)]);
holds<Equal<ReturnType<typeof list.at>, torch.nn.Linear>>();
// @ts-expect-error: a ReLU is no Linear
list.append(new nn.ReLU());
// @ts-expect-error: a list is not called
list(x);
const dict = new nn.ModuleDict({
	conv: new nn.Conv2d(1, 1, 1),
	act: new nn.ReLU(),
});
const conv: torch.nn.Conv2d = dict.get("conv");
// @ts-expect-error: no such module
dict.get("pool");
// @ts-expect-error: a ReLU is no Conv2d
dict.set("conv", new nn.ReLU());
void conv;

// Every module is an AnyModule, whatever its inputs.
const any: torch.nn.AnyModule[] = [net, layer, chain, list, dict, new Two()];
void any;

// Hooks see the module's own inputs and output.
net.registerForwardPreHook((_module, [a, mask]) => [a.add(1), mask]);
layer.registerForwardHook((_module, [input], output) => output.add(input));
// @ts-expect-error: a hook gives the module's inputs
layer.registerForwardPreHook((_module, [_input]) => [1]);
// @ts-expect-error: a hook gives the module's output
layer.registerForwardHook((_module, _inputs, _output) => "no");

// Losses take an input and a target.
new nn.CrossEntropyLoss({ reduction: "sum", labelSmoothing: 0.1 })(x, x);
// @ts-expect-error: no target
new nn.CrossEntropyLoss()(x);
// @ts-expect-error: no such reduction
new nn.MSELoss({ reduction: "average" });
// @ts-expect-error: MSELoss has no weight
new nn.MSELoss({ weight: x });

// Functions take optional arguments by position or by name.
F.dropout(x, 0.5, true);
F.dropout(x, { p: 0.5, inplace: true });
// @ts-expect-error: no such name
F.dropout(x, { prob: 0.5 });
F.crossEntropy(x, x, { reduction: "none" });
// @ts-expect-error: no such reduction
F.crossEntropy(x, x, { reduction: "avg" });
nn.init.kaimingNormal_(layer.weight, { mode: "fan_out", nonlinearity: "relu" });
// @ts-expect-error: no such mode
nn.init.kaimingNormal_(layer.weight, { mode: "fanOut" });
// An initialiser gives back what it filled.
holds<
	Equal<
		ReturnType<typeof nn.init.zeros_<torch.nn.Parameter>>,
		torch.nn.Parameter
	>
>();

// train, eval, to and apply give the module itself.
const same: Net = net
	.train()
	.eval()
	.to("cuda")
	.to({ dtype: "bfloat16" })
	.double()
	.requiresGrad_(false);
void same;
// @ts-expect-error: no such option
net.to({ dtpye: "float64" });

// Some arguments by position, the rest by name.
F.maxPool2d(x, 2, 2, { padding: 1 });
F.maxPool2d(x, { kernelSize: 2, stride: 1 });
// @ts-expect-error: kernelSize is missing
F.maxPool2d(x, { stride: 1 });
// @ts-expect-error: a size for each of two dimensions, not three
F.maxPool2d(x, [2, 2, 2]);
F.interpolate(x, null, 2, "bilinear", { antialias: true });
// @ts-expect-error: no such mode
F.interpolate(x, { size: 3, mode: "cubic" });

const found: [Tensor, Tensor] = F.adaptiveMaxPool2d(x, 3, true);
void found;

// Recurrent layers give outputs and their state, in the form that they take it.
const [outputs, [hidden, cell]] = new nn.LSTM(2, 3)(x, [x, x]);
holds<Equal<typeof outputs, Tensor>>();
holds<Equal<typeof hidden, Tensor>>();
void cell;
const state: Tensor = new nn.GRUCell(2, 3)(x);
void state;
// @ts-expect-error: an LSTM's state is two tensors
new nn.LSTM(2, 3)(x, x);
// @ts-expect-error: only an LSTM projects
new nn.GRU(2, 3, { projSize: 2 });

// Attention gives its weights, too; masks have names.
const [attended, weights] = new nn.MultiheadAttention(8, 2)(x, x, x);
holds<Equal<typeof attended, Tensor>>();
holds<Equal<typeof weights, Tensor | null>>();
new nn.Transformer()(x, x, { tgtMask: x, tgtIsCausal: true });
// @ts-expect-error: no such mask
new nn.Transformer()(x, x, { mask: x });
new nn.TransformerEncoderLayer(8, 2, { activation: new nn.SiLU() });
// @ts-expect-error: no such activation
new nn.TransformerEncoderLayer(8, 2, { activation: "silu" });

// The first option of an activation may stand alone.
new nn.LeakyReLU(0.2, { inplace: true });
new nn.LeakyReLU({ negativeSlope: 0.2 });
// @ts-expect-error: not a number
new nn.LeakyReLU("0.2");

// Weights can be tied.
const embedding = new nn.Embedding(4, 2);
new nn.Linear(2, 4, { bias: false }).weight = embedding.weight;
// @ts-expect-error: a tensor is no parameter
embedding.weight = x;

// A copy is of the same class.
const copied: Net = net.deepcopy();
void copied;

/** Calls of modules as PyTorch makes them: the same weights and inputs, the outputs and gradients compared. */
import * as torch from "../../lib/index.ts";
import type { Dump, Encoded } from "./dump.ts";

export interface ModuleCase {
	/** "nn.Conv2d" */
	name: string;
	k: number;
	training: boolean;
	desc: string;
	ctor: { args: Encoded[]; kwargs: { [name: string]: Encoded } };
	/** Not there for lazy modules. */
	state?: { [name: string]: Encoded };
	forward: { args: Encoded[]; kwargs: { [name: string]: Encoded } };
	out: Encoded;
	param_grads?: { [name: string]: Encoded };
	input_grads?: Encoded[];
}

/** How far two tensors may be apart: |ours - theirs| ≤ absolute + relative |theirs|. */
export const tolerances: {
	[dtype: string]: [relative: number, absolute: number];
} = {
	float32: [1.3e-6, 1e-5],
	float64: [1e-7, 1e-7],
	bfloat16: [1.6e-2, 1e-5],
	float16: [1e-3, 1e-5],
};

/**
 * The arguments of PyTorch's constructors in their order: those before "|" stand in positions here too, the others have names. Modules
 * that are not here take named arguments only.
 */
const norm = "numFeatures | eps momentum affine trackRunningStats";
const conv =
	"inChannels outChannels kernelSize | stride padding dilation groups bias paddingMode";
const convTranspose =
	"inChannels outChannels kernelSize | stride padding outputPadding groups bias dilation paddingMode";
const avgPool =
	"kernelSize | stride padding ceilMode countIncludePad divisorOverride";
const maxPool = "kernelSize | stride padding dilation returnIndices ceilMode";
const layer =
	"dModel nhead | dimFeedforward dropout activation layerNormEps batchFirst normFirst bias";
const recurrent =
	"inputSize hiddenSize | numLayers bias batchFirst dropout bidirectional projSize";
const signatures: { [name: string]: string } = {
	Linear: "inFeatures outFeatures | bias",
	Bilinear: "in1Features in2Features outFeatures | bias",
	LinearCrossEntropyLoss: "inFeatures numClasses |",
	Embedding: "numEmbeddings embeddingDim | paddingIdx maxNorm normType",
	EmbeddingBag: "numEmbeddings embeddingDim | maxNorm normType",
	Threshold: "threshold value | inplace",
	CELU: "| alpha inplace",
	ELU: "| alpha inplace",
	GELU: "| approximate",
	GLU: "| dim",
	Hardshrink: "| lambd",
	Softshrink: "| lambd",
	LeakyReLU: "| negativeSlope inplace",
	PReLU: "| numParameters init",
	Softplus: "| beta threshold",
	Softmax: "| dim",
	Softmin: "| dim",
	LogSoftmax: "| dim",
	GroupNorm: "numGroups numChannels | eps affine",
	LayerNorm: "normalizedShape | eps elementwiseAffine bias",
	RMSNorm: "normalizedShape | eps elementwiseAffine",
	LocalResponseNorm: "size | alpha beta k",
	MultiheadAttention:
		"embedDim numHeads | dropout bias addBiasKv addZeroAttn kdim vdim batchFirst",
	TransformerEncoderLayer: layer,
	TransformerDecoderLayer: layer,
	RNN: "inputSize hiddenSize | numLayers nonlinearity bias batchFirst dropout bidirectional",
	GRU: recurrent,
	LSTM: recurrent,
	RNNCell: "inputSize hiddenSize | bias nonlinearity",
	GRUCell: "inputSize hiddenSize | bias",
	LSTMCell: "inputSize hiddenSize | bias",
};
for (const dims of ["2d", "3d"])
	signatures[`FractionalMaxPool${dims}`] =
		"kernelSize | outputSize outputRatio returnIndices randomSamples";
for (const dims of ["1d", "2d", "3d"]) {
	const [first, ...rest] = conv.split(" ");
	signatures[`Conv${dims}`] = conv;
	signatures[`ConvTranspose${dims}`] = convTranspose;
	signatures[`LazyConv${dims}`] = rest.join(" ");
	signatures[`LazyConvTranspose${dims}`] = convTranspose.replace(
		`${first} `,
		"",
	);
	signatures[`BatchNorm${dims}`] = norm;
	signatures[`InstanceNorm${dims}`] = norm;
	signatures[`AvgPool${dims}`] = avgPool;
	signatures[`MaxPool${dims}`] = maxPool;
	signatures[`LPPool${dims}`] = "normType kernelSize | stride ceilMode";
	signatures[`AdaptiveAvgPool${dims}`] = "outputSize |";
	signatures[`AdaptiveMaxPool${dims}`] = "outputSize | returnIndices";
	for (const kind of ["Reflection", "Replication", "Circular", "Zero"])
		signatures[`${kind}Pad${dims}`] = "padding |";
	signatures[`ConstantPad${dims}`] = "padding value |";
}

type AnyModule = torch.nn.Module<unknown[], unknown>;

/** `weight_decay` → `weightDecay` */
function camelCase(name: string): string {
	return name
		.replace(/^_/, "")
		.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function named(
	dump: Dump,
	kwargs: { [name: string]: Encoded },
): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(kwargs).map(([name, value]) => [
			camelCase(name),
			dump.decode(value),
		]),
	);
}

/** The module of a case, as its constructor made it. */
export function makeModule(
	dump: Dump,
	{ name, ctor }: Pick<ModuleCase, "name" | "ctor">,
): AnyModule {
	const own = name.replace("nn.", "");
	const [required = [], optional = []] = (signatures[own] ?? "|")
		.split("|")
		.map((part) => part.split(" ").filter(Boolean));
	const options = named(dump, ctor.kwargs);
	const order = [...required, ...optional];
	for (const [i, value] of ctor.args.entries()) {
		const argument = order[i];
		if (argument === undefined)
			throw new Error(`${own} has no argument ${i} in the table`);
		options[argument] = dump.decode(value);
	}
	const positional = required.map((argument) => {
		const value = options[argument];
		delete options[argument];
		return value;
	});
	const Class = torch.nn[own as keyof typeof torch.nn] as unknown as new (
		...args: unknown[]
	) => AnyModule;
	if (Class === undefined) throw new Error(`there is no ${name}`);
	return new Class(
		...positional,
		...(Object.keys(options).length > 0 ? [options] : []),
	);
}

/** All tensors in a value, in order. */
function tensors(value: unknown): torch.Tensor[] {
	if (value instanceof torch.Tensor) return [value];
	return Array.isArray(value) ? value.flatMap(tensors) : [];
}

/** The floating point dtype that a case is in: that of the weights, or of the inputs. */
function dtypeOf(
	dump: Dump,
	{ forward, state = {} }: ModuleCase,
): string | undefined {
	const values = [state, forward.kwargs].flatMap((each) => Object.values(each));
	return [...values, ...forward.args]
		.flatMap((value) => tensors(dump.decode(value)))
		.find((each) => each.isFloatingPoint())?.dtype;
}

/** A value whose tensors require grad where Python's did. */
function decodeInputs(dump: Dump, value: Encoded): unknown {
	if (typeof value !== "object" || value === null) return dump.decode(value);
	const { t, rg, l, u } = value as {
		t?: number;
		rg?: boolean;
		l?: Encoded[];
		u?: Encoded[];
	};
	if (t !== undefined) return dump.tensor(t).requiresGrad_(rg ?? false);
	const list = l ?? u;
	return list?.map((item) => decodeInputs(dump, item)) ?? dump.decode(value);
}

/** Runs a case, from the seed that Python made the module with; says what differs from PyTorch, or null. */
export function replay(dump: Dump, test: ModuleCase): string | null {
	torch.manualSeed(11);
	const module = makeModule(dump, test);
	module.train(test.training);
	const dtype = dtypeOf(dump, test);
	if (dtype !== undefined) module.to(dtype);
	if (test.state !== undefined) {
		const state = Object.fromEntries(
			Object.entries(test.state).map(([name, value]) => [
				name,
				dump.decode(value) as torch.Tensor,
			]),
		);
		const own = module.stateDict();
		if (Object.keys(own).join() !== Object.keys(state).join())
			return `state dict has ${Object.keys(own)}, PyTorch's ${Object.keys(state)}`;
		for (const [name, value] of Object.entries(state)) {
			const what = differs(own[name] as torch.Tensor, value, true);
			if (what !== null) return `initial ${name}: ${what}`;
		}
		module.loadStateDict(state);
	}
	const args = test.forward.args.map((value) => decodeInputs(dump, value));
	const kwargs = Object.fromEntries(
		Object.entries(test.forward.kwargs).map(([name, value]) => [
			camelCase(name),
			decodeInputs(dump, value),
		]),
	);
	// A module's one input may stand in its name; masks are in a last object.
	const inputs =
		args.length === 0
			? Object.values(kwargs)
			: Object.keys(kwargs).length > 0
				? [...args, kwargs]
				: args;
	torch.manualSeed(1234);
	const output = module(...inputs);
	const outputs = tensors(output);
	const expected = tensors(dump.decode(test.out));
	if (outputs.length !== expected.length)
		return `${outputs.length} outputs, PyTorch has ${expected.length}`;
	for (const [i, theirs] of expected.entries()) {
		const what = differs(outputs[i] as torch.Tensor, theirs);
		if (what !== null) return `output ${i}: ${what}`;
	}
	const learnt = outputs.filter((each) => each.requiresGrad);
	if ((test.param_grads === undefined) !== (learnt.length === 0))
		return `${learnt.length} outputs require grad`;
	if (test.param_grads === undefined) return null;
	const parameters = module
		.namedParameters()
		.filter(([, parameter]) => parameter.requiresGrad);
	const leaves = tensors([...args, ...Object.values(kwargs)]).filter(
		(each) => each.requiresGrad,
	);
	const grads = torch.autograd.grad(
		learnt,
		[...parameters.map(([, parameter]) => parameter), ...leaves],
		{
			gradOutputs: learnt.map((each) => torch.onesLike(each)),
			allowUnused: true,
		},
	);
	const own = grads.slice(0, parameters.length);
	const ofInputs = grads.slice(parameters.length);
	for (const [i, [name, value]] of Object.entries(test.param_grads).entries()) {
		if (parameters[i]?.[0] !== name)
			return `parameter ${i} is ${parameters[i]?.[0]}, PyTorch's ${name}`;
		const what = gradientDiffers(own[i] ?? null, dump.decode(value));
		if (what !== null) return `gradient of ${name}: ${what}`;
	}
	// Inputs that were no leaves in Python are not told from those that were, and have no gradient there: they are passed over.
	let spare = ofInputs.length - (test.input_grads?.length ?? 0);
	let next = 0;
	for (const [i, value] of (test.input_grads ?? []).entries()) {
		const theirs = dump.decode(value);
		let what = gradientDiffers(ofInputs[next++] ?? null, theirs);
		while (what !== null && spare-- > 0)
			what = gradientDiffers(ofInputs[next++] ?? null, theirs);
		if (what !== null) return `gradient of input ${i}: ${what}`;
	}
	return null;
}

function gradientDiffers(
	ours: torch.Tensor | null,
	theirs: unknown,
): string | null {
	if (ours === null || theirs === null)
		return ours === theirs
			? null
			: `${ours === null ? "none" : "there"}, PyTorch's ${theirs === null ? "none" : "there"}`;
	return differs(ours, theirs as torch.Tensor);
}

/** What differs between two tensors, or null; `exactly`: bit by bit. */
export function differs(
	ours: torch.Tensor,
	theirs: torch.Tensor,
	exactly = false,
): string | null {
	if (ours.dtype !== theirs.dtype)
		return `dtype ${ours.dtype}, PyTorch ${theirs.dtype}`;
	if (ours.shape.join() !== theirs.shape.join())
		return `shape [${ours.shape}], PyTorch [${theirs.shape}]`;
	const [relative, absolute] = exactly
		? [0, 0]
		: (tolerances[theirs.dtype] ?? [0, 0]);
	const [a, b] = [ours, theirs].map((each) => each.detach().toDense()) as [
		torch.Tensor,
		torch.Tensor,
	];
	if (torch.allclose(a.double(), b.double(), relative, absolute, true))
		return null;
	const worst = a.double().sub(b.double()).abs().max().item();
	return `differs by ${worst}`;
}

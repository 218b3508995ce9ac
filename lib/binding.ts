/** Opens LibTorch and the addon. The only file that loads native code; its types are the addon's. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import nodeGypBuild from "node-gyp-build";
import { type fromNative, TorchError } from "./errors.ts";
import { findLibTorch, type LibTorch } from "./libtorch/search.ts";
import { packageRoot } from "./package.ts";

/** A tensor's number in the addon; no other number leads to a tensor that is not one's own. */
export type Slot = number;
/** A generator's number, which is negative: it can be no tensor's. */
export type GeneratorSlot = number;

/** A number of a node of autograd's graph. */
export type NodeSlot = number;

export interface DeviceMemory {
	allocated: number;
	maxAllocated: number;
	reserved: number;
	maxReserved: number;
}

/** What native/ exports. `object` is the JavaScript object that a new tensor or generator lives and dies with. */
export interface Native {
	initialize(
		errorFactory: typeof fromNative,
		tensorFactory: (slot: Slot) => object,
		youngCollector: () => void,
		cudaProblem: string,
	): void;

	findOperator(name: string, overload: string): number;
	operatorSchemas(): string[];
	operatorSchema(name: string, overload: string): string;
	/** Memory for the lists among an operator's arguments: see lists.ts. */
	lists(): Float64Array;
	/** The number by which a string among framed arguments is named. */
	addWord(text: string): number;
	/** Tensors in `args` are slots; `undefined` stands for a default. A resulting tensor is a slot, several are objects. */
	call(
		operator: number,
		object: object | undefined,
		...args: unknown[]
	): unknown;

	/** The same for a call that was placed in that memory; `lists.ts` does so. */
	callFramed(object: object | undefined): unknown;

	dispose(tensor: Slot): void;
	isDisposed(tensor: Slot): boolean;
	shape(tensor: Slot): number[];
	strides(tensor: Slot): number[];
	dim(tensor: Slot): number;
	numel(tensor: Slot): number;
	/** The place of its dtype among `dtypes()`. */
	dtype(tensor: Slot): number;
	dtypes(): string[];
	device(tensor: Slot): string;
	layout(tensor: Slot): string;
	elementSize(tensor: Slot): number;
	storageOffset(tensor: Slot): number;
	isContiguous(tensor: Slot, memoryFormat?: string): boolean;
	dataPointer(tensor: Slot): number | bigint;
	fromBytes(
		object: object,
		data: ArrayBufferLike | NodeJS.TypedArray,
		shape: readonly number[],
		dtype: string,
	): Slot;
	fromBlob(
		object: object,
		data: ArrayBufferLike | NodeJS.TypedArray,
		shape: readonly number[],
		dtype: string,
		isOwned: boolean,
		released: (() => void) | null,
	): Slot;
	copyBytes(tensor: Slot, data: ArrayBufferLike | NodeJS.TypedArray): void;
	mapFile(object: object, file: number, size: number, path: string): Slot;
	partOf(object: object, bytes: Slot, begin: number, length: number): Slot;
	layOut(
		object: object,
		bytes: Slot,
		dtype: string,
		shape: readonly (number | bigint)[],
		strides: readonly (number | bigint)[],
		storageOffset: number | bigint,
	): Slot;
	item(tensor: Slot): unknown;
	setData(tensor: Slot, data: Slot): void;
	isSame(tensor: Slot, other: Slot): boolean;
	version(tensor: Slot): number;
	defaultDtype(): string;
	setDefaultDtype(dtype: string): void;
	memory(): { tensors: number; bytes: number };
	collectOften(): void;
	collectGarbage(): void;

	requiresGrad(tensor: Slot): boolean;
	setRequiresGrad(tensor: Slot, requiresGrad: boolean): void;
	isLeaf(tensor: Slot): boolean;
	retainGrad(tensor: Slot): void;
	retainsGrad(tensor: Slot): boolean;
	/** `true`: it is the one that `known` is. */
	grad(tensor: Slot, known?: Slot): object | true | null;
	setGrad(tensor: Slot, grad: Slot | null): void;
	gradFn(tensor: Slot): string | null;
	backward(
		tensors: readonly Slot[],
		gradients: readonly (Slot | null)[] | null,
		retainGraph: boolean | null,
		createGraph: boolean,
		inputs: readonly Slot[] | null,
	): void;
	gradOf(
		outputs: readonly Slot[],
		inputs: readonly Slot[],
		gradOutputs: readonly (Slot | null)[] | null,
		retainGraph: boolean | null,
		createGraph: boolean,
		allowUnused: boolean,
	): (object | null)[];
	/** `hook` returns another gradient's slot, or null. */
	registerHook(tensor: Slot, hook: (gradient: object) => Slot | null): void;
	/** Replaces the hook before. The hook gets `object`, which it does not keep alive, or else another Tensor. */
	registerPostAccumulateGradHook(
		tensor: Slot,
		hook: (tensor: object) => void,
		object: object,
	): void;
	/** What tells a tensor's node from others while that lives. */
	gradNodeId(tensor: Slot): number | null;
	/** The object that `gradNode` or `nextNode` has tied to its node, if it is still there. */
	knownNode(tensor: Slot): object | null;
	gradNode(object: object, tensor: Slot): NodeSlot;
	nodeName(node: NodeSlot): string;
	/** `true` for a node that has no object. */
	nextNodes(node: NodeSlot): [node: object | true | null, output: number][];
	nextNode(object: object, node: NodeSlot, k: number): NodeSlot;
	nodeVariable(node: NodeSlot): object | null;
	registerNodeHook(
		node: NodeSlot,
		hook: (
			gradInputs: (object | null)[],
			gradOutputs: (object | null)[],
		) => (Slot | null)[] | null,
	): void;
	registerNodePreHook(
		node: NodeSlot,
		hook: (gradOutputs: (object | null)[]) => (Slot | null)[] | null,
	): void;

	/** Which tensors went in decides whether gradients are recorded. `object` holds the node until `finishFunction`. */
	createFunction(
		object: object,
		name: string,
		backward: (gradients: (object | null)[]) => (Slot | null)[],
		inputs: readonly Slot[],
	): [node: NodeSlot, isRecorded: boolean];
	/** `true` for each output that is the tensor given. */
	finishFunction(
		node: NodeSlot,
		inputs: readonly Slot[],
		outputs: readonly Slot[],
		dirty: readonly Slot[],
		nonDifferentiable: readonly Slot[],
		saved: readonly (Slot | null)[],
		isRecorded: boolean,
		jvp: ((tangents: (object | null)[]) => (Slot | null)[]) | null,
		savesInputs: boolean,
	): (object | true)[];
	savedTensors(node: NodeSlot): (object | null)[];
	neededGradients(node: NodeSlot): boolean[];

	/** `pack` returns what gives the tensor back. */
	pushSavedHooks(pack: (tensor: object) => () => Slot): number;
	popSavedHooks(depth: number): void;

	setAnomaly(stack: (() => string) | null, checkNan: boolean): void;
	/** Name and stack of the node that failed, then of the one in whose backward it was made, … */
	takeTrace(): string[];

	dualLevel(): number;
	exitDualLevel(level: number): void;
	isForwardGradEnabled(): boolean;
	setForwardGradEnabled(enabled: boolean): void;
	pushVmap(batchSize: number, randomness: string): number;
	pushGrad(): number;
	pushJvp(): number;
	popTransform(level: number): void;
	transformKinds(): string[];
	wrapForGrad(tensor: Slot, level: number): object;
	unwrapForGrad(tensor: Slot, level: number): object;
	addBatchDim(tensor: Slot, dim: number, level: number): object;
	removeBatchDim(
		tensor: Slot,
		level: number,
	): [value: object, dim: number] | null;
	unwrapped(
		tensor: Slot,
	): [kind: string, level: number, value: object, dim: number | null] | null;

	isGradEnabled(): boolean;
	setGradEnabled(enabled: boolean): void;
	pushInferenceMode(enabled: boolean): number;
	popInferenceMode(depth: number): void;
	isInferenceMode(): boolean;
	isInference(tensor: Slot): boolean;

	manualSeed(seed: number | bigint): void;
	createGenerator(object: object, device: string): GeneratorSlot;
	defaultGenerator(object: object, device: string): GeneratorSlot;
	setSeed(generator: GeneratorSlot, seed: number | bigint): void;
	randomSeed(generator: GeneratorSlot): number | bigint;
	initialSeed(generator: GeneratorSlot): number | bigint;
	generatorState(generator: GeneratorSlot): object;
	setGeneratorState(generator: GeneratorSlot, state: Slot): void;

	deviceCount(device: string): number;
	hasBackend(device: string): boolean;
	synchronize(device: string): void;
	currentDevice(device: string): number;
	setCurrentDevice(device: string): void;
	deviceMemory(device: string): DeviceMemory;
	resetPeakMemory(device: string): void;
	emptyCache(device: string): void;
	numThreads(): number;
	setNumThreads(count: number): void;
	buildConfiguration(): string;

	/** Switches by name, as settings.cc has them: "cudnn", "warnAlways", … */
	getSwitch(name: string): boolean;
	setSwitch(name: string, on: boolean): void;
	/** 0: any algorithm; 1: a warning where one is not deterministic; 2: an error there. */
	deterministicMode(): number;
	setDeterministicMode(mode: number): void;
	float32MatmulPrecision(): string;
	setFloat32MatmulPrecision(precision: string): void;
	/** Whether this processor can. */
	setFlushDenormal(on: boolean): boolean;
	numInteropThreads(): number;
	setNumInteropThreads(count: number): void;
	isAutocastEnabled(device: string): boolean;
	setAutocastEnabled(device: string, enabled: boolean): void;
	autocastDtype(device: string): string;
	setAutocastDtype(device: string, dtype: string): void;
	/** How many are within each other now. The outermost one's end drops the casts that were kept. */
	nestAutocast(entering: boolean): number;
	clearAutocastCache(): void;

	/** Whether the other functions of images take it: uint8 or float32 in the CPU's memory, of which no gradient is recorded. */
	isPlainTensor(tensor: Slot): boolean;
	adjustColours(
		object: object,
		images: Slot,
		kinds: readonly number[],
		factors: readonly number[],
	): Slot;
	mirrorSome(
		object: object,
		images: Slot,
		which: readonly boolean[],
		upDown: boolean,
	): Slot;
	normalizePixels(
		object: object,
		images: Slot,
		mean: readonly number[],
		std: readonly number[],
	): Slot;
	/** `parts`: top, left, height and width of each. */
	resizeParts(
		object: object,
		images: Slot,
		parts: readonly number[],
		size: readonly number[],
		mode: string,
	): Slot;
}

/** Loads an addon anew, so that each environment (and each of Jest's) has its own state. */
function open(file: string): unknown {
	const module = { exports: {} };
	process.dlopen(module, file);
	return module.exports;
}

function addonFile(): string {
	try {
		return nodeGypBuild.path(packageRoot);
	} catch (cause) {
		throw new TorchError(
			`no addon for ${process.platform}-${process.arch}: this package has none prebuilt for it, and none was built (in a clone: npm run compile)`,
			{ code: "ERR_ADDON_NOT_FOUND", cause },
		);
	}
}

function openLibTorch(libtorch: LibTorch, loader: string): string | null {
	const { open: openLibrary } = open(loader) as { open(path: string): void };
	try {
		for (const name of ["libc10.so", "libtorch_cpu.so"])
			openLibrary(join(libtorch.lib, name));
	} catch (cause) {
		throw new TorchError(
			`LibTorch ${libtorch.version} at ${libtorch.path} cannot be opened: ${(cause as Error).message}. Run: npx torch-node doctor`,
			{ code: "ERR_LIBTORCH_UNUSABLE", cause },
		);
	}
	// A CUDA build without its driver or libraries still serves the CPU; `torch.cuda` says why it is not there.
	const cuda = join(libtorch.lib, "libtorch_cuda.so");
	if (!existsSync(cuda))
		return "this LibTorch is a build for the CPU only (npx torch-node install --cuda 13 fetches the other)";
	try {
		openLibrary(cuda);
		return null;
	} catch (error) {
		return (error as Error).message;
	}
}

function load(): {
	native: Native;
	libtorch: LibTorch;
	cudaProblem: string | null;
} {
	const addon = addonFile();
	const libtorch = findLibTorch();
	const cudaProblem = openLibTorch(libtorch, join(dirname(addon), "loader.so"));
	try {
		return { native: open(addon) as Native, libtorch, cudaProblem };
	} catch (cause) {
		throw new TorchError(
			`the addon cannot be opened with LibTorch ${libtorch.version} at ${libtorch.path}: ${(cause as Error).message}`,
			{ code: "ERR_LIBTORCH_UNUSABLE", cause },
		);
	}
}

/** `libtorch` is the one in use and why; `cudaProblem` says why CUDA cannot be used, or is null. */
export const { native, libtorch, cudaProblem } = load();

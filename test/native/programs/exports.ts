/**
 * Calls every function that native/ exports with what it does not expect: node exports.mjs SEED RUNS LOG. The last line of LOG is the call under way.
 * Prints the complaints: calls that ended in anything but a value or a TorchError that names the argument.
 */
import { ftruncateSync, openSync, writeSync } from "node:fs";
import { inspect } from "node:util";
import fc from "fast-check";
import { type Native, native } from "../../../lib/binding.ts";
import { fromNative } from "../../../lib/errors.ts";
import { collectYoung } from "../../../lib/garbage.ts";
import { slotOfGenerator } from "../../../lib/generator.ts";
import { emptyTensor, fill, slotOf } from "../../../lib/handle.ts";
import * as torch from "../../../lib/index.ts";
import { type Given, given, hostile, plain, planted } from "./junk.ts";

const [seed, runs, log] = [
	Number(process.argv[2]),
	Number(process.argv[3]),
	openSync(process.argv[4] as string, "w"),
];

const adoptSlot = (slot: number) => fill(emptyTensor(), slot);
const find = (name: string, overload: string) =>
	native.findOperator(`aten::${name}`, overload);
const operators = {
	add: find("add", "Tensor"),
	view: find("view", ""),
	cat: find("cat", ""),
	index: find("index", "Tensor"),
	normal: find("normal", "float_float"),
	full: find("full", ""),
	topk: find("topk", ""),
	adam: find("_fused_adam_", ""),
};

function slot({ tensor }: Given): number {
	return slotOf(tensor);
}

function recorded(): torch.Tensor {
	return torch.ones([2], { requiresGrad: true });
}

/** A node's number, and who holds it. */
let nodeHolders: object[] = [];
function node(): number {
	const holder = {};
	nodeHolders.push(holder);
	return native.gradNode(holder, slotOf(kept(recorded().mul(2))));
}

function customNode(input: number): number {
	const holder = {};
	nodeHolders.push(holder);
	return native.createFunction(holder, "F", () => [null], [input])[0];
}

function leaveDualLevel(): null {
	try {
		native.exitDualLevel(0);
	} catch {
		// there was none
	}
	return null;
}

const cpuOnly = { code: "ERR_DEVICE_UNAVAILABLE" };
const neverAccelerator = torch.cuda.isAvailable() ? undefined : cpuOnly;

const openFile = openSync(process.argv[1] as string, "r");

function bytes(): torch.Tensor {
	return kept(torch.zeros([64], { dtype: "uint8" }));
}

function image(): number {
	return slotOf(kept(torch.ones([2, 3, 4, 5])));
}

interface Valid {
	/** Arguments that are right. */
	args: (given: Given) => unknown[];
	/** How many of them must be given. */
	required?: number;
	/** What the call throws even so, here. */
	throws?: object | undefined;
}

/** An operator's number, three bits an argument (0: a number, 1: undefined), and the arguments. */
const frame = native.lists();

/** One right call of every export. A new export needs its line here. */
const valid: { readonly [Name in keyof Native]: Valid } = {
	initialize: {
		args: () => [fromNative, adoptSlot, collectYoung, "none"],
		required: 3,
	},
	findOperator: { args: () => ["aten::add", "Tensor"] },
	operatorSchemas: { args: () => [] },
	lists: { args: () => [] },
	addWord: { args: () => ["float32"] },
	dtypes: { args: () => [] },
	operatorSchema: { args: () => ["aten::add", "Tensor"] },
	call: {
		args: (g) => [operators.add, {}, slot(g), slot(g), 2],
		required: 4,
	},
	callFramed: {
		args: (g) => {
			frame.set([operators.add, 0o1111000, slot(g), slot(g), 2]);
			return [{}];
		},
	},
	dispose: { args: (g) => [slot(g)] },
	isDisposed: { args: (g) => [slot(g)] },
	shape: { args: (g) => [slot(g)] },
	strides: { args: (g) => [slot(g)] },
	dim: { args: (g) => [slot(g)] },
	numel: { args: (g) => [slot(g)] },
	dtype: { args: (g) => [slot(g)] },
	device: { args: (g) => [slot(g)] },
	layout: { args: (g) => [slot(g)] },
	elementSize: { args: (g) => [slot(g)] },
	storageOffset: { args: (g) => [slot(g)] },
	isContiguous: { args: (g) => [slot(g), "channels_last"], required: 1 },
	dataPointer: { args: (g) => [slot(g)] },
	fromBytes: { args: () => [{}, new Float32Array(6), [2, 3], "float32"] },
	fromBlob: {
		args: () => [{}, new Float32Array(6), [2, 3], "float32", true, null],
		required: 5,
	},
	copyBytes: { args: (g) => [slot(g), new Float32Array(6)] },
	mapFile: {
		args: () => [{}, openFile, 8, "a file"],
	},
	partOf: { args: () => [{}, slotOf(bytes()), 8, 8] },
	layOut: {
		args: () => [{}, slotOf(bytes()), "float32", [2, 2], [2, 1], 1],
	},
	item: { args: () => [slotOf(kept(torch.ones([])))] },
	setData: { args: (g) => [slot(g), slotOf(kept(torch.zeros([3])))] },
	isSame: { args: (g) => [slot(g), slot(g)] },
	version: { args: (g) => [slot(g)] },
	defaultDtype: { args: () => [] },
	setDefaultDtype: { args: () => ["float64"] },
	memory: { args: () => [] },
	collectOften: { args: () => [] },
	collectGarbage: { args: () => [] },
	requiresGrad: { args: (g) => [slot(g)] },
	setRequiresGrad: { args: (g) => [slot(g), true] },
	isLeaf: { args: (g) => [slot(g)] },
	retainGrad: { args: () => [slotOf(kept(recorded()))] },
	retainsGrad: { args: (g) => [slot(g)] },
	grad: { args: (g) => [slot(g), slot(g)], required: 1 },
	setGrad: { args: (g) => [slot(g), slot(g)], required: 1 },
	gradFn: { args: (g) => [slot(g)] },
	backward: {
		args: () => {
			const x = kept(recorded());
			return [[slotOf(kept(x.mul(2).sum()))], [null], true, false, [slotOf(x)]];
		},
		required: 4,
	},
	gradOf: {
		args: () => {
			const x = kept(recorded());
			const y = kept(x.mul(2).sum());
			return [[slotOf(y)], [slotOf(x)], [null], true, false, true];
		},
	},
	registerHook: { args: () => [slotOf(kept(recorded())), () => null] },
	registerPostAccumulateGradHook: {
		args: () => [slotOf(kept(recorded())), () => null, {}],
	},
	knownNode: { args: (g) => [slot(g)] },
	gradNodeId: { args: (g) => [slot(g)] },
	gradNode: { args: () => [{}, slotOf(kept(recorded().mul(2)))] },
	nodeName: { args: () => [node()] },
	nextNodes: { args: () => [node()] },
	nextNode: { args: () => [{}, node(), 0] },
	nodeVariable: { args: () => [node()] },
	registerNodeHook: { args: () => [node(), () => null] },
	registerNodePreHook: { args: () => [node(), () => null] },
	createFunction: {
		args: () => [{}, "F", () => [], [slotOf(kept(recorded()))]],
	},
	finishFunction: {
		args: () => {
			const x = slotOf(kept(recorded()));
			const y = slotOf(kept(torch.ones([2])));
			return [customNode(x), [x], [y], [], [], [x, y, null], true, null, true];
		},
	},
	savedTensors: { args: () => [customNode(slotOf(kept(recorded())))] },
	neededGradients: { args: () => [node()] },
	pushSavedHooks: { args: () => [() => () => 0] },
	popSavedHooks: { args: () => [native.pushSavedHooks(() => () => 0)] },
	setAnomaly: { args: () => [() => "stack", true], required: 0 },
	takeTrace: { args: () => [] },
	dualLevel: { args: () => leaveDualLevel() ?? [] },
	exitDualLevel: { args: () => leaveDualLevel() ?? [native.dualLevel()] },
	isForwardGradEnabled: { args: () => [] },
	setForwardGradEnabled: { args: () => [true] },
	pushVmap: { args: () => [2, "same"] },
	pushGrad: { args: () => [] },
	pushJvp: { args: () => [] },
	popTransform: { args: () => [native.pushGrad()] },
	transformKinds: { args: () => [] },
	wrapForGrad: { args: (g) => [slot(g), native.pushGrad()] },
	unwrapForGrad: { args: (g) => [slot(g), 1] },
	addBatchDim: { args: (g) => [slot(g), 0, native.pushVmap(2, "error")] },
	removeBatchDim: {
		args: () => {
			const level = native.pushVmap(2, "error");
			const x = slotOf(kept(torch.ones([2, 3])));
			const batched = native.addBatchDim(x, 0, level) as torch.Tensor;
			return [slotOf(kept(batched)), level];
		},
	},
	unwrapped: { args: (g) => [slot(g)] },
	isGradEnabled: { args: () => [] },
	setGradEnabled: { args: () => [true] },
	pushInferenceMode: { args: () => [true] },
	popInferenceMode: { args: () => [native.pushInferenceMode(true)] },
	isInferenceMode: { args: () => [] },
	isInference: { args: (g) => [slot(g)] },
	manualSeed: { args: () => [1] },
	createGenerator: { args: () => [{}, "cpu"] },
	defaultGenerator: { args: () => [{}, "cpu"] },
	setSeed: { args: (g) => [slotOfGenerator(g.generator), 1] },
	randomSeed: { args: (g) => [slotOfGenerator(g.generator)] },
	initialSeed: { args: (g) => [slotOfGenerator(g.generator)] },
	generatorState: { args: (g) => [slotOfGenerator(g.generator)] },
	setGeneratorState: {
		args: (g) => [
			slotOfGenerator(g.generator),
			slotOf(kept(g.generator.getState())),
		],
	},
	deviceCount: { args: () => ["cpu"] },
	hasBackend: { args: () => ["cuda"] },
	synchronize: { args: () => ["cuda"], throws: neverAccelerator },
	currentDevice: { args: () => ["cuda"], throws: neverAccelerator },
	setCurrentDevice: { args: () => ["cuda"], throws: neverAccelerator },
	deviceMemory: { args: () => ["cuda"], throws: neverAccelerator },
	resetPeakMemory: { args: () => ["cuda"], throws: neverAccelerator },
	emptyCache: { args: () => ["cpu"] },
	isPlainTensor: { args: (g) => [slot(g)] },
	adjustColours: { args: () => [{}, image(), [0, 1, 4, 3], [1, 2, 1, 0.1]] },
	mirrorSome: { args: () => [{}, image(), [true, false], false] },
	normalizePixels: { args: () => [{}, image(), [0.5], [1, 2, 3]] },
	resizeParts: {
		args: () => [{}, image(), [0, 0, 4, 5, 1, 2, 3, 3], [7, 6], "bilinear"],
	},
	numThreads: { args: () => [] },
	setNumThreads: { args: () => [1] },
	buildConfiguration: { args: () => [] },
	getSwitch: { args: () => ["cudnn"] },
	setSwitch: { args: () => ["cudnnBenchmark", false] },
	deterministicMode: { args: () => [] },
	setDeterministicMode: { args: () => [0] },
	float32MatmulPrecision: { args: () => [] },
	setFloat32MatmulPrecision: { args: () => ["highest"] },
	setFlushDenormal: { args: () => [false] },
	numInteropThreads: { args: () => [] },
	// only once in a process: see below
	setNumInteropThreads: { args: () => [1], throws: { code: "ERR_TORCH" } },
	isAutocastEnabled: { args: () => ["cpu"] },
	setAutocastEnabled: { args: () => ["cpu", false] },
	autocastDtype: { args: () => ["cpu"] },
	setAutocastDtype: { args: () => ["cpu", "bfloat16"] },
	nestAutocast: { args: () => [false] },
	clearAutocastCache: { args: () => [] },
};
const names = Object.keys(valid) as (keyof Native)[];
native.setNumInteropThreads(1);

/** Slots as no Tensor holds them, among all other wrong values. */
const values: readonly ((given: Given) => unknown)[] = [
	...plain,
	...hostile,
	slot,
	(g) => [slot(g)],
	(g) => [slot(g), slot(g)],
	(g) => slotOf(g.disposed),
	(g) => [slotOf(g.disposed)],
	(g) => slot(g) + 0.5,
	(g) => slot(g) + 2 ** 32,
	() => 100_000,
	() => new Array(2 ** 32 - 1),
	() => 2 ** 32 - 1,
	(g) => slotOfGenerator(g.generator),
	() => -1000,
	() => operators.adam,
	() => operators.topk,
	() => "int32",
	() => "sparse_csr",
	() => "channels_last",
];

let keptTensors: torch.Tensor[] = [];
function kept(tensor: torch.Tensor): torch.Tensor {
	keptTensors.push(tensor);
	return tensor;
}

const complaints: string[] = [];
let calls = 0;

type Outcome = { value: unknown } | { error: unknown };

function attempt(name: keyof Native, args: unknown[], self?: unknown): Outcome {
	ftruncateSync(log);
	const shown = inspect(args, {
		depth: 2,
		maxArrayLength: 8,
		breakLength: Infinity,
	});
	writeSync(log, `${name}(${shown.slice(0, 2000)})`, 0);
	calls++;
	let outcome: Outcome;
	try {
		outcome = { value: Reflect.apply(native[name], self, args) };
	} catch (error) {
		outcome = { error };
	}
	recover();
	if ("error" in outcome) {
		const problem = problemOf(outcome.error);
		if (problem !== null)
			complaints.push(`${name}(${shown.slice(0, 500)}): ${problem}`);
	}
	return outcome;
}

/** What calls may have changed. */
function recover(): void {
	native.initialize(fromNative, adoptSlot, collectYoung, "none");
	for (let depth = native.pushInferenceMode(false); depth > 0; depth--)
		native.popInferenceMode(depth);
	native.setAnomaly(null, true);
	for (let depth = native.pushSavedHooks(() => () => 0); depth > 0; depth--)
		native.popSavedHooks(depth);
	for (let level = native.transformKinds().length; level > 0; level--)
		native.popTransform(level);
	leaveDualLevel();
	native.setForwardGradEnabled(true);
	native.setGradEnabled(true);
	native.setDefaultDtype("float32");
	if (native.numThreads() !== 1) native.setNumThreads(1);
	native.setDeterministicMode(0);
	native.setAutocastEnabled("cpu", false);
	native.setAutocastDtype("cpu", "bfloat16");
}

/** Why an error is not as it should be, or null. */
function problemOf(error: unknown): string | null {
	if (error === planted) return null;
	// the engine's own: of a revoked proxy
	if (error instanceof TypeError && /revoked/.test(error.message)) return null;
	if (!(error instanceof torch.TorchError)) return `threw ${inspect(error)}`;
	if (!error.op) return `names no operator: ${error.message}`;
	if (/^ERR_INVALID_ARG/.test(error.code) && !error.argument)
		return `names no argument: ${error.message}`;
	return null;
}

/** The outcome of a call must be an error with these properties. */
function refused(
	name: keyof Native,
	outcome: Outcome,
	as: object,
	what: string,
): void {
	const error = "error" in outcome ? outcome.error : undefined;
	for (const [key, value] of Object.entries(as))
		if ((error as Record<string, unknown> | undefined)?.[key] !== value)
			complaints.push(
				`${name} with ${what}: expected ${inspect(as)}, got ${inspect(outcome, { depth: 1 })}`,
			);
}

const missing = Object.keys(native).filter((name) => !(name in valid));
if (missing.length > 0)
	complaints.push(`no right call is known of ${missing.join(", ")}`);

for (const name of names) {
	const { args, required, throws } = valid[name];
	const right = () => {
		keptTensors = [];
		const g = given();
		nodeHolders = [g];
		keptTensors.push(g.tensor);
		return args(g);
	};
	const count = right().length;

	for (const self of [undefined, null, 1, {}, native, new Proxy({}, {})]) {
		const outcome = attempt(name, right(), self);
		if (throws) refused(name, outcome, throws, "what is right");
		else if ("error" in outcome)
			complaints.push(`${name}: right arguments: ${inspect(outcome.error)}`);
	}
	attempt(name, [...right(), ...new Array(60).fill(Symbol("more"))]);
	for (let given = 0; given < count; given++) {
		const outcome = attempt(name, right().slice(0, given));
		if (given < (required ?? count))
			refused(
				name,
				outcome,
				{ code: "ERR_INVALID_ARG_TYPE" },
				`${given} arguments`,
			);
	}
	for (let i = 0; i < count; i++) {
		const wrong = right();
		wrong[i] = Symbol("wrong");
		refused(
			name,
			attempt(name, wrong),
			{ code: "ERR_INVALID_ARG_TYPE" },
			`a symbol as argument ${i}`,
		);
		for (const value of values) {
			const args = right();
			const g = given();
			keptTensors.push(g.tensor, g.disposed);
			// the very tensor of the call, so that hostile values dispose what is in use
			g.tensor = keptTensors[0] as torch.Tensor;
			args[i] = value(g);
			attempt(name, args);
		}
	}
}

/** Operators of different signatures and ways to be called, every argument replaced by every value. */
const operatorCalls: ((given: Given) => unknown[])[] = [
	(g) => [operators.view, {}, slot(g), [3, 2]],
	(g) => [operators.cat, {}, [slot(g), slot(g)], 0],
	(g) => [
		operators.index,
		{},
		slot(g),
		[null, slotOf(kept(torch.tensor([0, 1])))],
	],
	(g) => [
		operators.normal,
		{},
		0,
		1,
		[2],
		slotOfGenerator(g.generator),
		"float32",
		"strided",
		"cpu",
		false,
	],
	() => [operators.full, {}, [2], 1, "float32", "strided", "cpu", false],
	(g) => [operators.topk, undefined, slot(g), 2, 0, true, true],
];
for (const operatorCall of operatorCalls) {
	const count = operatorCall(given()).length;
	for (let i = 0; i < count; i++)
		for (const value of values) {
			const g = given();
			keptTensors = [g.tensor];
			const args = operatorCall(g);
			args[i] = value(g);
			attempt("call", args);
		}
}

/** Every part of a frame replaced by what cannot stand there. */
for (const operator of [operators.add, operators.view, operators.cat])
	for (let part = 0; part < 9; part++)
		for (const number of [
			-1,
			0.5,
			0,
			5,
			0o1234567,
			0o5555555,
			2 ** 31,
			2 ** 40,
			NaN,
		]) {
			const g = given();
			keptTensors = [g.tensor];
			frame.set([operator, 0o1111000, slot(g), slot(g), 2, 0, 0, 0, 0]);
			frame[part] = number;
			attempt("callFramed", [{}]);
		}

/** Memory that is let go while the lists are read. */
{
	const whole = bytes();
	const shape = Object.defineProperty([1, 2], 0, {
		get() {
			whole.dispose();
			return 2;
		},
	});
	attempt("layOut", [{}, slotOf(whole), "uint8", shape, [2, 1], 0]);
}

/** A buffer that is taken away while the shape is read. */
for (const name of ["fromBytes", "fromBlob"] as const) {
	const data = new Float32Array(1 << 20);
	const shape = Object.defineProperty([1, 1 << 20], 0, {
		get() {
			structuredClone(data.buffer, { transfer: [data.buffer] });
			return 1;
		},
	});
	refused(
		name,
		attempt(name, [{}, data, shape, "float32"]),
		{ code: "ERR_INVALID_ARG_VALUE", argument: "data" },
		"a buffer that is detached in the midst",
	);
}

const shuffled = fc.property(
	fc.constantFrom(...names),
	fc.array(
		fc.oneof(
			fc.nat(values.length - 1),
			fc.anything({
				withBigInt: true,
				withTypedArray: true,
				withSparseArray: true,
				withNullPrototype: true,
			}),
		),
		{ maxLength: 8 },
	),
	(name, picks) => {
		const before = complaints.length;
		const g = given();
		keptTensors = [g.tensor];
		attempt(
			name,
			picks.map((pick) =>
				typeof pick === "number" && Number.isInteger(pick)
					? (values[pick]?.(g) ?? pick)
					: pick,
			),
		);
		return complaints.length === before;
	},
);
const checked = fc.check(shuffled, { seed, numRuns: runs });
if (checked.failed)
	complaints.push(`shrunk: ${inspect(checked.counterexample)}`);

const sum = torch.ones([2]).add(1).sum().item();
if (sum !== 4) complaints.push(`afterwards 1 + 1 + 1 + 1 is ${sum}`);
console.log(
	JSON.stringify({
		calls,
		complaints: complaints.slice(0, 40),
		count: complaints.length,
	}),
);

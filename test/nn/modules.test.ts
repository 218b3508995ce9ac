import * as torch from "../../lib/index.ts";
import {
	expectTensor,
	fixture,
	isStored,
	revive,
	type Stored,
	tensor,
} from "./fixtures.ts";

interface ModuleCase {
	module: string;
	args: unknown[];
	options: Record<string, unknown>;
	training: boolean;
	repr: string;
	/** Not there for lazy modules. */
	state?: Record<string, Stored>;
	/** After the call, which makes lazy modules ordinary ones. */
	reprAfter?: string;
	inputs: unknown[];
	/** Given by name, in a last object. */
	named?: Record<string, unknown>;
	/** Whether autograd is on. */
	record?: false;
	output: unknown;
	gradOutput?: Stored;
	inputGrads?: (Stored | null)[];
	paramGrads?: Record<string, Stored | null>;
	buffers: Record<string, Stored>;
}

type AnyConstructor = new (
	...args: unknown[]
) => torch.nn.Module<unknown[], unknown>;
const cases = [
	...fixture<ModuleCase[]>("modules.json"),
	...fixture<ModuleCase[]>("families.json.gz"),
];
const titled = cases.map((each, i): [string, ModuleCase] => {
	const options = Object.entries(each.options).map(
		([name, value]) =>
			`${name}: ${isStored(value) ? "tensor" : JSON.stringify(value)}`,
	);
	return [
		`${i} ${each.module}(${[...each.args.map((arg) => JSON.stringify(arg)), ...options].join(", ")}) ${each.training ? "train" : "eval"}`,
		each,
	];
});

/** All tensors in a value, in order. */
function tensors(value: unknown): torch.Tensor[] {
	if (value instanceof torch.Tensor) return [value];
	if (Array.isArray(value)) return value.flatMap(tensors);
	return typeof value === "object" && value !== null
		? Object.values(value).flatMap(tensors)
		: [];
}

function flat(value: unknown): Stored[] {
	return isStored(value)
		? [value]
		: Array.isArray(value)
			? value.flatMap(flat)
			: [];
}

/** JavaScript has no 0 that is not 0.0: Dropout prints the latter, which Python's users write. */
const printed = (repr: string) =>
	repr.replace(/^(\w*Dropout\w*\(p=[01])(?=,)/, "$1.0");

test.each(titled)("%s", (_title, each) => {
	torch.manualSeed(1);
	const Constructor = (torch.nn as unknown as Record<string, AnyConstructor>)[
		each.module
	] as AnyConstructor;
	const args = revive(each.args) as unknown[];
	const module = new Constructor(
		...args,
		...(Object.keys(each.options).length > 0 ? [revive(each.options)] : []),
	);
	module.train(each.training);
	expect(String(module)).toBe(printed(each.repr));

	if (each.state !== undefined) {
		const state = module.stateDict();
		expect(Object.keys(state)).toEqual(Object.keys(each.state));
		for (const [name, stored] of Object.entries(each.state))
			expectTensor(state[name] as torch.Tensor, stored, name);
	}

	const revived = revive(each.inputs) as unknown[];
	const inputs = revived.map((input) =>
		typeof input === "object" && input !== null && "same" in input
			? revived[input.same as number]
			: input,
	);
	const isFloating = ({ dtype }: torch.Tensor) => !/int|bool/.test(dtype);
	const learnt = tensors(inputs)
		.filter(isFloating)
		.slice(0, each.inputGrads?.length ?? 0);
	for (const input of learnt) input.requiresGrad_();
	const given = each.options.inplace
		? tensors(inputs).map((input) => input.clone())
		: inputs;
	const named = each.named === undefined ? [] : [revive(each.named)];
	torch.manualSeed(2);
	const output =
		each.record === false
			? torch.noGrad(() => module(...given, ...named))
			: module(...given, ...named);
	const outputs = tensors(output);
	const wanted = flat(each.output);
	expect(outputs).toHaveLength(wanted.length);
	for (const [i, stored] of wanted.entries())
		expectTensor(outputs[i] as torch.Tensor, stored, `output ${i}`);
	for (const [name, buffer] of module.namedBuffers())
		expectTensor(buffer, each.buffers[name] as Stored, name);
	if (each.reprAfter !== undefined)
		expect(String(module)).toBe(printed(each.reprAfter));

	const [first] = outputs as [torch.Tensor];
	expect(first.requiresGrad).toBe(each.gradOutput !== undefined);
	if (each.gradOutput === undefined) return;
	first.backward(tensor(each.gradOutput));
	for (const [i, stored] of (each.inputGrads ?? []).entries())
		expectGradient(learnt[i], stored, `input ${i}`);
	const parameters = new Map(module.namedParameters());
	expect([...parameters.keys()]).toEqual(Object.keys(each.paramGrads ?? {}));
	for (const [name, stored] of Object.entries(each.paramGrads ?? {}))
		expectGradient(parameters.get(name), stored, name);
});

function expectGradient(
	of: torch.Tensor | undefined,
	stored: Stored | null,
	name: string,
): void {
	if (stored === null) expect(of?.grad).toBeNull();
	else expectTensor(of?.grad as torch.Tensor, stored, `gradient of ${name}`);
}

test("every module has cases", () => {
	const tested = new Set(cases.map(({ module }) => module));
	const others = [
		"Module",
		"RNNBase",
		"RNNCellBase",
		"Sequential",
		"ModuleList",
		"ModuleDict",
		"ParameterList",
		"ParameterDict",
		"Parameter",
		"Buffer",
		"UninitializedParameter",
		"UninitializedBuffer",
	];
	const classes = Object.keys(torch.nn).filter((name) => /^[A-Z]/.test(name));
	expect(
		classes.filter((name) => !tested.has(name) && !others.includes(name)),
	).toEqual([]);
});

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
	state: Record<string, Stored>;
	inputs: Stored[];
	output: Stored | Stored[];
	gradOutput?: Stored;
	inputGrads?: Stored[];
	paramGrads?: Record<string, Stored>;
	buffers: Record<string, Stored>;
}

type AnyConstructor = new (
	...args: unknown[]
) => torch.nn.Module<torch.Tensor[], torch.Tensor | torch.Tensor[]>;
const cases = fixture<ModuleCase[]>("modules.json");
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
	expect(String(module)).toBe(each.repr);

	const state = module.stateDict();
	expect(Object.keys(state)).toEqual(Object.keys(each.state));
	for (const [name, stored] of Object.entries(each.state))
		expectTensor(state[name] as torch.Tensor, stored, name);

	const isFloating = ({ dtype }: Stored) => !dtype.startsWith("int");
	const learns = each.inputGrads?.length ?? 0;
	const inputs = each.inputs.map((stored, i) =>
		tensor(stored).requiresGrad_(isFloating(stored) && i < learns),
	);
	torch.manualSeed(2);
	const output = module(
		...inputs.map((input) => (each.options.inplace ? input.clone() : input)),
	);
	const outputs = Array.isArray(output) ? output : [output];
	const wanted = Array.isArray(each.output) ? each.output : [each.output];
	expect(outputs).toHaveLength(wanted.length);
	for (const [i, stored] of wanted.entries())
		expectTensor(outputs[i] as torch.Tensor, stored, `output ${i}`);
	for (const [name, buffer] of module.namedBuffers())
		expectTensor(buffer, each.buffers[name] as Stored, name);

	expect((outputs[0] as torch.Tensor).requiresGrad).toBe(
		each.gradOutput !== undefined,
	);
	if (each.gradOutput === undefined) return;
	(outputs[0] as torch.Tensor).backward(tensor(each.gradOutput));
	for (const [i, stored] of (each.inputGrads ?? []).entries()) {
		expectTensor(
			inputs[i]?.grad as torch.Tensor,
			stored,
			`gradient of input ${i}`,
		);
	}
	const parameters = new Map(module.namedParameters());
	expect([...parameters.keys()]).toEqual(Object.keys(each.paramGrads ?? {}));
	for (const [name, stored] of Object.entries(each.paramGrads ?? {})) {
		const { grad } = parameters.get(name) as torch.nn.Parameter;
		expectTensor(grad as torch.Tensor, stored, `gradient of ${name}`);
	}
});

test("every module has cases", () => {
	const tested = new Set(cases.map(({ module }) => module));
	const others = [
		"Module",
		"Sequential",
		"ModuleList",
		"ModuleDict",
		"Parameter",
		"Buffer",
	];
	const classes = Object.keys(torch.nn).filter((name) => /^[A-Z]/.test(name));
	expect(
		classes.filter((name) => !tested.has(name) && !others.includes(name)),
	).toEqual([]);
});

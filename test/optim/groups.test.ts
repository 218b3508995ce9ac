import * as torch from "../../lib/index.ts";
import type { OptimizerStateDict, StateValue } from "../../lib/optim/index.ts";
import {
	camelOptions,
	expectClose,
	leaves,
	make,
	numbersOf,
	type OptimizerName,
	readJson,
	readTensors,
	repeated,
	setGrads,
} from "./support.ts";

interface SavedTensor {
	dtype: torch.DType;
	shape: number[];
	values: number[];
}
interface Case {
	optimizer: OptimizerName;
	defaults: object;
	second: object;
	start: number;
	grads: number;
	after: number;
	checkpoint: {
		params: number;
		stateDict: {
			state: { [param: string]: { [name: string]: SavedTensor } };
			param_groups: OptimizerStateDict["param_groups"];
		};
	};
}

const cases = readJson<Case[]>("groups.json").map(
	(c) => [c.optimizer, c] as const,
);

function toTensor({ dtype, shape, values }: SavedTensor): torch.Tensor {
	return torch.tensor(values, { dtype }).reshape(shape);
}

/** What Python's `state_dict()` was. */
function pythonState({ checkpoint }: Case): OptimizerStateDict {
	const { state, param_groups } = checkpoint.stateDict;
	return {
		param_groups: structuredClone(param_groups),
		state: Object.fromEntries(
			Object.entries(state).map(([number, remembered]) => [
				number,
				Object.fromEntries(
					Object.entries(remembered).map(([name, value]) => [
						name,
						toTensor(value),
					]),
				),
			]),
		),
	};
}

function grouped(
	c: Case,
	params: torch.Tensor[],
	fused: boolean | null = false,
) {
	const [a, b, last] = params;
	return make(
		c.optimizer,
		[{ params: [a, b] }, { params: last, ...camelOptions(c.second) }],
		{ ...camelOptions(c.defaults), fused },
	);
}

/** The gradients of a step; the second parameter has none before the third. */
function gradsOf(c: Case, step: number): (torch.Tensor | null)[] {
	const [a, b, last] = readTensors(c.grads, "float32", repeated(5)).slice(
		step * 3,
	) as [torch.Tensor, torch.Tensor, torch.Tensor];
	return [a, step >= 2 ? b : null, last];
}

describe.each(cases)("parameter groups of %s", (_, c) => {
	const expectedAfter = () => readTensors(c.after, "float32", repeated(5));

	test.each([[false], [null]])(
		"have options of their own, and wait for gradients (fused: %s)",
		(fused) => {
			const params = leaves(readTensors(c.start, "float32"));
			const optimizer = grouped(c, params, fused);
			for (let step = 0; step < 5; step++) {
				setGrads(params, gradsOf(c, step));
				optimizer.step();
				for (const [i, param] of params.entries())
					expectClose(
						param,
						expectedAfter()[step * 3 + i] as torch.Tensor,
						fused === false ? 0 : 1e-5,
					);
			}
		},
	);

	test("go on where Python's checkpoint stopped", () => {
		const params = leaves(readTensors(c.checkpoint.params, "float32"));
		const optimizer = make(
			c.optimizer,
			[{ params: params.slice(0, 2) }, { params: params[2] }],
			{},
		);
		optimizer.loadStateDict(pythonState(c));
		for (const step of [3, 4]) {
			setGrads(params, gradsOf(c, step));
			optimizer.step();
			for (const [i, param] of params.entries())
				expectClose(param, expectedAfter()[step * 3 + i] as torch.Tensor, 0);
		}
	});

	test("are saved as Python saves them", () => {
		const params = leaves(readTensors(c.start, "float32"));
		const optimizer = grouped(c, params);
		for (const step of [0, 1, 2]) {
			setGrads(params, gradsOf(c, step));
			optimizer.step();
		}
		const saved = optimizer.stateDict();
		const python = pythonState(c);
		expect(saved.param_groups).toEqual(python.param_groups);
		expect(Object.keys(saved.param_groups[0] ?? {})).toEqual(
			Object.keys(python.param_groups[0] ?? {}),
		);
		expect(Object.keys(saved.state)).toEqual(Object.keys(python.state));
		const inNumbers = (value: StateValue | undefined) => [
			(value as torch.Tensor).dtype,
			numbersOf(value as torch.Tensor),
		];
		for (const [number, remembered] of Object.entries(python.state))
			for (const [name, value] of Object.entries(remembered))
				expect(inNumbers(saved.state[Number(number)]?.[name])).toEqual(
					inNumbers(value),
				);
	});
});

test("a state dict that does not fit changes nothing", () => {
	const params = leaves([torch.ones([2]), torch.ones([2])]);
	const optimizer = new torch.optim.Adam(params);
	setGrads(params, [torch.ones([2]), torch.ones([2])]);
	optimizer.step();
	const { state, paramGroups } = optimizer;
	const before = optimizer.stateDict();
	const [group] = before.param_groups;
	const wrong: [Partial<OptimizerStateDict>, RegExp][] = [
		[{}, /Adam: stateDict: expected an object with `state` and `param_groups`/],
		[{ ...before, param_groups: [] }, /different number of parameter groups/],
		[
			{ ...before, param_groups: [{ ...group, params: [0] }] },
			/doesn't match the size of optimizer's group/,
		],
		[
			{ ...before, param_groups: [{ ...group, lr: -1, params: [0, 1] }] },
			/Invalid learning rate: -1/,
		],
	];
	for (const [dict, message] of wrong) {
		expect(() => optimizer.loadStateDict(dict as OptimizerStateDict)).toThrow(
			message,
		);
		expect(optimizer.state).toBe(state);
		expect(optimizer.paramGroups).toBe(paramGroups);
	}
});

test("state goes to the dtype and memory layout of its parameter", () => {
	const shape = [2, 3, 4, 4];
	const [from] = leaves([torch.randn(shape)]) as [torch.Tensor];
	const to = from
		.detach()
		.double()
		.contiguous({ memoryFormat: "channels_last" })
		.requiresGrad_(true);
	const [first, second] = [
		new torch.optim.Adam([from]),
		new torch.optim.Adam([to]),
	];
	from.grad = torch.randn(shape);
	first.step();
	second.loadStateDict(first.stateDict());
	const state = second.state.get(to);
	expect(state?.exp_avg.dtype).toBe("float64");
	expect(state?.exp_avg.stride()).toEqual(to.stride());
	expect(state?.step.dtype).toBe("float32");
	expect(numbersOf(state?.exp_avg as torch.Tensor)).toEqual(
		numbersOf(first.state.get(from)?.exp_avg as torch.Tensor),
	);
});

test("groups can be added and changed between steps", () => {
	const [a, b] = leaves([torch.ones([2]), torch.ones([2])]) as [
		torch.Tensor,
		torch.Tensor,
	];
	const optimizer = new torch.optim.SGD([a], { lr: 1 });
	optimizer.addParamGroup({ params: b, lr: 0.5 });
	setGrads([a, b], [torch.ones([2]), torch.ones([2])]);
	optimizer.step();
	expect([numbersOf(a), numbersOf(b)]).toEqual([
		[0, 0],
		[0.5, 0.5],
	]);
	const [group] = optimizer.paramGroups;
	if (group) group.lr = 2;
	optimizer.step();
	expect([numbersOf(a), numbersOf(b)]).toEqual([
		[-2, -2],
		[0, 0],
	]);
});

test("named parameters keep their names", () => {
	const [a, b] = leaves([torch.ones([2]), torch.ones([2])]) as [
		torch.Tensor,
		torch.Tensor,
	];
	const optimizer = new torch.optim.SGD([
		["a", a],
		["b", b],
	]);
	expect(optimizer.paramGroups[0]?.paramNames).toEqual(["a", "b"]);
	expect(optimizer.stateDict().param_groups[0]?.param_names).toEqual([
		"a",
		"b",
	]);
});

import * as torch from "../../lib/index.ts";
import {
	camelOptions,
	expectClose,
	type FloatType,
	leaves,
	make,
	type OptimizerName,
	readJson,
	readTensors,
	repeated,
	setGrads,
	shapes,
} from "./support.ts";

interface Case {
	optimizer: OptimizerName;
	options: { lr?: number };
	tensorLr: boolean;
	fused: boolean;
	dtype: FloatType;
	start: number;
	grads: number;
	after: number;
	stateKeys: string[];
	state: number;
}

const steps = 5;
const cases = readJson<Case[]>("steps.json");

const title = (c: Case) =>
	`${c.optimizer} ${c.dtype} ${c.fused ? "fused" : "plain"} ${JSON.stringify(c.options)}${c.tensorLr ? " tensor lr" : ""}`;

describe("five steps as PyTorch makes them", () => {
	test.each(cases.map((c) => [title(c), c] as const))("%s", (_, c) => {
		const options: { [name: string]: unknown } = {
			...camelOptions(c.options),
			fused: c.fused,
		};
		if (c.tensorLr) options.lr = torch.tensor(c.options.lr as number);
		const params = leaves(readTensors(c.start, c.dtype));
		const optimizer = make(c.optimizer, params, options);
		const grads = readTensors(c.grads, c.dtype, repeated(steps));
		const after = readTensors(c.after, c.dtype, repeated(steps));
		for (let step = 0; step < steps; step++) {
			setGrads(params, grads.slice(step * 3, step * 3 + 3));
			optimizer.step();
			for (const [i, param] of params.entries())
				expectClose(param, after[step * 3 + i] as torch.Tensor, 0);
		}
		const { state } = optimizer.stateDict();
		const stateShapes = shapes.flatMap((shape) =>
			c.stateKeys.map((key) => (key === "step" ? [] : shape)),
		);
		const expected = readTensors(c.state, c.dtype, stateShapes);
		for (const i of shapes.keys()) {
			expect(Object.keys(state[i] ?? {})).toEqual(c.stateKeys);
			for (const key of c.stateKeys) {
				const actual = state[i]?.[key] as torch.Tensor;
				const wanted = expected.shift() as torch.Tensor;
				if (key === "step") expect(actual.item()).toBe(steps);
				else expectClose(actual, wanted, 0);
			}
		}
	});
});

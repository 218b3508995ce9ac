import * as torch from "../../lib/index.ts";
import {
	expectTensor,
	fixture,
	revive,
	type Stored,
} from "../support/stored.ts";

interface CreationCase {
	function: string;
	args: unknown[];
	options: Record<string, unknown>;
	result?: Stored;
	error?: string;
}

const cases = fixture<CreationCase[]>("tensor/creation.json").map((c) => ({
	...c,
	name: `${c.function}(${JSON.stringify(c.args).slice(1, -1)}, ${JSON.stringify(c.options)})`,
}));

function create({ function: name, args, options }: CreationCase): torch.Tensor {
	const make = Reflect.get(torch, name) as (...a: unknown[]) => torch.Tensor;
	return make(...(revive(args) as unknown[]), revive(options));
}

test.each(cases.filter((c) => c.result))("$name", (creationCase) => {
	expectTensor(create(creationCase), creationCase.result as Stored);
});

test.each(cases.filter((c) => c.error))("$name is refused", (creationCase) => {
	expect(() => create(creationCase)).toThrow(torch.TorchError);
});

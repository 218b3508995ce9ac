import * as torch from "../../lib/index.ts";

const { eye, randperm, arange, zeros, cat, matmul, where } = torch;
const functions = { eye, randperm, arange, zeros, cat, matmul, where };

test.each(Object.entries(functions))(
	"%s without arguments is refused by name",
	(name, call) => {
		expect(call).toThrow(torch.TorchError);
		expect(call).toThrow(new RegExp(`^${name}: `));
	},
);

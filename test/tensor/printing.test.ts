import { inspect } from "node:util";
import * as torch from "../../lib/index.ts";
import { nest, type PrintingCase, printingCases } from "../support/printing.ts";

function build({ dtype, shape, values, step, requiresGrad, op }: PrintingCase) {
	const numel = shape.reduce((product, size) => product * size, 1);
	let tensor =
		step === undefined
			? torch
					.tensor(values?.length ? nest({ shape, values } as PrintingCase) : [], {
						dtype: dtype as torch.DType,
					})
					.reshape(shape)
			: torch.arange(numel).to(dtype).mul(step).reshape(shape);
	if (requiresGrad) tensor = tensor.requiresGrad_(true);
	if (op === "add") return tensor.add(tensor);
	return op ? tensor[op]() : tensor;
}

test.each(printingCases)("%#: $dtype $shape $options", (printed) => {
	const text = torch.printoptions(printed.options ?? {}, () =>
		build(printed).toString(),
	);
	expect(text).toBe(printed.text);
});

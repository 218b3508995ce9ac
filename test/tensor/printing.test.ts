import { inspect } from "node:util";
import * as torch from "../../lib/index.ts";
import { nest, type PrintingCase, printingCases } from "../support/printing.ts";

function build({ dtype, shape, values, step, requiresGrad, op }: PrintingCase) {
	const numel = shape.reduce((product, size) => product * size, 1);
	let tensor =
		step === undefined
			? torch
					.tensor(values?.length ? nest({ shape, values }) : [], {
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

test("console.log prints the same, inside other values too", () => {
	const x = torch.tensor([1.5, 2]);
	expect(inspect(x)).toBe("tensor([1.5000, 2.0000])");
	expect(inspect({ x })).toBe("{ x: tensor([1.5000, 2.0000]) }");
	expect(`${x}`).toBe("tensor([1.5000, 2.0000])");
});

test("of a big tensor only the ends are read", () => {
	const wide = torch.zeros([1]).expand([2 ** 20, 2 ** 20]); // 4 TB, were it written out
	expect(String(wide).split("\n")[0]).toBe(
		"tensor([[0., 0., 0.,  ..., 0., 0., 0.],",
	);
});

test("tensors without values tell their shape", () => {
	const meta = (shape: number[], dtype: torch.DType = "float32") =>
		String(torch.empty(shape, { device: "meta", dtype }));
	expect(meta([2, 3])).toBe("tensor(..., device='meta', size=(2, 3))");
	expect(meta([3], "int64")).toBe(
		"tensor(..., device='meta', size=(3,), dtype=torch.int64)",
	);
});

test("a changed default dtype is the one that goes without saying", () => {
	torch.setDefaultDtype("float64");
	try {
		expect(String(torch.tensor([0.5]))).toBe("tensor([0.5000])");
		expect(String(torch.tensor([0.5], { dtype: "float32" }))).toBe(
			"tensor([0.5000], dtype=torch.float32)",
		);
	} finally {
		torch.setDefaultDtype("float32");
	}
});

describe("options", () => {
	test("stay as they are where not given, but for sciMode", () => {
		torch.setPrintoptions({ precision: 2, sciMode: true });
		expect(String(torch.tensor([1.125]))).toBe("tensor([1.12e+00])");
		torch.setPrintoptions({ edgeitems: 1 });
		expect(torch.getPrintoptions()).toEqual({
			...{ precision: 2, threshold: 1000, edgeitems: 1, linewidth: 80 },
			sciMode: null,
		});
		torch.setPrintoptions({ profile: "default" });
		expect(String(torch.tensor([1.125]))).toBe("tensor([1.1250])");
	});

	test("go back after printoptions, also when it throws", () => {
		const before = torch.getPrintoptions();
		expect(() =>
			torch.printoptions({ precision: 1 }, () => {
				throw new Error(String(torch.tensor([0.25])));
			}),
		).toThrow("tensor([0.2])");
		expect(torch.getPrintoptions()).toEqual(before);
	});

	test.each([
		[
			{ precision: 1.5 },
			"setPrintoptions: precision: expected integer, got number 1.5",
		],
		[
			{ precision: 101 },
			"setPrintoptions: precision: expected a number from 0 to 100, got 101",
		],
		[
			{ edgeitems: -1 },
			"setPrintoptions: edgeitems: expected a number at least 0, got -1",
		],
		[
			{ threshold: "many" },
			'setPrintoptions: threshold: expected number, got string "many"',
		],
		[
			{ sciMode: 1 },
			"setPrintoptions: sciMode: expected boolean, got number 1",
		],
		[
			{ profile: "tall" },
			'setPrintoptions: profile: expected one of "default", "short", "full", got string "tall"',
		],
		[{ digits: 3 }, "setPrintoptions: digits: unknown option"],
	])("%j are refused and change nothing", (options, message) => {
		const before = torch.getPrintoptions();
		expect(() => torch.setPrintoptions(options as never)).toThrow(message);
		expect(torch.getPrintoptions()).toEqual(before);
	});
});

/** Quantized and nested tensors, as PyTorch prints them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";

interface Case {
	dtype: torch.DType;
	options: Record<string, never>;
	text: string;
	/** Of a quantized tensor. */
	shape?: number[];
	scale?: number | number[];
	zeroPoint?: number | number[];
	/** The shapes of a nested tensor's parts. */
	parts?: number[][];
	requiresGrad?: boolean;
}

const cases: Case[] = JSON.parse(
	readFileSync(join(__dirname, "../fixtures/printing/special.json"), "utf8"),
);

function ramp(shape: number[], dtype: torch.DType = "float32") {
	const numel = shape.reduce((product, size) => product * size, 1);
	return torch.arange(numel).to(dtype).reshape(shape);
}

function build({ shape, dtype, scale, zeroPoint, ...nested }: Case) {
	const { parts = [], requiresGrad = false } = nested;
	if (shape === undefined) {
		const list = parts.map((each) => ramp(each, dtype));
		return torch.nested.nestedTensor(list, { requiresGrad });
	}
	const x = ramp(shape).mul(0.7);
	return Array.isArray(scale)
		? torch.quantizePerChannel(
				...[x, torch.tensor(scale), torch.tensor(zeroPoint as number[])],
				...[0, dtype],
			)
		: torch.quantizePerTensor(x, scale ?? 1, (zeroPoint as number) ?? 0, dtype);
}

test.each(cases)("%#: $dtype $shape $parts $options", (printed) => {
	const text = torch.printoptions(printed.options, () =>
		String(build(printed)),
	);
	expect(text).toBe(printed.text);
});

test("a view whose history cannot be told prints", () => {
	const x = torch.ones([3], { requiresGrad: true });
	const view = torch.noGrad(() => x.narrow(0, 0, 2).add_(1));
	expect(String(view)).toBe("tensor([2., 2.], grad_fn=<Invalid>)");
});

test('sparse tensors on "meta" have no count', () => {
	const meta = torch.ones([2, 3]).toSparse().to("meta");
	expect(String(meta)).toBe(
		"tensor(indices=tensor(..., size=(2, 0)),\n       values=tensor(..., size=(0,)),\n" +
			"       device='meta', size=(2, 3), layout=torch.sparse_coo)",
	);
});

test("what oneDNN has laid out prints its elements", () => {
	expect(String(torch.ones(2, 2).toMkldnn())).toBe(
		"tensor([[1., 1.],\n        [1., 1.]], layout=torch._mkldnn)",
	);
});

test("a size that is a bigint prints", () => {
	const x = torch.broadcastTo(torch.tensor(1.5), [2n ** 63n - 1n]);
	expect(String(x)).toBe(
		"tensor([1.5000, 1.5000, 1.5000,  ..., 1.5000, 1.5000, 1.5000])",
	);
});

import * as torch from "../../lib/index.ts";
import { expectClose, leaves, make, numbersOf, setGrads } from "./support.ts";

const options = [
	["SGD", {}],
	["SGD", { momentum: 0.9, dampening: 0.1, weightDecay: 0.1 }],
	["SGD", { momentum: 0.9, nesterov: true, maximize: true }],
	["Adam", { weightDecay: 0.1 }],
	["Adam", { amsgrad: true, maximize: true, lr: 0.1 }],
	["AdamW", { weightDecay: 0.1, amsgrad: true }],
] as const;

/** Ten steps of two tensors larger than a kernel's vector and block. */
function run(
	name: "SGD" | "Adam" | "AdamW",
	given: object,
	dtype: torch.DType = "float32",
	layout: (x: torch.Tensor) => torch.Tensor = (x) => x,
): torch.Tensor[] {
	const generator = new torch.Generator().manualSeed(1);
	const draw = (shape: number[]) => torch.randn(shape, { dtype, generator });
	const params = [layout(draw([8, 30, 7, 7])), draw([1037])].map((x) =>
		x.detach().requiresGrad_(true),
	);
	const optimizer = make(name, params, given);
	for (let step = 0; step < 10; step++) {
		setGrads(params, [draw([8, 30, 7, 7]), draw([1037])]);
		optimizer.step();
	}
	return params;
}

describe.each(options)("%s %j", (name, given) => {
	test.each(["float32", "float64"] as const)(
		"the fused kernel and the plain formula give the same (%s)",
		(dtype) => {
			const plain = run(name, { ...given, fused: false }, dtype);
			const fused = run(name, { ...given, fused: true }, dtype);
			for (const [i, param] of plain.entries()) {
				const scale = Number(param.abs().max().item());
				const worst = Number(
					param
						.sub(fused[i] as torch.Tensor)
						.abs()
						.max()
						.item(),
				);
				expect(worst / scale).toBeLessThan(dtype === "float32" ? 1e-6 : 1e-14);
			}
		},
	);

	test("the default is the fused kernel, and foreach asks for the formula", () => {
		const [fused, byDefault] = [
			run(name, { ...given, fused: true }),
			run(name, given),
		];
		const [plain, foreach] = [
			run(name, { ...given, fused: false }),
			run(name, { ...given, foreach: false }),
		];
		for (const i of [0, 1]) {
			expectClose(byDefault[i] as torch.Tensor, fused[i] as torch.Tensor, 0);
			expectClose(foreach[i] as torch.Tensor, plain[i] as torch.Tensor, 0);
		}
	});

	// The kernel walks through memory: elements of gradients in another order must not meet the wrong parameters.
	test("gradients in another memory layout than their parameters", () => {
		const channelsLast = (x: torch.Tensor) =>
			x.contiguous({ memoryFormat: "channels_last" });
		const contiguous = run(name, given);
		const permuted = run(name, given, "float32", channelsLast);
		expect((permuted[0] as torch.Tensor).isContiguous()).toBe(false);
		const scale = Number((contiguous[0] as torch.Tensor).abs().max().item());
		const [a, b] = [contiguous, permuted].map((params) =>
			numbersOf(params[0] as torch.Tensor),
		) as [number[], number[]];
		expect(
			Math.max(...a.map((x, i) => Math.abs(x - (b[i] as number)))) / scale,
		).toBeLessThan(1e-6);
	});
});

test("parameters of several dtypes in one group", () => {
	const params = leaves([
		torch.ones([3]),
		torch.ones([3], { dtype: "float64" }),
	]);
	const optimizer = new torch.optim.Adam(params, { lr: 0.5 });
	for (const param of params) param.grad = torch.onesLike(param);
	optimizer.step();
	for (const param of params) {
		const [x] = numbersOf(param);
		expect(x).toBeCloseTo(0.5, 6);
	}
	expect(params.map((p) => p.dtype)).toEqual(["float32", "float64"]);
});

test("complex parameters take the plain formula, as pairs of real ones", () => {
	const complex = torch.tensor(
		[
			[1, 2],
			[3, 4],
		],
		{ dtype: "float32" },
	);
	const z = torch.viewAsComplex(complex.clone()).requiresGrad_(true);
	const pair = complex.clone().requiresGrad_(true);
	z.grad = torch.viewAsComplex(torch.ones([2, 2]));
	pair.grad = torch.ones([2, 2]);
	for (const param of [z, pair])
		new torch.optim.Adam([param], { fused: false, amsgrad: true }).step();
	expect(torch.viewAsReal(z.detach()).tolist()).toEqual(pair.detach().tolist());
	expect(() => new torch.optim.Adam([z], { fused: true }).step()).toThrow(
		/Adam: fused: .*floating point Tensors of supported devices.* complex64/,
	);
});

test("a late gradient begins its own momentum", () => {
	const run = (fused: boolean) => {
		const params = leaves([torch.ones([3]), torch.ones([3])]);
		const optimizer = new torch.optim.SGD(params, {
			lr: 0.1,
			momentum: 0.9,
			dampening: 0.5,
			fused,
		});
		const grad = torch.tensor([1, 2, 3], { dtype: "float32" });
		setGrads(params, [grad, null]);
		optimizer.step();
		setGrads(params, [grad, grad]);
		optimizer.step();
		return params.map(numbersOf);
	};
	const [fused, plain] = [run(true), run(false)];
	expect(fused[1]).toEqual([0.9, 0.8, 0.7].map(Math.fround));
	expect(fused).toEqual(plain);
});

// The ways that a step can go: one parameter after the other, many at once in pieces, with tensors for numbers, recorded.
import * as torch from "../../lib/index.ts";
import { makeOptimizer } from "../../scripts/conformance/replayOptimizers.ts";
import { expectClose, setGrads } from "./support.ts";

const cases: [name: string, options: object][] = [
	["Adadelta", { weightDecay: 0.1 }],
	["Adagrad", { lrDecay: 0.1, weightDecay: 0.1, maximize: true }],
	["Adam", { weightDecay: 0.1, amsgrad: true }],
	["AdamW", { maximize: true }],
	["Adamax", { weightDecay: 0.1, maximize: true }],
	["ASGD", { t0: 2, lambd: 0.1, weightDecay: 0.1 }],
	["NAdam", { weightDecay: 0.1, maximize: true }],
	["NAdam", { weightDecay: 0.1, decoupledWeightDecay: true }],
	["RAdam", { betas: [0.9, 0.9], weightDecay: 0.1 }],
	["RAdam", { weightDecay: 0.1, decoupledWeightDecay: true, maximize: true }],
	["RMSprop", { momentum: 0.9, centered: true, weightDecay: 0.1 }],
	["RMSprop", { maximize: true }],
	["Rprop", { lr: 0.1 }],
	["SGD", { lr: 0.01, momentum: 0.9, nesterov: true, weightDecay: 0.1 }],
];
/** Those that know `capturable`, and those that can be recorded. */
const capturable =
	/^(Adam|AdamW|Adadelta|Adamax|ASGD|NAdam|RAdam|RMSprop|Rprop)$/;

type Layout = (x: torch.Tensor) => torch.Tensor;
const asItIs: Layout = (x) => x;

function run(
	name: string,
	options: object,
	shapes: number[][],
	{
		dtype = "float32",
		layout = asItIs,
		late = false,
	}: {
		dtype?: torch.DType;
		layout?: Layout;
		late?: boolean;
	} = {},
): torch.Tensor[] {
	const generator = new torch.Generator().manualSeed(1);
	const draw = (shape: number[]) =>
		layout(torch.randn(shape, { dtype, generator }));
	const params = shapes.map((shape) => draw(shape).requiresGrad_());
	const optimizer = makeOptimizer(name, params, options);
	for (let step = 0; step < 4; step++) {
		const grads = shapes.map(draw);
		setGrads(
			params,
			grads.map((grad, i) => (late && i === 1 && step < 2 ? null : grad)),
		);
		optimizer.step();
	}
	return params;
}

function expectEqual(
	actual: torch.Tensor[],
	expected: torch.Tensor[],
	relative = 0,
): void {
	for (const [i, x] of actual.entries())
		expectClose(x, expected[i] as torch.Tensor, relative);
}

/** Elements within `relative` of the greatest one. */
function expectNear(
	actual: torch.Tensor[],
	expected: torch.Tensor[],
	relative: number,
): void {
	for (const [i, x] of actual.entries()) {
		const wanted = expected[i] as torch.Tensor;
		const error = x.sub(wanted).abs().max().div(wanted.abs().max()).item();
		expect(Number(error)).toBeLessThanOrEqual(relative);
	}
}

const small = [[4, 3], [5], [2, 3, 3]];

describe.each(cases)("%s %j", (name, options) => {
	const plain = { ...options, foreach: false };
	const many = { ...options, foreach: true };

	test("parameters of every size: the same bits as one after the other", () => {
		// One thread takes pieces of 262,144 elements: one that fits, several that go together, and one in pieces with a rest.
		const shapes = [[7], [1000, 3], [3, 5], [300, 1001], [11]];
		expectEqual(run(name, many, shapes), run(name, plain, shapes));
	});

	test("half precision, double precision, no elements and no dimensions", () => {
		for (const dtype of ["bfloat16", "float16", "float64"] as const) {
			const shapes = [[3, 5], [], [0, 4], [2]];
			const [a, b] = [many, plain].map((o) => run(name, o, shapes, { dtype }));
			for (const [i, x] of (a as torch.Tensor[]).entries())
				expect(x.tolist()).toEqual(b?.[i]?.tolist());
		}
	});

	test("channels last, and views with holes", () => {
		const channelsLast: Layout = (x) =>
			x.dim() === 4 ? x.contiguous({ memoryFormat: "channels_last" }) : x;
		const withHoles: Layout = (x) => torch.stack([x, x], -1).select(-1, 0);
		const shapes = [
			[2, 3, 4, 4],
			[5, 2],
		];
		const expected = run(name, plain, shapes);
		for (const layout of [channelsLast, withHoles])
			for (const [i, x] of run(name, many, shapes, { layout }).entries())
				expectNear([x.contiguous()], [expected[i] as torch.Tensor], 1e-6);
	});

	test("a parameter whose gradient comes later counts its own steps", () => {
		const late = { late: true };
		expectEqual(run(name, many, small, late), run(name, plain, small, late));
	});

	test("complex numbers are pairs of real ones", () => {
		const shapes = [[3, 2], [4]];
		const real = run(
			name,
			plain,
			shapes.map((s) => [...s, 2]),
		);
		const generator = new torch.Generator().manualSeed(1);
		const draw = () =>
			shapes.map((s) =>
				torch.viewAsComplex(torch.randn([...s, 2], { generator })),
			);
		const params = draw().map((x) => x.requiresGrad_());
		const optimizer = makeOptimizer(name, params, options);
		for (let step = 0; step < 4; step++) {
			setGrads(params, draw());
			optimizer.step();
		}
		for (const [i, x] of params.entries())
			expectClose(
				torch.viewAsReal(x.detach()),
				(real[i] as torch.Tensor).detach(),
				0,
			);
	});

	if (capturable.test(name))
		test("with tensors for all that changes: capturable", () => {
			const tensors = { ...options, capturable: true };
			expectNear(
				run(name, tensors, small, { dtype: "float64" }),
				run(name, plain, small, { dtype: "float64" }),
				1e-6, // steps and rates are float32
			);
		});

	test("recorded by autograd", () => {
		const generator = new torch.Generator().manualSeed(2);
		const start = torch.randn([3], { dtype: "float64", generator });
		const grads = [1, 2].map(() =>
			torch.randn([3], { dtype: "float64", generator }),
		);
		const first = start.clone().requiresGrad_();
		const recorded = first.clone();
		const optimizer = makeOptimizer(name, [recorded], {
			...options,
			differentiable: true,
		});
		recorded.grad = grads[0] as torch.Tensor;
		optimizer.step();
		expect(recorded.gradFn).not.toBeNull();
		const param = start.clone().requiresGrad_();
		const other = makeOptimizer(name, [param], plain);
		param.grad = grads[0] as torch.Tensor;
		other.step();
		// Adam counts its steps in float32 here, as PyTorch does.
		expectNear([recorded.detach()], [param.detach()], 1e-7);
		recorded.sum().backward();
		expect(first.grad?.isfinite().all().item()).toBe(true);
	});
});

describe("sparse gradients", () => {
	const sparse = () =>
		torch
			.tensor([
				[1, -2],
				[0, 0],
				[3, 0.5],
			])
			.toSparse(1);

	test.each([
		["SGD", { lr: 0.1 }],
		["Adagrad", { lr: 0.1, lrDecay: 0.2, maximize: true }],
	])("of %s change what they name as dense ones do", (name, options) => {
		const [a, b] = [0, 1].map(() => torch.ones([3, 2]).requiresGrad_()) as [
			torch.Tensor,
			torch.Tensor,
		];
		const optimizers = [a, b].map((x) => makeOptimizer(name, [x], options));
		for (let step = 0; step < 3; step++) {
			a.grad = sparse();
			b.grad = sparse().toDense();
			for (const optimizer of optimizers) optimizer.step();
		}
		expectClose(a, b, 1e-6);
	});

	test.each([
		["Adadelta", /does not support sparse gradients/],
		["Adafactor", /does not support sparse gradients/],
		["Adam", /please consider SparseAdam instead/],
		["ASGD", /does not support sparse gradients/],
		["Muon", /does not support sparse gradients/],
		["RAdam", /does not support sparse gradients/],
	])("are refused by %s", (name, message) => {
		const x = torch.ones([3, 2]).requiresGrad_();
		x.grad = sparse();
		expect(() => makeOptimizer(name, [x], {}).step()).toThrow(message);
	});

	test("dense ones are refused by SparseAdam", () => {
		const x = torch.ones([3, 2]).requiresGrad_();
		x.grad = torch.ones([3, 2]);
		expect(() => makeOptimizer("SparseAdam", [x], {}).step()).toThrow(
			/does not support dense gradients/,
		);
	});

	test("Adagrad's have no weight decay", () => {
		const x = torch.ones([3, 2]).requiresGrad_();
		x.grad = sparse();
		const optimizer = makeOptimizer("Adagrad", [x], { weightDecay: 0.1 });
		expect(() => optimizer.step()).toThrow(/weightDecay: .*not compatible/);
	});
});

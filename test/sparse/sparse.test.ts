/** torch.sparse and torch.nested beside PyTorch's; what is refused. */
import * as torch from "../../lib/index.ts";
import {
	expectTensor,
	fixture,
	type Stored,
	tensor,
} from "../support/stored.ts";

const { sparse, nested } = torch;
const { inputs, results, grads } = fixture<{
	inputs: Record<string, Stored>;
	results: Record<string, Stored>;
	grads: Record<string, Record<string, Stored>>;
}>("operators/sparse.json");

type Tensors = Record<string, torch.Tensor>;
const places = [
	[0, 1, 1, 0],
	[2, 0, 0, 1],
];
const T = (x: torch.Tensor | undefined) => x as torch.Tensor;

/** The elements of all parts, each part's after their number. */
const parts = (x: torch.Tensor): torch.Tensor =>
	torch.cat(
		x
			.unbind()
			.map((part) =>
				torch.cat([torch.tensor([part.numel()]).double(), part.flatten()]),
			),
	);

/** As scripts/fixtures/sparse.py computes them. */
const computations: Record<string, (given: Tensors) => torch.Tensor> = {
	mm: ({ a, b }) => sparse.mm(T(a).toSparse(), T(b)),
	mmCsr: ({ a, b }) => sparse.mm(T(a).toSparseCsr(), T(b)),
	mmMean: ({ a, b }) => sparse.mm(T(a).toSparseCsr(), T(b), "mean"),
	addmm: ({ a, b, c }) =>
		sparse.addmm(T(c), T(a).toSparse(), T(b), { beta: 2, alpha: 0.5 }),
	sum: ({ a }) => sparse.sum(T(a).toSparse()),
	sumDim: ({ a }) => sparse.sum(T(a).toSparse(), 0).toDense(),
	softmax: ({ a }) => sparse.softmax(T(a).toSparse(), 1).toDense(),
	logSoftmax: ({ a }) => sparse.logSoftmax(T(a).toSparse(), 0).toDense(),
	sampledAddmm: ({ a, rows, more }) =>
		sparse
			.sampledAddmm(
				T(a).toSparseCsr(),
				T(rows).T.matmul(T(rows)),
				T(more).T.matmul(T(more)).matmul(T(more).T),
				{ beta: 0.5 },
			)
			.toDense(),
	spdiags: ({ diagonals }) =>
		sparse.spdiags(T(diagonals), torch.tensor([0, 1]), [3, 3]).toDense(),
	coo: ({ values }) =>
		torch.sparseCooTensor(places, T(values), [2, 3]).toDense(),
	cooWithoutSize: ({ values }) =>
		torch.sparseCooTensor(places, T(values)).toDense(),
	csr: ({ values }) =>
		torch.sparseCsrTensor([0, 2, 4], [0, 1, 0, 2], T(values), [2, 3]).toDense(),
	csc: ({ values }) =>
		torch.sparseCscTensor([0, 2, 4], [0, 1, 0, 2], T(values), [3, 2]).toDense(),
	bsr: ({ blocks }) =>
		torch.sparseBsrTensor([0, 1, 2], [1, 0], T(blocks), [4, 4]).toDense(),
	padded: ({ rows, more }) =>
		nested.toPaddedTensor(nested.asNestedTensor([T(rows), T(more)]), 7),
	narrow: ({ more }) =>
		parts(nested.narrow(T(more), 1, [0, 1, 0, 2], torch.tensor([2, 1, 3, 1]))),
	narrowByNumbers: ({ a }) => parts(nested.narrow(T(a), -1, 1, 2)),
	fromOffsets: ({ more }) =>
		parts(nested.nestedTensorFromJagged(T(more), [0, 1, 1, 4])),
	fromLengths: ({ more }) =>
		parts(
			nested.nestedTensorFromJagged(T(more), { lengths: torch.tensor([3, 1]) }),
		),
	fromBoth: ({ more }) =>
		parts(nested.nestedTensorFromJagged(T(more), [0, 2, 4], [1, 2])),
	fromSecond: ({ a }) =>
		parts(nested.nestedTensorFromJagged(T(a), [0, 3, 4], { jaggedDim: 2 })),
	nestedMaskedSelect: ({ more }) =>
		parts(nested.maskedSelect(T(more), T(more).gt(0))),
	nestedLinear: ({ rows, more }) =>
		nested.toPaddedTensor(
			torch.nn.functional.linear(
				nested.asNestedTensor([T(rows), T(more)]),
				torch.ones(2, 3, { dtype: "float64" }),
			),
			0,
		),
};

test("all that the fixture has is computed", () => {
	expect(Object.keys(computations).sort()).toEqual(Object.keys(results).sort());
});

test.each(Object.keys(computations))("%s", (name) => {
	const wanted = grads[name] ?? {};
	const given = Object.fromEntries(
		Object.entries(inputs).map(([key, stored]) => [
			key,
			key in wanted ? tensor(stored).requiresGrad_() : tensor(stored),
		]),
	);
	const result = computations[name]?.(given) as torch.Tensor;
	expectTensor(result, results[name] as Stored);
	const leaves = Object.keys(wanted);
	if (leaves.length === 0) return;
	const weights = torch
		.linspace(0.5, 1.5, result.numel(), { dtype: "float64" })
		.reshape(result.shape);
	const found = torch.autograd.grad(
		result.mul(weights).sum(),
		leaves.map((leaf) => given[leaf] as torch.Tensor),
	) as torch.Tensor[];
	for (const [i, leaf] of leaves.entries())
		expectTensor(T(found[i]).toDense(), wanted[leaf] as Stored, {
			what: `gradient of ${leaf}`,
		});
});

test("options of sparse tensors", () => {
	const made = torch.sparseCooTensor([[0, 1]], [1, 2], [2], {
		dtype: "float64",
		requiresGrad: true,
		isCoalesced: true,
	});
	expect(made).toMatchObject({ dtype: "float64", requiresGrad: true });
	expect(made).toMatchObject({ layout: "sparse_coo", isSparse: true });
	expect(made.isCoalesced()).toBe(true);
	const csr = torch.sparseCompressedTensor([0, 1], [0], [3], [1, 1], {
		layout: "sparse_csr",
	});
	expect(csr.isSparseCsr).toBe(true);
	expect(csr.type()).toBe("torch.sparse.LongTensor");
	const parts = nested.nestedTensor([[1, 2.5], torch.ones(3)], {
		requiresGrad: true,
	});
	expect(parts).toMatchObject({ isNested: true, requiresGrad: true });
	expect(parts.unbind().map((t) => t.shape)).toEqual([[2], [3]]);
	expect(csr.isNested).toBe(false);
});

/** Operators trust indices: one beyond the shape would lead beyond the memory. */
test.each<[string, () => unknown, RegExp]>([
	[
		"an index beyond the size",
		() => torch.sparseCooTensor([[0, 5]], [1, 2], [2]),
		/^sparseCooTensor: size is inconsistent with indices: for dim 0, size is 2 but found index 5/,
	],
	[
		"a negative index",
		() => torch.sparseCooTensor([[0, -1]], [1, 2]),
		/^sparseCooTensor: indices: an index is negative$/,
	],
	[
		"indices without rows",
		() => torch.sparseCooTensor([0, 1], [1, 2]),
		/^sparseCooTensor: indices: expected \[dimensions, n\], got \[2\]$/,
	],
	[
		"fewer values than indices",
		() => torch.sparseCooTensor([[0, 1]], [1], [2]),
		/^sparseCooTensor: /,
	],
	[
		"rows that do not ascend",
		() => torch.sparseCsrTensor([0, 9, 2], [0, 1], [1, 2], [2, 2]),
		/^sparseCsrTensor: /,
	],
	[
		"a column beyond the size",
		() => torch.sparseCsrTensor([0, 1, 2], [0, 9], [1, 2], [2, 2]),
		/^sparseCsrTensor: /,
	],
	[
		"a negative column without a size",
		() => torch.sparseCsrTensor([0, 1, 2], [0, -9], [1, 2]),
		/^sparseCsrTensor: /,
	],
	[
		"an unknown layout",
		() =>
			torch.sparseCompressedTensor([0, 1], [0], [3], [1, 1], {
				layout: "strided" as never,
			}),
		/^sparseCompressedTensor: layout: expected one of "sparse_csr"/,
	],
	[
		"an unknown option",
		() => torch.sparseCooTensor([[0]], [1], [1], { device_: "cpu" } as never),
		/^sparseCooTensor: device_: unknown option; known are dtype/,
	],
	[
		"no tensor",
		() => sparse.mm(3 as never, torch.ones(2)),
		/^sparse\.mm: mat1: expected Tensor, got number 3$/,
	],
	[
		"an interval beyond the dimension",
		() => nested.narrow(torch.ones(2, 4), 1, [0, 2], 3),
		/^nested\.narrow: length: 3 elements from 2 on reach beyond 4$/,
	],
	[
		"a start for too few parts",
		() => nested.narrow(torch.ones(2, 4), 1, [0], 3),
		/^nested\.narrow: start: expected 2 numbers, got 1$/,
	],
	[
		"the parts' own dimension",
		() => nested.narrow(torch.ones(2, 4), 0, 0, 1),
		/^nested\.narrow: dim: the first dimension is the parts'$/,
	],
	[
		"neither offsets nor lengths",
		() => nested.nestedTensorFromJagged(torch.ones(4)),
		/^nestedTensorFromJagged: offsets: expected offsets or lengths$/,
	],
	[
		"offsets that fall",
		() => nested.nestedTensorFromJagged(torch.ones(4), [0, 3, 2]),
		/^nestedTensorFromJagged: offsets: \[0, 3, 2\] do not rise$/,
	],
	[
		"offsets beyond the values",
		() => nested.nestedTensorFromJagged(torch.ones(4), [0, 3, 5]),
		/^nestedTensorFromJagged: length: 2 elements from 3 on reach beyond 4$/,
	],
	[
		"parts of different dimensions",
		() => nested.nestedTensor([torch.ones(2), torch.ones(2, 2)]),
		/^nestedTensor: All Tensors given to nested_tensor must have the same dimension/,
	],
])("%s is refused", (_, call, message) => {
	expect(call).toThrow(torch.TorchError);
	expect(call).toThrow(message);
});

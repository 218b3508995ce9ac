// What Python's PyTorch 2.13 prints for the same tensors.
import { eye, type Tensor, tensor, zeros } from "../../lib/index.ts";

const x = tensor([
	[0, 1.5, 0],
	[2, 0, 0],
]);

const printed: [name: string, make: () => Tensor, lines: string[]][] = [
	[
		"x.toSparse()",
		() => x.toSparse(),
		[
			"tensor(indices=tensor([[0, 1],",
			"                       [1, 0]]),",
			"       values=tensor([1.5000, 2.0000]),",
			"       size=(2, 3), nnz=2, layout=torch.sparse_coo)",
		],
	],
	[
		"x.toSparse().requiresGrad_()",
		() => x.toSparse().requiresGrad_(),
		[
			"tensor(indices=tensor([[0, 1],",
			"                       [1, 0]]),",
			"       values=tensor([1.5000, 2.0000]),",
			"       size=(2, 3), nnz=2, layout=torch.sparse_coo, requires_grad=True)",
		],
	],
	[
		"x.toSparseCsr()",
		() => x.toSparseCsr(),
		[
			"tensor(crow_indices=tensor([0, 1, 2]),",
			"       col_indices=tensor([1, 0]),",
			"       values=tensor([1.5000, 2.0000]), size=(2, 3), nnz=2,",
			"       layout=torch.sparse_csr)",
		],
	],
	[
		"x.toSparseCsc()",
		() => x.toSparseCsc(),
		[
			"tensor(ccol_indices=tensor([0, 1, 2, 2]),",
			"       row_indices=tensor([1, 0]),",
			"       values=tensor([2.0000, 1.5000]), size=(2, 3), nnz=2,",
			"       layout=torch.sparse_csc)",
		],
	],
	[
		`x.to("int64").toSparse()`,
		() => x.to("int64").toSparse(),
		[
			"tensor(indices=tensor([[0, 1],",
			"                       [1, 0]]),",
			"       values=tensor([1, 2]),",
			"       size=(2, 3), nnz=2, layout=torch.sparse_coo)",
		],
	],
	[
		"zeros(2, 3).toSparse()",
		() => zeros(2, 3).toSparse(),
		[
			"tensor(indices=tensor([], size=(2, 0)),",
			"       values=tensor([], size=(0,)),",
			"       size=(2, 3), nnz=0, layout=torch.sparse_coo)",
		],
	],
	[
		"eye(4).toSparseBsr([2, 2])",
		() => eye(4).toSparseBsr([2, 2]),
		[
			"tensor(crow_indices=tensor([0, 1, 2]),",
			"       col_indices=tensor([0, 1]),",
			"       values=tensor([[[1., 0.],",
			"                       [0., 1.]],",
			"",
			"                      [[1., 0.],",
			"                       [0., 1.]]]), size=(4, 4), nnz=2,",
			"       layout=torch.sparse_bsr)",
		],
	],
	[
		"x.double().toSparse()",
		() => x.double().toSparse(),
		[
			"tensor(indices=tensor([[0, 1],",
			"                       [1, 0]]),",
			"       values=tensor([1.5000, 2.0000]),",
			"       size=(2, 3), nnz=2, dtype=torch.float64, layout=torch.sparse_coo)",
		],
	],
];

test.each(printed)("%s", (_, make, lines) => {
	expect(String(make()).split("\n")).toEqual(lines);
});

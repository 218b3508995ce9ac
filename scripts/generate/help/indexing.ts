/** Functions that take elements from places, or put them there. */
import { table } from "./table.ts";

const dim = "along which dimension";
const rows =
	"int64 or int32 indices of slices along that dimension, of one dimension";
const each =
	"int64 indices along that dimension, one for each element of the result";
const reduce =
	'what is done where several meet: "sum", "prod", "mean", "amax" or "amin"';

export const indexing = table(
	{
		args: { input: "a tensor of any shape", dim },
		result: "a new tensor of the input's shape",
	},
	{
		gather: {
			about:
				"Elements at given indices along a dimension: result[i][j] = input[i][index[i][j]] for dim 1.",
			args: {
				index: each,
				sparseGrad: "whether the input's gradient is sparse",
			},
			result: "a tensor of the index's shape",
			example:
				"torch.gather(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([[1], [0]])) // [[2], [3]]",
		},
		scatter: {
			about:
				"The input with elements of another tensor at given indices along a dimension: the inverse of `gather`.",
			args: {
				index:
					"int64 indices along that dimension, one for each element that is put",
				src: "the elements to put, at least as many as indices",
				value: "one number to put instead",
				reduce:
					'"add" or "multiply": what is done with the element that was there; `scatterReduce` can do more',
			},
			example:
				"torch.scatter(torch.zeros(3), 0, torch.tensor([2]), 5) // [0, 0, 5]",
		},
		scatterAdd: {
			about:
				"The input with elements of another tensor added at given indices along a dimension.",
			args: {
				index:
					"int64 indices along that dimension, one for each element that is added",
				src: "the elements to add, at least as many as indices",
			},
			example:
				"torch.scatterAdd(torch.zeros(2), 0, torch.tensor([1, 1]), torch.ones(2)) // [0, 2]",
		},
		scatterReduce: {
			about:
				"The input with elements of another tensor merged into it at given indices along a dimension.",
			args: {
				index: "int64 indices along that dimension, one for each element",
				src: "the elements to merge, at least as many as indices",
				reduce,
				includeSelf: "whether what the input has there counts, too",
			},
			example:
				'torch.scatterReduce(torch.zeros(2), 0, torch.tensor([1, 1]), torch.tensor([3, 5]).float(), "amax") // [0, 5]',
		},
		indexSelect: {
			about: "The slices at given indices along a dimension.",
			args: { index: rows },
			result: "a new tensor, that dimension as long as the index",
			example:
				"torch.indexSelect(torch.tensor([[1, 2], [3, 4]]), 0, torch.tensor([1])) // [[3, 4]]",
		},
		indexAdd: {
			about: "The input with slices added at given indices along a dimension.",
			args: {
				index: rows,
				source: "the slices to add",
				alpha: "what they are multiplied by first",
			},
			example:
				"torch.indexAdd(torch.zeros(3), 0, torch.tensor([0, 2]), torch.ones(2)) // [1, 0, 1]",
		},
		indexCopy: {
			about: "The input with slices put at given indices along a dimension.",
			args: { index: rows, source: "the slices to put" },
			example:
				"torch.indexCopy(torch.zeros(3), 0, torch.tensor([0, 2]), torch.ones(2)) // [1, 0, 1]",
		},
		indexFill: {
			about:
				"The input with one value in the slices at given indices along a dimension.",
			args: {
				index: rows,
				value: "the value: a number, or a tensor of no dimensions",
			},
			example:
				"torch.indexFill(torch.zeros(3), 0, torch.tensor([1]), 7) // [0, 7, 0]",
		},
		indexReduce: {
			about:
				"The input with slices merged into it at given indices along a dimension.",
			args: {
				index: rows,
				source: "the slices to merge",
				reduce: 'how: "prod", "mean", "amax" or "amin"',
				includeSelf: "whether what the input has there counts, too",
			},
			example:
				'torch.indexReduce(torch.ones(2), 0, torch.tensor([0, 0]), torch.tensor([3, 5]).float(), "prod") // [15, 1]',
		},
		indexPut: {
			about:
				"The input with values at the places that index tensors name. (`x.setIndex` reads better.)",
			args: {
				indices:
					"a tensor of indices or a mask for each of the first dimensions; null for all of one",
				values: "what to put; broadcasts with the places",
				accumulate: "whether values are added to what is there",
			},
			example:
				"torch.indexPut(torch.zeros(3), [torch.tensor([0, 2])], torch.tensor(5).float()) // [5, 0, 5]",
		},
		maskedFill: {
			about: "The input with one value where a mask holds.",
			args: {
				mask: "booleans that broadcast with the input",
				value: "the value: a number, or a tensor of no dimensions",
			},
			example:
				"torch.maskedFill(torch.tensor([1, 2]), torch.tensor([true, false]), 0) // [0, 2]",
		},
		maskedSelect: {
			about: "The elements where a mask holds.",
			args: { mask: "booleans that broadcast with the input" },
			result: "a new tensor of one dimension",
			example:
				"torch.maskedSelect(torch.tensor([1, 2]), torch.tensor([true, false])) // [1]",
		},
		maskedScatter: {
			about:
				"The input with a tensor's elements, in order, where a mask holds.",
			args: {
				mask: "booleans that broadcast with the input",
				source: "at least as many elements as the mask has places",
			},
			example:
				"torch.maskedScatter(torch.zeros(3), torch.tensor([true, false, true]), torch.tensor([7, 8]).float()) // [7, 0, 8]",
		},
		take: {
			about: "Elements at given places, counted as if the tensor were flat.",
			args: { index: "int64 places" },
			result: "a new tensor of the index's shape",
			example:
				"torch.take(torch.tensor([[1, 2], [3, 4]]), torch.tensor([0, 3])) // [1, 4]",
		},
		takeAlongDim: {
			about:
				"Elements at given indices along a dimension, which broadcast with the input; as `argsort` and `argmax` give them.",
			args: {
				indices: "int64 indices along that dimension",
				dim: "along which dimension; without it, of the flat tensor",
			},
			result: "a new tensor",
			example:
				"torch.takeAlongDim(torch.tensor([3, 1, 2]), torch.tensor([1, 2, 0]), 0) // [1, 2, 3]",
		},
		put: {
			about:
				"The input with elements at given places, counted as if it were flat.",
			args: {
				index: "int64 places",
				source: "the elements, of the index's shape",
				accumulate: "whether they are added to what is there",
			},
			example:
				"torch.put(torch.zeros(3), torch.tensor([1]), torch.tensor([5]).float()) // [0, 5, 0]",
		},
		selectScatter: {
			about: "The input with another slice at one index of a dimension.",
			args: { src: "the slice", index: "which index" },
			example:
				"torch.selectScatter(torch.zeros(2, 2), torch.ones(2), 0, 1) // [[0, 0], [1, 1]]",
		},
		sliceScatter: {
			about: "The input with other elements in a slice of a dimension.",
			args: {
				src: "the elements",
				start: "where the slice begins; else at the first",
				end: "where it stops, not included; else behind the last",
				step: "from one to the next",
			},
			example:
				"torch.sliceScatter(torch.zeros(3), torch.ones(2), 0, 1) // [0, 1, 1]",
		},
		diagonalScatter: {
			about: "The input with another diagonal.",
			args: {
				src: "the diagonal",
				offset: "which diagonal: 0 the main one, above it positive",
				dim1: "the one dimension",
				dim2: "the other",
			},
			example:
				"torch.diagonalScatter(torch.zeros(2, 2), torch.ones(2)) // [[1, 0], [0, 1]]",
		},
		argwhere: {
			about: "The indices of all elements other than 0.",
			result: "int64: [count, dimensions]",
			example: "torch.argwhere(torch.tensor([0, 5, 6])) // [[1], [2]]",
		},
		nonzeroStatic: {
			about: "The indices of the elements other than 0, as many as asked for.",
			args: {
				size: "how many rows the result has",
				fillValue: "what stands in rows that no element has",
			},
			result: "int64: [size, dimensions]",
			example:
				"torch.nonzeroStatic(torch.tensor([0, 5]), { size: 2 }) // [[1], [-1]]",
		},
		copy_: {
			about: "Copies another tensor's elements into this one, converting them.",
			args: {
				input: "the tensor to change",
				src: "the tensor to copy; broadcasts with it",
				nonBlocking:
					"whether a copy between pinned memory and a GPU goes on meanwhile",
			},
			result: "this tensor",
			example: "torch.zeros(2).copy_(torch.tensor([1, 2])) // [1, 2]",
		},
		fill_: {
			about: "Sets all elements to one value.",
			args: {
				input: "the tensor to change",
				value: "the value: a number, or a tensor of no dimensions",
			},
			result: "this tensor",
			example: "torch.zeros(2).fill_(3) // [3, 3]",
		},
		zero_: {
			about: "Sets all elements to 0.",
			args: { input: "the tensor to change" },
			result: "this tensor",
			example: "torch.ones(2).zero_() // [0, 0]",
		},
		fillDiagonal_: {
			about: "Sets the main diagonal to one value.",
			args: {
				input: "the tensor to change, of two dimensions or more",
				fillValue: "the value",
				wrap: "whether, in a tall matrix, the diagonal begins anew after each n columns",
			},
			result: "this tensor",
			example: "torch.zeros(2, 2).fillDiagonal_(3) // [[3, 0], [0, 3]]",
		},
		resize_: {
			about:
				"Gives the tensor another shape, in memory that grows if need be; new elements are whatever that held.",
			args: { input: "the tensor to change", size: "the sizes" },
			result: "this tensor",
			example: "torch.ones(2).resize_([1]).shape // [1]",
		},
	},
);

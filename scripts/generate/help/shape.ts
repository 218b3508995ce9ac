/** Functions that arrange elements anew, without changing them. */
import { table } from "./table.ts";

const any = { input: "a tensor of any shape" };
const list = "tensors, in order";
const pieces = "a list of views of the same memory";

const views = table(
	{ args: any, result: "a view of the same memory" },
	{
		reshape: {
			about:
				"The same elements in another shape: a view where that can be, else a copy.",
			args: { shape: "the new sizes; one may be −1, for what is left over" },
			result: "a tensor of that shape",
			example: "torch.arange(6).reshape(2, -1) // [[0, 1, 2], [3, 4, 5]]",
		},
		reshapeAs: {
			about: "The same elements in another tensor's shape.",
			args: { other: "the tensor that has the shape" },
			result: "a tensor of that shape",
			example:
				"torch.arange(4).reshapeAs(torch.ones(2, 2)) // [[0, 1], [2, 3]]",
		},
		view: {
			about:
				"The same memory in another shape, or its bytes as another dtype. An error where only a copy could have that shape.",
			args: {
				size: "the new sizes; one may be −1, for what is left over",
				dtype: "the dtype to read the bytes as",
			},
			example: "torch.arange(6).view(2, 3) // [[0, 1, 2], [3, 4, 5]]",
		},
		viewAs: {
			about: "The same memory in another tensor's shape.",
			args: { other: "the tensor that has the shape" },
			example: "torch.arange(4).viewAs(torch.ones(2, 2)) // [[0, 1], [2, 3]]",
		},
		expand: {
			about:
				"Dimensions of size 1 as larger ones, without copying; new ones may come before them.",
			args: {
				size: "the new sizes; −1 leaves one as it is",
				implicit: "for LibTorch's own use",
			},
			example:
				"torch.tensor([[1], [2]]).expand(2, 3) // [[1, 1, 1], [2, 2, 2]]",
		},
		expandAs: {
			about: "Expanded to another tensor's shape.",
			args: { other: "the tensor that has the shape" },
			example: "torch.tensor([1]).expandAs(torch.ones(3)) // [1, 1, 1]",
		},
		broadcastTo: {
			about: "Broadcast to a shape, without copying.",
			args: { size: "the shape" },
			example:
				"torch.broadcastTo(torch.tensor([1, 2]), [2, 2]) // [[1, 2], [1, 2]]",
		},
		permute: {
			about: "The dimensions in another order.",
			args: { dims: "the old place of each dimension, in the new order" },
			example: "torch.ones(2, 3, 4).permute(2, 0, 1).shape // [4, 2, 3]",
		},
		transpose: {
			about: "Two dimensions exchanged.",
			args: { dim0: "one of them", dim1: "the other" },
			example:
				"torch.transpose(torch.tensor([[1, 2], [3, 4]]), 0, 1) // [[1, 3], [2, 4]]",
		},
		swapaxes: {
			about: "Two dimensions exchanged; another name of `transpose`.",
			args: { axis0: "one of them", axis1: "the other" },
			example:
				"torch.swapaxes(torch.tensor([[1, 2], [3, 4]]), 0, 1) // [[1, 3], [2, 4]]",
		},
		t: {
			about: "A matrix transposed; a vector as it is.",
			args: { input: "a tensor of at most two dimensions" },
			example: "torch.t(torch.tensor([[1, 2], [3, 4]])) // [[1, 3], [2, 4]]",
		},
		adjoint: {
			about: "Matrices transposed and conjugated.",
			args: { input: "[…, n, m]" },
			example:
				"torch.adjoint(torch.tensor([[1, 2], [3, 4]])) // [[1, 3], [2, 4]]",
		},
		movedim: {
			about: "Dimensions moved elsewhere; the others keep their order.",
			args: { source: "where they are", destination: "where they shall be" },
			example: "torch.movedim(torch.ones(2, 3, 4), 0, -1).shape // [3, 4, 2]",
		},
		squeeze: {
			about: "Without dimensions of size 1.",
			args: { dim: "only these, if they have size 1; else all that have" },
			example: "torch.squeeze(torch.ones(1, 3, 1), 0).shape // [3, 1]",
		},
		unsqueeze: {
			about: "With one more dimension, of size 1.",
			args: { dim: "where it shall be" },
			example: "torch.unsqueeze(torch.tensor([1, 2]), 1) // [[1], [2]]",
		},
		flatten: {
			about:
				"Several dimensions as one: a view where that can be, else a copy.",
			args: { startDim: "the first of them", endDim: "the last of them" },
			example: "torch.flatten(torch.tensor([[1, 2], [3, 4]])) // [1, 2, 3, 4]",
		},
		unflatten: {
			about: "One dimension as several.",
			args: { dim: "which dimension", sizes: "the new sizes; one may be −1" },
			example:
				"torch.unflatten(torch.arange(4), 0, [2, 2]) // [[0, 1], [2, 3]]",
		},
		ravel: {
			about:
				"All elements in one dimension: a view where that can be, else a copy.",
			example: "torch.ravel(torch.tensor([[1, 2], [3, 4]])) // [1, 2, 3, 4]",
		},
		narrow: {
			about: "A part along one dimension.",
			args: {
				dim: "which dimension",
				start: "where the part begins",
				length: "how long it is",
			},
			example: "torch.narrow(torch.tensor([1, 2, 3]), 0, 1, 2) // [2, 3]",
		},
		select: {
			about: "The slice with one index in a dimension, which is then gone.",
			args: {
				dim: "which dimension",
				index: "which index; negative ones count from the last",
			},
			example: "torch.select(torch.tensor([[1, 2], [3, 4]]), 1, 0) // [1, 3]",
		},
		diagonal: {
			about:
				"The elements whose indices in two dimensions are equal, as the last dimension.",
			args: {
				offset: "how far above the main diagonal, below it if negative",
				dim1: "the one dimension",
				dim2: "the other",
			},
			example: "torch.diagonal(torch.tensor([[1, 2], [3, 4]])) // [1, 4]",
		},
		unfold: {
			about:
				"All windows of a size along one dimension, as a new last dimension.",
			args: {
				dimension: "which dimension",
				size: "how long a window is",
				step: "how far from one to the next",
			},
			example: "torch.arange(4).unfold(0, 2, 1) // [[0, 1], [1, 2], [2, 3]]",
		},
		asStrided: {
			about: "The memory seen with any sizes and strides.",
			args: {
				size: "the sizes",
				stride:
					"how many elements lie between two neighbours, for each dimension",
				storageOffset:
					"at which element of the memory it begins; else where the input does",
			},
			example:
				"torch.asStrided(torch.arange(4), [2, 2], [1, 1]) // [[0, 1], [1, 2]]",
		},
		viewAsReal: {
			about: "Complex numbers as pairs of real ones, in a new last dimension.",
			args: { input: "complex numbers of any shape" },
			example: "torch.viewAsReal(torch.tensor([{ re: 1, im: 2 }])) // [[1, 2]]",
		},
		viewAsComplex: {
			about: "Pairs of real numbers as complex ones.",
			args: { input: "floating-point numbers, […, 2]" },
			example: "torch.viewAsComplex(torch.ones(3, 2)).shape // [3]",
		},
		detach: {
			about: "The same memory without what autograd has recorded of it.",
			example:
				"torch.ones(2, { requiresGrad: true }).detach().requiresGrad // false",
		},
	},
);

const joined = table(
	{
		args: { tensors: list },
		result: "one tensor, of the dtype that all promote to",
	},
	{
		cat: {
			about:
				"Tensors one behind the other along a dimension; their other sizes must agree.",
			args: { dim: "which dimension" },
			example:
				"torch.cat([torch.tensor([1, 2]), torch.tensor([3])]) // [1, 2, 3]",
		},
		stack: {
			about: "Tensors of one shape side by side along a new dimension.",
			args: { dim: "where the new dimension shall be" },
			example:
				"torch.stack([torch.tensor([1, 2]), torch.tensor([3, 4])]) // [[1, 2], [3, 4]]",
		},
		hstack: {
			about:
				"Tensors one behind the other along dimension 1, vectors along dimension 0.",
			example: "torch.hstack([torch.tensor([1]), torch.tensor([2])]) // [1, 2]",
		},
		vstack: {
			about:
				"Tensors one below the other along dimension 0; vectors count as rows.",
			example:
				"torch.vstack([torch.tensor([1, 2]), torch.tensor([3, 4])]) // [[1, 2], [3, 4]]",
		},
		dstack: {
			about:
				"Tensors one behind the other along dimension 2; what has fewer gets them.",
			example:
				"torch.dstack([torch.tensor([1]), torch.tensor([2])]) // [[[1, 2]]]",
		},
		columnStack: {
			about:
				"Tensors side by side along dimension 1; vectors count as columns.",
			example:
				"torch.columnStack([torch.tensor([1, 2]), torch.tensor([3, 4])]) // [[1, 3], [2, 4]]",
		},
	},
);

const parted = table(
	{ args: { ...any, dim: "along which dimension" }, result: pieces },
	{
		split: {
			about:
				"Parts of a given length along a dimension; the last may be shorter.",
			args: { splitSize: "how long each is, or a list of the lengths of all" },
			example: "torch.split(torch.arange(3), 2) // [[0, 1], [2]]",
		},
		splitWithSizes: {
			about: "Parts of given lengths along a dimension.",
			args: { splitSizes: "the lengths, which sum to the dimension's size" },
			example: "torch.splitWithSizes(torch.arange(3), [1, 2]) // [[0], [1, 2]]",
		},
		chunk: {
			about:
				"A number of parts along a dimension; the last may be shorter, and there may be fewer.",
			args: { chunks: "how many" },
			example: "torch.chunk(torch.arange(3), 2) // [[0, 1], [2]]",
		},
		tensorSplit: {
			about: "Parts along a dimension whose lengths differ by one at most.",
			args: {
				sections: "how many parts",
				indices: "instead: where each part but the first begins",
				tensorIndicesOrSections: "either of both, as a tensor on the CPU",
			},
			example: "torch.tensorSplit(torch.arange(4), [1]) // [[0], [1, 2, 3]]",
		},
		hsplit: {
			about: "Parts along dimension 1, of a vector along dimension 0.",
			args: {
				sections: "how many equal parts",
				indices: "instead: where each part but the first begins",
			},
			example: "torch.hsplit(torch.arange(4), 2) // [[0, 1], [2, 3]]",
		},
		vsplit: {
			about: "Parts along dimension 0.",
			args: {
				sections: "how many equal parts",
				indices: "instead: where each part but the first begins",
			},
			example:
				"torch.vsplit(torch.tensor([[1, 2], [3, 4]]), 2) // [[[1, 2]], [[3, 4]]]",
		},
		dsplit: {
			about: "Parts along dimension 2.",
			args: {
				sections: "how many equal parts",
				indices: "instead: where each part but the first begins",
			},
			example:
				"torch.dsplit(torch.tensor([[[1, 2]]]), 2) // [[[[1]]], [[[2]]]]",
		},
		unbind: {
			about: "All slices along a dimension, which they no longer have.",
			example:
				"torch.unbind(torch.tensor([[1, 2], [3, 4]])) // [[1, 2], [3, 4]]",
		},
	},
);

const copies = table(
	{ args: any, result: "a new tensor" },
	{
		tile: {
			about: "The tensor repeated along each dimension.",
			args: {
				dims: "how often, for each dimension; fewer numbers are those of the last dimensions",
			},
			example: "torch.tile(torch.tensor([1, 2]), [2]) // [1, 2, 1, 2]",
		},
		repeat: {
			about:
				"The tensor repeated along each dimension; new dimensions may come before.",
			args: { repeats: "how often, for each dimension" },
			example: "torch.tensor([1, 2]).repeat(2, 1) // [[1, 2], [1, 2]]",
		},
		repeatInterleave: {
			about: "Each element repeated where it stands.",
			args: {
				repeats: "how often: a number, or a tensor with one for each element",
				dim: "along which dimension; without it, of the flat tensor",
				outputSize:
					"how many elements there will be, if that is known: saves a look",
			},
			example:
				"torch.repeatInterleave(torch.tensor([1, 2]), 2) // [1, 1, 2, 2]",
		},
		flip: {
			about: "The order of elements reversed.",
			args: { dims: "along which dimensions" },
			example: "torch.flip(torch.tensor([1, 2, 3]), [0]) // [3, 2, 1]",
		},
		fliplr: {
			about: "Columns in reverse order: dimension 1.",
			example:
				"torch.fliplr(torch.tensor([[1, 2], [3, 4]])) // [[2, 1], [4, 3]]",
		},
		flipud: {
			about: "Rows in reverse order: dimension 0.",
			example:
				"torch.flipud(torch.tensor([[1, 2], [3, 4]])) // [[3, 4], [1, 2]]",
		},
		roll: {
			about:
				"Elements shifted along a dimension; those that leave at its end come in again at its beginning.",
			args: {
				shifts: "how far, for each dimension",
				dims: "which dimensions; without them, of the flat tensor",
			},
			example: "torch.roll(torch.tensor([1, 2, 3]), 1) // [3, 1, 2]",
		},
		rot90: {
			about:
				"Turned by 90 degrees in the plane of two dimensions, from the first towards the second.",
			args: { k: "how often", dims: "the two dimensions" },
			example:
				"torch.rot90(torch.tensor([[1, 2], [3, 4]])) // [[2, 4], [1, 3]]",
		},
		diag: {
			about: "The diagonal of a matrix, or a matrix with a vector as diagonal.",
			args: {
				input: "a matrix or a vector",
				diagonal: "which diagonal: 0 the main one, above it positive",
			},
			example: "torch.diag(torch.tensor([1, 2])) // [[1, 0], [0, 2]]",
		},
		diagEmbed: {
			about: "The last dimension as the diagonals of matrices, 0 elsewhere.",
			args: {
				offset: "which diagonal: 0 the main one, above it positive",
				dim1: "the matrices' one dimension",
				dim2: "their other one",
			},
			example: "torch.diagEmbed(torch.tensor([1, 2])) // [[1, 0], [0, 2]]",
		},
		diagflat: {
			about: "A matrix with all elements on its diagonal, 0 elsewhere.",
			args: { offset: "which diagonal: 0 the main one, above it positive" },
			example: "torch.diagflat(torch.tensor([1, 2])) // [[1, 0], [0, 2]]",
		},
		tril: {
			about:
				"The elements on a diagonal of matrices and below it, 0 elsewhere.",
			args: {
				input: "[…, n, m]",
				diagonal: "which diagonal: 0 the main one, above it positive",
			},
			example: "torch.tril(torch.tensor([[1, 2], [3, 4]])) // [[1, 0], [3, 4]]",
		},
		triu: {
			about:
				"The elements on a diagonal of matrices and above it, 0 elsewhere.",
			args: {
				input: "[…, n, m]",
				diagonal: "which diagonal: 0 the main one, above it positive",
			},
			example: "torch.triu(torch.tensor([[1, 2], [3, 4]])) // [[1, 2], [0, 4]]",
		},
		contiguous: {
			about:
				"The tensor with its elements in order in memory; itself if they are already.",
			args: {
				memoryFormat: 'which order: "contiguous_format" or "channels_last"',
			},
			example:
				"torch.tensor([[1, 2], [3, 4]]).t().contiguous().stride() // [2, 1]",
		},
		clone: {
			about: "A copy, through which gradients flow back.",
			example: "torch.clone(torch.tensor([1, 2])) // [1, 2]",
		},
		combinations: {
			about: "All ways to take r of the elements, in order.",
			args: {
				input: "a vector",
				r: "how many at a time",
				withReplacement: "whether an element may be taken again",
			},
			result: "[ways, r]",
			example:
				"torch.combinations(torch.tensor([1, 2, 3])) // [[1, 2], [1, 3], [2, 3]]",
		},
		pixelShuffle: {
			about:
				"Channels spread over a finer image: […, C·r², H, W] becomes […, C, H·r, W·r].",
			args: { input: "[…, C·r², H, W]", upscaleFactor: "r" },
			example:
				"torch.pixelShuffle(torch.ones(1, 4, 2, 2), 2).shape // [1, 1, 4, 4]",
		},
		pixelUnshuffle: {
			about:
				"The inverse of `pixelShuffle`: […, C, H·r, W·r] becomes […, C·r², H, W].",
			args: { input: "[…, C, H·r, W·r]", downscaleFactor: "r" },
			example:
				"torch.pixelUnshuffle(torch.ones(1, 1, 4, 4), 2).shape // [1, 4, 2, 2]",
		},
		channelShuffle: {
			about: "Channels in groups, and then one of each group in turn.",
			args: { input: "[N, C, …]", groups: "how many groups, which divides C" },
			example:
				"torch.channelShuffle(torch.arange(4).reshape(1, 4, 1), 2).flatten() // [0, 2, 1, 3]",
		},
		constantPadNd: {
			about: "With a border of one value.",
			args: {
				pad: "how wide: before and behind for the last dimension, then for the one before it, …; negative cuts off",
				value: "the border's value",
			},
			example:
				"torch.constantPadNd(torch.tensor([1, 2]), [1, 0], 9) // [9, 1, 2]",
		},
		typeAs: {
			about: "Converted to another tensor's dtype and device.",
			args: { other: "that tensor" },
			example: "torch.tensor([1.5]).typeAs(torch.tensor([1])) // [1]",
		},
		toDense: {
			about: "A sparse tensor as a strided one.",
			args: {
				dtype: "dtype of the result; else the input's",
				maskedGrad: "whether gradients exist only where elements do",
			},
			example: "torch.eye(2).toSparse().toDense() // [[1, 0], [0, 1]]",
		},
		toSparse: {
			about: "A tensor that holds only its elements other than 0.",
			args: {
				sparseDim: "how many dimensions are sparse; else all",
				layout: 'how they are held: "sparse_coo", "sparse_csr", …',
				blocksize: "for layouts in blocks, their [rows, columns]",
				denseDim: "how many of the last dimensions are dense",
			},
			example: "torch.eye(2).toSparse().indices() // [[0, 1], [0, 1]]",
		},
		coalesce: {
			about:
				"A sparse COO tensor with each index once, in order; values of equal ones are summed.",
			args: { input: "a sparse COO tensor" },
			example: "torch.eye(2).toSparse().coalesce().values() // [1, 1]",
		},
	},
);

export const shape = { ...views, ...joined, ...parted, ...copies };

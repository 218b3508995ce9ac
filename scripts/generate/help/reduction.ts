/** Functions that make fewer elements of many, that go along a dimension, or that sort. */
import { table } from "./table.ts";

const dims =
	"which dimension to reduce, or a list of them; negative ones count from the last; none: all";
const dtype = "dtype to convert to first, which keeps sums from overflowing";
const reduced = "a tensor without the dimensions that were reduced";
const spread = {
	dim: dims,
	unbiased: "true: divides by N − 1 (Bessel's correction); false: by N",
	correction:
		"what is taken from the count that the sum of squares is divided by; else 1",
};

const sums = table(
	{
		args: { input: "numbers of any shape", dim: dims, dtype },
		result: reduced,
	},
	{
		sum: {
			about:
				"The sum of the elements; integers and booleans are summed as int64.",
			example: "torch.sum(torch.tensor([[1, 2], [3, 4]]), 1) // [3, 7]",
		},
		nansum: {
			about: "The sum of the elements; NaN counts as 0.",
			example: "torch.nansum(torch.tensor([1, Number.NaN])) // 1",
		},
		mean: {
			about:
				"The mean of the elements, which must be floating-point or complex, or be converted to that by dtype.",
			example: "torch.mean(torch.tensor([1, 2]).float()) // 1.5",
		},
		nanmean: {
			about: "The mean of the elements that are not NaN.",
			example: "torch.nanmean(torch.tensor([1.5, Number.NaN])) // 1.5",
		},
		prod: {
			about: "The product of the elements.",
			args: { dim: "which dimension to reduce; without it, all" },
			example: "torch.prod(torch.tensor([[1, 2], [3, 4]]), 0) // [3, 8]",
		},
		std: {
			about: "The standard deviation.",
			args: spread,
			example:
				"torch.std(torch.tensor([1, 3]).float(), { correction: 0 }) // 1",
		},
		var: {
			about: "The variance.",
			args: spread,
			example: "torch.var(torch.tensor([1, 3]).float()) // 2",
		},
		stdMean: {
			about: "The standard deviation and the mean.",
			args: spread,
			result: "[std, mean], each without the dimensions that were reduced",
			example: "torch.stdMean(torch.tensor([1, 1]).float()) // [0, 1]",
		},
		varMean: {
			about: "The variance and the mean.",
			args: spread,
			result: "[variance, mean], each without the dimensions that were reduced",
			example: "torch.varMean(torch.tensor([1, 3]).float()) // [2, 2]",
		},
		amax: {
			about:
				"The greatest element; where several are, the gradient is shared among them.",
			example: "torch.amax(torch.tensor([[1, 9], [3, 4]]), 1) // [9, 4]",
		},
		amin: {
			about:
				"The least element; where several are, the gradient is shared among them.",
			example: "torch.amin(torch.tensor([[1, 9], [3, 4]]), 1) // [1, 3]",
		},
		logsumexp: {
			about:
				"The logarithm of the sum of the exponentials, without overflow on the way.",
			example:
				"torch.logsumexp(torch.tensor([1000, 1000]).float(), 0) // 1000.6932",
		},
		countNonzero: {
			about: "How many elements are other than 0.",
			example: "torch.countNonzero(torch.tensor([0, 2, 3])) // 2",
		},
		all: {
			about: "Whether all elements are true, or other than 0.",
			result: `${reduced}, of booleans`,
			example:
				"torch.all(torch.tensor([[true, false], [true, true]]), 1) // [false, true]",
		},
		any: {
			about: "Whether any element is true, or other than 0.",
			result: `${reduced}, of booleans`,
			example:
				"torch.any(torch.tensor([[false, false], [true, true]]), 1) // [false, true]",
		},
	},
);

const one =
	"which dimension to reduce; without it, all elements count as one row";
const places = table(
	{
		args: { input: "numbers of any shape", dim: one },
		result:
			"{ values, indices } along a dimension; without one, a single value",
	},
	{
		max: {
			about:
				"The greatest element, along a dimension with its place; or, with another tensor, the greater of each two elements, as `maximum`.",
			args: { other: "a tensor that broadcasts with the input" },
			example:
				"torch.max(torch.tensor([[1, 9], [3, 4]]), 1) // [[9, 4], [1, 1]]",
		},
		min: {
			about:
				"The least element, along a dimension with its place; or, with another tensor, the lesser of each two elements, as `minimum`.",
			args: { other: "a tensor that broadcasts with the input" },
			example:
				"torch.min(torch.tensor([[1, 9], [3, 4]]), 1) // [[1, 3], [0, 0]]",
		},
		median: {
			about:
				"The median, the lower one of two in the middle; along a dimension with its place. NaN where one is NaN.",
			example: "torch.median(torch.tensor([3, 1, 2, 9])) // 2",
		},
		nanmedian: {
			about: "The median of the elements that are not NaN.",
			example: "torch.nanmedian(torch.tensor([3, Number.NaN, 1.5])) // 1.5",
		},
		mode: {
			about:
				"The most frequent element along a dimension (the least of several), and a place where it stands.",
			args: { dim: "along which dimension" },
			result: "{ values, indices } without that dimension",
			example: "torch.mode(torch.tensor([1, 2, 2])) // [2, 2]",
		},
		kthvalue: {
			about: "The k-th smallest element along a dimension, and its place.",
			args: { k: "1 for the smallest", dim: "along which dimension" },
			result: "{ values, indices } without that dimension",
			example: "torch.kthvalue(torch.tensor([3, 1, 2]), 2) // [2, 2]",
		},
		aminmax: {
			about: "The least and the greatest element.",
			result: "{ min, max }",
			example: "torch.aminmax(torch.tensor([3, 1, 2])) // [1, 3]",
		},
		argmax: {
			about: "The place of the greatest element.",
			result:
				"int64 indices; without a dimension one, counted as if the tensor were flat",
			example: "torch.argmax(torch.tensor([[1, 9], [3, 4]]), 1) // [1, 1]",
		},
		argmin: {
			about: "The place of the least element.",
			result:
				"int64 indices; without a dimension one, counted as if the tensor were flat",
			example: "torch.argmin(torch.tensor([[1, 9], [3, 4]]), 1) // [0, 0]",
		},
	},
);

const quantiles = table(
	{
		args: {
			input: "floating-point numbers of any shape",
			q: "which quantile, in [0, 1]: a number, or a tensor of several, which is the result's first dimension",
			dim: one,
			interpolation:
				'what lies between two elements: "linear", "lower", "higher", "midpoint" or "nearest"',
		},
		result: reduced,
	},
	{
		quantile: {
			about: "The number below which a share q of the elements lies.",
			example: "torch.quantile(torch.tensor([0, 1, 2]).float(), 0.75) // 1.5",
		},
		nanquantile: {
			about: "The same as `quantile`, of the elements that are not NaN.",
			example:
				"torch.nanquantile(torch.tensor([0.5, Number.NaN, 1.5]), 0.5) // 1",
		},
	},
);

const along = table(
	{
		args: {
			input: "numbers of any shape",
			dim: "along which dimension",
			dtype,
		},
		result: "a tensor of the input's shape",
	},
	{
		cumsum: {
			about: "The sum of all elements up to each one.",
			example: "torch.cumsum(torch.tensor([1, 2, 3]), 0) // [1, 3, 6]",
		},
		cumprod: {
			about: "The product of all elements up to each one.",
			example: "torch.cumprod(torch.tensor([1, 2, 3]), 0) // [1, 2, 6]",
		},
		cummax: {
			about: "The greatest element up to each one, and its place.",
			result: "{ values, indices } of the input's shape",
			example:
				"torch.cummax(torch.tensor([1, 3, 2]), 0) // [[1, 3, 3], [0, 1, 1]]",
		},
		cummin: {
			about: "The least element up to each one, and its place.",
			result: "{ values, indices } of the input's shape",
			example:
				"torch.cummin(torch.tensor([3, 1, 2]), 0) // [[3, 1, 1], [0, 1, 1]]",
		},
		logcumsumexp: {
			about:
				"The logarithm of the sum of the exponentials of all elements up to each one.",
			example:
				"torch.logcumsumexp(torch.tensor([0, 0]).float(), 0) // [0, 0.6931]",
		},
		diff: {
			about: "The difference of each element from the one before it.",
			args: {
				n: "how many times to take differences",
				prepend: "what to put before the input first",
				append: "what to put behind it first",
			},
			result: "the input's shape, with n elements fewer along that dimension",
			example: "torch.diff(torch.tensor([1, 4, 9])) // [3, 5]",
		},
		sort: {
			about: "The elements in order along a dimension, and where each was.",
			args: {
				descending: "whether the greatest comes first",
				stable: "whether equal elements keep their order",
			},
			result: "{ values, indices } of the input's shape",
			example: "torch.sort(torch.tensor([3, 1, 2])) // [[1, 2, 3], [1, 2, 0]]",
		},
		argsort: {
			about: "The places of the elements in order along a dimension.",
			args: {
				descending: "whether the greatest comes first",
				stable: "whether equal elements keep their order",
			},
			result: "int64 indices of the input's shape",
			example: "torch.argsort(torch.tensor([3, 1, 2])) // [1, 2, 0]",
		},
		msort: {
			about: "The elements in order along the first dimension.",
			example: "torch.msort(torch.tensor([3, 1, 2])) // [1, 2, 3]",
		},
		topk: {
			about: "The k greatest elements along a dimension, and their places.",
			args: {
				k: "how many",
				largest: "false: the k least",
				sorted: "whether they come in order",
			},
			result: "{ values, indices } with k elements along that dimension",
			example: "torch.topk(torch.tensor([3, 1, 2]), 2) // [[3, 2], [0, 2]]",
		},
		renorm: {
			about:
				"Each slice along a dimension, shortened where its p-norm exceeds a bound.",
			args: {
				p: "which norm",
				dim: "slices are those with one index in this dimension",
				maxnorm: "the greatest norm that a slice may have",
			},
			example:
				"torch.renorm(torch.tensor([[3, 4], [0, 1]]).float(), 2, 0, 1) // [[0.6, 0.8], [0, 1]]",
		},
	},
);

const samples = "the places to look up: a tensor, or one number";
const statistics = table(
	{},
	{
		cov: {
			about: "The covariances of variables, each a row of observations.",
			args: {
				input: "[variables, observations], or one variable",
				correction:
					"what is taken from the number of observations in the divisor",
				fweights: "how often each observation counts: integers",
				aweights: "how much each observation counts",
			},
			result: "[variables, variables]",
			example:
				"torch.cov(torch.tensor([[0, 2], [0, 4]]).float()) // [[2, 4], [4, 8]]",
		},
		corrcoef: {
			about: "Pearson's correlations of variables, each a row of observations.",
			args: { input: "[variables, observations]" },
			result: "[variables, variables]",
			example:
				"torch.corrcoef(torch.tensor([[0, 2], [0, -4]]).float()) // [[1, -1], [-1, 1]]",
		},
		histc: {
			about: "How many elements fall in each of a number of equal bins.",
			args: {
				input: "floating-point numbers of any shape",
				bins: "how many bins",
				min: "where the first begins",
				max: "where the last ends; both 0: the input's least and greatest element",
			},
			result: "[bins]",
			example:
				"torch.histc(torch.tensor([1, 2, 1]).float(), 2, 0, 4) // [2, 1]",
		},
		histogram: {
			about: "How many elements fall in each bin, and where the bins lie.",
			args: {
				input: "floating-point numbers of any shape",
				bins: "how many bins, or a tensor of their edges",
				range:
					"[from, to] of all bins; else the input's least and greatest element",
				weight: "how much each element counts; of the input's shape",
				density: "whether the counts are divided so that the area is 1",
			},
			result: "{ hist, binEdges }: [bins] and [bins + 1]",
			example:
				"torch.histogram(torch.tensor([1, 2, 1]).float(), 2) // [[2, 1], [1, 1.5, 2]]",
		},
		bincount: {
			about: "How often each number from 0 up occurs.",
			args: {
				input: "integers from 0 up, of one dimension",
				weights: "how much each counts; of the input's shape",
				minlength: "how many counts there are at least",
			},
			result: "one more count than the greatest element says",
			example: "torch.bincount(torch.tensor([0, 2, 2])) // [1, 0, 2]",
		},
		searchsorted: {
			about: "Where in an ordered sequence each value would have to stand.",
			args: {
				sortedSequence: "ordered along its last dimension",
				input: samples,
				outInt32: "whether the indices are int32 instead of int64",
				right: "whether an equal element comes before it; false: behind",
				side: 'the same in a word: "left" or "right"',
				sorter: "indices that put the sequence in order, if it is not",
			},
			result: "indices of the values' shape",
			example:
				"torch.searchsorted(torch.tensor([1, 3, 5]), torch.tensor([3, 6])) // [1, 3]",
		},
		bucketize: {
			about:
				"In which bucket each value lies, of those between the boundaries.",
			args: {
				input: "values: a tensor, or one number",
				boundaries: "in ascending order, of one dimension",
				outInt32: "whether the indices are int32 instead of int64",
				right: "whether a value on a boundary lies in the bucket behind it",
			},
			result: "indices of the values' shape",
			example:
				"torch.bucketize(torch.tensor([0, 3, 9]), torch.tensor([1, 5])) // [0, 1, 2]",
		},
		trapezoid: {
			about: "The integral of a function by the trapezoidal rule.",
			args: {
				y: "its values",
				x: "where they were taken",
				dx: "how far apart they were taken, where x is not given",
				dim: "along which dimension",
			},
			result: "a tensor without that dimension",
			example: "torch.trapezoid(torch.tensor([1, 2, 3]).float()) // 4",
		},
		cumulativeTrapezoid: {
			about:
				"The integral of a function up to each place, by the trapezoidal rule.",
			args: {
				y: "its values",
				x: "where they were taken",
				dx: "how far apart they were taken, where x is not given",
				dim: "along which dimension",
			},
			result: "one element fewer along that dimension",
			example:
				"torch.cumulativeTrapezoid(torch.tensor([1, 2, 3]).float()) // [1.5, 4]",
		},
		isSameSize: {
			about: "Whether two tensors have the same shape.",
			args: { input: "a tensor", other: "another" },
			result: "a boolean",
			example: "torch.isSameSize(torch.ones(2), torch.ones(3)) // false",
		},
		isNonzero: {
			about: "Whether a tensor's only element is other than 0.",
			args: { input: "a tensor of one element" },
			result: "a boolean",
			example: "torch.isNonzero(torch.tensor([3])) // true",
		},
		isFloatingPoint: {
			about: "Whether the dtype is a floating-point one.",
			args: { input: "a tensor" },
			result: "a boolean",
			example: "torch.isFloatingPoint(torch.tensor([3])) // false",
		},
		isComplex: {
			about: "Whether the dtype is a complex one.",
			args: { input: "a tensor" },
			result: "a boolean",
			example: "torch.isComplex(torch.tensor([3])) // false",
		},
	},
);

export const reduction = {
	...sums,
	...places,
	...quantiles,
	...along,
	...statistics,
};

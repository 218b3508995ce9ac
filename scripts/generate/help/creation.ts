/** Functions that make new tensors. */
import { table } from "./table.ts";

const size = "the sizes of the dimensions";
const dtype = "dtype of the new tensor; else `torch.getDefaultDtype()`";

const filled = table(
	{ args: { size, dtype } },
	{
		zeros: { about: "A tensor of zeros.", example: "torch.zeros(2) // [0, 0]" },
		ones: { about: "A tensor of ones.", example: "torch.ones(2) // [1, 1]" },
		empty: {
			about: "A tensor whose elements are whatever the memory held.",
			example: "torch.empty(2, 3).shape // [2, 3]",
		},
		emptyStrided: {
			about:
				"A tensor with given strides, whose elements are whatever the memory held.",
			args: {
				stride:
					"how many elements lie between two neighbours, for each dimension",
			},
			example: "torch.emptyStrided([2, 3], [1, 2]).stride() // [1, 2]",
		},
		full: {
			about: "A tensor with one value everywhere.",
			args: {
				fillValue: "the value",
				dtype: "dtype of the new tensor; else the one that fits the value",
			},
			example: "torch.full([2], 7) // [7, 7]",
		},
		eye: {
			about: "A matrix with ones on its diagonal and zeros elsewhere.",
			args: { n: "how many rows", m: "how many columns; else as many as rows" },
			example: "torch.eye(2) // [[1, 0], [0, 1]]",
		},
		arange: {
			about:
				"The numbers from start on, each by step more, as far as they stay before end.",
			args: {
				start: "the first; 0 if left out",
				end: "where they stop, not included",
				step: "from one to the next",
				dtype:
					"dtype of the new tensor; else int64 for whole numbers, `torch.getDefaultDtype()` for others",
			},
			example: "torch.arange(1, 7, 2) // [1, 3, 5]",
		},
		range: {
			about:
				"The numbers from start to end, both included; `arange` is the usual way.",
			args: {
				start: "the first",
				end: "the last, if the steps reach it",
				step: "from one to the next",
			},
			example: "torch.range(1, 3) // [1, 2, 3]",
		},
		linspace: {
			about: "Numbers from start to end, all equally far apart.",
			args: {
				start: "the first: a number or a tensor",
				end: "the last",
				steps: "how many",
			},
			example: "torch.linspace(0, 1, 3) // [0, 0.5, 1]",
		},
		logspace: {
			about:
				"Numbers from base^start to base^end, each by the same factor more than the one before.",
			args: {
				start: "the first exponent: a number or a tensor",
				end: "the last exponent",
				steps: "how many",
				base: "what they are exponents of",
			},
			example: "torch.logspace(0, 2, 3) // [1, 10, 100]",
		},
		scalarTensor: {
			about: "A tensor of no dimensions with one value.",
			args: { s: "the value" },
			example: "torch.scalarTensor(2.5) // 2.5",
		},
		trilIndices: {
			about: "Row and column indices of the elements on and below a diagonal.",
			args: {
				row: "how many rows",
				col: "how many columns",
				offset: "which diagonal: 0 the main one, above it positive",
				dtype: "dtype of the indices",
			},
			result: "[2, count]",
			example: "torch.trilIndices(2, 2) // [[0, 1, 1], [0, 0, 1]]",
		},
		triuIndices: {
			about: "Row and column indices of the elements on and above a diagonal.",
			args: {
				row: "how many rows",
				col: "how many columns",
				offset: "which diagonal: 0 the main one, above it positive",
				dtype: "dtype of the indices",
			},
			result: "[2, count]",
			example: "torch.triuIndices(2, 2) // [[0, 0, 1], [0, 1, 1]]",
		},
		complex: {
			about: "Complex numbers of their real and imaginary parts.",
			args: {
				real: "float32 or float64 numbers",
				imag: "numbers of the same dtype that broadcast with them",
			},
			example:
				"torch.complex(torch.tensor([1]).float(), torch.tensor([2]).float()).imag() // [2]",
		},
		polar: {
			about: "Complex numbers of their lengths and angles.",
			args: {
				abs: "the lengths, float32 or float64",
				angle: "the angles in radians, of the same dtype",
			},
			example: "torch.polar(torch.ones(1), torch.zeros(1)).real() // [1]",
		},
		vander: {
			about: "A matrix whose columns are powers of a vector.",
			args: {
				x: "the vector",
				N: "how many columns; else as many as rows",
				increasing: "whether the powers ascend from left to right",
			},
			result: "[length, N]",
			example: "torch.vander(torch.tensor([2, 3])) // [[2, 1], [3, 1]]",
		},
	},
);

const like = table(
	{
		args: {
			input:
				"the tensor whose shape, dtype, layout and device are taken where they are not given",
			dtype: "dtype of the new tensor; else the input's",
		},
	},
	{
		zerosLike: {
			about: "Zeros in another tensor's shape.",
			example: "torch.zerosLike(torch.tensor([1, 2])) // [0, 0]",
		},
		onesLike: {
			about: "Ones in another tensor's shape.",
			example: "torch.onesLike(torch.tensor([5, 2])) // [1, 1]",
		},
		emptyLike: {
			about:
				"A tensor of another one's shape, whose elements are whatever the memory held.",
			example: "torch.emptyLike(torch.ones(2, 3)).shape // [2, 3]",
		},
		fullLike: {
			about: "One value in another tensor's shape.",
			args: { fillValue: "the value" },
			example: "torch.fullLike(torch.tensor([1, 2]), 7) // [7, 7]",
		},
		randLike: {
			about: "Random numbers, uniform in [0, 1), in another tensor's shape.",
			example: "torch.randLike(torch.ones(2, 3)).shape // [2, 3]",
		},
		randnLike: {
			about:
				"Random numbers from the standard normal distribution, in another tensor's shape.",
			example: "torch.randnLike(torch.ones(2, 3)).shape // [2, 3]",
		},
		randintLike: {
			about: "Random whole numbers in another tensor's shape.",
			args: {
				low: "the least; 0 if left out",
				high: "one more than the greatest",
			},
			example: "torch.randintLike(torch.ones(2, 3), 10).shape // [2, 3]",
		},
		newZeros: {
			about: "Zeros with this tensor's dtype and device.",
			args: { size },
			example: "torch.tensor([1]).newZeros(2) // [0, 0]",
		},
		newOnes: {
			about: "Ones with this tensor's dtype and device.",
			args: { size },
			example: "torch.tensor([1]).newOnes(2) // [1, 1]",
		},
		newEmpty: {
			about:
				"A tensor with this one's dtype and device, whose elements are whatever the memory held.",
			args: { size },
			example: "torch.tensor([1]).newEmpty(2).dtype // int64",
		},
		newFull: {
			about: "One value everywhere, with this tensor's dtype and device.",
			args: { size, fillValue: "the value" },
			example: "torch.tensor([1]).newFull([2], 7) // [7, 7]",
		},
	},
);

const random = table(
	{ args: { size, dtype } },
	{
		rand: {
			about: "Random numbers, uniform in [0, 1).",
			example: "torch.rand(2, 3).shape // [2, 3]",
		},
		randn: {
			about: "Random numbers from the standard normal distribution.",
			example: "torch.randn(2, 3).shape // [2, 3]",
		},
		randint: {
			about: "Random whole numbers, all equally likely.",
			args: {
				low: "the least; 0 if left out",
				high: "one more than the greatest",
				dtype: "dtype of the new tensor",
			},
			example: "torch.randint(0, 10, [2, 3]).shape // [2, 3]",
		},
		randperm: {
			about: "The whole numbers from 0 to n − 1 in random order.",
			args: { n: "how many", dtype: "dtype of the new tensor" },
			example: "torch.randperm(4).shape // [4]",
		},
		normal: {
			about: "Random numbers from normal distributions.",
			args: {
				mean: "their means: a tensor or a number",
				std: "their standard deviations: a tensor or a number",
				size: "the sizes of the dimensions, where both are numbers",
			},
			result: "the means' or deviations' shape, or `size`",
			example: "torch.normal(0, 1, [2, 3]).shape // [2, 3]",
		},
		bernoulli: {
			about: "Random numbers that are 1 with a given probability, else 0.",
			args: {
				input: "a probability for each element; with p only the shape matters",
				p: "one probability for all",
			},
			result: "the input's shape and dtype",
			example: "torch.bernoulli(torch.ones(2)) // [1, 1]",
		},
		multinomial: {
			about: "Random places, each as likely as its weight says.",
			args: {
				input: "weights from 0 up: [places], or [rows, places]",
				numSamples: "how many to draw, for each row",
				replacement: "whether a place can be drawn again",
			},
			result: "int64 indices: [numSamples], or [rows, numSamples]",
			example: "torch.multinomial(torch.tensor([0, 1.5]), 1) // [1]",
		},
		poisson: {
			about: "Random numbers from Poisson distributions.",
			args: { input: "the rate for each element, from 0 up" },
			result: "the input's shape and dtype",
			example: "torch.poisson(torch.zeros(2)) // [0, 0]",
		},
		binomial: {
			about:
				"Random numbers from binomial distributions: how many of count trials succeed.",
			args: {
				count: "how many trials, for each element",
				prob: "the probability of success; broadcasts with count",
			},
			result: "the shape that both broadcast to",
			example:
				"torch.binomial(torch.tensor([3]).float(), torch.ones(1)) // [3]",
		},
		uniform_: {
			about:
				"Fills the tensor with random numbers, uniform from `from` to `to`.",
			args: {
				input: "the tensor to fill",
				from: "the least",
				to: "the upper bound, not included",
			},
			example: "torch.empty(3).uniform_(-1, 1).shape // [3]",
		},
		normal_: {
			about: "Fills the tensor with random numbers from a normal distribution.",
			args: {
				input: "the tensor to fill",
				mean: "its mean",
				std: "its standard deviation",
			},
			example: "torch.empty(3).normal_(0, 2).shape // [3]",
		},
		random_: {
			about: "Fills the tensor with random whole numbers.",
			args: {
				input: "the tensor to fill",
				from: "the least; 0 if left out",
				to: "one more than the greatest; else as far as the dtype reaches",
			},
			example: "torch.empty(3).random_(0, 10).shape // [3]",
		},
		exponential_: {
			about:
				"Fills the tensor with random numbers from an exponential distribution.",
			args: {
				input: "the tensor to fill",
				lambd: "its rate: the mean is 1 / lambd",
			},
			example: "torch.empty(3).exponential_(2).shape // [3]",
		},
		cauchy_: {
			about: "Fills the tensor with random numbers from a Cauchy distribution.",
			args: {
				input: "the tensor to fill",
				median: "its median",
				sigma: "half the width at half height",
			},
			example: "torch.empty(3).cauchy_().shape // [3]",
		},
		geometric_: {
			about:
				"Fills the tensor with random numbers from a geometric distribution: how many trials until one succeeds.",
			args: { input: "the tensor to fill", p: "the probability of success" },
			example: "torch.empty(3).geometric_(0.5).shape // [3]",
		},
		logNormal_: {
			about:
				"Fills the tensor with random numbers whose logarithms are normally distributed.",
			args: {
				input: "the tensor to fill",
				mean: "the logarithms' mean",
				std: "the logarithms' standard deviation",
			},
			example: "torch.empty(3).logNormal_().shape // [3]",
		},
	},
);

const windows = table(
	{
		args: {
			windowLength: "how many points",
			periodic:
				"true: as for a spectrum, the next point would be the first again; false: symmetric",
			dtype,
		},
		result: "[windowLength]",
	},
	{
		hannWindow: {
			about: "The Hann window: half a cosine wave, raised.",
			example: "torch.hannWindow(4) // [0, 0.5, 1, 0.5]",
		},
		hammingWindow: {
			about: "The Hamming window: alpha − beta · cos.",
			args: { alpha: "the constant", beta: "what the cosine is multiplied by" },
			example: "torch.hammingWindow(4).shape // [4]",
		},
		blackmanWindow: {
			about: "The Blackman window.",
			example: "torch.blackmanWindow(4).shape // [4]",
		},
		bartlettWindow: {
			about: "The Bartlett window: a triangle.",
			example: "torch.bartlettWindow(4) // [0, 0.5, 1, 0.5]",
		},
		kaiserWindow: {
			about: "The Kaiser window.",
			args: { beta: "its shape: the greater, the narrower" },
			example: "torch.kaiserWindow(4).shape // [4]",
		},
	},
);

export const creation = { ...filled, ...like, ...random, ...windows };

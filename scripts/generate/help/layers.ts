/** What layers compute; `torch.nn.functional` has the same with PyTorch's Python arguments. */
import { table } from "./table.ts";

const convolution = {
	bias: "[out channels], or null",
	stride: "how far the kernel moves: a number, or one for each dimension",
	padding:
		'how many zeros are put around the input: numbers, "valid" for none or "same" for as many as keep its size',
	dilation: "how far apart the kernel's elements are",
	groups: "in how many groups channels are, each with kernels of its own",
};
const transposed = {
	...convolution,
	padding: "by how much the result is cut at each end",
	outputPadding:
		"how much longer the result is at one end, where several lengths are possible",
};

const pooling = {
	kernelSize: "how large a window is: a number, or one for each dimension",
	stride: "how far the window moves; else as far as it is large",
	padding: "how much is put around the input: at most half a window",
	dilation: "how far apart a window's elements are",
	ceilMode: "whether a window that reaches beyond the end counts",
	countIncludePad: "whether padding counts in the mean",
	divisorOverride: "what the sum is divided by; else the window's size",
};

const convolutions = table(
	{ args: convolution },
	{
		conv1d: {
			about: "Convolves signals with kernels, in one dimension.",
			args: {
				input: "[N, C, L], or [C, L]",
				weight: "[out channels, in channels / groups, kernel length]",
			},
			result: "[N, out channels, L′]",
			example:
				"torch.conv1d(torch.ones(1, 1, 4), torch.ones(1, 1, 2)) // [[[2, 2, 2]]]",
		},
		conv2d: {
			about: "Convolves images with kernels.",
			args: {
				input: "[N, C, H, W], or [C, H, W]",
				weight:
					"[out channels, in channels / groups, kernel height, kernel width]",
			},
			result: "[N, out channels, H′, W′]",
			example:
				"torch.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2)).flatten() // [4, 4, 4, 4]",
		},
		conv3d: {
			about: "Convolves volumes with kernels.",
			args: {
				input: "[N, C, D, H, W], or [C, D, H, W]",
				weight:
					"[out channels, in channels / groups, kernel depth, kernel height, kernel width]",
			},
			result: "[N, out channels, D′, H′, W′]",
			example:
				"torch.conv3d(torch.ones(1, 1, 2, 2, 2), torch.ones(1, 1, 2, 2, 2)).flatten() // [8]",
		},
	},
);

const transposedConvolutions = table(
	{ args: transposed },
	{
		convTranspose1d: {
			about: "The gradient of `conv1d` as a layer: makes signals longer.",
			args: {
				input: "[N, C, L], or [C, L]",
				weight: "[in channels, out channels / groups, kernel length]",
			},
			result: "[N, out channels, L′]",
			example:
				"torch.convTranspose1d(torch.ones(1, 1, 2), torch.ones(1, 1, 2), { stride: 2 }) // [[[1, 1, 1, 1]]]",
		},
		convTranspose2d: {
			about: "The gradient of `conv2d` as a layer: makes images larger.",
			args: {
				input: "[N, C, H, W], or [C, H, W]",
				weight:
					"[in channels, out channels / groups, kernel height, kernel width]",
			},
			result: "[N, out channels, H′, W′]",
			example:
				"torch.convTranspose2d(torch.ones(1, 1, 1, 1), torch.ones(1, 1, 2, 2)).flatten() // [1, 1, 1, 1]",
		},
		convTranspose3d: {
			about: "The gradient of `conv3d` as a layer: makes volumes larger.",
			args: {
				input: "[N, C, D, H, W], or [C, D, H, W]",
				weight:
					"[in channels, out channels / groups, kernel depth, kernel height, kernel width]",
			},
			result: "[N, out channels, D′, H′, W′]",
			example:
				"torch.convTranspose3d(torch.ones(1, 1, 1, 1, 1), torch.ones(1, 1, 1, 1, 2)).flatten() // [1, 1]",
		},
	},
);

const pools = table(
	{ args: pooling },
	{
		maxPool1d: {
			about: "The greatest element of each window of signals.",
			args: { input: "[N, C, L], or [C, L]" },
			result: "[N, C, L′]",
			example:
				"torch.maxPool1d(torch.tensor([[1, 3, 2, 4]]).float(), 2) // [[3, 4]]",
		},
		maxPool2d: {
			about: "The greatest element of each window of images.",
			args: { input: "[N, C, H, W], or [C, H, W]" },
			result: "[N, C, H′, W′]",
			example:
				"torch.maxPool2d(torch.arange(4).float().reshape(1, 2, 2), 2) // [[[3]]]",
		},
		maxPool3d: {
			about: "The greatest element of each window of volumes.",
			args: { input: "[N, C, D, H, W], or [C, D, H, W]" },
			result: "[N, C, D′, H′, W′]",
			example:
				"torch.maxPool3d(torch.arange(8).float().reshape(1, 2, 2, 2), 2) // [[[[7]]]]",
		},
		maxPool1dWithIndices: {
			about: "The greatest element of each window of signals, and its place.",
			args: { input: "[N, C, L], or [C, L]" },
			result: "[values, indices], each [N, C, L′]",
			example:
				"torch.maxPool1dWithIndices(torch.tensor([[1, 3, 2, 4]]).float(), 2) // [[[3, 4]], [[1, 3]]]",
		},
		avgPool1d: {
			about: "The mean of each window of signals.",
			args: { input: "[N, C, L], or [C, L]" },
			result: "[N, C, L′]",
			example:
				"torch.avgPool1d(torch.tensor([[1, 3, 2, 4]]).float(), 2) // [[2, 3]]",
		},
		adaptiveAvgPool1d: {
			about: "The means of as many windows as are asked for.",
			args: { input: "[N, C, L], or [C, L]", outputSize: "how many" },
			result: "[N, C, outputSize]",
			example:
				"torch.adaptiveAvgPool1d(torch.tensor([[1, 3, 2, 4]]).float(), 2) // [[2, 3]]",
		},
		adaptiveMaxPool1d: {
			about:
				"The greatest elements of as many windows as are asked for, and their places.",
			args: { input: "[N, C, L], or [C, L]", outputSize: "how many" },
			result: "[values, indices], each [N, C, outputSize]",
			example:
				"torch.adaptiveMaxPool1d(torch.tensor([[1, 3, 2, 4]]).float(), 2) // [[[3, 4]], [[1, 3]]]",
		},
	},
);

const affine = {
	weight: "what each normalized element is multiplied by; else 1",
	bias: "what is added then; else 0",
	eps: "what is added to the variance, so that nothing is divided by 0",
};
const cudnn = "whether cuDNN may compute it";
const running = {
	runningMean:
		"the means of former batches, which training updates: [C], or null",
	runningVar: "their variances: [C], or null",
	momentum: "how much a new batch counts in those",
	cudnnEnabled: cudnn,
};

const norms = table(
	{ args: affine, result: "a tensor of the input's shape" },
	{
		layerNorm: {
			about: "Each sample with mean 0 and variance 1 over its last dimensions.",
			args: {
				input: "[…, ...normalizedShape]",
				normalizedShape: "the sizes of those dimensions",
				cudnnEnable: cudnn,
			},
			example:
				"torch.layerNorm(torch.ones(2, 3), [3]) // [[0, 0, 0], [0, 0, 0]]",
		},
		rmsNorm: {
			about:
				"Each sample divided by its root mean square over its last dimensions.",
			args: {
				input: "[…, ...normalizedShape]",
				normalizedShape: "the sizes of those dimensions",
				eps: "what is added to the mean square; else the dtype's epsilon",
			},
			example: "torch.rmsNorm(torch.ones(2), [2]).round() // [1, 1]",
		},
		groupNorm: {
			about:
				"Channels in groups, each with mean 0 and variance 1 in each sample.",
			args: {
				input: "[N, C, …]",
				numGroups: "how many groups, which divides C",
				cudnnEnabled: cudnn,
			},
			example:
				"torch.groupNorm(torch.ones(1, 4, 2), 2).flatten() // [0, 0, 0, 0, 0, 0, 0, 0]",
		},
		batchNorm: {
			about:
				"Each channel with mean 0 and variance 1 over the batch; out of training, by the running ones.",
			args: {
				input: "[N, C, …]",
				training: "whether the batch's own mean and variance are taken",
				...running,
			},
			example:
				"torch.batchNorm(torch.ones(2, 1), null, null, null, null, true, 0.1, 1e-5, false).flatten() // [0, 0]",
		},
		instanceNorm: {
			about: "Each channel of each sample with mean 0 and variance 1.",
			args: {
				input: "[N, C, …]",
				useInputStats: "false: by the running ones",
				...running,
			},
			example:
				"torch.instanceNorm(torch.ones(1, 1, 2), null, null, null, null, true, 0.1, 1e-5, false).flatten() // [0, 0]",
		},
	},
);

const dropouts = table(
	{
		args: {
			input: "numbers of any shape",
			p: "the probability of dropping, in [0, 1]",
			train: "whether anything is dropped",
		},
		result: "a tensor of the input's shape",
	},
	{
		dropout: {
			about: "Each element 0 with probability p, else divided by 1 − p.",
			example: "torch.dropout(torch.ones(2), 0.5, false) // [1, 1]",
		},
		featureDropout: {
			about:
				"Whole channels 0 with probability p, the others divided by 1 − p.",
			args: { input: "[N, C, …]" },
			example: "torch.featureDropout(torch.ones(1, 2), 0.5, false) // [[1, 1]]",
		},
		alphaDropout: {
			about: "As `dropout`, but so that mean and variance stay after `selu`.",
			example: "torch.alphaDropout(torch.ones(2), 0.5, false) // [1, 1]",
		},
	},
);

const reduction = "0: the loss of each element; 1: their mean; 2: their sum";
const losses = table(
	{
		args: { target: "what is right, of the input's shape", reduction },
		result: "a tensor of no dimensions; with reduction 0 of the losses' shape",
	},
	{
		binaryCrossEntropyWithLogits: {
			about: "The cross entropy of the input's `sigmoid` with probabilities.",
			args: {
				input: "logits of any shape",
				target: "probabilities in [0, 1], of the input's shape",
				weight: "how much each element counts",
				posWeight: "how much positive answers count",
			},
			example:
				"torch.binaryCrossEntropyWithLogits(torch.zeros(1), torch.ones(1)).shape // []",
		},
		klDiv: {
			about: "The Kullback-Leibler divergence of the target from the input.",
			args: {
				input: "logarithms of probabilities",
				target: "probabilities, of the input's shape",
				logTarget: "whether the target is logarithms, too",
			},
			example: "torch.klDiv(torch.zeros(2), torch.ones(2)) // 0",
		},
		ctcLoss: {
			about:
				"The connectionist temporal classification loss: of sequences whose alignment is not known.",
			args: {
				logProbs: "logarithms of probabilities: [time, N, classes]",
				targets: "the classes of each sequence: [N, longest], or all in a row",
				inputLengths: "how long each input is",
				targetLengths: "how long each target is",
				blank: "the class that stands for none",
				zeroInfinity: "whether infinite losses count as 0",
			},
			example:
				"torch.ctcLoss(torch.zeros(2, 1, 2), torch.tensor([[1]]), torch.tensor([2]), torch.tensor([1])).shape // []",
		},
		cosineEmbeddingLoss: {
			about:
				"1 − cosine for pairs that belong together, max(0, cosine − margin) for others.",
			args: {
				input1: "[N, features]",
				input2: "[N, features]",
				target: "1 for pairs that belong together, −1 for others: [N]",
				margin: "the cosine that others may have",
			},
			example:
				"torch.cosineEmbeddingLoss(torch.ones(1, 2), torch.ones(1, 2), torch.ones(1)).round().abs() // 0",
		},
		hingeEmbeddingLoss: {
			about: "x where the target is 1, max(0, margin − x) where it is −1.",
			args: {
				input: "distances of any shape",
				target: "1 or −1, of the input's shape",
				margin:
					"the distance beyond which pairs that do not belong together cost nothing",
			},
			example: "torch.hingeEmbeddingLoss(torch.ones(1), torch.ones(1)) // 1",
		},
		marginRankingLoss: {
			about: "max(0, −target · (input1 − input2) + margin).",
			args: {
				input1: "numbers of any shape",
				input2: "numbers of the same shape",
				target: "1 where input1 shall be greater, −1 where input2 shall",
				margin: "by how much",
			},
			example:
				"torch.marginRankingLoss(torch.ones(1), torch.zeros(1), torch.ones(1)) // 0",
		},
		tripletMarginLoss: {
			about:
				"max(0, distance to the positive − distance to the negative + margin).",
			args: {
				anchor: "[N, features]",
				positive: "what belongs to it",
				negative: "what does not",
				margin: "by how much the negative shall be farther",
				p: "in which norm",
				eps: "what is added to each difference",
				swap: "whether the negative's distance to the positive counts if it is less",
			},
			example:
				"torch.tripletMarginLoss(torch.zeros(1, 2), torch.zeros(1, 2), torch.ones(1, 2).mul(9)) // 0",
		},
		poissonNllLoss: {
			about:
				"The negative logarithm of the likelihood of counts, of a Poisson distribution.",
			args: {
				input: "the expected counts, or their logarithms",
				logInput: "whether they are logarithms",
				full: "whether Stirling's term is added",
				eps: "what is added where a logarithm is taken",
			},
			example:
				"torch.poissonNllLoss(torch.zeros(1), torch.ones(1), true, false, 1e-8, 1) // 1",
		},
	},
);

const tables = table(
	{},
	{
		embedding: {
			about: "The rows of a table at given indices.",
			args: {
				weight: "the table: [rows, features]",
				indices: "integers of any shape",
				paddingIdx: "the row that learns nothing; −1 for none",
				scaleGradByFreq:
					"whether a row's gradient is divided by how often it was looked up",
				sparse: "whether the table's gradient is sparse",
			},
			result: "[..., features]",
			example:
				"torch.embedding(torch.tensor([[1, 2], [3, 4]]), torch.tensor([1])) // [[3, 4]]",
		},
		bilinear: {
			about: "x1ᵀ A x2 + b, for each pair of rows.",
			args: {
				input1: "[…, n]",
				input2: "[…, m]",
				weight: "[features, n, m]",
				bias: "[features], or null",
			},
			result: "[…, features]",
			example:
				"torch.bilinear(torch.ones(1, 2), torch.ones(1, 3), torch.ones(1, 2, 3)) // [[6]]",
		},
	},
);

export const layers = {
	...convolutions,
	...transposedConvolutions,
	...pools,
	...norms,
	...dropouts,
	...losses,
	...tables,
};

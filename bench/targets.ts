/** What torch-node's time divided by Python's should be at most. */

/** Small operators, by the names that bench/operators.ts and bench/python/operators.py share. */
export const operatorTargets: { [name: string]: number } = {
	add: 0.9,
	"mul with a number": 1.3,
	"add with alpha": 0.75,
	relu: 1.3,
	"matmul 2×2": 1.3,
	addmm: 1.3,
	linear: 1.3,
	conv2d: 1.3,
	softmax: 1.3,
	sum: 1.3,
	"mean over a dimension": 1.3,
	view: 1.3,
	transpose: 1.3,
	index: 1.3,
	cat: 1.3,
	stack: 1.3,
	clone: 1.3,
	zeros: 1.3,
	"add that records a gradient": 1.3,
	"backward of a small graph": 1.3,
};
/** The geometric mean of all of them. */
export const operatorsTarget = 0.95;

/** Training steps, beside Python's with its default Adam and with its fused one. */
export const stepTargets: {
	[name: string]: { plain: number; fused?: number };
} = {
	MLP: { plain: 0.85, fused: 1 },
	CNN: { plain: 1 },
};

/** A step on ResNet-18's parameters, beside Python's default: below it where LibTorch has a kernel for many parameters. */
export const optimizerTargets: { [name: string]: number } = {
	"Adadelta step": 0.9,
	"Adafactor step": 0.9,
	"Adagrad step": 0.9,
	"Adam step": 0.9,
	"Adamax step": 0.9,
	"AdamW step": 0.9,
	"ASGD step": 0.9,
	"LBFGS step": 1.05,
	"Muon step": 1.05,
	"NAdam step": 0.9,
	"RAdam step": 0.9,
	"RMSprop step": 0.9,
	"Rprop step": 0.9,
	"SGD step": 0.9,
	"SparseAdam step": 1.05,
};

export const loadTarget = 0.5;

/** Growth of resident memory over 100,000 training steps after the warm-up, in bytes. */
export const residencyTarget = 20e6;

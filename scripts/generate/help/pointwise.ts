/** Functions of each element by itself. */
import { table } from "./table.ts";

const same = "a tensor of the input's shape";

/** Functions that give floating-point numbers, for integers the default dtype. */
const smooth = table(
	{
		args: {
			input: "numbers of any shape; integers count as the default dtype",
		},
		result: `${same}, of a floating-point dtype`,
	},
	{
		exp: {
			about: "e to the power of each element.",
			example: "torch.exp(torch.tensor([0, 1])) // [1, 2.7183]",
		},
		exp2: {
			about: "2 to the power of each element.",
			example: "torch.exp2(torch.tensor([0, 3])) // [1, 8]",
		},
		expm1: {
			about: "eˣ − 1 for each element x, exact also for x near 0.",
			example: "torch.expm1(torch.tensor([0, 1])) // [0, 1.7183]",
		},
		log: {
			about: "The natural logarithm of each element; −∞ for 0, NaN below.",
			example: "torch.log(torch.tensor([1, 0])) // [0, -Infinity]",
		},
		log2: {
			about: "The logarithm to base 2 of each element.",
			example: "torch.log2(torch.tensor([1, 8])) // [0, 3]",
		},
		log10: {
			about: "The logarithm to base 10 of each element.",
			example: "torch.log10(torch.tensor([1, 1000])) // [0, 3]",
		},
		log1p: {
			about: "log(1 + x) for each element x, exact also for x near 0.",
			example: "torch.log1p(torch.tensor([0, 1])) // [0, 0.6931]",
		},
		sqrt: {
			about: "The square root of each element; NaN below 0.",
			example: "torch.sqrt(torch.tensor([4, 9])) // [2, 3]",
		},
		rsqrt: {
			about: "1 / √x for each element x.",
			example: "torch.rsqrt(torch.tensor([4, 0.25])) // [0.5, 2]",
		},
		reciprocal: {
			about: "1 / x for each element x.",
			example: "torch.reciprocal(torch.tensor([2, 4])) // [0.5, 0.25]",
		},
		sin: {
			about: "The sine of each element, an angle in radians.",
			example: "torch.sin(torch.tensor([0, torch.pi / 2])) // [0, 1]",
		},
		cos: {
			about: "The cosine of each element, an angle in radians.",
			example: "torch.cos(torch.tensor([0, torch.pi])) // [1, -1]",
		},
		tan: {
			about: "The tangent of each element, an angle in radians.",
			example: "torch.tan(torch.tensor([0, 1])) // [0, 1.5574]",
		},
		asin: {
			about:
				"The angle in [−π/2, π/2] whose sine each element is; NaN outside of [−1, 1].",
			example: "torch.asin(torch.tensor([0, 1])) // [0, 1.5708]",
		},
		acos: {
			about:
				"The angle in [0, π] whose cosine each element is; NaN outside of [−1, 1].",
			example: "torch.acos(torch.tensor([1, 0])) // [0, 1.5708]",
		},
		atan: {
			about: "The angle in (−π/2, π/2) whose tangent each element is.",
			example: "torch.atan(torch.tensor([0, 1])) // [0, 0.7854]",
		},
		sinh: {
			about: "The hyperbolic sine of each element.",
			example: "torch.sinh(torch.tensor([0, 1])) // [0, 1.1752]",
		},
		cosh: {
			about: "The hyperbolic cosine of each element.",
			example: "torch.cosh(torch.tensor([0, 1])) // [1, 1.5431]",
		},
		tanh: {
			about: "The hyperbolic tangent of each element, in (−1, 1).",
			example: "torch.tanh(torch.tensor([0, 1])) // [0, 0.7616]",
		},
		asinh: {
			about: "The inverse hyperbolic sine of each element.",
			example: "torch.asinh(torch.tensor([0, 1])) // [0, 0.8814]",
		},
		acosh: {
			about: "The inverse hyperbolic cosine of each element; NaN below 1.",
			example: "torch.acosh(torch.tensor([1, 2])) // [0, 1.317]",
		},
		atanh: {
			about:
				"The inverse hyperbolic tangent of each element; NaN outside of [−1, 1].",
			example: "torch.atanh(torch.tensor([0, 0.5])) // [0, 0.5493]",
		},
		sigmoid: {
			about: "1 / (1 + e⁻ˣ) for each element x, in (0, 1).",
			example: "torch.sigmoid(torch.tensor([0, 100])) // [0.5, 1]",
		},
		logit: {
			about: "log(p / (1 − p)) for each element p: the inverse of `sigmoid`.",
			args: {
				input: "probabilities of any shape",
				eps: "what keeps p in [eps, 1 − eps]; without it, 0 and 1 give −∞ and ∞, what lies outside NaN",
			},
			example: "torch.logit(torch.tensor([0.5, 1])) // [0, Infinity]",
		},
		erf: {
			about:
				"The error function of each element, in (−1, 1): 2/√π times the integral of e^(−t²) from 0 to x.",
			example: "torch.erf(torch.tensor([0, 1])) // [0, 0.8427]",
		},
		erfc: {
			about: "1 − erf(x) for each element x, exact also for large x.",
			example: "torch.erfc(torch.tensor([0, 1])) // [1, 0.1573]",
		},
		erfinv: {
			about:
				"The number whose error function each element is; NaN outside of [−1, 1].",
			example: "torch.erfinv(torch.tensor([0, 0.5])) // [0, 0.4769]",
		},
		lgamma: {
			about:
				"The logarithm of the absolute value of the gamma function at each element.",
			example: "torch.lgamma(torch.tensor([1, 5])) // [0, 3.1781]",
		},
		digamma: {
			about:
				"The derivative of the logarithm of the gamma function at each element.",
			example: "torch.digamma(torch.tensor([1, 2])) // [-0.5772, 0.4228]",
		},
		polygamma: {
			about: "The n-th derivative of `digamma` at each element.",
			args: { n: "which derivative, 0 or more" },
			example: "torch.polygamma(1, torch.tensor([1, 2])) // [1.6449, 0.6449]",
		},
		mvlgamma: {
			about:
				"The logarithm of the multivariate gamma function in p dimensions at each element.",
			args: { p: "how many dimensions" },
			example: "torch.mvlgamma(torch.tensor([2, 3]), 2) // [0.4516, 1.5502]",
		},
		i0: {
			about:
				"The modified Bessel function of the first kind and order 0 at each element.",
			example: "torch.i0(torch.tensor([0, 1])) // [1, 1.2661]",
		},
		sinc: {
			about: "sin(πx) / (πx) for each element x; 1 for 0.",
			example: "torch.sinc(torch.tensor([0, 0.5])) // [1, 0.6366]",
		},
		deg2rad: {
			about: "Each element, an angle in degrees, in radians.",
			example: "torch.deg2rad(torch.tensor([0, 180])) // [0, 3.1416]",
		},
		rad2deg: {
			about: "Each element, an angle in radians, in degrees.",
			example: "torch.rad2deg(torch.tensor([0, torch.pi])) // [0, 180]",
		},
	},
);

const others = table(
	{ args: { input: "numbers of any shape" }, result: `${same} and dtype` },
	{
		abs: {
			about: "The absolute value of each element.",
			result: `${same} and dtype; of complex numbers the real lengths`,
			example: "torch.abs(torch.tensor([-1, 2])) // [1, 2]",
		},
		neg: {
			about: "Each element times −1.",
			example: "torch.neg(torch.tensor([-1, 2])) // [1, -2]",
		},
		positive: {
			about:
				"The tensor itself, as a plus sign before it would be; not for booleans.",
			example: "torch.positive(torch.tensor([-1, 2])) // [-1, 2]",
		},
		sign: {
			about:
				"−1, 0 or 1: the sign of each element. Of complex numbers see `sgn`.",
			example: "torch.sign(torch.tensor([-3, 0, 2])) // [-1, 0, 1]",
		},
		sgn: {
			about:
				"The sign of each element; of a complex number, it divided by its length.",
			example:
				"torch.sgn(torch.tensor([{ re: 3, im: 4 }])) // [{ re: 0.6, im: 0.8 }]",
		},
		signbit: {
			about: "Whether each element has its sign bit set, as −0 has, too.",
			result: `${same} of booleans`,
			example: "torch.signbit(torch.tensor([-1, 2])) // [true, false]",
		},
		ceil: {
			about: "Each element rounded up to a whole number.",
			example: "torch.ceil(torch.tensor([-1.5, 0.2])) // [-1, 1]",
		},
		floor: {
			about: "Each element rounded down to a whole number.",
			example: "torch.floor(torch.tensor([-1.5, 0.2])) // [-2, 0]",
		},
		trunc: {
			about: "Each element without its fraction: rounded towards 0.",
			example: "torch.trunc(torch.tensor([-1.5, 1.7])) // [-1, 1]",
		},
		frac: {
			about: "The fraction of each element, with its sign.",
			example: "torch.frac(torch.tensor([-1.5, 1.25])) // [-0.5, 0.25]",
		},
		round: {
			about:
				"Each element rounded to the nearest whole number, from the middle to the even one.",
			args: {
				decimals:
					"how many digits to keep after the point; negative: how many before it to round away",
			},
			example: "torch.round(torch.tensor([0.5, 1.5, 2.4])) // [0, 2, 2]",
		},
		square: {
			about: "Each element times itself.",
			example: "torch.square(torch.tensor([-2, 3])) // [4, 9]",
		},
		clamp: {
			about:
				"Each element, or the bound beyond which it lies. One of the bounds may be left out.",
			args: {
				min: "the lower bound: a number, or a tensor that broadcasts with the input",
				max: "the upper bound, likewise; where it is below min, it is the result",
			},
			example: "torch.clamp(torch.tensor([-1, 0, 5]), 0, 3) // [0, 0, 3]",
		},
		clampMin: {
			about: "Each element, or `min` where it is below that.",
			args: { min: "the lower bound: a number or a tensor" },
			example: "torch.clampMin(torch.tensor([-1, 5]), 0) // [0, 5]",
		},
		clampMax: {
			about: "Each element, or `max` where it is above that.",
			args: { max: "the upper bound: a number or a tensor" },
			example: "torch.clampMax(torch.tensor([-1, 5]), 3) // [-1, 3]",
		},
		relu: {
			about: "Each element, or 0 where it is negative.",
			example: "torch.relu(torch.tensor([-1, 2])) // [0, 2]",
		},
		relu6: {
			about: "Each element, or the bound of [0, 6] beyond which it lies.",
			example: "torch.relu6(torch.tensor([-1, 7])) // [0, 6]",
		},
		selu: {
			about:
				"The scaled exponential linear unit: 1.0507 · x for x > 0, else 1.0507 · 1.6733 · (eˣ − 1).",
			example: "torch.selu(torch.tensor([0, 1.5])) // [0, 1.5761]",
		},
		celu: {
			about: "x for x > 0, else alpha · (e^(x / alpha) − 1).",
			args: { alpha: "how far below 0 the result goes" },
			example: "torch.celu(torch.tensor([0, 1.5])) // [0, 1.5]",
		},
		hardshrink: {
			about: "Each element, or 0 where it lies in [−lambd, lambd].",
			args: { lambd: "half the width of what becomes 0" },
			example: "torch.hardshrink(torch.tensor([-1, 0.3, 1])) // [-1, 0, 1]",
		},
		threshold: {
			about: "Each element that is above a threshold, others replaced.",
			args: {
				threshold: "what an element must exceed to stay",
				value: "what stands for those that do not",
			},
			example: "torch.threshold(torch.tensor([-1, 2]), 0, -5) // [-5, 2]",
		},
		rrelu: {
			about:
				"Each element; a negative one times a random slope in training, times the middle of the two bounds otherwise.",
			args: {
				lower: "the least slope",
				upper: "the greatest slope",
				training: "whether slopes are drawn",
			},
			example: "torch.rrelu(torch.tensor([-1.5, 2]), 0.5, 0.5) // [-0.75, 2]",
		},
		prelu: {
			about: "Each element; a negative one times a learnt weight.",
			args: {
				weight: "one slope, or one for each channel (dimension 1 of the input)",
			},
			example:
				"torch.prelu(torch.tensor([-1.5, 2]), torch.tensor([0.25])) // [-0.375, 2]",
		},
		nanToNum: {
			about: "Each element, numbers instead of NaN and the infinities.",
			args: {
				nan: "what stands for NaN; else 0",
				posinf: "what stands for ∞; else the dtype's greatest number",
				neginf: "what stands for −∞; else the dtype's least number",
			},
			example: "torch.nanToNum(torch.tensor([Number.NaN, 1])) // [0, 1]",
		},
		logicalNot: {
			about: "Whether each element is 0 or false.",
			result: `${same} of booleans`,
			example: "torch.logicalNot(torch.tensor([0, 2])) // [true, false]",
		},
		bitwiseNot: {
			about: "Each integer with its bits inverted; of booleans, the opposite.",
			args: { input: "integers or booleans of any shape" },
			example: "torch.bitwiseNot(torch.tensor([0, 5])) // [-1, -6]",
		},
		isnan: {
			about: "Whether each element is NaN.",
			result: `${same} of booleans`,
			example: "torch.isnan(torch.tensor([Number.NaN, 1])) // [true, false]",
		},
		isinf: {
			about: "Whether each element is ∞ or −∞.",
			result: `${same} of booleans`,
			example: "torch.isinf(torch.tensor([Infinity, 1])) // [true, false]",
		},
		isfinite: {
			about: "Whether each element is neither infinite nor NaN.",
			result: `${same} of booleans`,
			example: "torch.isfinite(torch.tensor([Infinity, 1])) // [false, true]",
		},
		isposinf: {
			about: "Whether each element is ∞.",
			result: `${same} of booleans`,
			example:
				"torch.isposinf(torch.tensor([-Infinity, Infinity])) // [false, true]",
		},
		isneginf: {
			about: "Whether each element is −∞.",
			result: `${same} of booleans`,
			example:
				"torch.isneginf(torch.tensor([-Infinity, Infinity])) // [true, false]",
		},
		isreal: {
			about: "Whether each element has no imaginary part.",
			result: `${same} of booleans`,
			example:
				"torch.isreal(torch.tensor([{ re: 1, im: 0 }, { re: 1, im: 2 }])) // [true, false]",
		},
		angle: {
			about:
				"The angle of each element in the complex plane, in radians; of a real one 0, or π if it is negative.",
			result: `${same}, real`,
			example: "torch.angle(torch.tensor([1, -1])) // [0, 3.1416]",
		},
		real: {
			about:
				"The real parts, as a view of the same memory; of a real tensor, itself.",
			args: { input: "complex numbers of any shape" },
			result: `${same}, real`,
			example: "torch.real(torch.tensor([{ re: 1, im: 2 }])) // [1]",
		},
		imag: {
			about: "The imaginary parts, as a view of the same memory.",
			args: { input: "complex numbers of any shape" },
			result: `${same}, real`,
			example: "torch.imag(torch.tensor([{ re: 1, im: 2 }])) // [2]",
		},
		conj: {
			about:
				"The conjugate of each complex number: a view that is computed when it is read.",
			args: { input: "complex numbers of any shape" },
			example: "torch.conj(torch.tensor([{ re: 1, im: 2 }])).imag() // [-2]",
		},
		resolveConj: {
			about:
				"The tensor with a conjugation that was put off done; itself where there is none.",
			example: "torch.resolveConj(torch.tensor([1, 2])) // [1, 2]",
		},
		frexp: {
			about:
				"Each element as mantissa · 2^exponent, with a mantissa in [0.5, 1).",
			result:
				"{ mantissa, exponent }, both of the input's shape; exponents are int32",
			example: "torch.frexp(torch.tensor([6, 0.5])) // [[0.75, 0.5], [3, 0]]",
		},
		softmax: {
			about:
				"Each element's exponential, divided by the sum of those along a dimension: positive numbers that sum to 1.",
			args: {
				dim: "the dimension along which they sum to 1",
				dtype: "dtype to compute in and to return; else the input's",
			},
			result: same,
			example:
				'torch.softmax(torch.tensor([0, 0, 0, 0], { dtype: "float32" }), 0) // [0.25, 0.25, 0.25, 0.25]',
		},
		logSoftmax: {
			about:
				"The logarithm of `softmax`, computed in one go, which is faster and exact.",
			args: {
				dim: "the dimension along which the exponentials sum to 1",
				dtype: "dtype to compute in and to return; else the input's",
			},
			result: same,
			example:
				'torch.logSoftmax(torch.tensor([0, 0], { dtype: "float32" }), 0) // [-0.6931, -0.6931]',
		},
	},
);

export const pointwise = { ...smooth, ...others };

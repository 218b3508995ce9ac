/** Functions of two tensors that broadcast: element by element. */
import { table } from "./table.ts";

const both = "the shape that both broadcast to";
const operands = {
	input: "numbers of any shape",
	other: "a number, or a tensor whose shape broadcasts with the input's",
};

const arithmetic = table(
	{ args: operands, result: `${both}, of the dtype that both promote to` },
	{
		add: {
			about: "input + alpha · other.",
			args: { alpha: "what other is multiplied by first" },
			example:
				"torch.add(torch.tensor([1, 2]), torch.tensor([10, 20]), { alpha: 2 }) // [21, 42]",
		},
		sub: {
			about: "input − alpha · other.",
			args: { alpha: "what other is multiplied by first" },
			example: "torch.sub(torch.tensor([5, 6]), 1) // [4, 5]",
		},
		rsub: {
			about: "other − alpha · input: `sub` the other way round.",
			args: { alpha: "what the input is multiplied by first" },
			example: "torch.rsub(torch.tensor([5, 6]), 10) // [5, 4]",
		},
		mul: {
			about: "input · other.",
			example: "torch.mul(torch.tensor([1, 2]), 3) // [3, 6]",
		},
		div: {
			about: "input / other; of integers, too, with fractions.",
			args: {
				roundingMode:
					'"trunc": rounds towards 0; "floor": rounds down; null: not at all',
			},
			example:
				'torch.div(torch.tensor([7, -7]), 2, { roundingMode: "floor" }) // [3, -4]',
		},
		floorDivide: {
			about: "input / other, rounded down.",
			example: "torch.floorDivide(torch.tensor([7, -7]), 2) // [3, -4]",
		},
		remainder: {
			about:
				"What remains of input / other, with the sign of other, as Python's %.",
			example: "torch.remainder(torch.tensor([7, -7]), 4) // [3, 1]",
		},
		fmod: {
			about:
				"What remains of input / other, with the sign of the input, as JavaScript's %.",
			example: "torch.fmod(torch.tensor([7, -7]), 4) // [3, -3]",
		},
		pow: {
			about: "input to the power of exponent.",
			args: {
				input: "the base: numbers of any shape, or one number",
				exponent: "a number, or a tensor that broadcasts with the base",
			},
			example: "torch.pow(torch.tensor([2, 3]), 2) // [4, 9]",
		},
		floatPower: {
			about:
				"input to the power of exponent, computed in float64 (or complex128).",
			args: {
				input: "the base: numbers of any shape, or one number",
				exponent: "a number, or a tensor that broadcasts with the base",
			},
			example: "torch.floatPower(torch.tensor([2, 3]), -1) // [0.5, 0.3333]",
		},
		maximum: {
			about: "The greater of each two elements; NaN where one is NaN.",
			args: { other: "a tensor that broadcasts with the input" },
			example:
				"torch.maximum(torch.tensor([1, 5]), torch.tensor([3, 4])) // [3, 5]",
		},
		minimum: {
			about: "The lesser of each two elements; NaN where one is NaN.",
			args: { other: "a tensor that broadcasts with the input" },
			example:
				"torch.minimum(torch.tensor([1, 5]), torch.tensor([3, 4])) // [1, 4]",
		},
		fmax: {
			about: "The greater of each two elements; NaN only where both are.",
			args: { other: "a tensor that broadcasts with the input" },
			example:
				"torch.fmax(torch.tensor([1, Number.NaN]), torch.tensor([3, 4])) // [3, 4]",
		},
		fmin: {
			about: "The lesser of each two elements; NaN only where both are.",
			args: { other: "a tensor that broadcasts with the input" },
			example:
				"torch.fmin(torch.tensor([1, Number.NaN]), torch.tensor([3, 4])) // [1, 4]",
		},
		hypot: {
			about: "√(input² + other²): the hypotenuse over two legs.",
			args: { other: "a tensor that broadcasts with the input" },
			example:
				"torch.hypot(torch.tensor([3.5]), torch.tensor([0.5])) // [3.5355]",
		},
		atan2: {
			about: "The angle of the point (other, input) in the plane, in (−π, π].",
			args: {
				input: "how high the points lie",
				other: "how far to the right they lie; broadcasts with the input",
			},
			example:
				"torch.atan2(torch.tensor([1, 0]), torch.tensor([0, 1])) // [1.5708, 0]",
		},
		logaddexp: {
			about: "log(e^input + e^other), without overflow on the way.",
			args: { other: "a tensor that broadcasts with the input" },
			example:
				"torch.logaddexp(torch.tensor([0.5]), torch.tensor([0.5])) // [1.1931]",
		},
		logaddexp2: {
			about: "log₂(2^input + 2^other), without overflow on the way.",
			args: { other: "a tensor that broadcasts with the input" },
			example:
				"torch.logaddexp2(torch.tensor([0.5]), torch.tensor([0.5])) // [1.5]",
		},
		ldexp: {
			about: "input · 2^other.",
			args: { other: "exponents that broadcast with the input" },
			example:
				"torch.ldexp(torch.tensor([1, 3]), torch.tensor([2, 1])) // [4, 6]",
		},
		xlogy: {
			about: "input · log(other), and 0 where the input is 0.",
			example:
				"torch.xlogy(torch.tensor([0, 2]), torch.tensor([0, 1])) // [0, 0]",
		},
		copysign: {
			about: "The input's absolute values with the signs of other.",
			example: "torch.copysign(torch.tensor([1, 2]), -1) // [-1, -2]",
		},
		nextafter: {
			about:
				"The next number that the dtype has after each element, in the direction of other.",
			args: { other: "a tensor that broadcasts with the input" },
			example:
				"torch.nextafter(torch.tensor([1.5]), torch.tensor([1.5])) // [1.5]",
		},
		heaviside: {
			about:
				"0 for negative elements, 1 for positive ones, and `values` for 0.",
			args: { values: "the result where the input is 0; broadcasts with it" },
			example:
				"torch.heaviside(torch.tensor([-1, 0, 2]), torch.tensor([5])) // [0, 5, 1]",
		},
		gcd: {
			about: "The greatest common divisor of each two integers.",
			args: {
				input: "integers of any shape",
				other: "integers that broadcast with the input",
			},
			example: "torch.gcd(torch.tensor([12]), torch.tensor([18])) // [6]",
		},
		lcm: {
			about: "The least common multiple of each two integers.",
			args: {
				input: "integers of any shape",
				other: "integers that broadcast with the input",
			},
			example: "torch.lcm(torch.tensor([4]), torch.tensor([6])) // [12]",
		},
		lerp: {
			about:
				"input + weight · (end − input): a point on the way from the input to `end`.",
			args: {
				end: "where the way ends; broadcasts with the input",
				weight:
					"how far to go: 0 is the input, 1 is the end; a number or a tensor",
			},
			example:
				"torch.lerp(torch.tensor([0, 10]).float(), torch.tensor([10, 20]).float(), 0.5) // [5, 15]",
		},
		addcmul: {
			about: "input + value · tensor1 · tensor2.",
			args: {
				tensor1: "the first factor",
				tensor2: "the second factor; all three broadcast",
				value: "what the product is multiplied by",
			},
			example:
				"torch.addcmul(torch.tensor([1]), torch.tensor([2]), torch.tensor([3]), { value: 10 }) // [61]",
		},
		addcdiv: {
			about: "input + value · tensor1 / tensor2.",
			args: {
				tensor1: "what is divided",
				tensor2: "what it is divided by; all three broadcast",
				value: "what the quotient is multiplied by",
			},
			example:
				"torch.addcdiv(torch.tensor([1.5]), torch.tensor([4]).float(), torch.tensor([2]).float()) // [3.5]",
		},
		bitwiseAnd: {
			about: "The bits that both have; of booleans, whether both are true.",
			args: {
				input: "integers or booleans",
				other:
					"a number, or integers or booleans that broadcast with the input",
			},
			example: "torch.bitwiseAnd(torch.tensor([6]), 3) // [2]",
		},
		bitwiseOr: {
			about: "The bits that one of both has; of booleans, whether one is true.",
			args: {
				input: "integers or booleans",
				other:
					"a number, or integers or booleans that broadcast with the input",
			},
			example: "torch.bitwiseOr(torch.tensor([6]), 3) // [7]",
		},
		bitwiseXor: {
			about:
				"The bits that just one of both has; of booleans, whether just one is true.",
			args: {
				input: "integers or booleans",
				other:
					"a number, or integers or booleans that broadcast with the input",
			},
			example: "torch.bitwiseXor(torch.tensor([6]), 3) // [5]",
		},
		bitwiseLeftShift: {
			about: "The input's bits, shifted to the left: input · 2^other.",
			args: { input: "integers", other: "by how many bits" },
			example: "torch.bitwiseLeftShift(torch.tensor([1, 3]), 2) // [4, 12]",
		},
		bitwiseRightShift: {
			about: "The input's bits, shifted to the right; the sign stays.",
			args: { input: "integers", other: "by how many bits" },
			example: "torch.bitwiseRightShift(torch.tensor([8, -8]), 2) // [2, -2]",
		},
	},
);

const comparisons = table(
	{ args: operands, result: `booleans of ${both}` },
	{
		eq: {
			about: "Whether input = other, for each element.",
			example: "torch.eq(torch.tensor([1, 2]), 2) // [false, true]",
		},
		ne: {
			about: "Whether input ≠ other, for each element.",
			example: "torch.ne(torch.tensor([1, 2]), 2) // [true, false]",
		},
		lt: {
			about: "Whether input < other, for each element.",
			example: "torch.lt(torch.tensor([1, 2]), 2) // [true, false]",
		},
		le: {
			about: "Whether input ≤ other, for each element.",
			example: "torch.le(torch.tensor([1, 3]), 2) // [true, false]",
		},
		gt: {
			about: "Whether input > other, for each element.",
			example: "torch.gt(torch.tensor([1, 3]), 2) // [false, true]",
		},
		ge: {
			about: "Whether input ≥ other, for each element.",
			example: "torch.ge(torch.tensor([1, 2]), 2) // [false, true]",
		},
		logicalAnd: {
			about: "Whether both elements are other than 0.",
			args: { other: "a tensor that broadcasts with the input" },
			example:
				"torch.logicalAnd(torch.tensor([0, 2]), torch.tensor([1, 1])) // [false, true]",
		},
		logicalOr: {
			about: "Whether one of both elements is other than 0.",
			args: { other: "a tensor that broadcasts with the input" },
			example:
				"torch.logicalOr(torch.tensor([0, 2]), torch.tensor([0, 1])) // [false, true]",
		},
		logicalXor: {
			about: "Whether just one of both elements is other than 0.",
			args: { other: "a tensor that broadcasts with the input" },
			example:
				"torch.logicalXor(torch.tensor([0, 2]), torch.tensor([1, 1])) // [true, false]",
		},
		isclose: {
			about:
				"Whether |input − other| ≤ atol + rtol · |other|, for each element.",
			args: {
				other: "a tensor that broadcasts with the input",
				rtol: "the difference that is allowed, relative to other",
				atol: "the difference that is allowed in any case",
				equalNan: "whether two NaN count as equal",
			},
			example:
				"torch.isclose(torch.tensor([1, 2]).double(), torch.tensor([1.000001, 3]).double()) // [true, false]",
		},
		allclose: {
			about: "Whether `isclose` holds for all elements.",
			args: {
				other: "a tensor that broadcasts with the input",
				rtol: "the difference that is allowed, relative to other",
				atol: "the difference that is allowed in any case",
				equalNan: "whether two NaN count as equal",
			},
			result: "a boolean, no tensor",
			example:
				"torch.allclose(torch.tensor([1.5]), torch.tensor([1.5])) // true",
		},
		equal: {
			about: "Whether two tensors have the same shape and equal elements.",
			args: { other: "a tensor to compare with; nothing is broadcast" },
			result: "a boolean, no tensor",
			example: "torch.equal(torch.tensor([1]), torch.tensor([1])) // true",
		},
		isin: {
			about: "Whether each element is among others.",
			args: {
				elements: "what to look up: a tensor, or one number",
				testElements: "among what, of any shape",
				testElement: "the one number to compare with",
				element: "the one number to look up",
				assumeUnique: "true: neither has anything twice, which can be faster",
				invert: "whether to tell instead which are not among them",
			},
			result: "booleans of the shape of elements",
			example:
				"torch.isin(torch.tensor([1, 2, 3]), torch.tensor([2, 9])) // [false, true, false]",
		},
		where: {
			about:
				"The input's element where the condition holds, else the other's. With the condition alone: the places where it holds, a tensor of indices for each dimension.",
			args: {
				condition: "booleans that broadcast with both",
				input: "what is taken where it holds: a tensor or a number",
				other: "what is taken where it does not",
			},
			result: "the shape that all broadcast to",
			example:
				"torch.where(torch.tensor([true, false]), torch.tensor([1, 2]), 0) // [1, 0]",
		},
	},
);

const distance = table(
	{},
	{
		dist: {
			about: "The p-norm of input − other: one number.",
			args: {
				input: "numbers of any shape",
				other: "a tensor that broadcasts with the input",
				p: "which norm",
			},
			result: "a tensor of no dimensions",
			example:
				"torch.dist(torch.tensor([0, 0]).float(), torch.tensor([3, 4]).float()) // 5",
		},
		resultType: {
			about: "The dtype that an operation on both would give, by promotion.",
			args: {
				tensor: "a tensor, or a number",
				other: "a tensor, or a number",
				scalar: "a number",
				scalar1: "a number",
				scalar2: "a number",
			},
			result: "a dtype",
			example: "torch.resultType(torch.tensor([1]), 1.5) // float32",
		},
		promoteTypes: {
			about: "The smallest dtype that holds the values of both.",
			args: { type1: "a dtype", type2: "a dtype" },
			result: "a dtype",
			example: 'torch.promoteTypes("int32", "float16") // float16',
		},
		canCast: {
			about:
				"Whether promotion's rules allow values of one dtype to become another.",
			args: { from_: "the dtype that they have", to: "the dtype to have" },
			result: "a boolean",
			example: 'torch.canCast("float32", "int64") // false',
		},
	},
);

export const binary = { ...arithmetic, ...comparisons, ...distance };

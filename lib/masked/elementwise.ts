/** What a MaskedTensor computes element by element, as PyTorch lists it. */
import type { Tensor } from "../tensor/tensor.ts";
import type { Scalar } from "../types.ts";
import type { MaskedTensor } from "./maskedTensor.ts";

/** Of one argument. */
export const unaryNames = [
	...(["abs", "absolute", "acos", "arccos", "acosh", "arccosh"] as const),
	...(["angle", "asin", "arcsin", "asinh", "arcsinh", "atan"] as const),
	...(["arctan", "atanh", "arctanh", "bitwiseNot", "ceil"] as const),
	...(["conjPhysical", "cos", "cosh", "deg2rad", "digamma", "erf"] as const),
	...(["erfc", "erfinv", "exp", "exp2", "expm1", "fix", "floor"] as const),
	...(["frac", "lgamma", "log", "log10", "log1p", "log2", "i0"] as const),
	...(["isnan", "neg", "negative", "positive", "rad2deg"] as const),
	...(["reciprocal", "round", "rsqrt", "sigmoid", "sign", "sgn"] as const),
	...(["signbit", "sin", "sinc", "sinh", "sqrt", "square"] as const),
	...(["tan", "tanh", "trunc"] as const),
] as const;
const onlyNewUnary = ["angle", "positive", "signbit", "isnan"] as const;

/** Of two, whose masks must be the same. */
export const binaryNames = [
	...(["add", "atan2", "arctan2", "bitwiseAnd", "bitwiseOr"] as const),
	...(["bitwiseXor", "bitwiseLeftShift", "bitwiseRightShift"] as const),
	...(["div", "divide", "floorDivide", "fmod", "logaddexp"] as const),
	...(["logaddexp2", "mul", "multiply", "nextafter", "remainder"] as const),
	...(["sub", "subtract", "trueDivide", "eq", "ne", "le", "ge"] as const),
	...(["greater", "greaterEqual", "gt", "lessEqual", "lt", "less"] as const),
	...(["maximum", "minimum", "fmax", "fmin", "notEqual"] as const),
] as const;
const onlyNewBinary = [
	...(["logaddexp", "logaddexp2", "fmin", "fmax"] as const),
	...(["minimum", "maximum"] as const),
] as const;

type UnaryName = (typeof unaryNames)[number];
type BinaryName = (typeof binaryNames)[number];
type UnaryInPlace = `${Exclude<UnaryName, (typeof onlyNewUnary)[number]>}_`;
type BinaryInPlace = `${Exclude<BinaryName, (typeof onlyNewBinary)[number]>}_`;

export const inPlaceUnaryNames = unaryNames
	.filter((name) => !(onlyNewUnary as readonly string[]).includes(name))
	.map((name) => `${name}_` as UnaryInPlace);
export const inPlaceBinaryNames = binaryNames
	.filter((name) => !(onlyNewBinary as readonly string[]).includes(name))
	.map((name) => `${name}_` as BinaryInPlace);

/** Another operand. */
export type Operand = MaskedTensor | Tensor | Scalar;

export type UnaryMethods = {
	[Name in UnaryName | UnaryInPlace]: () => MaskedTensor;
};
export type BinaryMethods = {
	[Name in BinaryName | BinaryInPlace]: (other: Operand) => MaskedTensor;
};

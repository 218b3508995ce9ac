/** Help for the functions and methods that are used most; of the others the schema says what there is to say. */
import { binary } from "./binary.ts";
import { creation } from "./creation.ts";
import { fft } from "./fft.ts";
import { indexing } from "./indexing.ts";
import { layers } from "./layers.ts";
import { linalg } from "./linalg.ts";
import { pointwise } from "./pointwise.ts";
import { reduction } from "./reduction.ts";
import { shape } from "./shape.ts";
import type { Help, HelpTable } from "./table.ts";

export { common, type Help } from "./table.ts";

/** By public name: "add", "linalg.svd"; those that exist in place only end in "_". */
export const help: HelpTable = {
	...pointwise,
	...binary,
	...reduction,
	...shape,
	...creation,
	...indexing,
	...linalg,
	...fft,
	...layers,
};

/** Other names of functions, and what they are called above. */
export const aliases: { readonly [name: string]: string } = {
	absolute: "abs",
	negative: "neg",
	fix: "trunc",
	clip: "clamp",
	arccos: "acos",
	arcsin: "asin",
	arctan: "atan",
	arctan2: "atan2",
	arccosh: "acosh",
	arcsinh: "asinh",
	arctanh: "atanh",
	subtract: "sub",
	multiply: "mul",
	divide: "div",
	trueDivide: "div",
	notEqual: "ne",
	less: "lt",
	lessEqual: "le",
	greater: "gt",
	greaterEqual: "ge",
	concat: "cat",
	concatenate: "cat",
	rowStack: "vstack",
	moveaxis: "movedim",
	swapdims: "transpose",
	ger: "outer",
	trapz: "trapezoid",
	det: "linalg.det",
	slogdet: "linalg.slogdet",
	inverse: "linalg.inv",
	matrixPower: "linalg.matrixPower",
	matrixExp: "linalg.matrixExp",
	"special.erf": "erf",
	"special.erfc": "erfc",
	"special.erfinv": "erfinv",
	"special.exp2": "exp2",
	"special.expit": "sigmoid",
	"special.expm1": "expm1",
	"special.digamma": "digamma",
	"special.psi": "digamma",
	"special.gammaln": "lgamma",
	"special.polygamma": "polygamma",
	"special.multigammaln": "mvlgamma",
	"special.i0": "i0",
	"special.log1p": "log1p",
	"special.logit": "logit",
	"special.logSoftmax": "logSoftmax",
	"special.logsumexp": "logsumexp",
	"special.round": "round",
	"special.sinc": "sinc",
	"special.softmax": "softmax",
	"special.xlogy": "xlogy",
};

/** What is known of a public name; a method or function in place says the same as the one that makes a new tensor. */
export function helpOf(name: string): Help | null {
	const own = help[name] ?? help[aliases[name] ?? ""];
	if (own !== undefined) return own;
	const base = name.endsWith("_") ? helpOf(name.slice(0, -1)) : null;
	return (
		base && {
			...base,
			about: `In place: ${base.about}`,
			result: "the tensor itself, changed",
		}
	);
}

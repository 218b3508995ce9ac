/** How the function that an OpInfo entry names is called here. */
import { native } from "../../lib/binding.ts";
import * as torch from "../../lib/index.ts";
import { Operator } from "../../lib/operator.ts";
import { camelCase } from "../../lib/schema.ts";

/** The arguments of one case. */
export interface Given {
	input: unknown;
	args: unknown[];
	/** With names in camelCase; empty if none are given by name. */
	options: Record<string, unknown>;
}

type Callable = (...args: unknown[]) => unknown;

/** Positional arguments and, where there are any, named ones in a last object. */
const listed = ({ input, args, options }: Given): unknown[] => [
	input,
	...args,
	...(Object.keys(options).length > 0 ? [options] : []),
];

/** Calls another function than the entry's name says, or with its arguments in another order: OpInfo's entry is a lambda there. */
const lambdas: { [op: string]: (given: Given, op: string) => unknown } = {
	where: ({ input, args }) =>
		torch.where(
			args[0] as torch.Tensor,
			input as torch.Tensor,
			args[1] as torch.Tensor,
		),
	einsum: ({ input, args }) =>
		torch.einsum(args[0] as string, input as torch.Tensor[]),
	polygamma: ({ input, args }) =>
		torch.polygamma(args[0] as number, input as torch.Tensor),
	"special.polygamma": ({ input, args }) =>
		torch.special.polygamma(args[0] as number, input as torch.Tensor),
	"igamma.grad_other": swapped,
	"igammac.grad_other": swapped,
	"nn.functional.embedding": swapped,
	"nn.functional.embedding_bag": swapped,
	"normal.number_mean": swapped,
	slice: (given) => method(given.input, "slice", listed(given).slice(1)),
	"linalg.pinv.singular": ({ input, args }) =>
		torch.linalg.pinv(
			(input as torch.Tensor).matmul((args[0] as torch.Tensor).mT),
		),
	"linalg.lstsq.grad_oriented": ({ input, args }) =>
		(
			torch.linalg.lstsq(input as torch.Tensor, args[0] as torch.Tensor, {
				driver: args[1] as string,
			}) as torch.Tensor[]
		).slice(0, 2),
	svd_lowrank: (given) => torch.svdLowrank(...product(given)),
	pca_lowrank: (given) => torch.pcaLowrank(...product(given)),
	max_pool2d_with_indices_backward: maxPool2dBackward,
	// In place, on a copy
	zero_: ({ input }) => (input as torch.Tensor).clone().zero_(),
	resize_: ({ input, args }) =>
		method((input as torch.Tensor).clone(), "resize_", args),
	resize_as_: ({ input, args }) =>
		method((input as torch.Tensor).clone(), "resizeAs_", args),
	// Operators that are signs in Python, with the number on the left
	__radd__: ({ input, args }) => method(input, "add", args),
	__rmul__: ({ input, args }) => method(input, "mul", args),
	__rsub__: ({ input, args }) =>
		torch.rsub(input as torch.Tensor, args[0] as number),
	__rpow__: ({ input, args }) =>
		torch.pow(args[0] as number, input as torch.Tensor),
	__rdiv__: ({ input, args }) =>
		(input as torch.Tensor).reciprocal().mul(args[0] as number),
	__rmatmul__: ({ input, args }) => method(args[0], "matmul", [input]),
	__rmod__: ({ input, args }) =>
		torch.remainder(args[0] as number, input as torch.Tensor),
	__rand__: ({ input, args }) => method(input, "bitwiseAnd", args),
	__ror__: ({ input, args }) => method(input, "bitwiseOr", args),
	__rxor__: ({ input, args }) => method(input, "bitwiseXor", args),
	__getitem__: ({ input, args }) => method(input, "index", args),
	// PyTorch's entry of this name draws normal numbers.
	rand_like: (given) => find(["randn_like"])?.(...listed(given)),
	_segment_reduce: (given) => find(["segment_reduce"])?.(...listed(given)),
};
/** In place, and the entry's name has no _. */
for (const op of [
	"cauchy",
	"exponential",
	"geometric",
	"log_normal",
	"uniform",
])
	lambdas[op] = (given) =>
		method(given.input, `${camelCase(op)}_`, listed(given).slice(1));
lambdas["normal.in_place"] = (given) =>
	method(given.input, "normal_", listed(given).slice(1));

/** The first two arguments stand the other way round. */
function swapped({ input, args, options }: Given, op: string): unknown {
	const [first, ...rest] = args;
	const given = { input: first, args: [input, ...rest], options };
	return find(op.split("."))?.(...listed(given));
}

/** A of low rank, and the options. */
function product({ input, args, options }: Given): [torch.Tensor, object] {
	return [
		(input as torch.Tensor).matmul((args[0] as torch.Tensor).mT),
		options,
	];
}

function maxPool2dBackward({ input, options }: Given): unknown {
	const { kernelSize, ...others } = options;
	const { stride, padding, dilation, ceilMode } = others;
	const pooled = torch.nn.functional.maxPool2d as Callable;
	const [out, indices] = pooled(input, kernelSize, others) as torch.Tensor[];
	return privateOperator("max_pool2d_with_indices_backward")?.(
		torch.onesLike(out as torch.Tensor),
		input,
		kernelSize,
		stride ?? kernelSize,
		padding,
		dilation,
		ceilMode,
		indices,
	);
}

function method(on: unknown, name: string, args: readonly unknown[]): unknown {
	const member: unknown = Reflect.get(Object(on), name);
	return typeof member === "function"
		? (member as Callable).apply(on, [...args])
		: member;
}

/** Where Python's torch.a.b.c is here; the parts in camelCase. */
function find(path: readonly string[]): Callable | null {
	let at: unknown = torch;
	for (const part of path) {
		if (typeof at !== "object" || at === null) return null;
		at = Reflect.get(at, camelCase(part));
	}
	return typeof at === "function" ? (at as Callable) : null;
}

/** An operator that PyTorch keeps to itself, and yet has an entry for. */
function privateOperator(name: string): Callable | null {
	const texts = (native.operatorSchemas() as string[]).filter(
		(text) =>
			(text.startsWith(`aten::${name}(`) ||
				text.startsWith(`aten::${name}.`)) &&
			!/, \*.*!\).* ->/.test(text),
	);
	if (texts.length === 0) return null;
	const operator = new Operator(...texts);
	return (...args) => operator.call(args);
}

/** Calls what `op` (and its variant) stands for; null where there is no such function here. */
export function callOperator(
	op: string,
	variant: string,
	given: Given,
): { result: unknown } | null {
	const lambda = lambdas[`${op}.${variant}`] ?? lambdas[op];
	if (lambda !== undefined) return { result: lambda(given, op) };
	const name = op.replace(/^torch\.ops\.aten\./, "").replace(/\.default$/, "");
	const found = find(name.split("."));
	if (found !== null) return { result: found(...listed(given)) };
	const own = camelCase(name);
	if (torch.isTensor(given.input) && own in given.input)
		return { result: method(given.input, own, listed(given).slice(1)) };
	const kernel = privateOperator(name);
	return kernel && { result: kernel(...listed(given)) };
}

/** Random arguments: mostly of the type that a schema names, now and then anything else. */
import fc from "fast-check";
import type { Argument } from "../../lib/schema.ts";

/** Stands for a tensor: the one with this number, counted round, of those that there are. */
export interface Ref {
	tensor: number;
}

/** Stands for something that is made anew for each call. */
export interface Made {
	make: "generator" | "slice" | "disposed";
}

export type Value =
	| Ref
	| Made
	| { re: number; im: number }
	| undefined
	| null
	| number
	| bigint
	| boolean
	| string
	| Value[];

export const tensorRef: fc.Arbitrary<Ref> = fc.record({ tensor: fc.nat(40) });

const small = fc.integer({ min: -3, max: 4 });
const integers = fc.oneof(
	{ weight: 30, arbitrary: small },
	{
		weight: 1,
		arbitrary: fc.constantFrom<number | bigint>(
			2 ** 31,
			2 ** 40,
			-(2 ** 33),
			2n ** 63n - 1n,
			-(2n ** 63n),
		),
	},
);
const numbers = fc.oneof(
	{ weight: 4, arbitrary: integers },
	{
		weight: 3,
		arbitrary: fc.constantFrom(0.5, 0, 1, -1.5, 0.1, 1e-3),
	},
	{
		weight: 1,
		arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e300, 1e-320),
	},
);
const words = [
	...["mean", "sum", "none", "batchmean", "amax", "prod", "trunc", "floor"],
	...["reflect", "constant", "replicate", "circular", "zeros", "border"],
	...["nearest", "linear", "bilinear", "bicubic", "area", "ij", "xy"],
	...["left", "right", "reduced", "complete", "r", "L", "U", "fro", "nuc"],
	...["i,j->ij", "ij,jk->ik", "ii->i", "...i,...i", "tanh", "forward", "", "x"],
];
const dtypes = [
	...["float32", "float64", "int64", "bool", "complex64", "bfloat16", "uint8"],
];
const index: fc.Arbitrary<Value> = fc.oneof<fc.Arbitrary<Value>[]>(
	small,
	fc.constantFrom<Value>("...", null, true, false, { make: "slice" }),
	tensorRef,
	fc.array(small, { maxLength: 3 }),
);
const junk = fc.constantFrom<Value>(
	...[undefined, null, true, -1, 0.5, Number.NaN, 2n ** 64n, "", "x"],
	...[[], [0], [1.5], [null], ["x"], [[1]], { re: 1, im: 2 }],
	...([{ make: "disposed" }, { make: "generator" }] as const),
);

/** What a type takes within lists and without them. */
const elements: { readonly [type: string]: fc.Arbitrary<Value> } = {
	Tensor: tensorRef,
	"Tensor|Scalar": fc.oneof<fc.Arbitrary<Value>[]>(tensorRef, numbers),
	int: integers,
	SymInt: integers,
	float: numbers,
	Scalar: fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<Value> }[]>(
		{ weight: 9, arbitrary: numbers },
		{ weight: 1, arbitrary: fc.constant({ re: 1, im: -1 }) },
	),
	bool: fc.boolean(),
	ScalarType: fc.constantFrom(...dtypes),
	Layout: fc.constantFrom("strided", "sparse_coo", "sparse_csr"),
	Device: fc.constantFrom("cpu", "meta", "cuda"),
	MemoryFormat: fc.constantFrom(
		"contiguous_format",
		"channels_last",
		"preserve_format",
	),
	Generator: fc.constant<Value>({ make: "generator" }),
	Index: index,
};
const text = fc.constantFrom(...words);

function typed(type: string, isFew: boolean): fc.Arbitrary<Value> {
	if (type.endsWith("?"))
		return fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<Value> }[]>(
			{ weight: 3, arbitrary: typed(type.slice(0, -1), isFew) },
			{ weight: 1, arbitrary: fc.constant(null) },
		);
	const list = /^(.*)\[(\d*)\]$/.exec(type);
	if (list !== null) {
		const element = typed(list[1] ?? "", isFew);
		const many = fc.array(element, { maxLength: 4 });
		return list[2] ? fc.oneof<fc.Arbitrary<Value>[]>(element, many) : many;
	}
	if (isFew && ["int", "SymInt", "Scalar"].includes(type)) return small;
	return elements[type] ?? text;
}

/** A value for an argument of the function `name`. */
export function argument(a: Argument, name: string): fc.Arbitrary<Value> {
	// LibTorch gives a tensor negative sizes here, and of another format strides that reach beyond its memory: in Python, too.
	if (/^(resize|asStrided_)/.test(name)) {
		if (a.name === "memoryFormat") return fc.constant(undefined);
		if (a.name === "size") return fc.array(fc.nat(4), { maxLength: 4 });
	}
	// Where a number is one of steps, no one waits for 2^40 of them; and LibTorch adds paddings without a look at overflow:
	// replicationPad2d(x, 2n ** 63n - 1n) ends the process, in Python too.
	const isFew = /Polynomial|random_|pool|pad/i.test(name);
	const right = typed(a.type, isFew);
	const value = fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<Value> }[]>(
		{ weight: 40, arbitrary: right },
		{ weight: 1, arbitrary: junk },
	);
	if (a.default === undefined) return value;
	return fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<Value> }[]>(
		{ weight: 2, arbitrary: fc.constant(undefined) },
		{ weight: 1, arbitrary: value },
	);
}

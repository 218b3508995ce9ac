/** Random programs: tensors of odd shapes and dtypes, then calls that take them and what calls before have given. */
import fc from "fast-check";
import { integerTypes } from "../../lib/types.ts";
import { type Callable, callables } from "./callables.ts";
import { argument, tensorRef, type Value } from "./values.ts";

/** A tensor to begin with; `form` is what is done to it after it is made. */
export interface Start {
	shape: number[];
	dtype: string;
	form: (typeof forms)[number];
}

/** One call. */
export interface Step {
	name: string;
	isMethod: boolean;
	positional: Value[];
	named: { [name: string]: Value };
}

export interface Program {
	starts: Start[];
	steps: Step[];
}

const forms = [
	"plain",
	"plain",
	"plain",
	"transposed",
	"strided",
	"expanded",
	"huge", // a view of few elements as very many
	"endless", // as more than any memory has
	"meta",
	"recorded", // requires a gradient
	"sparse",
] as const;

/** Shapes that go together: those of one list broadcast, those of different lists rarely do. */
const shapes = [
	[[3], [2, 3], [2, 1], [1, 3], [], [4, 2, 3], [2, 2, 3]],
	[[3, 3], [2, 3, 3], [1, 3, 3], [3], [3, 1], [0, 3, 3]],
	[[0], [2, 0], [0, 3], [2, 0, 3], [1], []],
	[
		[1, 2, 4, 4],
		[2, 2, 3, 3],
		[2, 2, 1, 1],
		[4, 4],
		[1, 2, 2, 4, 4],
	],
];
const dtypes = [
	...["float32", "float32", "float32", "float32", "float64"],
	...["float16", "bfloat16", "bool", "complex64", "complex128"],
	...integerTypes,
];

const starts = fc.constantFrom(...shapes).chain((family) =>
	fc.array(
		fc.record<Start>({
			shape: fc.constantFrom(...family),
			dtype: fc.constantFrom(...dtypes),
			form: fc.constantFrom(...forms),
		}),
		{ minLength: 1, maxLength: 4 },
	),
);

function step({ name, isMethod, schemas }: Callable): fc.Arbitrary<Step> {
	const oneOf = schemas.map((schema) => {
		const args = isMethod ? schema.arguments.slice(1) : schema.arguments;
		const values = args.map((a) => argument(a, name));
		return fc
			.record({
				self: tensorRef,
				values: fc.tuple(...values),
				byPosition: fc.nat(args.length),
			})
			.map(({ self, values, byPosition }) => {
				const positional: Value[] = isMethod ? [self] : [];
				const named: Step["named"] = {};
				args.forEach((a, i) => {
					const isFree = !a.keywordOnly && i <= byPosition;
					if (isFree || (a.default === undefined && !a.keywordOnly))
						positional.push(values[i] as Value);
					else if (values[i] !== undefined) named[a.name] = values[i] as Value;
				});
				return { name, isMethod, positional, named };
			});
	});
	return fc.oneof(...oneOf);
}

const call = fc.oneof(...callables.map(step));

export const program: fc.Arbitrary<Program> = fc.record({
	starts,
	steps: fc.array(call, { minLength: 1, maxLength: 12, size: "max" }),
});

/** Every function and method with each of its arguments wrong: the error names the operator, the argument, what was expected and what came. */
import * as torch from "../../lib/index.ts";
import type { Argument } from "../../lib/schema.ts";
import {
	type Callable,
	callables,
	functionOf,
} from "../../scripts/fuzz/callables.ts";

type Call = (...args: unknown[]) => unknown;

function element(type: string, tensor: () => torch.Tensor): unknown {
	if (/^Tensor/.test(type)) return tensor();
	const values: { [type: string]: unknown } = {
		int: 1,
		SymInt: 1,
		float: 0.5,
		Scalar: 1,
		bool: true,
		ScalarType: "float32",
		str: "x",
		Layout: "strided",
		Device: "cpu",
		MemoryFormat: "contiguous_format",
		Index: 0,
	};
	return type === "Generator" ? new torch.Generator() : values[type];
}

/** A value of an argument's type; undefined for one that has a default. */
function right(
	{ type, default: fallback }: Argument,
	tensor = () => torch.ones(2, 2),
): unknown {
	if (fallback !== undefined) return undefined;
	const bare = type.replace(/\?$/, "");
	const list = /^(.*)\[\d*\]$/.exec(bare);
	if (list === null) return element(bare, tensor);
	const [first, second] = [1, 2].map(() => element(list[1] ?? "", tensor));
	return [first, second];
}

function caught({ name, isMethod }: Callable, args: unknown[], self: unknown) {
	try {
		const call = isMethod
			? Reflect.get(torch.Tensor.prototype, name)
			: functionOf(name);
		(call as Call).apply(self, args);
	} catch (error) {
		return error as torch.TorchError;
	}
	return null;
}

/** Each way to call each of them by position. */
const forms = callables.flatMap((callable) =>
	callable.schemas.map((schema) => ({
		callable,
		args: schema.arguments
			.slice(callable.isMethod ? 1 : 0)
			.filter((a) => !a.keywordOnly),
	})),
);

/** Written by hand, with other parameters than the operator of their name: these have tests of their own. */
const byHand =
	/^(to|index|setIndex|slice|svdLowrank|sparse\w+Tensor|tensordot|atleast[123]d|meshgrid|cartesianProd|blockDiag|broadcastTensors|chainMatmul|einsum|where|nn\.functional\.\w+)$/;

/** Whether another form takes a word there: then it is that which the word is not. */
function isWord({ schemas, isMethod }: Callable, value: unknown, i: number) {
	const types = schemas.map((s) => s.arguments[isMethod ? i + 1 : i]?.type);
	return typeof value === "string" && types.includes("ScalarType");
}

const wrong: [kind: string, value: unknown, but: RegExp][] = [
	["a string", "oops", /^(str|ScalarType|Layout|Device|MemoryFormat)/],
	["a date", new Date(0), /^$/],
	["a function", () => 1, /^$/],
	["nothing", undefined, /^$/],
];

test.each(wrong)("%s where it has no place", (_kind, value, but) => {
	let calls = 0;
	const short: string[] = [];
	for (const { callable, args } of forms)
		for (const [i, argument] of args.entries()) {
			if (but.test(argument.type) || byHand.test(callable.name)) continue;
			if (value === undefined && argument.default !== undefined) continue;
			const given = args.map((a, k) => (k === i ? value : right(a)));
			if (value === undefined) given.length = i;
			const error = caught(callable, given, torch.ones(2, 2));
			// right for another form, whatever that says of it
			if (
				error === null ||
				/ERR_(TORCH|OUT_OF_RANGE|NOT_IMPL)/.test(error.code)
			)
				continue;
			calls++;
			const name = argument.name === "self" ? "input" : argument.name;
			const named = error.argument?.split(" or ") ?? [];
			const isTold =
				error.message.startsWith(`${callable.name}: `) &&
				(/: expected .*, got /.test(error.message) ||
					(value === undefined && error.message.includes("no form takes")));
			const isNamed = named.includes(name) || isWord(callable, value, i);
			if (!isTold || (value !== undefined && !isNamed))
				short.push(`${callable.name}(${name}): ${error.message.slice(0, 120)}`);
		}
	expect(calls).toBeGreaterThan(1_500);
	expect(short).toEqual([]);
});

test.each<[string, (place: number) => torch.Tensor]>([
	["shapes", (place) => torch.ones([2, 3, 5, 7].slice(place % 3))],
	[
		"dtypes",
		(place) => torch.ones([2, 2], { dtype: place % 2 ? "complex64" : "bool" }),
	],
])("of %s that do not go together it is told whose they are", (_kind, make) => {
	let calls = 0;
	const short: string[] = [];
	for (const { callable, args } of forms) {
		let place = 0;
		const tensor = () => make(place++);
		const self = callable.isMethod ? tensor() : undefined;
		const given = args.map((a) => right(a, tensor));
		if (place === 0 || byHand.test(callable.name)) continue;
		const error = caught(callable, given, self);
		if (error === null || !/ERR_(TORCH|OUT_OF_RANGE|NOT_IMPL)/.test(error.code))
			continue;
		calls++;
		const names = args.filter((_, i) => torch.isTensor(given[i]));
		const isTold = names.every(({ name }) =>
			new RegExp(
				`\\(given: .*\\b${name === "self" ? "input" : name} \\w+ \\[`,
			).test(error.message),
		);
		if (!isTold || error.op !== callable.name)
			short.push(`${callable.name}: ${error.message.slice(0, 300)}`);
	}
	expect(calls).toBeGreaterThan(300);
	expect(short).toEqual([]);
});

/** Methods of no arguments, written by hand: as JavaScript does, they overlook what else is given. */
const plain =
	/^(requiresGrad_|float|long|tolist|item|toTypedArray|stride|isContiguous|dispose)$/;

test("an unknown name is refused by each, and the known are listed", () => {
	const short: string[] = [];
	for (const callable of callables) {
		if (byHand.test(callable.name) || plain.test(callable.name)) continue;
		const [schema] = callable.schemas;
		const args = (schema?.arguments ?? [])
			.slice(callable.isMethod ? 1 : 0)
			.filter((a) => !a.keywordOnly && a.default === undefined);
		const given = [...args.map((a) => right(a)), { oops: 1 }];
		const { length } = callable.isMethod
			? given
			: (functionOf(callable.name) as Call);
		if (length > 0 && length < given.length) continue; // no place for it
		const error = caught(callable, given, torch.ones(2, 2));
		if (
			!/oops: unknown (argument|option); known are /.test(error?.message ?? "")
		)
			short.push(`${callable.name}: ${error?.message.slice(0, 200)}`);
	}
	expect(short).toEqual([]);
});

/**
 * Calls public operators with random arguments: node operators.mjs SEED ROUNDS FIRST LOG. Each round calls every operator once, from number FIRST on.
 * LOG holds the number and the text of the call under way. Prints { calls, values, complaints }.
 */
import { ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { inspect } from "node:util";
import * as operators from "../../../lib/generated/operators.ts";
import * as torch from "../../../lib/index.ts";
import type { Operator } from "../../../lib/operator.ts";
import { type Argument, parseSchema } from "../../../lib/schema.ts";
import { type Given, given, plain } from "./junk.ts";

const [seed, rounds, first] = process.argv.slice(2, 5).map(Number) as [
	number,
	number,
	number,
];
const log = openSync(process.argv[5] as string, "w");
torch.setNumThreads(1);

/** Small and quick; its period is far beyond what a run draws. */
let state = 0;
function draw(below: number): number {
	state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
	return Math.floor((state / 2 ** 32) * below);
}
function oneOf<T>(list: readonly T[]): T {
	return list[draw(list.length)] as T;
}

const shapes = [
	[],
	[0],
	[1],
	[3],
	[2, 3],
	[3, 3],
	[2, 0, 3],
	[1, 2, 3],
	[2, 2, 4, 4],
	[1, 1, 2, 2, 2],
];
const dtypes: readonly torch.DType[] = [
	"float32",
	"float32",
	"float32",
	"int64",
	"bool",
	"complex64",
	"float16",
	"uint8",
];

function tensor(): torch.Tensor {
	const made = torch.ones(oneOf(shapes), { dtype: oneOf(dtypes) });
	switch (draw(12)) {
		case 0:
			return made.to("meta");
		case 1:
			return made.toSparse();
		case 2:
			return made.dim() > 1
				? made.transpose(0, 1)
				: made.expand([2, ...made.shape]);
		case 3:
			return made.isFloatingPoint() ? made.requiresGrad_() : made;
		default:
			return made;
	}
}

const few = [-2, -1, 0, 1, 2, 3, 4, 7] as const;
const many = [
	-2,
	-1,
	0,
	1,
	2,
	3,
	4,
	7,
	2 ** 31,
	2 ** 40,
	-(2 ** 33),
	2n ** 63n - 1n,
	-(2n ** 63n),
];
let integers: readonly (number | bigint)[] = many;
const fractions = [
	0.5,
	-1.5,
	Number.NaN,
	Number.POSITIVE_INFINITY,
	Number.NEGATIVE_INFINITY,
	1e300,
	1e-320,
];

function element(type: string): unknown {
	if (type.startsWith("Tensor")) return tensor();
	switch (type) {
		case "int":
		case "SymInt":
			return oneOf(integers);
		case "float":
			return oneOf([...integers, ...fractions]);
		case "Scalar":
			return draw(8) === 0
				? { re: 1, im: -1 }
				: oneOf([...integers, ...fractions]);
		case "bool":
			return draw(2) === 0;
		case "ScalarType":
			return oneOf(dtypes);
		case "Layout":
			return oneOf(["strided", "sparse_coo", "sparse_csr"]);
		case "Device":
			return oneOf(["cpu", "meta"]);
		case "MemoryFormat":
			return oneOf(["contiguous_format", "channels_last", "preserve_format"]);
		case "Generator":
			return new torch.Generator();
		default:
			return oneOf([
				"mean",
				"sum",
				"none",
				"reflect",
				"linear",
				"ij",
				"",
				"x",
				"right",
				"trunc",
				"amax",
				"i,j->ij",
				"complete",
			]);
	}
}

/** A value of the argument's type, though perhaps one that makes no sense; now and then, anything at all. */
function value(argument: Argument, junk: Given): unknown {
	if (draw(25) === 0) return oneOf(plain)(junk);
	if (argument.default !== undefined && draw(3) > 0) return undefined;
	const [, type = "", list, optional] =
		/^(.*?)\??(\[\d*\])?(\?)?$/.exec(argument.type) ?? [];
	if (optional && draw(4) === 0) return null;
	if (list === undefined) return element(type);
	return Array.from({ length: draw(5) }, () => element(type));
}

/** Each operator's schemas, from the file that has them all. */
const source = readFileSync(
	new URL(import.meta.resolve("../../../lib/generated/operators.ts")),
	"utf8",
);
const schemas = new Map(
	[...source.matchAll(/^export const (\S+) = new Operator\((.*)\);$/gm)].map(
		([, name, texts]) => [
			name as string,
			(JSON.parse(`[${texts}]`) as string[]).map(parseSchema),
		],
	),
);

function show(value: unknown): string {
	if (Array.isArray(value))
		return `[${value.slice(0, 8).map(show).join(", ")}${value.length > 8 ? ", …" : ""}]`;
	if (!torch.isTensor(value))
		return inspect(value, {
			depth: 1,
			maxStringLength: 100,
			breakLength: Infinity,
		});
	try {
		const { dtype, shape, layout, device } = value as torch.Tensor;
		return `Tensor(${dtype}, [${shape}], ${layout}, ${device})`;
	} catch {
		return "Tensor(disposed)";
	}
}

const complaints: string[] = [];
let calls = 0;
let values = 0;

function attempt(number: number, name: string, args: unknown[]): void {
	const shown = args.map(show).join(", ");
	ftruncateSync(log);
	writeSync(log, `${number} ${name}(${shown.slice(0, 2000)})`, 0);
	calls++;
	try {
		(operators as unknown as Record<string, Operator>)[name]?.call([...args]);
		values++;
	} catch (error) {
		if (!(error instanceof torch.TorchError && error.op && error.code))
			complaints.push(
				`${name}(${shown.slice(0, 300)}): ${inspect(error).slice(0, 700)}`,
			);
	}
	torch.setGradEnabled(true);
}

let number = 0;
for (let round = 0; round < rounds; round++)
	for (const [name, forms] of schemas) {
		if (number++ < first) continue;
		state = (seed ^ Math.imul(number, 2654435761)) >>> 0;
		draw(1);
		integers = /Polynomial/.test(name) ? few : many; // a degree is a number of steps
		const junk = given();
		const args = oneOf(forms).arguments.map((a) => value(a, junk));
		if (draw(20) === 0) args.splice(draw(args.length + 1));
		if (draw(50) === 0)
			args.push(...plain.slice(0, 40).map((make) => make(junk)));
		attempt(number - 1, name, args);
	}
console.log(
	JSON.stringify({
		calls,
		values,
		complaints: complaints.slice(0, 40),
		count: complaints.length,
	}),
);

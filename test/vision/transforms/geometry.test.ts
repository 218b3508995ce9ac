import { rand } from "../../../lib/generated/functions.ts";
import { manualSeed } from "../../../lib/random.ts";
import * as F from "../../../lib/vision/transforms/functional/index.ts";
import * as T from "../../../lib/vision/transforms/index.ts";
import {
	expectSame,
	readFixtures,
	restore,
	type Saved,
	snapshot,
} from "./values.ts";

const inputs = new Map(
	readFixtures<[string, Saved][]>("inputs.json.gz").map(([name, saved]) => [
		name,
		restore(saved),
	]),
);

interface FunctionCase {
	fn: string;
	args: unknown[];
	options: object;
	input: string;
	out: Saved;
}

const functions = F as unknown as Record<
	string,
	(...args: unknown[]) => unknown
>;
const functionCases = readFixtures<FunctionCase[]>("functional.json.gz");
const functionNames = [...new Set(functionCases.map(({ fn }) => fn))];

describe.each(functionNames)("%s is torchvision's", (name) => {
	test.each(functionCases.filter(({ fn }) => fn === name))(
		"$input $args $options",
		({ fn, args, options, input, out }) => {
			const given = inputs.get(input);
			const before = snapshot(given);
			const decoded = args.map((arg) =>
				Object(arg).dtype ? restore(arg as Saved) : arg,
			);
			const all =
				Object.keys(options).length > 0 ? [...decoded, options] : decoded;
			expectSame(
				(functions[fn] as (...a: unknown[]) => unknown)(given, ...all),
				out,
			);
			expect(snapshot(given)).toEqual(before);
		},
	);
});

interface ClassCase {
	name: string;
	args: unknown[];
	options: object;
	seed: number;
	input: string;
	out: Saved[];
	next: number;
}

type Make = new (...args: unknown[]) => (input: unknown) => unknown;

/** Arguments that Python takes by position, and which are options here. */
const optionNames: Record<string, string[]> = {
	RandomPerspective: ["distortionScale"],
};
/** Arguments that Python takes by name, and which are positional here. */
const positionals: Record<string, string[]> = {
	RandomHorizontalFlip: ["p"],
	RandomVerticalFlip: ["p"],
};

function make({ name, args, options }: ClassCase): (input: unknown) => unknown {
	const Class = (T as unknown as Record<string, Make>)[name] as Make;
	const named = Object.entries(options);
	const first = positionals[name] ?? [];
	const inOptions = optionNames[name] ?? [];
	const positional = [
		...args.slice(inOptions.length),
		...named.filter(([key]) => first.includes(key)).map(([, value]) => value),
	];
	const rest = Object.fromEntries([
		...inOptions.slice(0, args.length).map((key, i) => [key, args[i]]),
		...named.filter(([key]) => !first.includes(key)),
	]);
	return Object.keys(rest).length > 0
		? new Class(...positional, rest)
		: new Class(...positional);
}

const classCases = readFixtures<ClassCase[]>("classes.json.gz");

const classNames = [...new Set(classCases.map(({ name }) => name))];

describe.each(classNames)(
	"%s draws and computes as torchvision does",
	(name) => {
		test.each(classCases.filter((c) => c.name === name))(
			"$input $args $options, seed $seed",
			(c) => {
				const transform = make(c);
				const given = inputs.get(c.input);
				const before = snapshot(given);
				manualSeed(c.seed);
				for (const expected of c.out) expectSame(transform(given), expected);
				expect(rand([1]).item()).toBe(c.next);
				expect(snapshot(given)).toEqual(before);
			},
		);
	},
);

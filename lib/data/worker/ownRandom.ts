/**
 * Random numbers of a worker's own. LibTorch has one default generator for the whole process; a worker that drew from it would draw
 * from the stream of the training thread, in an order that timing decides. PyTorch's workers are processes, each with a default generator
 * of its own. Here calls that name no generator are given this thread's.
 */
import { type GeneratorSlot, native } from "../../binding.ts";
import { Generator, slotOfGenerator } from "../../generator.ts";
import { placedArguments, placedOperator } from "../../lists.ts";
import { parseSchema } from "../../schema.ts";

/** How an operator is told where to draw. */
interface Draws {
	/** The operator that takes a generator: the one called, or its form that does. */
	operator: number;
	place: number;
	/** The operator called has no such argument: it is put in between. */
	added: boolean;
}

/** The form of a factory that takes a generator: `rand.generator`, `randint.low_generator`. */
const formsWithGenerator: Readonly<Record<string, string>> = {
	"": "generator",
	low: "low_generator",
	low_dtype: "low_generator_dtype",
	Tensor: "Tensor_generator",
};

function placeOfGenerator(name: string, overload: string): number {
	const { arguments: args } = parseSchema(
		native.operatorSchema(name, overload),
	);
	return args.findIndex(({ type }) => type.startsWith("Generator"));
}

function drawsOf(
	name: string,
	overload: string,
	operator: number,
	findOperator: typeof native.findOperator,
): Draws | undefined {
	const place = placeOfGenerator(name, overload);
	if (place >= 0) return { operator, place, added: false };
	const form = formsWithGenerator[overload];
	if (form === undefined || !name.startsWith("aten::rand")) return undefined;
	const other = findOperator(name, form);
	if (other < 0) return undefined;
	return { operator: other, place: placeOfGenerator(name, form), added: true };
}

/**
 * Gives this thread a default generator of its own: `manualSeed`, `Generator.default()`, `getRngState` and the functions that draw on the CPU
 * use it from now on. (Dropout and its kin alone, which take no generator, still draw from the process's.) To be called before any operator.
 */
export function useOwnRandomNumbers(seed: bigint): Generator {
	const own = new Generator().manualSeed(BigInt.asIntN(64, seed));
	const slot = slotOfGenerator(own) as GeneratorSlot;
	const { call, callFramed, findOperator, defaultGenerator } = native;
	const draws: (Draws | undefined)[] = []; // by operator

	native.findOperator = (name, overload) => {
		const operator = findOperator(name, overload);
		if (operator >= 0) {
			draws[operator] = drawsOf(name, overload, operator, findOperator);
		}
		return operator;
	};
	native.call = (operator, object, ...args) => {
		const draw = draws[operator];
		if (draw === undefined) return call(operator, object, ...args);
		const { place, added } = draw;
		while (args.length < place) args.push(undefined);
		if (added) args.splice(place, 0, slot);
		else args[place] ??= slot;
		return call(draw.operator, object, ...args);
	};
	native.callFramed = (object) => {
		const operator = placedOperator();
		return draws[operator] === undefined
			? callFramed(object)
			: native.call(operator, object, ...placedArguments());
	};
	native.manualSeed = (seed) => {
		own.manualSeed(seed);
	};
	native.defaultGenerator = (object, device) =>
		device === "cpu" ? slot : defaultGenerator(object, device);
	return own;
}

import { inspect } from "node:util";
import { linspace, rand, zeros } from "../../../lib/generated/functions.ts";
import { manualSeed } from "../../../lib/random.ts";
import { tensor } from "../../../lib/tensor/creation.ts";
import {
	Compose,
	LinearTransformation,
	RandomApply,
	RandomChoice,
	RandomCrop,
	RandomHorizontalFlip,
	RandomOrder,
	RandomRotation,
	ToTensor,
} from "../../../lib/vision/transforms/index.ts";
import { expectSame, readFixtures, restore, type Saved } from "./values.ts";

const inputs = new Map(
	readFixtures<[string, Saved][]>("inputs.json.gz").map(([name, saved]) => [
		name,
		restore(saved),
	]),
);

interface Case {
	name: string;
	seed: number;
	input: string;
	out: Saved[];
	next: number;
}

const steps = () =>
	[
		new RandomHorizontalFlip(0.7),
		new RandomRotation(20),
		new RandomCrop([12, 15]),
	] as const;

const made: Record<string, () => unknown> = {
	Compose: () => new Compose(steps()),
	RandomApply: () => new RandomApply(steps(), 0.6),
	RandomChoice: () => new RandomChoice(steps()),
	RandomChoiceWeighted: () => new RandomChoice(steps(), [1, 0, 5]),
	RandomOrder: () => new RandomOrder(steps()),
	nested: () =>
		new Compose([
			new RandomApply([new Compose(steps())], 0.5),
			new RandomOrder(steps().slice(0, 2)),
		]),
	whitening: () =>
		new LinearTransformation(
			linspace(-1, 1, 16).reshape([4, 4]),
			tensor([0.1, 0.2, 0.3, 0.4]),
		),
};

test.each(readFixtures<Case[]>("containers.json.gz"))(
	"$name draws and computes as torchvision does, seed $seed",
	({ name, seed, input, out, next }) => {
		const transform = made[name]?.() as (input: unknown) => unknown;
		manualSeed(seed);
		for (const expected of out)
			expectSame(transform(inputs.get(input)), expected);
		expect(rand([1]).item()).toBe(next);
	},
);

test("they print as Python's do", () => {
	expect(inspect(new RandomOrder([new RandomHorizontalFlip()]))).toBe(
		"RandomOrder(\n  RandomHorizontalFlip(p=0.5)\n)",
	);
});

test("functions may be among them", () => {
	const choice = new RandomChoice(
		[(image) => image.add(1), new ToTensor()],
		[1, 0],
	);
	expect(choice(zeros([1, 1, 1])).item()).toBe(1);
});

test.each<[() => unknown, RegExp]>([
	[
		() => new RandomApply([]),
		/^RandomApply: transforms: expected one or more, got none/,
	],
	[
		() => new RandomApply([3 as never]),
		/^RandomApply: transforms: expected function, got number 3/,
	],
	[
		() => new RandomApply(new RandomRotation(3) as never),
		/^RandomApply: transforms: expected array, got RandomRotation/,
	],
	[
		() => new RandomApply(steps(), 2),
		/^RandomApply: p: expected a number from 0 to 1, got 2/,
	],
	[
		() => new RandomChoice(steps(), [1, 2]),
		/^RandomChoice: p: expected 3 weights, not all of them 0, got \[1, 2\]/,
	],
	[
		() => new RandomChoice(steps(), [1, -2, 3]),
		/^RandomChoice: p: expected a number at least 0, got -2/,
	],
	[
		() => new RandomChoice(steps(), [0, 0, 0]),
		/^RandomChoice: p: expected 3 weights, not all of them 0/,
	],
])("wrong arguments are refused by name (%#)", (call, message) => {
	expect(call).toThrow(message);
});

import * as torch from "../../lib/index.ts";
import {
	expectTensor,
	fixture,
	revive,
	type Stored,
} from "../support/stored.ts";

interface RandomCase {
	function: string;
	args: unknown[];
	options: Record<string, unknown>;
	seed: unknown;
	/** Drawn from a generator of its own. */
	own: boolean;
	/** A method, on a tensor of this dtype. */
	on?: { dtype: torch.DType; size: number };
	results: Stored[];
}

const cases = fixture<RandomCase[]>("tensor/random.json").map((c) => ({
	...c,
	name: JSON.stringify([c.function, c.args, c.options, c.seed, c.own, c.on]),
}));

type Draw = (...args: unknown[]) => torch.Tensor;

test.each(cases)("$name gives Python's numbers, bit for bit", (randomCase) => {
	const { function: name, own, on, results } = randomCase;
	const args = revive(randomCase.args) as unknown[];
	const seed = revive(randomCase.seed) as number | bigint;
	const options = revive(randomCase.options) as Record<string, unknown>;
	if (own) options.generator = new torch.Generator().manualSeed(seed);
	else torch.manualSeed(seed);
	if (Object.keys(options).length > 0) args.push(options);
	for (const wanted of results) {
		let made: torch.Tensor;
		if (on) {
			const start = torch.ones(on.size, { dtype: on.dtype });
			const target = start.isFloatingPoint() ? start.div(2) : start;
			made = (Reflect.get(target, name) as Draw).apply(target, args);
			expect(made).toBe(target);
		} else made = (Reflect.get(torch, name) as Draw)(...args);
		expectTensor(made, wanted, { exact: true });
	}
});

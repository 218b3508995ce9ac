/** Wrong arguments of every constructor are named: those of the fixtures' cases, one after another replaced by something wrong. */
import * as torch from "../../lib/index.ts";
import { fixture, revive } from "./fixtures.ts";

interface ModuleCase {
	module: string;
	args: unknown[];
	options: Record<string, unknown>;
}

type AnyConstructor = new (...args: unknown[]) => unknown;
const classes = torch.nn as unknown as Record<string, AnyConstructor>;

/** The first case of each module with as many options as there are. */
const cases = new Map<string, ModuleCase>();
for (const each of [
	...fixture<ModuleCase[]>("modules.json"),
	...fixture<ModuleCase[]>("families.json.gz"),
]) {
	const known = cases.get(each.module);
	const count = (c: ModuleCase) => Object.keys(c.options).length;
	if (known === undefined || count(each) > count(known))
		cases.set(each.module, each);
}

/** What a constructor throws. */
function thrown({ module, args, options }: ModuleCase): Error | null {
	const Class = classes[module] as AnyConstructor;
	try {
		new Class(...(revive(args) as unknown[]), revive(options));
		return null;
	} catch (error) {
		return error as Error;
	}
}

/** Leads to nothing that any argument takes. */
const nonsense = { toString: () => "nonsense" };
/** Any module is taken for one where modules are arguments, and no argument of Identity matters. */
const anything = ["Identity"];

describe.each([...cases].filter(([name]) => !anything.includes(name)))(
	"%s",
	(name, each) => {
		test("takes what it is given", () => {
			expect(thrown(each)).toBeNull();
		});

		if (Object.keys(each.options).length > 0)
			test("names an unknown option", () => {
				const options = { ...each.options, nonsense: 1 };
				const error = thrown({ ...each, options });
				expect(error).toBeInstanceOf(torch.TorchError);
				expect(error?.message).toMatch(
					new RegExp(`^${name}: nonsense: unknown option; known are `),
				);
			});

		const options = Object.keys(each.options).filter(
			(option) => !["device", "dtype"].includes(option),
		);
		if (options.length > 0)
			test.each(options)("names a wrong %s", (option) => {
				const wrong = { ...each.options, [option]: nonsense };
				const error = thrown({ ...each, options: wrong });
				expect(error).toBeInstanceOf(torch.TorchError);
				expect(error?.message).toMatch(
					new RegExp(`^${name}: ${option}(\\[\\d\\])?: expected `),
				);
			});

		const places = [...each.args.keys()];
		if (places.length > 0)
			test.each(places)("names a wrong argument %i", (place) => {
				const args = each.args.with(place, nonsense);
				const error = thrown({ ...each, args });
				expect(error).toBeInstanceOf(torch.TorchError);
				expect(error?.message).toMatch(
					new RegExp(`^${name}: \\w+(\\[\\d\\])?: (expected|unknown option)`),
				);
			});
	},
);

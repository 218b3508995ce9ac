/** Functions and modules of vision.ops give what torchvision's give: values and gradients (scripts/fixtures/vision_ops.py). */
import * as torch from "../../../lib/index.ts";
import {
	expectTensor,
	fixture,
	revive,
	type Stored,
} from "../../support/stored.ts";

const { nn, vision } = torch;
const { ops } = vision;

interface Case {
	name: string;
	args: unknown[];
	options: Record<string, unknown>;
	out: Stored | Record<string, Stored>;
	grads?: (Stored | null)[];
}
interface ModuleCase extends Case {
	inputs: unknown[];
	training: boolean;
	keys: string[];
}
const saved = fixture<{ functions: Case[]; modules: ModuleCase[] }>(
	"vision/ops.json",
);

type Output = torch.Tensor | Record<string, torch.Tensor>;

const tensorsOf = (output: Output) =>
	output instanceof torch.Tensor ? { out: output } : output;

/** Holds output and gradients, of the same sum as in the script, to the saved ones. */
function expectSame(
	output: Output,
	leaves: torch.Tensor[],
	{ out, grads }: Case,
): void {
	const named = tensorsOf(output);
	const wanted = ("data" in out ? { out } : out) as Record<string, Stored>;
	expect(Object.keys(named)).toEqual(Object.keys(wanted));
	for (const [name, stored] of Object.entries(wanted))
		expectTensor(named[name] as torch.Tensor, stored, { what: name });
	if (grads === undefined) return;
	const flat = torch.cat(Object.values(named).map((o) => o.flatten()));
	const weights = torch.linspace(0.5, 1.5, flat.numel(), {
		dtype: flat.dtype,
	});
	const found = torch.autograd.grad([flat.mul(weights).sum()], leaves, {
		allowUnused: true,
	});
	expect(found.length).toBe(grads.length);
	for (const [i, stored] of grads.entries()) {
		if (stored === null) expect(found[i]).toBeNull();
		else
			expectTensor(found[i] as torch.Tensor, stored, {
				what: `gradient ${i}`,
				...(stored.dtype === "float32" ? { tolerance: 1e-4 } : {}),
			});
	}
}

const titled = <T extends Case>(cases: T[]) =>
	cases.map((given, i) => ({
		title: `${i} ${given.name}(${given.args.map((a) => (typeof a === "object" ? ((a as Stored | null)?.shape ?? "…") : a)).join(", ")}) ${JSON.stringify(given.options).slice(0, 90)}`,
		given,
	}));

test.each(titled(saved.functions))("$title", ({ given }) => {
	const args = given.args.map(revive);
	const options = revive(given.options) as Record<string, unknown>;
	const leaves = [...args, ...Object.values(options)].filter(
		(value): value is torch.Tensor =>
			value instanceof torch.Tensor && value.requiresGrad,
	);
	const call = ops[given.name as keyof typeof ops] as unknown as (
		...args: unknown[]
	) => torch.Tensor;
	const named = Object.keys(options).length > 0;
	torch.manualSeed(5);
	expectSame(call(...args, ...(named ? [options] : [])), leaves, given);
});

const makers: Record<string, (channels: number) => torch.nn.AnyModule> = {
	groupNorm: (channels) => new nn.GroupNorm(1, channels),
	layerNorm: (channels) => new nn.LayerNorm(channels),
};
const activations: Record<string, (inplace: boolean) => torch.nn.AnyModule> = {
	relu: (inplace) => new nn.ReLU({ inplace }),
	silu: (inplace) => new nn.SiLU({ inplace }),
	hardsigmoid: () => new nn.Hardsigmoid(),
};

function optionOf(value: unknown): unknown {
	if (typeof value === "string")
		return makers[value] ?? activations[value] ?? value;
	if (Array.isArray(value) && typeof value[0] === "string") {
		const [kind, ...args] = value as [string, ...number[]];
		const Kind = ops[kind as "LastLevelP6P7"];
		return new Kind(...(args as [number, number]));
	}
	return revive(value);
}

test.each(titled(saved.modules))("$title", ({ given }) => {
	const options = Object.fromEntries(
		Object.entries(given.options).map(([key, value]) => [key, optionOf(value)]),
	);
	const Kind = ops[given.name as keyof typeof ops] as unknown as new (
		...args: unknown[]
	) => torch.nn.Module<unknown[], Output>;
	torch.manualSeed(0);
	const made = Object.keys(options).length > 0 ? [options] : [];
	const model = new Kind(...(revive(given.args) as unknown[]), ...made);
	model.train(given.training);
	expect(
		Object.entries(model.stateDict()).map(
			([key, { shape }]) => `${key} [${shape.join(", ")}]`,
		),
	).toEqual(given.keys);
	torch.manualSeed(1);
	const output = model(...(revive(given.inputs) as unknown[]));
	expectSame(output, model.parameters(), given);
});

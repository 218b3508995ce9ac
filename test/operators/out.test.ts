/** Functions that write to given tensors: `out`, and those that end in _. */
import * as torch from "../../lib/index.ts";
import { expectTensor, isStored, type Stored } from "../support/stored.ts";
import { Arguments, cases, functionOf } from "./cases.ts";

/** Tensors that a case's function may write to: of the results' dtypes, without elements. */
function outsFor(result: unknown): torch.Tensor[] | null {
	const list = Array.isArray(result) ? result : [result];
	if (!list.every(isStored)) return null;
	return list.map(({ dtype }: Stored) => torch.empty(0, { dtype }));
}

/** The last argument of some is a tensor, so they take no names; normal's out must have the shape, in Python too. */
const others = /^(atleast|blockDiag|broadcastTensors|cartesianProd|normal$)/;
const functions = cases.filter(
	(c) =>
		c.self === undefined && !c.target.endsWith("_") && !others.test(c.target),
);
const written = new Set<string>();

test.each(functions.map((c) => [c.code, c] as const))("%s", (_, each) => {
	const outs = outsFor(each.result);
	if (outs === null) return;
	const given = new Arguments();
	const options = given.options(each);
	// What requires gradients cannot be written to a tensor.
	const args = torch.noGrad(() =>
		each.args.map((value) => given.revive(value)),
	);
	const out = Array.isArray(each.result) ? outs : outs[0];
	torch.manualSeed(0);
	let result: unknown;
	try {
		result = torch.noGrad(() => functionOf(each)(...args, { ...options, out }));
	} catch (error) {
		const { message, argument } = error as torch.TorchError;
		// This form has no such variant, in Python either.
		expect([argument, message]).toEqual(["out", expect.any(String)]);
		return;
	}
	if (outs.every((o) => o.numel() === 0 && o.shape.length === 1)) return;
	written.add(each.target);
	const list = Array.isArray(result) ? result : [result];
	const stored = (
		Array.isArray(each.result) ? each.result : [each.result]
	) as Stored[];
	for (const [i, one] of stored.entries()) {
		expect(list[i]).toBe(outs[i]);
		expectTensor(list[i], { ...one, grad: false });
	}
});

test("most functions can write", () => {
	expect(written.size).toBeGreaterThan(200);
});

describe("functions in place", () => {
	const inPlace = cases.filter(
		(c) => c.target.endsWith("_") && c.target in torch,
	);

	test.each(inPlace.map((c) => [c.code, c] as const))("%s", (_, each) => {
		const given = new Arguments();
		const options = given.options(each);
		const args = each.args.map((value) => given.revive(value));
		const x = given.input(each.self as string).mul(1);
		const all = Object.keys(options).length > 0 ? [...args, options] : args;
		torch.manualSeed(0);
		expect(functionOf(each)(x, ...all)).toBe(x);
		expectTensor(x, each.result as Stored);
	});

	test("there are enough", () => {
		expect(inPlace.length).toBeGreaterThan(20);
	});
});

describe("refusals of out", () => {
	const x = torch.ones(2, 3);

	test.each<[string, () => unknown, RegExp]>([
		[
			"a number",
			() => torch.abs(x, { out: 3 as never }),
			/^abs: out: expected Tensor, got number 3$/,
		],
		[
			"a function without such a form",
			() => torch.flatten(x, { out: x } as never),
			/^flatten: out: it has no form that writes to a tensor$/,
		],
		[
			"too many",
			() => torch.abs(x, { out: [x, x] as never }),
			/^abs: out: expected 1 tensors?, got 2$/,
		],
		[
			"another dtype",
			() => torch.abs(x, { out: torch.empty(0, { dtype: "int64" }) }),
			/^abs: .*dtype/,
		],
		[
			"a tensor that requires gradients",
			() => torch.abs(x, { out: torch.empty(0, { requiresGrad: true }) }),
			/^abs: .*automatic differentiation/,
		],
	])("%s", (_, call, message) => {
		expect(call).toThrow(torch.TorchError);
		expect(call).toThrow(message);
	});

	test("null and undefined stand for none", () => {
		const out = undefined;
		expect(torch.abs(x, { out: null as never })).not.toBe(x);
		expect(torch.add(x, 1, { out } as never).tolist()).toEqual([
			[2, 2, 2],
			[2, 2, 2],
		]);
	});
});

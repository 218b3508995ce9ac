/** torch.masked.MaskedTensor beside PyTorch's: values, masks, gradients, print; what PyTorch's own has no gradients for; what is refused. */
import { inspect } from "node:util";
import * as torch from "../../lib/index.ts";
import {
	expectTensor,
	fixture,
	type Stored,
	tensor,
} from "../support/stored.ts";

interface Case {
	name: string;
	on: string;
	method: string;
	args: unknown[];
	results: { data: Stored; mask: Stored; text: string }[];
	grad?: Stored;
}

const { inputs, cases } = fixture<{
	inputs: Record<string, { data: Stored; mask: Stored }>;
	cases: Case[];
}>("operators/masked.json");
const { maskedTensor, asMaskedTensor, MaskedTensor } = torch.masked;
type MaskedTensor = torch.masked.MaskedTensor;
const any = (value: unknown) => value as never;

function dataOf(name: string): torch.Tensor {
	return tensor(inputs[name]?.data as Stored);
}

function maskOf(name: string): torch.Tensor {
	return tensor(inputs[name]?.mask as Stored);
}

function argument(value: unknown): unknown {
	if (typeof value !== "object" || value === null || Array.isArray(value))
		return value;
	const { is, value: name } = value as { is: string; value: string };
	return is === "masked"
		? maskedTensor(dataOf(name), maskOf(name))
		: dataOf(name);
}

function call(x: MaskedTensor, method: string, args: unknown[]): unknown {
	return (Reflect.get(x, method) as (...given: unknown[]) => unknown).apply(
		x,
		args,
	);
}

test.each(cases.map((c) => [c.name, c] as const))("%s", (_name, wanted) => {
	const x = maskedTensor(dataOf(wanted.on), maskOf(wanted.on), {
		requiresGrad: wanted.grad !== undefined,
	});
	const made = call(x, wanted.method, wanted.args.map(argument));
	const results = (Array.isArray(made) ? made : [made]) as MaskedTensor[];
	expect(results.length).toBe(wanted.results.length);
	for (const [i, { data, mask, text }] of wanted.results.entries()) {
		const result = results[i] as MaskedTensor;
		expectTensor(result.getMask(), mask, { what: "mask" });
		expectTensor(result.toTensor(0), data);
		expect(`${result}`).toBe(text);
	}
	if (wanted.method.endsWith("_")) expect(results[0]).toBe(x);
	if (wanted.grad === undefined) return;
	for (const result of results)
		(result.ndim > 0 ? result.sum() : result).backward();
	expectTensor(x.grad?.toTensor(0) as torch.Tensor, wanted.grad, {
		what: "gradient",
	});
	expect(x.grad?.getMask().equal(x.getMask())).toBe(true);
});

test("every method element by element has a case", () => {
	const tested = new Set(cases.map((c) => c.method));
	const own = Object.keys(
		Object.getOwnPropertyDescriptors(MaskedTensor.prototype),
	).filter((name) => !["constructor", "copy_"].includes(name));
	expect(own.filter((name) => !tested.has(name))).toEqual([]);
	expect(own.length).toBeGreaterThan(150);
});

const x = () =>
	maskedTensor(
		torch.tensor([[1, 2, 3, 4]], { dtype: "float32" }),
		torch.tensor([[true, false, true, true]]),
		{ requiresGrad: true },
	);

test("a scope keeps what it returns; what is disposed of is told", () => {
	const given = x();
	const sums = torch.scope(() => [given.mul(2).sum(1), given.mean()]);
	expect(sums.map((each) => each.toTensor(0).tolist())).toEqual([
		[16],
		Math.fround(8 / 3),
	]);
	const data = torch.ones(2);
	const shared = asMaskedTensor(data, data.bool());
	data.dispose();
	expect(() => shared.sum()).toThrow("the tensor has been disposed");
});

test("infinities that are masked out leave no NaN in gradients", () => {
	const data = torch.tensor([0, 1, 4]);
	const given = maskedTensor(data.double(), data.gt(0), { requiresGrad: true });
	given.sqrt().sum().backward();
	expect(given.grad?.toTensor(0).tolist()).toEqual([0, 0.5, 0.25]);
	expect(inspect(given.grad)).toBe(
		"MaskedTensor(\n  [      --,   0.5000,   0.2500]\n)",
	);
});

test("where, cat and stack", () => {
	const mask = torch.tensor([true, true, false, false]);
	const values = torch.tensor([-1, -2, 3, 4], { dtype: "float32" });
	const a = maskedTensor(values, mask, { requiresGrad: true });
	const b = maskedTensor(values, mask.logicalNot(), { requiresGrad: true });
	const made = MaskedTensor.where(mask, a.exp(), b.mul(2));
	expect(made.getMask().all().item()).toBe(true);
	made.sum().backward();
	const rounded = (t: torch.Tensor | undefined) =>
		(t as torch.Tensor).toArray().map((v) => Math.round(Number(v) * 1e4) / 1e4);
	expect(rounded(a.grad?.toTensor(9))).toEqual([0.3679, 0.1353, 9, 9]);
	expect(rounded(b.grad?.toTensor(9))).toEqual([9, 9, 2, 2]);
	expect(rounded(MaskedTensor.where(mask, a, values).toTensor(0))).toEqual([
		-1, -2, 3, 4,
	]);
	const joined = MaskedTensor.cat([a, b]);
	expect([joined.shape, joined.sum().item()]).toEqual([[8], 4]);
	expect(MaskedTensor.stack([a, b], 1).sum(0).toTensor(0).tolist()).toEqual([
		-3, 7,
	]);
});

test("sparse ones: the same values as dense, with gradients", () => {
	const given = dataOf("x");
	const mask = maskOf("x");
	const dense = maskedTensor(given, mask, { requiresGrad: true });
	const forms = [
		(m: MaskedTensor) => m.toSparse(),
		(m: MaskedTensor) => m.toSparseCsr(),
	];
	for (const form of forms) {
		dense.grad = null;
		const sparse = form(dense);
		expect(sparse.isSparse).toBe(true);
		expect(`${sparse}`).toBe(`${dense}`);
		const values = sparse.sin().mul(sparse).add(1);
		const usual = dense.sin().mul(dense).add(1);
		expect(values.layout).toBe(sparse.layout);
		expect(`${values}`).toBe(`${usual}`);
		for (const name of ["sum", "mean", "amax", "amin", "prod"] as const) {
			const [one, other] = [values[name](), usual[name]()];
			expect(one.item()).toBeCloseTo(other.item() as number, 4);
		}
		values.sum().backward();
		const gradient = dense.grad as unknown as MaskedTensor;
		const wanted = given.cos().mul(given).add(given.sin());
		const apart = gradient.sub(wanted).abs().amax();
		expect(apart.item()).toBeLessThan(1e-5);
	}
	const coo = maskedTensor(given.toSparse(), mask.toSparse());
	expect(`${coo}`).toBe(`${dense}`);
	expect(coo.toDense().layout).toBe("strided");
	expect(() => coo.sum(1)).toThrow(
		"sum: dim: a masked tensor that is sparse_coo has only the reductions to one number; toDense() first",
	);
	expect(() => coo.select(0, 1)).toThrow("toDense() first");
});

test("what it is, and its parts", () => {
	const given = x();
	expect(torch.masked.isMaskedTensor(given)).toBe(true);
	expect(torch.masked.isMaskedTensor(given.getData())).toBe(false);
	expect(torch.isTensor(given)).toBe(false);
	expect([given.shape, given.size(1), given.dim(), given.numel()]).toEqual([
		[1, 4],
		4,
		2,
		4,
	]);
	expect([given.dtype, given.device, given.layout, given.isLeaf]).toEqual([
		"float32",
		"cpu",
		"strided",
		true,
	]);
	expect(given.index(0, torch.slice(1, 3)).toTensor(0).tolist()).toEqual([
		0, 3,
	]);
	expect(given.unbind(1).map((each) => each.toTensor(-1).item())).toEqual([
		1, -1, 3, 4,
	]);
	expect(given.squeeze(0).permute(0).narrow(0, 1, 2).shape).toEqual([2]);
	expect(given.detach().requiresGrad).toBe(false);
	expect(given.norm().item()).toBeCloseTo(Math.sqrt(26), 5);
	const meta = given.to("meta");
	expect([meta.device, meta.getMask().device]).toEqual(["meta", "meta"]);
	const copied = given.detach().clone();
	copied.copy_(given.detach().mul(2));
	expect(copied.toTensor(0).tolist()).toEqual([[2, 0, 6, 8]]);
	// gradients for one that is no number, and through a tensor that is not the leaf
	const source = torch.tensor([1, 2], { dtype: "float32", requiresGrad: true });
	const shared = asMaskedTensor(source.mul(3), torch.tensor([true, false]));
	expect(shared.gradFn?.name()).toBe("MulBackward0");
	shared.mul(2).backward(shared.detach());
	expect(source.grad?.tolist()).toEqual([18, 0]);
});

const mask = torch.tensor([true, false]);
const two = torch.ones(2);
test.each<[string, () => unknown, string]>([
	[
		"numbers",
		() => maskedTensor(any([1, 2]), mask),
		"MaskedTensor: data: expected Tensor, got [1, 2]",
	],
	[
		"a masked tensor of one",
		() => maskedTensor(any(maskedTensor(two, mask)), mask),
		"MaskedTensor: data: expected Tensor, got MaskedTensor",
	],
	[
		"a mask of numbers",
		() => maskedTensor(two, two),
		"MaskedTensor: mask: expected bool, got float32",
	],
	[
		"another shape",
		() => maskedTensor(torch.ones(3), mask),
		"MaskedTensor: mask: expected shape [3] like data, got [2]",
	],
	[
		"another layout",
		() => asMaskedTensor(two, mask.toSparse()),
		"asMaskedTensor: mask: data and mask must both be strided, or sparse_coo, or sparse_csr; they are strided and sparse_coo",
	],
	[
		"complex numbers",
		() => maskedTensor(torch.ones([2], { dtype: "complex64" }), mask),
		"MaskedTensor: data: expected one of float16,",
	],
	[
		"an unknown option",
		() => maskedTensor(two, mask, any({ grad: true })),
		"MaskedTensor: grad: unknown option; known are requiresGrad",
	],
	[
		"two masks",
		() => maskedTensor(two, mask).add(maskedTensor(two, mask.logicalNot())),
		"add: other: the masks of both must be the same (toTensor fills what is not there)",
	],
	[
		"nothing to add",
		() => maskedTensor(two, mask).add(any(undefined)),
		"add: other: expected MaskedTensor, Tensor or number alone, got undefined",
	],
	[
		"words",
		() => maskedTensor(two, mask).add_(any("1")),
		"add_: other: expected ",
	],
	[
		"an element that is not there",
		() => maskedTensor(two, mask).index(1).item(),
		"item: this: the element is masked out",
	],
	[
		"a list of tensors",
		() => MaskedTensor.cat([any(two)]),
		"cat: tensors[0]: expected MaskedTensor, got Tensor",
	],
	[
		"a cube in CSR",
		() =>
			maskedTensor(
				torch.ones(2, 2, 2),
				torch.ones(2, 2, 2).bool(),
			).toSparseCsr(),
		"toSparseCsr: this: expected two dimensions, got 3",
	],
	[
		"an unknown name",
		() => maskedTensor(two, mask).sum(any({ dims: 1 })),
		"sum: dims: unknown option; known are dim, keepdim, dtype",
	],
])("refused: %s", (_name, call, message) => {
	expect(call).toThrow(message);
});

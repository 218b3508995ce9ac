/** Recurrent layers over packed sequences. */
import * as torch from "../../lib/index.ts";
import { PackedSequence } from "../../lib/nn/packedSequence.ts";
import {
	expectTensor,
	fixture,
	revive,
	type Stored,
	tensor,
} from "./fixtures.ts";

const { nn } = torch;
type Tensor = torch.Tensor;

interface PackedCase {
	module: "RNN" | "GRU" | "LSTM";
	data: Stored;
	batchSizes: Stored;
	sortedIndices: Stored | null;
	hx: Stored | Stored[];
	output: Stored;
	hidden: Stored | Stored[];
	grads: Stored[];
}

const cases = fixture<PackedCase[]>("packed.json");

test.each(
	cases.map((each): [string, PackedCase] => [
		`${each.module}, ${each.sortedIndices === null ? "sorted" : "in any order"}`,
		each,
	]),
)("%s", (_title, each) => {
	torch.manualSeed(1);
	const Class = nn[each.module] as unknown as new (
		...args: unknown[]
	) => torch.nn.Module<unknown[], [PackedSequence, Tensor | Tensor[]]>;
	const module = new Class(2, 3, { numLayers: 2, bidirectional: true });
	const sorted = each.sortedIndices && tensor(each.sortedIndices);
	const pack = new PackedSequence(
		tensor(each.data),
		tensor(each.batchSizes),
		sorted,
	);
	const hx = revive(each.hx) as Tensor | Tensor[];
	const state = (Array.isArray(hx) ? hx[0] : hx) as Tensor;
	state.requiresGrad_();
	const [output, hidden] = module(pack, hx);
	expectTensor(output.data, each.output, "output");
	expect(output.batchSizes).toBe(pack.batchSizes);
	expect(output.sortedIndices).toBe(pack.sortedIndices);
	const states = [hidden].flat();
	const wanted = [each.hidden].flat();
	for (const [i, stored] of wanted.entries())
		expectTensor(states[i] as Tensor, stored, `state ${i}`);
	const loss = output.data.sum().add((states[0] as Tensor).pow(2).sum());
	const grads = torch.autograd.grad(loss, [state, ...module.parameters()]);
	for (const [i, stored] of each.grads.entries())
		expectTensor(grads[i] as Tensor, stored, `gradient ${i}`);
});

test("a packed sequence goes in and comes out, for the compiler too", () => {
	const pack = new PackedSequence(torch.randn([3, 2]), torch.tensor([2, 1]));
	const [output, [h, c]] = new nn.LSTM(2, 3)(pack);
	const packed: PackedSequence = output;
	expect([packed.data.shape, h.shape, c.shape]).toEqual([
		[3, 3],
		[1, 2, 3],
		[1, 2, 3],
	]);
});

test("the permutation that undoes another", () => {
	const { invertPermutation } = nn.utils.rnn;
	const order = torch.tensor([2, 0, 3, 1], { dtype: "int64" });
	expect(invertPermutation(order).tolist()).toEqual([1, 3, 0, 2]);
	expect(invertPermutation(null)).toBeNull();
	expect(() => invertPermutation([1, 0] as never)).toThrow(
		"invertPermutation: permutation: expected Tensor, got [1, 0]",
	);
});

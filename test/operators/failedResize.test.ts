/** What a call that fails leaves of a tensor that it had begun to change: never sizes beyond the memory, which would end the process when read. */
import * as torch from "../../lib/index.ts";

const huge = 2 ** 42;

test.each<[string, (x: torch.Tensor) => unknown]>([
	["resize_", (x) => x.resize_([huge, 3])],
	["resize_ to a negative size", (x) => x.resize_([-1])],
	["resizeAs_", (x) => x.resizeAs_(torch.empty([huge], { device: "meta" }))],
	["out", (x) => torch.add(torch.ones([1]).expand([huge]), 1, { out: x })],
])("%s", (_, change) => {
	const x = torch.tensor([1, 2, 3]).to("float32");
	expect(() => change(x)).toThrow(torch.TorchError);
	expect(x.tolist()).toEqual([1, 2, 3]);
	expect(x.sum().item()).toBe(6);
});

test("a nested tensor, which has no such sizes, keeps its own error", () => {
	const x = torch.nested.nestedTensor([torch.ones([2, 3]), torch.ones([1, 3])]);
	expect(() => x.add_(torch.ones([7]))).toThrow(
		/both self and other to be nested/,
	);
});

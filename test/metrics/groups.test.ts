import { metrics, tensor } from "../../lib/index.ts";

test("scores of classes keep their shape within groups", () => {
	const byGroup = new metrics.ByGroup(() => new metrics.Accuracy());
	const scores = tensor([
		[0.1, 0.7, 0.2],
		[0.8, 0.1, 0.1],
		[0.3, 0.3, 0.4],
	]);
	byGroup.update(scores, tensor([1, 1, 2]), ["a", "a", "b"]);
	byGroup.update(scores, tensor([1, 0, 0]), tensor([7, 7, 7]));
	expect([...byGroup.compute()]).toEqual([
		["7", 2 / 3],
		["a", 0.5],
		["b", 1],
	]);
});

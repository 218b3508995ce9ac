/** What the compiler accepts and refuses of metrics (npm run check); nothing is run. */
import * as metrics from "../../lib/metrics/index.ts";

function typed(): void {
	const one: number = new metrics.Precision().compute();
	const each: number[] = new metrics.Precision({ average: "none" }).compute();
	const classes: number[] = new metrics.Accuracy({ average: "none" }).compute();
	const outputs: number[] = new metrics.R2Score({
		multioutput: "rawValues",
	}).compute();
	const groups: Map<string, number> = new metrics.ByGroup(
		() => new metrics.F1Score(),
	).compute();

	// @ts-expect-error one number, not a list
	new metrics.Recall({ average: "macro" }).compute().length;
	// @ts-expect-error there is no such average
	new metrics.Recall({ average: "samples" });
	// @ts-expect-error texts, not tensors
	new metrics.Perplexity().update(["a"], ["b"]);
	void [one, each, classes, outputs, groups];
}

test("types are held by the compiler", () => {
	expect(typeof typed).toBe("function");
});

/** Metrics give what scikit-learn, torchmetrics and pycocotools give, batch by batch (scripts/fixtures/metrics.py). */
import * as torch from "../../lib/index.ts";
import { fixture, revive } from "../support/stored.ts";

const { metrics } = torch;

interface Case {
	metric: string;
	options: Record<string, unknown>;
	batches: unknown[][];
	result: unknown;
}
interface AnyMetric {
	update(...inputs: unknown[]): void;
	compute(): unknown;
	reset(): void;
}

function make({ metric, options }: Case): AnyMetric {
	const given = revive(options) as Record<string, unknown>;
	if (metric === "ByGroup")
		return new metrics.ByGroup(() => new metrics.F1Score()) as AnyMetric;
	const Kind = metrics[metric as keyof typeof metrics] as unknown as new (
		...args: unknown[]
	) => AnyMetric;
	const { beta, ...rest } = given;
	return beta === undefined ? new Kind(given) : new Kind(beta, rest);
}

/** Tensors and maps as lists and objects. */
function plain(value: unknown): unknown {
	if (value instanceof torch.Tensor)
		return (value.tolist() as unknown[]).map(plain);
	if (value instanceof Map)
		return Object.fromEntries(
			[...value].map(([key, each]) => [key, plain(each)]),
		);
	if (Array.isArray(value)) return value.map(plain);
	if (typeof value === "bigint") return Number(value);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, each]) => [key, plain(each)]),
	);
}

function expectNear(found: unknown, wanted: unknown, where = "result"): void {
	if (typeof wanted === "number") {
		const isNear =
			found === wanted ||
			Math.abs((found as number) - wanted) <= 1e-6 * (1 + Math.abs(wanted));
		if (!isNear) throw new Error(`${where} is ${found}, not ${wanted}`);
		return;
	}
	if (typeof wanted !== "object" || wanted === null) {
		expect(found).toBe(wanted);
		return;
	}
	expect(Object.keys(found as object).sort()).toEqual(
		Object.keys(wanted).sort(),
	);
	for (const [key, each] of Object.entries(wanted))
		expectNear(
			(found as Record<string, unknown>)[key],
			each,
			`${where}.${key}`,
		);
}

const cases = fixture<Case[]>("metrics/metrics.json").map((given, i) => ({
	title: `${i} ${given.metric} ${JSON.stringify(given.options)}`,
	given,
}));

test.each(cases)("$title", ({ given }) => {
	const metric = make(given);
	const batches = revive(given.batches) as unknown[][];
	const wanted = revive(given.result);
	for (const batch of batches) torch.scope(() => metric.update(...batch));
	expectNear(plain(metric.compute()), wanted);
	expectNear(plain(metric.compute()), wanted); // it may be asked for at any time
	metric.reset();
	expect(() => metric.compute()).toThrow(/there are no samples yet/);
	// Equal scores stay in the order in which they came, which curves by rank, and COCO's, depend on.
	if (/Curve|Gain|MeanAverage/.test(given.metric)) return;
	for (const batch of batches.toReversed()) metric.update(...batch);
	expectNear(plain(metric.compute()), wanted);
});

import * as check from "../../check.ts";
import { bincount, searchsorted } from "../../generated/functions.ts";
import { tensor } from "../../tensor/creation.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { HistogramCounts } from "./values.ts";

/** TensorBoard's own buckets: narrow near 0, each a tenth wider than the one before. */
function defaultEdges(): number[] {
	const edges: number[] = [];
	for (let edge = 1e-12; edge < 1e20; edge *= 1.1) edges.push(edge);
	return [...edges.map((edge) => -edge).reverse(), 0, ...edges];
}

let edges: number[] | undefined;

/** The edges of buckets: TensorBoard's own, so many of equal width, or these, rising. */
export type Bins = "tensorflow" | number | readonly number[];

function edgesOf(op: string, bins: Bins, min: number, max: number): number[] {
	if (bins === "tensorflow") {
		edges ??= defaultEdges();
		return edges;
	}
	if (typeof bins === "number") {
		check.integer(op, "bins", bins, { min: 1 });
		const [from, to] = min === max ? [min - 0.5, max + 0.5] : [min, max];
		return Array.from({ length: bins + 1 }, (_, i) =>
			i === bins ? to : from + i * ((to - from) / bins),
		);
	}
	if (!Array.isArray(bins))
		throw check.invalidType(
			op,
			"bins",
			'"tensorflow", integer or number[]',
			bins,
		);
	for (const [i, edge] of bins.entries())
		check.number(op, `bins[${i}]`, edge, { min: bins[i - 1] ?? -Infinity });
	if (bins.length < 2)
		throw check.invalidValue(op, "bins", "expected two edges or more");
	return [...bins];
}

/** How many values lie in each bucket, from the one before the first that has any to the last that has. */
export function histogramOf(
	op: string,
	values: Tensor,
	bins: Bins,
): HistogramCounts {
	if (values.isComplex())
		throw check.invalidType(op, "values", "real numbers", values.dtype);
	if (values.numel() === 0)
		throw check.invalidValue(op, "values", "there are none in it");
	return scope(() => {
		const flat = values.detach().to("cpu").to("float64").flatten();
		if (!flat.isfinite().all().item())
			throw check.invalidValue(
				op,
				"values",
				"expected finite ones, got NaN or infinity",
			);
		const [min, max] = [flat.min(), flat.max()].map(
			(x) => x.item() as number,
		) as [number, number];
		const known = edgesOf(op, bins, min, max);
		const counts = countsOf(flat, known);
		const first = counts.findIndex((count) => count > 0);
		if (first < 0)
			throw check.invalidValue(
				op,
				"values",
				`expected some between ${known[0]} and ${known.at(-1)}`,
			);
		const end = counts.findLastIndex((count) => count > 0) + 1;
		return {
			min,
			max,
			count: flat.numel(),
			sum: flat.sum().item() as number,
			sumOfSquares: flat.square().sum().item() as number,
			limits: known.slice(first, end + 1),
			counts: [counts[first - 1] ?? 0, ...counts.slice(first, end)],
		};
	});
}

/** As numpy.histogram: a bucket contains its lower edge, the last one its upper edge, too; what lies outside is not counted. */
function countsOf(values: Tensor, known: readonly number[]): number[] {
	const limits = tensor(Float64Array.from(known));
	const isInside = values
		.ge(known[0] as number)
		.logicalAnd(values.le(known.at(-1) as number));
	const places = searchsorted(limits, values.index(isInside), { right: true })
		.sub(1)
		.clamp({ max: known.length - 2 });
	return bincount(places, {
		minlength: known.length - 1,
	}).tolist() as number[];
}

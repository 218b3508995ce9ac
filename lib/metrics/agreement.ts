import { arange } from "../generated/functions.ts";
import { choice, nullable, settings } from "../nn/settings.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
	CONFUSION,
	ConfusionMetric,
	type ConfusionOptions,
} from "./confusion.ts";
import { noData } from "./metric.ts";

export interface CohenKappaOptions extends ConfusionOptions {
	/** Whether a mistake counts by how far apart the classes are, or its square. Default null: all count the same. */
	weights?: "linear" | "quadratic" | null | undefined;
}

/**
 * How much predictions and targets agree beyond chance, -1 to 1.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.cohen_kappa_score.html
 */
export class CohenKappa extends ConfusionMetric<number> {
	readonly #weights: "linear" | "quadratic" | null;

	constructor(options: CohenKappaOptions = {}) {
		const { weights, ...rest } = settings("CohenKappa", options, {
			...CONFUSION,
			weights: nullable(
				choice<"linear" | "quadratic">("linear", ["linear", "quadratic"]),
			),
		});
		super(rest);
		this.#weights = weights;
	}

	override compute(): number {
		const counts = this.matrix().to("float64");
		const expected = counts
			.sum(1, true)
			.mul(counts.sum(0, true))
			.div(counts.sum());
		const cost = this.#cost(counts.size(0));
		const chance = cost.mul(expected).sum().item() as number;
		if (chance === 0)
			throw noData(
				"CohenKappa",
				"all predictions and targets are of one class, so chance explains everything",
			);
		return 1 - (cost.mul(counts).sum().item() as number) / chance;
	}

	/** What it costs to take one class for another: [C, C]. */
	#cost(size: number): Tensor {
		const places = arange(size, { dtype: "float64" });
		const apart = places.unsqueeze(1).sub(places).abs();
		if (this.#weights === "linear") return apart;
		return this.#weights === "quadratic"
			? apart.square()
			: apart.gt(0).to("float64");
	}
}

/**
 * The correlation of predictions and targets, -1 to 1, also for classes of different sizes; 0 where either is of one class only.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.matthews_corrcoef.html
 */
export class MatthewsCorrCoef extends ConfusionMetric<number> {
	constructor(options: ConfusionOptions = {}) {
		super(settings("MatthewsCorrCoef", options, CONFUSION));
	}

	override compute(): number {
		const counts = this.matrix().to("float64");
		const rows = counts.sum(1);
		const columns = counts.sum(0);
		const all = counts.sum().item() as number;
		const number = (x: Tensor) => x.sum().item() as number;
		const together = number(counts.diag()) * all - number(rows.mul(columns));
		const own = all ** 2 - number(rows.square());
		const theirs = all ** 2 - number(columns.square());
		return own * theirs === 0 ? 0 : together / Math.sqrt(own * theirs);
	}
}

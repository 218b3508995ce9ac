import { inspect } from "node:util";
import { Callable } from "../../callable.ts";
import * as check from "../../check.ts";
import { scope } from "../../tensor/scope.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { BoundingBoxes, KeyPoints, Mask } from "../tvTensors/index.ts";
import { wrap } from "../tvTensors/wrap.ts";
import {
	checkSanitize,
	type SanitizeOptions,
	validBoxes,
	validKeyPoints,
} from "./functional/boxes/sanitize.ts";
import { flattenSample, mapTensors, type Sample } from "./sample.ts";
import type { keepsForm } from "./transform.ts";

/**
 * Where a sample has the labels of its boxes or points, one or several tensors [N, …]: "default" takes the field that is called "labels", or else has
 * "label" in its name, of the sample or of the object that is second in it; null: there are none.
 */
export type LabelsGetter =
	| "default"
	| ((sample: never) => Tensor | readonly Tensor[] | null)
	| null;

/** What takes away boxes or points, and what belongs to them. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: Callable's constructor makes instances that have the call signature
abstract class Sanitize extends Callable<[sample: unknown], unknown> {
	declare readonly [keepsForm]: true;
	readonly labelsGetter: LabelsGetter;

	constructor(labelsGetter: LabelsGetter) {
		super();
		if (labelsGetter !== null && labelsGetter !== "default") {
			check.callable(new.target.name, "labelsGetter", labelsGetter);
		}
		this.labelsGetter = labelsGetter;
	}

	/** The tensor whose rows are counted, and which of them are kept, [N]. */
	protected abstract valid(inputs: readonly Tensor[]): [Tensor, Tensor];
	/** Whether another tensor's rows belong to it. */
	protected abstract follows(input: Tensor): boolean;

	protected override invoke(sample: unknown): unknown {
		const op = this.constructor.name;
		const labels = labelsOf(op, this.labelsGetter, sample);
		return scope(() => {
			const [counted, valid] = this.valid(flattenSample(op, sample));
			const rows = counted.size(0);
			for (const label of labels) {
				if (label.ndim > 0 && label.size(0) === rows) continue;
				throw check.invalidValue(
					op,
					"labelsGetter",
					`expected labels for ${rows} rows, got a tensor of shape [${label.shape.join(", ")}]`,
				);
			}
			return mapTensors(sample, (input) => {
				const ours =
					input === counted || labels.includes(input) || this.follows(input);
				return ours && input.ndim > 0 && input.size(0) === rows
					? wrap(input.index(valid), input)
					: input;
			});
		});
	}

	override toString(): string {
		const fields = Object.entries(this).map(
			([name, value]) =>
				`${name}=${typeof value === "function" ? value.name : JSON.stringify(value)}`,
		);
		return `${this.constructor.name}(${fields.join(", ")})`;
	}

	[inspect.custom](): string {
		return this.toString();
	}
}

// biome-ignore lint/correctness/noUnusedVariables: merged with the class
interface Sanitize {
	<T>(sample: Sample<T>): T;
	(sample: Tensor): Tensor;
}

export interface SanitizeBoundingBoxesOptions extends SanitizeOptions {
	/** Default: "default", which is an error where there are no labels. */
	labelsGetter?: LabelsGetter;
}

/**
 * Takes away boxes that are too small or reach beyond their image, with their labels and their masks [N, H, W].
 *
 * ```ts
 * new SanitizeBoundingBoxes()({ image, boxes, labels });
 * new SanitizeBoundingBoxes({ labelsGetter: (sample: typeof mine) => [sample.labels, sample.iscrowd] });
 * ```
 *
 * Options: `minSize` (1), `minArea` (1), `labelsGetter` ("default").
 */
export class SanitizeBoundingBoxes extends Sanitize {
	readonly minSize: number;
	readonly minArea: number;

	constructor(options: SanitizeBoundingBoxesOptions = {}) {
		const op = "SanitizeBoundingBoxes";
		check.options(op, options, ["minSize", "minArea", "labelsGetter"]);
		checkSanitize(op, options);
		super(
			options.labelsGetter === undefined ? "default" : options.labelsGetter,
		);
		this.minSize = options.minSize ?? 1;
		this.minArea = options.minArea ?? 1;
	}

	protected override valid(inputs: readonly Tensor[]): [Tensor, Tensor] {
		const boxes = inputs.find((input) => input instanceof BoundingBoxes);
		if (boxes) return [boxes, validBoxes(boxes, this)];
		throw none("SanitizeBoundingBoxes", "BoundingBoxes");
	}

	protected override follows(input: Tensor): boolean {
		return input instanceof Mask && input.ndim > 2;
	}
}

/** Takes away key points outside of their image, or whole groups [N, …, 2] with such a point, and their labels. Option: `labelsGetter` (null). */
export class SanitizeKeyPoints extends Sanitize {
	constructor(options: { labelsGetter?: LabelsGetter } = {}) {
		check.options("SanitizeKeyPoints", options, ["labelsGetter"]);
		super(options.labelsGetter ?? null);
	}

	protected override valid(inputs: readonly Tensor[]): [Tensor, Tensor] {
		const points = inputs.find((input) => input instanceof KeyPoints);
		if (points) return [points, validKeyPoints(points)];
		throw none("SanitizeKeyPoints", "KeyPoints");
	}

	protected override follows(): boolean {
		return false;
	}
}

function none(op: string, kind: string) {
	return check.invalidValue(op, "sample", `expected ${kind} in it`);
}

function labelsOf(
	op: string,
	getter: LabelsGetter,
	sample: unknown,
): readonly Tensor[] {
	const found =
		typeof getter === "function"
			? getter(sample as never)
			: getter && findLabels(op, sample);
	if (found === null) return [];
	const labels: readonly unknown[] = Array.isArray(found) ? found : [found];
	if (labels.every((label) => label instanceof Tensor)) return labels;
	throw check.invalidType(op, "labelsGetter", "tensors, or null", found);
}

function findLabels(op: string, sample: unknown): unknown {
	const inner = Array.isArray(sample) ? sample[1] : sample;
	if (inner instanceof Tensor) return inner;
	const fields = Object.entries(Object(inner) as Record<string, unknown>);
	const [, labels] =
		fields.find(([name]) => name.toLowerCase() === "labels") ??
		fields.find(([name]) => name.toLowerCase().includes("label")) ??
		[];
	if (labels !== undefined) return labels;
	throw check.invalidValue(
		op,
		"labelsGetter",
		'expected "labels" among the sample\'s fields; null where there are none, or a function that finds them',
	);
}

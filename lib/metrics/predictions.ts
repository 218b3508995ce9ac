/** What models give, and what it says about classes. */
import * as check from "../check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { labels, sameShape, values } from "./metric.ts";

/** How predictions and targets may be given: see `classify`. */
export interface Classified {
	/** int64 [N] */
	preds: Tensor;
	/** int64 [N] */
	target: Tensor;
	/** [N, C], where scores were given. */
	scores: Tensor | null;
	/** How many classes the scores are of; null for labels. Two for [N] scores. */
	classes: number | null;
	/** Whether the predictions were one score each. */
	isBinary: boolean;
}

/**
 * Predictions as labels. They are labels (integers, the target's shape), scores of the classes (one dimension more: [N, C] or
 * [N, C, H, W]; the highest counts), or scores of class 1 against 0 (floats of the target's shape; from `threshold` on it is 1).
 * What has the target `ignoreIndex` is left out.
 */
export function classify(
	op: string,
	preds: Tensor,
	target: Tensor,
	{
		threshold = 0.5,
		ignoreIndex = null,
	}: { threshold?: number; ignoreIndex?: number | null } = {},
): Classified {
	const wanted = labels(op, "target", target);
	const given = values(op, "preds", preds);
	if (given.dim() === wanted.dim() + 1)
		return ofScores(op, given, wanted, ignoreIndex);
	sameShape(op, ["target", wanted], ["preds", given]);
	const isBinary = given.isFloatingPoint();
	const found = isBinary ? given.gt(threshold).to("int64") : given.to("int64");
	const kept = withoutIgnored(
		{ preds: found.flatten(), target: wanted.flatten() },
		ignoreIndex,
	);
	checkClasses(op, "target", kept.target, isBinary ? 2 : null);
	checkClasses(op, "preds", kept.preds, null);
	return { ...kept, scores: null, classes: isBinary ? 2 : null, isBinary };
}

function ofScores(
	op: string,
	scores: Tensor,
	target: Tensor,
	ignoreIndex: number | null,
): Classified {
	if (!scores.isFloatingPoint())
		throw check.invalidType(op, "preds", "floating point scores", scores.dtype);
	const [n, classes, ...rest] = scores.shape as [number, number, ...number[]];
	if ([n, ...rest].join() !== target.shape.join())
		throw check.invalidValue(
			op,
			"target",
			`expected [${[n, ...rest].join(", ")}] for preds [${scores.shape.join(", ")}], got [${target.shape.join(", ")}]`,
		);
	const flat = scores.movedim(1, -1).reshape([-1, classes]);
	const kept = withoutIgnored(
		{ preds: flat, target: target.flatten() },
		ignoreIndex,
	);
	checkClasses(op, "target", kept.target, classes);
	return {
		preds: kept.preds.argmax(1),
		target: kept.target,
		scores: kept.preds,
		classes,
		isBinary: false,
	};
}

function withoutIgnored(
	{ preds, target }: { preds: Tensor; target: Tensor },
	ignoreIndex: number | null,
): { preds: Tensor; target: Tensor } {
	if (ignoreIndex === null) return { preds, target };
	const isKept = target.ne(ignoreIndex);
	return { preds: preds.index(isKept), target: target.index(isKept) };
}

/** Classes are 0, 1, … below `count`, where it is known. */
export function checkClasses(
	op: string,
	name: string,
	x: Tensor,
	count: number | null,
): void {
	if (x.numel() === 0) return;
	const least = Number(x.min().item());
	const most = Number(x.max().item());
	const wrong =
		least < 0 ? least : count !== null && most >= count ? most : null;
	if (wrong !== null)
		throw check.invalidValue(
			op,
			name,
			`expected classes from 0${count === null ? "" : ` to ${count - 1}`}, got ${wrong}`,
		);
}

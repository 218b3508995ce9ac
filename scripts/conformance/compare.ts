/** How near a result comes to PyTorch's. */
import * as torch from "../../lib/index.ts";

/** How far two tensors of a dtype may be apart: |ours - theirs| ≤ absolute + relative |theirs|. */
export interface Tolerances {
	readonly [dtype: string]: readonly [relative: number, absolute: number];
}

/** Those of torch.testing.assert_close. */
const defaults: Tolerances = {
	float32: [1.3e-6, 1e-5],
	float64: [1e-7, 1e-7],
	bfloat16: [1.6e-2, 1e-5],
	float16: [1e-3, 1e-5],
	complex32: [1e-3, 1e-5],
	complex64: [1.3e-6, 1e-5],
	complex128: [1e-7, 1e-7],
};

/** "equal": bit by bit (NaN is NaN); "close": within PyTorch's own tolerances; else what differs. */
export type Difference = "equal" | "close" | { what: string };

interface Options {
	/** Whether values are compared, or dtype and shape alone. Default: true. */
	valuesCount?: boolean;
	/** Where a dtype's are others than assert_close's. */
	tolerances?: Tolerances | undefined;
}

const isComplexNumber = (value: unknown): value is torch.Complex =>
	typeof value === "object" && value !== null && "re" in value;

/** Tensors and numbers, in lists nested as Python's are. */
export function compare(
	ours: unknown,
	theirs: unknown,
	options: Options = {},
): Difference {
	if (torch.isTensor(theirs))
		return torch.isTensor(ours)
			? compareTensors(ours, theirs, options)
			: { what: `${String(ours)}, PyTorch's is a tensor` };
	if (Array.isArray(theirs)) {
		if (!Array.isArray(ours) || ours.length !== theirs.length)
			return { what: `${String(ours)}, PyTorch has ${theirs.length} results` };
		let worst: Difference = "equal";
		for (const [i, their] of theirs.entries()) {
			const found = compare(ours[i], their, options);
			if (typeof found === "object")
				return { what: `result ${i}: ${found.what}` };
			if (found === "close") worst = "close";
		}
		return worst;
	}
	if (isComplexNumber(theirs) && isComplexNumber(ours))
		return compare([ours.re, ours.im], [theirs.re, theirs.im]);
	const own = typeof ours === "bigint" ? Number(ours) : ours;
	if (Object.is(own, theirs) || own === theirs) return "equal";
	return { what: `${String(ours)}, PyTorch has ${String(theirs)}` };
}

function compareTensors(
	given: torch.Tensor,
	theirs: torch.Tensor,
	{ valuesCount = true, tolerances }: Options,
): Difference {
	if (given.dtype !== theirs.dtype)
		return { what: `dtype ${given.dtype}, PyTorch's ${theirs.dtype}` };
	if (given.shape.join() !== theirs.shape.join())
		return { what: `shape [${given.shape}], PyTorch's [${theirs.shape}]` };
	if (!valuesCount) return "equal";
	const ours = given.detach().toDense();
	if (!theirs.isFloatingPoint() && !theirs.isComplex())
		return torch.equal(ours, theirs) ? "equal" : { what: "other values" };
	// Small types have no comparison of their own.
	const wide = theirs.isComplex() ? "complex128" : "float64";
	const [a, b] = [ours.to(wide), theirs.to(wide)];
	if (torch.allclose(a, b, 0, 0, true)) return "equal";
	const [relative, absolute] = tolerances?.[theirs.dtype] ??
		defaults[theirs.dtype] ?? [0, 0];
	if (torch.allclose(a, b, relative, absolute, true)) return "close";
	const apart = a.sub(b).abs().nanToNum(Infinity).max().item();
	return { what: `values differ by up to ${apart}` };
}

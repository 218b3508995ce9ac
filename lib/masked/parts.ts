/** What a MaskedTensor is made of. */
import { checkTensor } from "../arguments.ts";
import * as check from "../check.ts";
import { sparseCooTensor, sparseCsrTensor } from "../sparse/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Device, DType, Layout, Scalar } from "../types.ts";
import type { Operand } from "./elementwise.ts";
import type { MaskedTensor } from "./maskedTensor.ts";

export interface Parts {
	data: Tensor;
	mask: Tensor;
}

const known = new WeakMap<object, Parts>();

/** Those of a masked tensor. */
export function partsOf(x: object): Parts {
	const parts = known.get(x);
	if (parts === undefined)
		throw check.invalidType("MaskedTensor", "this", "MaskedTensor", x);
	return parts;
}

export function setParts(x: object, parts: Parts): void {
	known.set(x, parts);
	Object.defineProperty(x, "parts", { value: parts, enumerable: true });
}

let prototype: object;

/** Called once, by the class. */
export function setPrototype(own: object): void {
	prototype = own;
}

/** A masked tensor of these very parts. */
export function wrap(data: Tensor, mask: Tensor): MaskedTensor {
	const made = Object.create(prototype) as MaskedTensor;
	setParts(made, { data, mask });
	return made;
}

/** Whether it is a `MaskedTensor`. @see https://docs.pytorch.org/docs/stable/masked.html */
export function isMaskedTensor(value: unknown): value is MaskedTensor {
	return typeof value === "object" && value !== null && known.has(value);
}

const dtypes: readonly DType[] = [
	...(["float16", "float32", "float64"] as const),
	...(["bool", "int8", "int16", "int32", "int64"] as const),
];
const layouts: readonly Layout[] = ["strided", "sparse_coo", "sparse_csr"];

const same = (a: Tensor, b: Tensor): boolean =>
	a.shape.join() === b.shape.join() && a.equal(b);

/** The places of a sparse tensor's values. */
const placesOf = (x: Tensor): Tensor[] =>
	x.layout === "sparse_coo" ? [x.indices()] : [x.crowIndices(), x.colIndices()];

const samePlaces = (a: Tensor, b: Tensor): boolean => {
	const others = placesOf(b);
	return placesOf(a).every((each, i) => same(each, others[i] as Tensor));
};

/** Data and mask, checked; of sparse ones the data has a value wherever the mask has one. */
export function checkedParts(op: string, data: Tensor, mask: Tensor): Parts {
	if (isMaskedTensor(data) || isMaskedTensor(mask))
		throw check.invalidType(
			op,
			isMaskedTensor(data) ? "data" : "mask",
			"Tensor",
			isMaskedTensor(data) ? data : mask,
		);
	checkTensor(op, "data", data);
	checkTensor(op, "mask", mask);
	if (mask.dtype !== "bool")
		throw check.invalidValue(op, "mask", `expected bool, got ${mask.dtype}`);
	if (!dtypes.includes(data.dtype))
		throw check.invalidValue(
			op,
			"data",
			`expected one of ${dtypes.join(", ")}, got ${data.dtype}`,
		);
	if (!layouts.includes(data.layout) || data.layout !== mask.layout)
		throw check.invalidValue(
			op,
			"mask",
			`data and mask must both be ${layouts.join(", or ")}; they are ${data.layout} and ${mask.layout}`,
		);
	if (data.shape.join() !== mask.shape.join())
		throw check.invalidValue(
			op,
			"mask",
			`expected shape [${data.shape.join(", ")}] like data, got [${mask.shape.join(", ")}]`,
		);
	if (data.layout === "strided") return { data, mask };
	const isCoo = data.layout === "sparse_coo";
	const counts = isCoo ? mask.coalesce() : mask;
	const values = isCoo ? data.coalesce() : data;
	if (samePlaces(values, counts)) return { data: values, mask: counts };
	return { data: values.sparseMask(counts), mask: counts };
}

/** `fn` of a tensor's elements: of a sparse one, of those that are there. */
export function onValues(x: Tensor, fn: (values: Tensor) => Tensor): Tensor {
	if (x.layout === "strided") return fn(x);
	const values = fn(x.values());
	const { device } = values as { device: Device };
	if (x.layout === "sparse_coo")
		return sparseCooTensor(x.indices(), values, x.shape, {
			isCoalesced: true,
			device,
		});
	return sparseCsrTensor(x.crowIndices(), x.colIndices(), values, x.shape, {
		device,
	});
}

export function refuseSparse(op: string): Error {
	return check.invalidValue(
		op,
		"this",
		"a sparse masked tensor has no such form; toDense() first",
	);
}

/** The other operand as operators take it, if its mask is `mask`. */
export function operandOf(
	op: string,
	mask: Tensor,
	other: Operand,
): Tensor | Scalar {
	if (!isMaskedTensor(other)) return other;
	const theirs = partsOf(other).mask;
	const isSame =
		theirs.layout === mask.layout &&
		(mask.layout === "strided"
			? same(mask, theirs)
			: samePlaces(mask, theirs) && same(mask.values(), theirs.values()));
	if (!isSame)
		throw check.invalidValue(
			op,
			"other",
			"the masks of both must be the same (toTensor fills what is not there)",
		);
	return partsOf(other).data;
}

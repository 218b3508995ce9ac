import * as check from "../../check.ts";
import { Tensor } from "../../tensor/tensor.ts";

/** One tensor, or any number of them. */
export type Tensors = Tensor | Iterable<Tensor>;

export function tensorsOf(
	op: string,
	argument: string,
	value: Tensors,
): Tensor[] {
	if (value instanceof Tensor) return [value];
	const isIterable =
		typeof value === "object" && value !== null && Symbol.iterator in value;
	if (!isIterable)
		throw check.invalidType(
			op,
			argument,
			"Tensor or iterable of Tensors",
			value,
		);
	const list = [...value];
	for (const [i, each] of list.entries())
		if (!(each instanceof Tensor))
			throw check.invalidType(op, `${argument}[${i}]`, "Tensor", each);
	return list;
}

/** The same tensors by device and dtype, as kernels for many take them. */
export function alike(tensors: readonly Tensor[]): Tensor[][] {
	const groups = new Map<string, Tensor[]>();
	for (const tensor of tensors) {
		const key = `${tensor.device} ${tensor.dtype} ${tensor.layout}`;
		const group = groups.get(key);
		if (group === undefined) groups.set(key, [tensor]);
		else group.push(tensor);
	}
	return [...groups.values()];
}

import * as check from "../check.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { GroupInput, NamedTensor, ParamGroup } from "./types.ts";

/** The items of what was given as parameters: tensors, named tensors or groups. */
export function listOf<Item>(op: string, params: unknown): Item[] {
	const iterable =
		typeof params === "object" &&
		params !== null &&
		Symbol.iterator in params &&
		!(params instanceof Tensor);
	if (!iterable)
		throw check.invalidValue(
			op,
			"params",
			`params argument given to the optimizer should be an iterable of Tensors or objects, but got ${check.describe(params)}`,
		);
	return [...(params as Iterable<Item>)];
}

export function isGroup<Options>(item: unknown): item is GroupInput<Options> {
	return (
		typeof item === "object" &&
		item !== null &&
		!(item instanceof Tensor) &&
		"params" in item
	);
}

/** The parameters of a group, and their names if they have some. */
export function readParams(
	op: string,
	given: Tensor | Iterable<Tensor> | Iterable<NamedTensor>,
	differentiable: boolean,
): Pick<ParamGroup<unknown>, "params" | "paramNames"> {
	const params: Tensor[] = [];
	const paramNames: string[] = [];
	const items = given instanceof Tensor ? [given] : given;
	for (const item of listOf<Tensor | NamedTensor>(op, items)) {
		const [name, param] = isNamed(item) ? item : [undefined, item];
		if (!(param instanceof Tensor))
			throw check.invalidValue(
				op,
				"params",
				`optimizer can only optimize Tensors, but one of the params is ${check.describe(param)}`,
			);
		if (!differentiable && !param.isLeaf)
			throw check.invalidValue(
				op,
				"params",
				"can't optimize a non-leaf Tensor",
			);
		params.push(param);
		if (name !== undefined) paramNames.push(name);
	}
	if (paramNames.length === 0) return { params };
	if (paramNames.length < params.length)
		throw check.invalidValue(
			op,
			"params",
			"all optimizer params should be with/without names. Some param names are missing",
		);
	return { params, paramNames };
}

function isNamed(item: unknown): item is NamedTensor {
	return Array.isArray(item) && typeof item[0] === "string";
}

/** Throws if a group cannot stand beside the others. */
export function checkMembers<Options>(
	op: string,
	added: ParamGroup<Options>,
	groups: ParamGroup<Options>[],
): void {
	const members = new Set(added.params);
	if (members.size < added.params.length)
		process.emitWarning(
			`${op}: optimizer contains a parameter group with duplicate parameters; in future, this will cause an error`,
		);
	for (const group of groups) {
		if (!group.paramNames !== !added.paramNames)
			throw check.invalidValue(
				op,
				"params",
				`all optimizer param groups should be with/without names. cannot add param group ${added.paramNames ? "with" : "without"} names to the optimizer`,
			);
		if (group.params.some((param) => members.has(param)))
			throw check.invalidValue(
				op,
				"params",
				"some parameters appear in more than one parameter group",
			);
	}
}

import * as check from "../../check.ts";
import { TorchError } from "../../errors.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type AnyModule, Module } from "../module.ts";
import { type Member, memberOf } from "./members.ts";

export interface FunctionalCallOptions {
	/** Puts a tensor that is given for one of several names of the same tensor in the place of all. Default: true. */
	tieWeights?: boolean;
	/** Throws for names that are missing or unknown. Default: false. */
	strict?: boolean;
}

/** All names of each tensor of a module. */
function names(module: AnyModule): Map<Tensor, string[]> {
	const found = new Map<Tensor, string[]>();
	for (const [name, tensor] of [
		...module.namedParameters({ removeDuplicate: false }),
		...module.namedBuffers({ removeDuplicate: false }),
	])
		found.set(tensor, [...(found.get(tensor) ?? []), name]);
	return found;
}

/** `given` with an entry for each name of a tensor that has several. */
function tied(
	known: ReadonlyMap<Tensor, readonly string[]>,
	given: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
	const result = { ...given };
	for (const all of known.values()) {
		const values = new Set(
			all.flatMap((name) => (name in given ? [given[name] as Tensor] : [])),
		);
		if (values.size > 1)
			throw check.invalidValue(
				"functionalCall",
				"parametersAndBuffers",
				`got multiple values for keys ${all.toSorted().join(", ")}, which are tied. Consider using tieWeights: false`,
			);
		for (const value of values) for (const name of all) result[name] = value;
	}
	return result;
}

function placeOf(module: AnyModule, path: string): Member | null {
	const parts = path.split(".");
	const name = parts.pop() as string;
	return memberOf(module.getSubmodule(parts.join(".")), name);
}

/**
 * Calls a module with other parameters and buffers in the place of its own, for this call only. Gradients go to the given tensors. What
 * the call changes in place, such as running statistics, is changed in them.
 *
 * @param parametersAndBuffers by their names in the state dict; those that are not given stay the module's own
 * @param args the module's inputs; a single one need not be in an array
 * @throws TorchError with `strict`, for names that are missing or unknown; for two tensors in the place of one
 * @see torch.func.functional_call
 * @example
 * const weights = Object.fromEntries(model.namedParameters().map(([name, w]) => [name, w.mul(0.5)]));
 * const y = nn.utils.stateless.functionalCall(model, weights, [x]);
 */
export function functionalCall<Inputs extends unknown[], Output>(
	module: Module<Inputs, Output>,
	parametersAndBuffers: Readonly<Record<string, Tensor>>,
	args: Inputs | Inputs[0],
	options: FunctionalCallOptions = {},
): Output {
	const op = "functionalCall";
	if (!(module instanceof Module))
		throw check.invalidType(op, "module", "Module", module);
	if (typeof parametersAndBuffers !== "object" || parametersAndBuffers === null)
		throw check.invalidType(
			op,
			"parametersAndBuffers",
			"object",
			parametersAndBuffers,
		);
	check.options(op, options, ["tieWeights", "strict"]);
	const { tieWeights = true, strict = false } = options;
	const known = names(module);
	const given = tieWeights
		? tied(known, parametersAndBuffers)
		: parametersAndBuffers;
	if (strict) checkKeys(module, [...known.values()].flat(), Object.keys(given));
	const swapped: [Member, unknown][] = [];
	try {
		for (const [name, tensor] of Object.entries(given)) {
			if (!(tensor instanceof Tensor))
				throw check.invalidType(op, name, "Tensor", tensor);
			const place = placeOf(module, name);
			if (place === null)
				throw check.invalidValue(
					op,
					name,
					`${module.constructor.name} has no such parameter or buffer`,
				);
			swapped.push([place, place.get()]);
			place.set(tensor);
		}
		return module(...((Array.isArray(args) ? args : [args]) as Inputs));
	} finally {
		for (const [place, before] of swapped.reverse()) place.set(before);
	}
}

function checkKeys(
	module: object,
	known: readonly string[],
	given: readonly string[],
): void {
	const unexpected = given.filter((name) => !known.includes(name));
	const missing = known.filter((name) => !given.includes(name));
	if (unexpected.length + missing.length === 0) return;
	const quoted = (list: string[]) => list.map((name) => `"${name}"`).join(", ");
	const lines = [
		...(unexpected.length > 0
			? [`Unexpected key(s): ${quoted(unexpected)}.`]
			: []),
		...(missing.length > 0 ? [`Missing key(s): ${quoted(missing)}.`] : []),
	];
	throw new TorchError(
		`Error(s) in reparametrizing for ${module.constructor.name}:\n\t${lines.join("\n\t")}`,
		{
			code: "ERR_STATE_DICT",
			op: "functionalCall",
			argument: "parametersAndBuffers",
		},
	);
}

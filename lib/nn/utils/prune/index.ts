/** Weights set to zero for good: PyTorch's `torch.nn.utils.prune`. */
import { noGrad } from "../../../autograd/index.ts";
import * as check from "../../../check.ts";
import { cat, onesLike } from "../../../generated/functions.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { type AnyModule, Module } from "../../module.ts";
import { Buffer, Parameter } from "../../parameter.ts";
import { beside, memberOf } from "../members.ts";
import {
	BasePruningMethod,
	CustomFromMask,
	combined,
	Identity,
	L1Unstructured,
	LnStructured,
	RandomStructured,
	RandomUnstructured,
} from "./methods.ts";

export {
	BasePruningMethod,
	CustomFromMask,
	Identity,
	L1Unstructured,
	LnStructured,
	type PruningType,
	RandomStructured,
	RandomUnstructured,
} from "./methods.ts";

/** The fields that a module's tensors are pruned in. Copies of the module have a copy of it. */
const pruned: unique symbol = Symbol("pruned");

type Fields = Record<string, unknown> & { [pruned]?: Set<string> };

function fieldsOf(module: AnyModule): Fields {
	return module as unknown as Fields;
}

/** What the module computes with: the original where the mask is 1. */
function applyMask(module: AnyModule, field: string): Tensor {
	const fields = fieldsOf(module);
	const original = fields[beside(field, "Orig")] as Tensor;
	const mask = fields[beside(field, "Mask")] as Tensor;
	return mask.to({ dtype: original.dtype }).mul(original);
}

function fieldOf(op: string, module: AnyModule, name: string): string {
	if (!(module instanceof Module))
		throw check.invalidType(op, "module", "Module", module);
	check.string(op, "name", name);
	const place = memberOf(module, name);
	const isPruned = fieldsOf(module)[pruned]?.has(place?.field ?? name);
	if (place?.field && (isPruned || place.get() instanceof Parameter))
		return place.field;
	throw check.invalidValue(
		op,
		"name",
		`${module.constructor.name} has no parameter "${name}"`,
	);
}

/**
 * Prunes a parameter by any method: its values become the parameter `weight_orig`, the mask the buffer `weight_mask`, and `weight` is
 * computed from both before every call of the module. What is pruned already stays so.
 *
 * @param importanceScores of each element, in the place of its value
 * @returns the module
 * @see torch.nn.utils.prune.BasePruningMethod.apply
 */
export function apply<Parent extends AnyModule>(
	module: Parent,
	name: string,
	method: BasePruningMethod,
	importanceScores: Tensor | null = null,
): Parent {
	return applyAs("prune", module, name, method, importanceScores);
}

function applyAs<Parent extends AnyModule>(
	op: string,
	module: Parent,
	name: string,
	method: BasePruningMethod,
	importanceScores: Tensor | null = null,
): Parent {
	const field = fieldOf(op, module, name);
	if (!(method instanceof BasePruningMethod))
		throw check.invalidType(op, "method", "BasePruningMethod", method);
	const fields = fieldsOf(module);
	const [origField, maskField] = [beside(field, "Orig"), beside(field, "Mask")];
	const present = fields[field] as Tensor;
	const scores = importanceScores ?? present.detach();
	if (scores.shape.join() !== present.shape.join())
		throw check.invalidValue(
			op,
			"importanceScores",
			`expected shape [${present.shape.join(", ")}], got [${scores.shape.join(", ")}]`,
		);
	const before = fields[pruned]?.has(field)
		? (fields[maskField] as Tensor)
		: null;
	const mask = noGrad(() =>
		before === null
			? method.computeMask(scores, onesLike(present.detach()))
			: combined(method, scores, before),
	);
	if (before === null) {
		delete fields[field];
		fields[origField] = present;
		addHook(module, field);
	}
	fields[maskField] = new Buffer(mask);
	fields[field] = applyMask(module, field);
	return module;
}

function addHook(module: AnyModule, field: string): void {
	const fields = fieldsOf(module);
	if (fields[pruned] === undefined)
		Object.defineProperty(fields, pruned, {
			value: new Set<string>(),
			writable: true,
			configurable: true,
		});
	fields[pruned]?.add(field);
	(module as unknown as Module<[], unknown>).registerForwardPreHook(
		(called) => {
			const now = fieldsOf(called as unknown as AnyModule);
			if (now[pruned]?.has(field))
				now[field] = applyMask(called as unknown as AnyModule, field);
			return undefined;
		},
	);
}

/**
 * Prunes nothing, but makes the original and the mask.
 *
 * @see torch.nn.utils.prune.identity
 */
export function identity<Parent extends AnyModule>(
	module: Parent,
	name: string,
): Parent {
	return applyAs("identity", module, name, new Identity());
}

/**
 * Prunes elements of a parameter at random.
 *
 * @param amount how many of those that are left: a whole number is a count, another one a share
 * @see torch.nn.utils.prune.random_unstructured
 */
export function randomUnstructured<Parent extends AnyModule>(
	module: Parent,
	name: string,
	amount: number,
): Parent {
	const method = new RandomUnstructured(amount);
	return applyAs("randomUnstructured", module, name, method);
}

/**
 * Prunes the elements of a parameter that are least in size.
 *
 * @param amount how many of those that are left: a whole number is a count, another one a share
 * @param importanceScores by which elements are compared instead
 * @see torch.nn.utils.prune.l1_unstructured
 * @example
 * nn.utils.prune.l1Unstructured(layer, "weight", 0.3);
 */
export function l1Unstructured<Parent extends AnyModule>(
	module: Parent,
	name: string,
	amount: number,
	importanceScores: Tensor | null = null,
): Parent {
	return applyAs(
		"l1Unstructured",
		module,
		name,
		new L1Unstructured(amount),
		importanceScores,
	);
}

/**
 * Prunes slices of a parameter at random.
 *
 * @param amount how many of those that are left: a whole number is a count, another one a share
 * @param dim the dimension along which the slices lie
 * @see torch.nn.utils.prune.random_structured
 */
export function randomStructured<Parent extends AnyModule>(
	module: Parent,
	name: string,
	amount: number,
	dim: number,
): Parent {
	const method = new RandomStructured(amount, dim);
	return applyAs("randomStructured", module, name, method);
}

/**
 * Prunes the slices of a parameter that have the least norm.
 *
 * @param amount how many of those that are left: a whole number is a count, another one a share
 * @param n the order of the norm
 * @param dim the dimension along which the slices lie
 * @param importanceScores by which slices are compared instead
 * @see torch.nn.utils.prune.ln_structured
 * @example
 * nn.utils.prune.lnStructured(conv, "weight", 0.5, 2, 0);
 */
export function lnStructured<Parent extends AnyModule>(
	module: Parent,
	name: string,
	amount: number,
	n: number,
	dim: number,
	importanceScores: Tensor | null = null,
): Parent {
	return applyAs(
		"lnStructured",
		module,
		name,
		new LnStructured(amount, n, dim),
		importanceScores,
	);
}

/**
 * Prunes what a mask leaves out.
 *
 * @param mask 1 for each element that stays, else 0
 * @see torch.nn.utils.prune.custom_from_mask
 */
export function customFromMask<Parent extends AnyModule>(
	module: Parent,
	name: string,
	mask: Tensor,
): Parent {
	if (!(mask instanceof Tensor))
		throw check.invalidType("customFromMask", "mask", "Tensor", mask);
	return applyAs("customFromMask", module, name, new CustomFromMask(mask));
}

/**
 * Prunes several parameters as if they were one: those elements that are least of all.
 *
 * @param parameters modules and the names of their parameters
 * @param pruningMethod an unstructured one, such as `new L1Unstructured(0.2)`
 * @param importanceScores by module and name, in the place of the values
 * @see torch.nn.utils.prune.global_unstructured
 * @example
 * const { prune } = nn.utils;
 * prune.globalUnstructured([[a, "weight"], [b, "weight"]], new prune.L1Unstructured(0.2));
 */
export function globalUnstructured(
	parameters: Iterable<readonly [module: AnyModule, name: string]>,
	pruningMethod: BasePruningMethod,
	importanceScores: Iterable<
		readonly [module: AnyModule, name: string, scores: Tensor]
	> = [],
): void {
	const op = "globalUnstructured";
	if (!(pruningMethod instanceof BasePruningMethod))
		throw check.invalidType(
			op,
			"pruningMethod",
			"BasePruningMethod",
			pruningMethod,
		);
	if (pruningMethod.pruningType !== "unstructured")
		throw check.invalidValue(
			op,
			"pruningMethod",
			`Only "unstructured" methods are supported, got ${pruningMethod.constructor.name} of type "${pruningMethod.pruningType}"`,
		);
	const scores = [...importanceScores];
	const places = [...parameters].map(([module, name]) => {
		const field = fieldOf(op, module, name);
		const present = (fieldsOf(module)[field] as Tensor).detach();
		const given = scores.find(
			([ofModule, ofName]) =>
				ofModule === module && (ofName === name || ofName === field),
		)?.[2];
		const mask = fieldsOf(module)[pruned]?.has(field)
			? (fieldsOf(module)[beside(field, "Mask")] as Tensor)
			: onesLike(present);
		return { module, name, present, given: given ?? present, mask };
	});
	if (places.length === 0) return;
	const flat = (tensors: Tensor[]) =>
		cat(tensors.map((tensor) => tensor.reshape(-1)));
	const all = noGrad(() =>
		combined(
			pruningMethod,
			flat(places.map(({ given }) => given)),
			flat(places.map(({ mask }) => mask)),
		),
	);
	let offset = 0;
	for (const { module, name, present } of places) {
		const size = present.numel();
		customFromMask(module, name, all.narrow(0, offset, size).viewAs(present));
		offset += size;
	}
}

/**
 * Makes pruning final: the parameter has its zeros, and neither mask nor original are left.
 *
 * @throws TorchError where the parameter is not pruned
 * @see torch.nn.utils.prune.remove
 */
export function remove<Parent extends AnyModule>(
	module: Parent,
	name: string,
): Parent {
	const op = "remove";
	const field = fieldOf(op, module, name);
	const fields = fieldsOf(module);
	if (!fields[pruned]?.delete(field))
		throw check.invalidValue(
			op,
			"name",
			`Parameter "${name}" of ${module.constructor.name} has to be pruned before pruning can be removed`,
		);
	const original = fields[beside(field, "Orig")] as Parameter;
	original.data = applyMask(module, field).detach();
	delete fields[field];
	delete fields[beside(field, "Orig")];
	delete fields[beside(field, "Mask")];
	fields[field] = original;
	return module;
}

/**
 * Whether a parameter of the module, or of one below it, is pruned.
 *
 * @see torch.nn.utils.prune.is_pruned
 */
export function isPruned(module: AnyModule): boolean {
	if (!(module instanceof Module))
		throw check.invalidType("isPruned", "module", "Module", module);
	return module
		.modules()
		.some((each) => (fieldsOf(each)[pruned]?.size ?? 0) > 0);
}

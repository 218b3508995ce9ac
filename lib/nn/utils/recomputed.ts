/** Weights that a module computes anew before every call, from parameters in their place: PyTorch's older weight and spectral norm. */
import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type AnyModule, Module } from "../module.ts";
import { isUninitialized, Parameter } from "../parameter.ts";
import { memberOf } from "./members.ts";

export type Fields = Record<string, unknown>;

export function fieldsOf(module: AnyModule): Fields {
	return module as unknown as Fields;
}

/** How one weight of a module is computed. A module's copies share it, so it keeps nothing of the module. */
export abstract class Recomputed {
	/** The function that users call. */
	abstract readonly op: string;
	/** The field that the weight is in. */
	readonly field: string;

	constructor(field: string) {
		this.field = field;
	}

	/** Puts other members in the place of the weight, which is no member any more. */
	abstract replace(fields: Fields, weight: Parameter): void;

	/** The weight; `isCalled` when the module is about to be called. */
	abstract compute(fields: Fields, isCalled: boolean): Tensor;

	/** Takes those members away. */
	abstract clear(fields: Fields): void;
}

/** What a module recomputes, by field. Copies of the module have a copy of it. */
const recomputed: unique symbol = Symbol("recomputed");

function allOf(module: AnyModule): Map<string, Recomputed> {
	const fields = module as { [recomputed]?: Map<string, Recomputed> };
	if (fields[recomputed] === undefined)
		Object.defineProperty(fields, recomputed, {
			value: new Map<string, Recomputed>(),
			writable: true,
			configurable: true,
		});
	return fields[recomputed] as Map<string, Recomputed>;
}

/** The field that holds the parameter `name`. */
export function parameterField(
	op: string,
	module: AnyModule,
	name: string,
): { field: string; weight: Parameter } {
	if (!(module instanceof Module))
		throw check.invalidType(op, "module", "Module", module);
	check.string(op, "name", name);
	const place = memberOf(module, name);
	const weight = place?.get();
	if (isUninitialized(weight))
		throw check.invalidValue(
			op,
			"module",
			`"${name}" has no shape yet: call the module once before`,
		);
	const field = place?.field;
	if (field && weight instanceof Parameter) return { field, weight };
	const isTwice = field && allOf(module).has(field);
	throw check.invalidValue(
		op,
		"name",
		isTwice
			? `"${name}" is computed already, by ${allOf(module).get(field)?.op}`
			: `${module.constructor.name} has no parameter "${name}"`,
	);
}

/** Has the module compute the weight that `how` is for, from now on. */
export function recompute(module: AnyModule, how: Recomputed): void {
	const { field } = how;
	const fields = fieldsOf(module);
	const weight = fields[field] as Parameter;
	delete fields[field];
	how.replace(fields, weight);
	fields[field] = how.compute(fields, false);
	allOf(module).set(field, how);
	(module as unknown as Module<[], unknown>).registerForwardPreHook(
		(called) => {
			const now = called as unknown as AnyModule;
			if (allOf(now).get(field) === how)
				fieldsOf(now)[field] = how.compute(fieldsOf(now), true);
			return undefined;
		},
	);
}

/** Makes what is computed a parameter again, as it is now. */
export function stopRecomputing(
	op: string,
	module: AnyModule,
	name: string,
	kind: new (...args: never[]) => Recomputed,
): void {
	if (!(module instanceof Module))
		throw check.invalidType(op, "module", "Module", module);
	check.string(op, "name", name);
	const field = memberOf(module, name)?.field ?? name;
	const how = allOf(module).get(field);
	if (!(how instanceof kind))
		throw check.invalidValue(
			op,
			"name",
			`"${name}" of ${module.constructor.name} has none`,
		);
	const fields = fieldsOf(module);
	const weight = how.compute(fields, false);
	allOf(module).delete(field);
	delete fields[field];
	how.clear(fields);
	fields[field] = new Parameter(weight.detach());
}

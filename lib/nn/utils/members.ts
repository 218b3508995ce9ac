import type { AnyModule } from "../module.ts";
import { stateName } from "../names.ts";

/** Where a module holds a value: in a field, or in a list or map of its own. */
export interface Member {
	/** The field's name, for a field. */
	readonly field: string | null;
	get(): unknown;
	set(value: unknown): void;
}

/** The place of what a module calls `name`: a field's name, or its name in state dicts. */
export function memberOf(module: AnyModule, name: string): Member | null {
	const fields = module as unknown as Record<string, unknown>;
	for (const [field, value] of Object.entries(fields)) {
		if (field === name || stateName(field) === name)
			return {
				field,
				get: () => fields[field],
				set: (changed) => {
					fields[field] = changed;
				},
			};
		if (value instanceof Map && value.has(name))
			return {
				field: null,
				get: () => value.get(name),
				set: (changed) => value.set(name, changed),
			};
		if (Array.isArray(value) && field === "held" && name in value)
			return {
				field: null,
				get: () => value[Number(name)],
				set: (changed) => {
					value[Number(name)] = changed;
				},
			};
	}
	return null;
}

/** `weight` → `weightOrig`, `hidden_weight` → `hidden_weight_orig`: what is `weight_orig` in state dicts. */
export function beside(field: string, suffix: string): string {
	return /^[a-z][^_]*$/.test(field)
		? `${field}${suffix}`
		: `${field}_${suffix.toLowerCase()}`;
}

/** The operators' cases that scripts/fixtures/operators.py wrote. */
import * as torch from "../../lib/index.ts";
import { fixture, revive, type Stored, tensor } from "../support/stored.ts";

export interface OperatorCase {
	/** The same in Python. */
	code: string;
	target: string;
	self?: string;
	args: unknown[];
	named: Record<string, unknown>;
	result: unknown;
	grads?: Record<string, Stored | null>;
}

const file = fixture<{
	inputs: Record<string, Stored>;
	cases: OperatorCase[];
}>("operators/cases.json");

export const { cases } = file;

export type Callable = (...args: unknown[]) => unknown;

/** A case's arguments, and the inputs that occur in them. */
export class Arguments {
	readonly used: Record<string, torch.Tensor> = {};

	input(name: string): torch.Tensor {
		this.used[name] ??= tensor(file.inputs[name] as Stored);
		return this.used[name];
	}

	revive(value: unknown): unknown {
		if (Array.isArray(value)) return value.map((v) => this.revive(v));
		const { is, value: name } = (value ?? {}) as Record<string, unknown>;
		return is === "input" ? this.input(name as string) : revive(value);
	}

	/** Those by name. */
	options({ named }: OperatorCase): Record<string, unknown> {
		return Object.fromEntries(
			Object.entries(named).map(([name, value]) => [name, this.revive(value)]),
		);
	}
}

/** The function of a case. */
export function functionOf({ target }: OperatorCase): Callable {
	const path = target.split(".");
	const name = path.pop() as string;
	const space = path.reduce<object>((at, part) => Reflect.get(at, part), torch);
	return Reflect.get(space, name) as Callable;
}

import { type Optional, optional } from "../../arguments.ts";
import * as check from "../../check.ts";
import { isTensor } from "../../handle.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Moment } from "./eventFile.ts";
import type { Hparam } from "./values.ts";

/** When something happened; by position, or by name in an object. */
export interface When {
	/** The step, or epoch, on the horizontal axis. Default: none, which is shown as 0. */
	globalStep: number | undefined;
	/** Seconds since 1970. Default: now. */
	walltime: number | undefined;
}

export type WhenArguments = Optional<When, ["globalStep", "walltime"]>;

export function momentOf(op: string, given: readonly unknown[]): Moment {
	const { globalStep, walltime } = optional<When>(
		op,
		{ globalStep: undefined, walltime: undefined },
		given,
	);
	if (globalStep !== undefined) check.integer(op, "globalStep", globalStep);
	if (walltime !== undefined) check.number(op, "walltime", walltime);
	return { step: globalStep, walltime };
}

export function checkTag(op: string, name: string, tag: unknown): void {
	if (check.string(op, name, tag) === "")
		throw check.invalidValue(op, name, 'expected a name, got ""');
}

/** NaN and infinity may be shown, too. */
export function numberOf(op: string, name: string, value: unknown): number {
	if (typeof value === "number") return value;
	if (!isTensor(value))
		throw check.invalidType(op, name, "number or Tensor", value);
	const x = value as Tensor;
	if (x.numel() !== 1)
		throw check.invalidValue(
			op,
			name,
			`expected one element, got a tensor of shape [${x.shape.join(", ")}]`,
		);
	return Number(x.item());
}

/** Those that have a value. */
export function knownHparams(
	op: string,
	hparams: object,
): Record<string, Hparam> {
	const known: Record<string, Hparam> = {};
	for (const [name, value] of Object.entries(hparams) as [string, unknown][]) {
		if (value === null || value === undefined) continue;
		if (!["number", "string", "boolean"].includes(typeof value))
			throw check.invalidType(
				op,
				`hparams.${name}`,
				"number, string or boolean",
				value,
			);
		known[name] = value as Hparam;
	}
	return known;
}

export function checkDomains(
	op: string,
	hparams: Readonly<Record<string, Hparam>>,
	domains: Readonly<Record<string, readonly Hparam[]>>,
): void {
	for (const [name, values] of Object.entries(domains)) {
		const argument = `hparamDomainDiscrete.${name}`;
		if (!Object.hasOwn(hparams, name))
			throw check.invalidValue(op, argument, "hparams has no such value");
		const kind = typeof hparams[name];
		for (const value of check.array(op, argument, values))
			if (typeof value !== kind)
				throw check.invalidType(op, argument, `${kind}s, as in hparams`, value);
	}
}

import { type Optional, optional } from "../../../arguments.ts";

/** What transforms have that are applied with a probability and have no other option. */
export type Probability = Optional<{ p: number }, ["p"]>;

/** @internal */
export function probabilityOf(
	op: string,
	args: readonly unknown[],
	p = 0.5,
): number {
	return optional(op, { p }, args).p;
}

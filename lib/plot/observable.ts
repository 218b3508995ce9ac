import { TorchError } from "../errors.ts";
import type { Element } from "./document.ts";

/** What is drawn for each row: a field's name, a constant, or a function. */
type Channel<Row> =
	| string
	| number
	| undefined
	| ((row: Row, index: number) => unknown);

/** Something drawn upon a diagram. */
export type Mark = { readonly mark?: never };

type Draw = <Row>(
	rows: readonly Row[],
	options: { readonly [name: string]: Channel<Row> },
) => Mark;

/** The part of @observablehq/plot that is used here. (Its own types need a browser's.) */
export interface Observable {
	plot(options: object): Element;
	frame(options: object): Mark;
	areaY: Draw;
	cell: Draw;
	dot: Draw;
	line: Draw;
	lineY: Draw;
	text: Draw;
}

/**
 * @observablehq/plot, which people install beside this package when they want pictures; loaded by the first one.
 *
 * @throws TorchError `ERR_MISSING_PACKAGE`
 */
export async function loadObservable(op: string): Promise<Observable> {
	try {
		return (await import("@observablehq/plot")) as unknown as Observable;
	} catch (cause) {
		throw missingObservable(op, cause as NodeJS.ErrnoException);
	}
}

/** @internal */
export function missingObservable(
	op: string,
	cause: NodeJS.ErrnoException,
): TorchError {
	const isAbsent = /^(ERR_)?MODULE_NOT_FOUND$/.test(cause.code ?? "");
	return new TorchError(
		isAbsent
			? "pictures are drawn by the package @observablehq/plot, which is not installed: npm install @observablehq/plot"
			: `the package @observablehq/plot, which draws pictures, could not be loaded: ${cause.message}`,
		{ code: "ERR_MISSING_PACKAGE", op, cause },
	);
}

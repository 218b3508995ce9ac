import { TorchError } from "../errors.ts";

export type Observable = typeof import("@observablehq/plot");

/**
 * @observablehq/plot, which people install beside this package when they want pictures; loaded by the first one.
 *
 * @throws TorchError `ERR_MISSING_PACKAGE`
 */
export async function loadObservable(op: string): Promise<Observable> {
	try {
		return await import("@observablehq/plot");
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

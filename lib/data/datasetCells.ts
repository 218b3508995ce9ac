import { TorchError } from "../errors.ts";
import type { Cell } from "./datasetTable.ts";

/** A value as another package gives it, as a table has it. */
export function cellOf(value: unknown): Cell {
	switch (typeof value) {
		case "bigint": {
			const number = Number(value);
			return Number.isSafeInteger(number) ? number : value;
		}
		case "number":
		case "string":
		case "boolean":
			return value;
	}
	if (value === null || value === undefined) return null;
	if (value instanceof Date) return value.getTime();
	return String(value);
}

/** The error for a package that people install beside this one. */
export function missingPackage(
	op: string,
	name: string,
	what: string,
	cause: Error,
): TorchError {
	const { code = "" } = cause as NodeJS.ErrnoException;
	return new TorchError(
		code.endsWith("MODULE_NOT_FOUND")
			? `${what} are read by the package ${name}, which is not installed: npm install ${name}`
			: `the package ${name}, which reads ${what}, could not be loaded: ${cause.message}`,
		{ code: "ERR_MISSING_PACKAGE", op, cause },
	);
}

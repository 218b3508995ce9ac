// How PyTorch writes numbers (torch/_tensor_str.py), on plain nested arrays: nothing here knows of tensors.

import type { Complex, Scalar } from "../types.ts";

export type Nested = Scalar | Nested[];

/** How tensors print; see {@link setPrintoptions}. */
export interface Printoptions {
	/** Digits after the decimal point. Default 4. */
	precision: number;
	/** More elements than this are summarised. Default 1000. */
	threshold: number;
	/** Elements shown at both ends of a summarised dimension. Default 3. */
	edgeitems: number;
	/** Characters in a line. Default 80. */
	linewidth: number;
	/** Scientific notation always, never, or (null, the default) where the numbers call for it. */
	sciMode: boolean | null;
}

/**
 * What the numbers of a tensor are: it decides how all of them are written. "power" is float8_e8m0fnu, in which PyTorch finds NaN to be
 * finite.
 */
export type NumberKind = "float" | "power" | "complex" | "other";

interface Formatter {
	readonly width: number;
	format(value: Scalar): string;
}

const EXACT_DIGITS = 100; // JavaScript's most; a tie at any sensible precision shows in them

/** Python's round-half-even where JavaScript rounds halves up: only exact ties differ. */
function roundHalfEven(
	value: number,
	precision: number,
	write: (digits: number) => string,
): string {
	const rounded = write(precision);
	const [digits = "", exponent = ""] = write(EXACT_DIGITS).split(/(?=e)/);
	const kept = digits.length - EXACT_DIGITS + precision;
	const isTie = /^50*$/.test(digits.slice(kept));
	if (!isTie) return Object.is(value, -0) ? `-${rounded}` : rounded;
	const down = digits.slice(0, kept).replace(/\.$/, "");
	return /[02468]$/.test(down) ? down + exponent : rounded;
}

const nonFinite = (value: number) =>
	Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";

/** Python's f"{value:.{precision}f}" */
export function toFixed(value: number, precision: number): string {
	if (!Number.isFinite(value)) return nonFinite(value);
	if (Math.abs(value) >= 1e21) {
		// where JavaScript would change to exponents
		const fraction = precision > 0 ? `.${"0".repeat(precision)}` : "";
		return BigInt(value).toString() + fraction;
	}
	return roundHalfEven(value, precision, (digits) => value.toFixed(digits));
}

/** Python's f"{value:.{precision}e}" */
export function toExponential(value: number, precision: number): string {
	if (!Number.isFinite(value)) return nonFinite(value);
	return roundHalfEven(value, precision, (digits) =>
		value.toExponential(digits),
	).replace(/e([+-])(\d)$/, "e$10$2");
}

/** Python's repr of a float: `1.0`, `0.1`, `1e-05`. */
export function toRepr(value: number): string {
	if (!Number.isFinite(value)) return nonFinite(value);
	const size = Math.abs(value);
	if (size !== 0 && (size < 1e-4 || size >= 1e16))
		return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
	return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Integers and booleans: as they are, right-aligned. */
function plainFormatter(values: Scalar[]): Formatter {
	const write = (value: Scalar) =>
		typeof value === "boolean" ? (value ? "True" : "False") : String(value);
	const width = widest(values, write);
	return { width, format: (value) => write(value).padStart(width) };
}

/** Floats: `1.`, `1.0000` or `1.0000e+00` for all of them, chosen by the finite nonzero ones. */
function floatFormatter(
	values: number[],
	options: Printoptions,
	counts: (value: number) => boolean = Number.isFinite,
): Formatter {
	const { precision } = options;
	const shown = values.filter((value) => counts(value) && value !== 0);
	const fixed = (value: number) => toFixed(value, precision);
	const exponential = (value: number) => toExponential(value, precision);
	const integer = (value: number) =>
		toFixed(value, 0) + (Number.isFinite(value) ? "." : "");

	let write = integer;
	if (shown.length > 0) {
		if (isScientific(shown, options.sciMode)) write = exponential;
		else if (!shown.every(Number.isInteger)) write = fixed;
	}
	const width = widest(shown, write);
	return { width, format: (value) => write(value as number).padStart(width) };
}

function isScientific(shown: number[], mode: boolean | null): boolean {
	if (mode !== null) return mode;
	let smallest = Infinity;
	let largest = 0;
	for (const value of shown) {
		smallest = Math.min(smallest, Math.abs(value));
		largest = Math.max(largest, Math.abs(value));
	}
	return largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4;
}

/** Both parts are aligned by themselves: `1.0000+2.0000j`. */
function complexFormatter(values: Complex[], options: Printoptions): Formatter {
	const real = floatFormatter(
		values.map((value) => value.re),
		options,
	);
	const imaginary = floatFormatter(
		values.map((value) => value.im),
		options,
	);
	return {
		width: real.width + imaginary.width + 1,
		format(value) {
			const { re, im } = value as Complex;
			const tail = `${imaginary.format(im).trimStart()}j`;
			return real.format(re) + (/^[+-]/.test(tail) ? "" : "+") + tail;
		},
	};
}

function widest<T>(values: T[], write: (value: T) => string): number {
	let width = 1;
	for (const value of values) width = Math.max(width, write(value).length);
	return width;
}

function formatterOf(
	values: Scalar[],
	kind: NumberKind,
	options: Printoptions,
): Formatter {
	if (kind === "float") return floatFormatter(values as number[], options);
	if (kind === "power")
		return floatFormatter(values as number[], options, () => true);
	if (kind === "complex") return complexFormatter(values as Complex[], options);
	return plainFormatter(values);
}

/**
 * Writes nested arrays as PyTorch writes a tensor's contents.
 *
 * @param indent columns in front of the text, in which its further lines stay empty
 * @param elided for each dimension, whether `...` stands between its first and its last `edgeitems`; the data has these only
 */
export function formatNested(
	data: Nested,
	kind: NumberKind,
	options: Printoptions,
	indent = 0,
	elided: boolean[] = [],
): string {
	const { edgeitems, linewidth } = options;
	const values = (
		Array.isArray(data) ? (data as unknown[]).flat(Infinity) : [data]
	) as Scalar[];
	const formatter = formatterOf(values, kind, options);
	const perLine = (column: number) =>
		Math.max(1, Math.floor((linewidth - column) / (formatter.width + 2)));

	const vector = (row: Scalar[], column: number, isElided: boolean): string => {
		const items = row.map(formatter.format);
		if (isElided) items.splice(edgeitems, 0, edgeitems > 0 ? " ..." : "...");
		const lines: string[] = [];
		const step = perLine(column);
		for (let i = 0; i < items.length; i += step)
			lines.push(items.slice(i, i + step).join(", "));
		return `[${lines.join(`,\n${" ".repeat(column + 1)}`)}]`;
	};

	const write = (nested: Nested, column: number, dim: number): string => {
		if (!Array.isArray(nested)) return formatter.format(nested);
		const depth = depthOf(nested);
		const isElided = elided[dim] ?? false;
		if (depth === 1) return vector(nested as Scalar[], column, isElided);
		const slices = nested.map((slice) => write(slice, column + 1, dim + 1));
		if (isElided) slices.splice(edgeitems, 0, "...");
		const separator = `,${"\n".repeat(depth - 1)}${" ".repeat(column + 1)}`;
		return `[${slices.join(separator)}]`;
	};
	return write(data, indent, 0);
}

function depthOf(nested: Nested): number {
	return Array.isArray(nested) ? 1 + depthOf(nested[0] ?? 0) : 0;
}

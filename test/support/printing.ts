import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Nested } from "../../lib/tensor/formatting.ts";

/** One tensor and what Python prints for it; scripts/fixtures/printing.py says how values are written. */
export interface PrintingCase {
	dtype: string;
	shape: number[];
	values?: unknown[];
	step?: number;
	requiresGrad?: boolean;
	op?: "add" | "relu" | "sum" | "t";
	options?: Record<string, never>;
	text: string;
}

export const printingCases: PrintingCase[] = JSON.parse(
	readFileSync(join(__dirname, "../fixtures/printing/tensors.json"), "utf8"),
);

const words = { nan: Number.NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 };

function decode(value: unknown): unknown {
	if (Array.isArray(value))
		return { re: decode(value[0]), im: decode(value[1]) };
	if (typeof value !== "string") return value;
	return /\dn$/.test(value)
		? BigInt(value.slice(0, -1))
		: words[value as keyof typeof words];
}

/** The case's values as nested arrays of its shape. */
export function nest({
	values = [],
	shape,
}: Pick<PrintingCase, "values" | "shape">): Nested {
	let level = values.map(decode) as Nested[];
	for (const size of shape.slice(1).reverse()) {
		const rows: Nested[] = [];
		for (let i = 0; i < level.length; i += size)
			rows.push(level.slice(i, i + size));
		level = rows;
	}
	return shape.length === 0 ? (level[0] as Nested) : level;
}

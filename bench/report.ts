import { cpus, release, totalmem } from "node:os";

export interface Row {
	name: string;
	/** Seconds. */
	node: number;
	/** Seconds; missing where there is no PyTorch in Python. */
	python?: number | undefined;
	/** What node / python should be at most. */
	target?: number | undefined;
}

export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2
		? (sorted[middle] as number)
		: ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export function ratio({ node, python }: Row): number {
	return python === undefined ? Number.NaN : node / python;
}

export function geometricMean(values: number[]): number {
	return Math.exp(
		values.reduce((sum, x) => sum + Math.log(x), 0) / values.length,
	);
}

export function duration(seconds: number | undefined): string {
	if (seconds === undefined) return "–";
	if (seconds < 1e-3) return `${(seconds * 1e6).toFixed(2)} µs`;
	return seconds < 1
		? `${(seconds * 1e3).toFixed(2)} ms`
		: `${seconds.toFixed(2)} s`;
}

/** "0.87 ×", or "–" where there is nothing to compare with. */
export function times(value: number): string {
	return Number.isNaN(value) ? "–" : `${value.toFixed(2)} ×`;
}

/** A target beside what was reached. */
export function verdict(value: number, target: number | undefined): string {
	if (target === undefined) return "";
	const wanted = `≤ ${target.toFixed(2)} ×`;
	return Number.isNaN(value)
		? wanted
		: `${wanted} ${value <= target ? "met" : "missed"}`;
}

/** A Markdown table with aligned columns; all but the first are set to the right. */
export function table(head: string[], rows: string[][]): string {
	const widths = head.map((title, i) =>
		Math.max(...[head, ...rows].map((row) => (row[i] ?? title).length)),
	);
	const line = (row: string[]) =>
		`| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join(" | ")} |`;
	const rule = `| ${widths.map((width, i) => (i === 0 ? `:${"-".repeat(width - 1)}` : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
	return [line(head), rule, ...rows.map(line)].join("\n");
}

export function rowsTable(rows: Row[]): string {
	return table(
		["", "torch-node", "Python", "ratio", "target"],
		rows.map((row) => [
			row.name,
			duration(row.node),
			duration(row.python),
			times(ratio(row)),
			verdict(ratio(row), row.target),
		]),
	);
}

/** The machine in words. */
export function machine(): string {
	const [cpu] = cpus();
	return `${cpu?.model.trim() ?? "unknown CPU"}, ${cpus().length} logical cores, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`;
}

import { cpus, release, totalmem } from "node:os";

export interface Row {
	name: string;
	/** Seconds: the median of the rounds. */
	node: number;
	/** Seconds; missing where there is no PyTorch in Python. */
	python?: number | undefined;
	/** The median of the rounds' node / python; NaN where there is nothing to compare with. */
	ratio: number;
	/** What the ratio should be at most. */
	target?: number | undefined;
}

/**
 * What rounds of both have shown: seconds of each round, in order; `theirs` is empty where there is nothing to compare with. A machine
 * that is shared runs for a second at one speed and for the next at another, so what is compared is a round with the same round of
 * the other, not the medians.
 */
export function rowOf(
	name: string,
	ours: number[],
	theirs: number[],
	target?: number,
): Row {
	const node = median(ours);
	if (theirs.length === 0) return { name, node, ratio: Number.NaN, target };
	const ratios = ours.map((time, i) => time / (theirs[i] as number));
	return {
		name,
		node,
		python: median(theirs),
		ratio: median(ratios),
		target,
	};
}

export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2
		? (sorted[middle] as number)
		: ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
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
			times(row.ratio),
			verdict(row.ratio, row.target),
		]),
	);
}

/** The machine in words. */
export function machine(): string {
	const [cpu] = cpus();
	return `${cpu?.model.trim() ?? "unknown CPU"}, ${cpus().length} logical cores, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`;
}

/** Parts of a report that are no diagrams, as HTML. */
import { inspect } from "node:util";
import { escapeText } from "../document.ts";
import type { HistoryLike } from "../history.ts";
import type { Sample } from "../samples.ts";

/** A number with as many digits as tell something; anything else as it is printed. */
export function written(value: unknown): string {
	if (typeof value === "string") return value;
	if (typeof value !== "number")
		return inspect(value, { depth: 4, breakLength: 100, maxArrayLength: 50 });
	if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
	return Math.abs(value) >= 1000
		? value.toFixed(1)
		: String(Number(value.toPrecision(4)));
}

export function numbersSection(
	metrics: Readonly<Record<string, unknown>>,
): string {
	const parts = Object.entries(metrics).map(
		([name, value]) =>
			`<div><dt>${escapeText(name)}</dt><dd>${escapeText(written(value))}</dd></div>`,
	);
	return `<dl class="numbers">\n${parts.join("\n")}\n</dl>`;
}

export function settingsSection(
	settings: Readonly<Record<string, unknown>>,
): string {
	const rows = Object.entries(settings).map(
		([name, value]) =>
			`<tr><th scope="row">${escapeText(name)}</th><td>${escapeText(written(value))}</td></tr>`,
	);
	return `<h2>Settings</h2>\n<div class="wide"><table class="settings">\n${rows.join("\n")}\n</table></div>`;
}

export function samplesSection(samples: readonly Sample[]): string {
	const figures = samples.map(({ picture, label, score, truth }) => {
		const { href, width, height } = picture;
		const isWrong = truth !== null;
		const said = [label, score].filter(Boolean).join(" ");
		const caption = [
			`<b>${isWrong ? "✗ " : ""}${escapeText(label)}</b>`,
			score ? ` <i>${score}</i>` : "",
			isWrong ? `<br><i>is ${escapeText(truth)}</i>` : "",
		].join("");
		const kind = width < 92 ? ' class="small"' : "";
		return `<figure${isWrong ? ' class="wrong"' : ""}><img${kind} src="${href}" width="${width}" height="${height}" alt="${escapeText(said)}" style="aspect-ratio:${width}/${height};height:auto"><figcaption>${caption}</figcaption></figure>`;
	});
	return `<h2>Samples</h2>\n<div class="samples">\n${figures.join("\n")}\n</div>`;
}

/** All numbers of all epochs, to be opened. */
export function epochsSection(history: HistoryLike): string {
	const { epochs } = history as {
		epochs?: Readonly<Record<string, unknown>>[];
	};
	const columns = Array.isArray(epochs)
		? [...new Set(epochs.flatMap((of) => Object.keys(of)))]
		: Object.keys(history);
	const rows = Array.isArray(epochs)
		? epochs.map((of) => columns.map((name) => of[name]))
		: byEpoch(history as Readonly<Record<string, readonly number[]>>);
	const row = (cells: readonly unknown[], tag: string) =>
		`<tr>${cells.map((cell) => `<${tag}>${escapeText(cell === undefined ? "" : written(cell))}</${tag}>`).join("")}</tr>`;
	return `<details><summary>All epochs</summary>
<div class="wide"><table class="epochs">
${[row(columns, "th"), ...rows.map((cells) => row(cells, "td"))].join("\n")}
</table></div></details>`;
}

function byEpoch(
	columns: Readonly<Record<string, readonly number[]>>,
): unknown[][] {
	const values = Object.values(columns);
	const count = Math.max(...values.map(({ length }) => length));
	return Array.from({ length: count }, (_, i) =>
		values.map((column) => column[i]),
	);
}

export function modelSection(model: unknown): string {
	return `<details><summary>Model</summary>\n<pre>${escapeText(String(model))}</pre></details>`;
}

/** What came of a run: how many cases of each name agree with PyTorch, and what is the matter with the others. */

/** "equal" bit by bit, "close" within PyTorch's tolerances, "reconstructed": factors of other signs with the same product. */
export type Outcome =
	| "equal"
	| "close"
	| "reconstructed"
	/** It cannot be replayed here. */
	| { missing: string }
	/** It was, and differs. */
	| { what: string };

interface Row {
	equal: number;
	close: number;
	reconstructed: number;
	failed: number;
	missing: number;
}

const columns = [
	"equal",
	"close",
	"reconstructed",
	"failed",
	"missing",
] as const;

export class Report {
	readonly #title: string;
	readonly #rows = new Map<string, Row>();
	readonly #notes: string[] = [];

	constructor(title: string) {
		this.#title = title;
	}

	/** Runs a case and writes down its outcome; an error that it throws is a failure. */
	run(name: string, place: string, replay: () => Outcome): void {
		let outcome: Outcome;
		try {
			outcome = replay();
		} catch (error) {
			const { message } = error as Error;
			outcome = { what: message.split("\n")[0] ?? "" };
		}
		const row = this.#row(name);
		if (typeof outcome === "string") row[outcome]++;
		else if ("missing" in outcome) {
			row.missing++;
			this.#notes.push(`not replayed: ${name} ${place}: ${outcome.missing}`);
		} else {
			row.failed++;
			this.#notes.push(`FAILED: ${name} ${place}: ${outcome.what}`);
		}
	}

	/** Something that has no case at all. */
	skip(name: string, reason: string): void {
		this.#notes.push(`no case: ${name}: ${reason}`);
	}

	#row(name: string): Row {
		const row = this.#rows.get(name) ?? {
			equal: 0,
			close: 0,
			reconstructed: 0,
			failed: 0,
			missing: 0,
		};
		this.#rows.set(name, row);
		return row;
	}

	get failures(): number {
		return [...this.#rows.values()].reduce((sum, r) => sum + r.failed, 0);
	}

	/** What to read, first the table, then what is not well, then the sum. */
	toString(): string {
		const total = this.#total();
		const width = Math.max(...[...this.#rows.keys()].map((n) => n.length), 12);
		const line = (name: string, row: Row) =>
			`${name.padEnd(width)} ${columns.map((c) => String(row[c] || ".").padStart(c.length)).join("  ")}`;
		const head = `${this.#title.padEnd(width)} ${columns.join("  ")}`;
		const rows = [...this.#rows].map(([name, row]) => line(name, row));
		const good = total.equal + total.close + total.reconstructed;
		const all = good + total.failed + total.missing;
		return [
			head,
			...rows,
			...this.#notes,
			`${this.#title}: ${good} of ${all} cases agree with PyTorch (${total.equal} bit by bit, ${total.close} within its tolerances, ${total.reconstructed} up to signs); ${total.failed} differ, ${total.missing} are not replayed`,
		].join("\n");
	}

	#total(): Row {
		const sum = { equal: 0, close: 0, reconstructed: 0, failed: 0, missing: 0 };
		for (const row of this.#rows.values())
			for (const column of columns) sum[column] += row[column];
		return sum;
	}
}

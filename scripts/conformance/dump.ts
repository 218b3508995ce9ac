/** Cases that Python wrote: lines of JSON whose tensors lie in one file beside them. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";

interface Place {
	dtype: torch.DType;
	shape: number[];
	/** Where the bytes begin in tensors.bin, and how many there are. */
	off: number;
	n: number;
}

/**
 * A value of a case: `{t: i}` a tensor, `{l: […]}` a list, `{u: […]}` a tuple, `{d: [[key, value], …]}` a dict, `{f: "inf"}`, `{c: [re, im]}`,
 * `{s: [start, stop, step]}` a slice, `{e: 1}` an ellipsis, `{dt: name}`, `{dev: name}`, `{mf: name}` or `{im: name}` what is a word here, or
 * plain JSON.
 */
export type Encoded =
	| string
	| number
	| boolean
	| null
	| { [kind: string]: unknown };

/** Integers beyond what JSON.parse keeps. */
const long = /(?<=[[:,] ?)-?\d{16,}(?=[,\]}])/g;

/** A folder with tensors.json, tensors.bin and files of cases. */
export class Dump implements Disposable {
	readonly folder: string;
	readonly #places: Place[];
	readonly #bytes: number;

	constructor(folder: string) {
		this.folder = folder;
		this.#places = JSON.parse(
			readFileSync(join(folder, "tensors.json"), "utf8"),
		) as Place[];
		this.#bytes = openSync(join(folder, "tensors.bin"), "r");
	}

	cases<Case>(file: string): Case[] {
		return readFileSync(join(this.folder, file), "utf8")
			.split("\n")
			.filter(Boolean)
			.map((line) => JSON.parse(line.replace(long, '{"big":"$&"}')) as Case);
	}

	tensor(i: number): torch.Tensor {
		const { dtype, shape, off, n } = this.#places[i] as Place;
		const made = torch.empty(shape, { dtype });
		if (n === 0) return made;
		const bytes = new Uint8Array(n);
		readSync(this.#bytes, bytes, 0, n, off);
		return torch.fromBlob(bytes, [n]).view(dtype).view(shape);
	}

	decode(value: Encoded): unknown {
		if (typeof value !== "object" || value === null) return value;
		const [kind] = Object.keys(value);
		const { t, l, u, d, c, f, s } = value as {
			t: number;
			l: Encoded[];
			u: Encoded[];
			d: [string, Encoded][];
			c: [number, number];
			f: string;
			s: (number | null)[];
		};
		switch (kind) {
			case "t":
				return this.tensor(t);
			case "l":
				return l.map((item) => this.decode(item));
			case "u":
				return u.map((item) => this.decode(item));
			case "d":
				return Object.fromEntries(
					d.map(([key, item]) => [key, this.decode(item)]),
				);
			case "c":
				return { re: c[0], im: c[1] };
			case "f":
				return f === "inf" ? Infinity : f === "-inf" ? -Infinity : Number.NaN;
			case "big":
				return BigInt(Object.values(value)[0] as string);
			case "s":
				return torch.slice(s[0], s[1], s[2] ?? 1);
			case "e":
				return "...";
			case "dt":
			case "dev":
			case "mf":
			case "im":
				return Object.values(value)[0];
			default:
				throw new Error(`no value of kind ${kind} is known`);
		}
	}

	[Symbol.dispose](): void {
		closeSync(this.#bytes);
	}
}

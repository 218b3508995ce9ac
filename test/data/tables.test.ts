/** What scripts/fixtures/tables.py wrote, and what pandas and PyArrow read of it. */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import {
	type Cell,
	DataLoader,
	parseCsv,
	readArrow,
	readCsv,
	Table,
	TabularDataset,
} from "../../lib/data/index.ts";
import { TorchError } from "../../lib/errors.ts";
import { compiled } from "../support/dist.ts";
import { temporaryFolder } from "../support/folder.ts";
import { filesToDamage, fuzzSeed, mutate, numbers } from "../support/mutate.ts";

const folder = join(__dirname, "../fixtures/tables");
const path = temporaryFolder();
type Saved = Exclude<Cell, bigint> | { bigint: string } | { number: string };
const expected = Object.entries(
	JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Record<
		string,
		Record<string, Saved[]>
	>,
);

const restored = (cell: Saved): Cell => {
	if (typeof cell !== "object" || cell === null) return cell;
	return "bigint" in cell ? BigInt(cell.bigint) : Number(cell.number);
};

function expectTable(table: Table, columns: Record<string, Saved[]>): void {
	expect(table.columns).toEqual(Object.keys(columns));
	for (const [name, cells] of Object.entries(columns))
		expect(Array.from(table.column(name))).toEqual(cells.map(restored));
}

test.each(expected.filter(([name]) => name.endsWith(".csv")))(
	"%s is what pandas reads",
	async (name, columns) => {
		const delimiter = name === "semicolon.csv" ? ";" : ",";
		expectTable(await readCsv(join(folder, name), { delimiter }), columns);
		const text = readFileSync(join(folder, name), "utf8");
		expectTable(parseCsv(text, { delimiter }), columns);
	},
);

test.each(expected.filter(([name]) => name.endsWith(".arrow")))(
	"%s is what PyArrow reads",
	async (name, columns) => {
		const table = await readArrow(join(folder, name));
		expectTable(table, columns);
		const two = await readArrow(join(folder, name), {
			columns: ["class", "uint8"],
		});
		expect(two.columns).toEqual(["class", "uint8"]);
	},
);

/** Runs a program over the compiled library: Jest cannot load hyparquet, an ES module. */
async function program(body: string): Promise<unknown> {
	const text = `
		import { readParquet } from ${JSON.stringify(compiled("lib/data/index.js"))};
		const print = (value) => console.log(JSON.stringify(value, (_, v) =>
			typeof v === "bigint" ? { bigint: String(v) } : v));
		${body}`;
	const args = ["--input-type=module", "-e", text];
	const { stdout } = await promisify(execFile)(process.execPath, args, {
		maxBuffer: 1e8,
	});
	return JSON.parse(stdout);
}

const hasZstd = "zstdDecompressSync" in zlib;
const parquet = expected.filter(
	([name]) => name.endsWith(".parquet") && (hasZstd || !name.includes("zstd")),
);

test("Parquet files are what PyArrow reads", async () => {
	const tables = (await program(`
		const tables = {};
		for (const name of ${JSON.stringify(parquet.map(([name]) => name))}) {
			const table = await readParquet(${JSON.stringify(folder)} + "/" + name);
			tables[name] = Object.fromEntries(table.columns.map((c) => [c, Array.from(table.column(c))]));
		}
		print(tables);`)) as Record<string, Record<string, Saved[]>>;
	for (const [name, columns] of parquet) expect(tables[name]).toEqual(columns);
});

test(
	"Parquet: wrong columns, wrong files, and hundreds of damaged ones",
	async () => {
		const count = filesToDamage(400);
		const random = numbers(fuzzSeed);
		const originals = ["snappy", "gzip"].map((name) =>
			readFileSync(join(folder, `${name}.parquet`)),
		);
		const mutants = path("mutants");
		const sizes = Array.from({ length: count }, (_, i) =>
			mutate(originals[i % 2] as Buffer, random),
		).map((bytes) => {
			writeFileSync(mutants, bytes, { flag: "a" });
			return bytes.length;
		});
		writeFileSync(path("sizes"), JSON.stringify(sizes));
		const result = (await program(`
		import { readFileSync, writeFileSync } from "node:fs";
		const errors = [];
		const file = ${JSON.stringify(join(folder, "none.parquet"))};
		const failed = (error) => errors.push(error.name + ": " + error.message);
		await readParquet(file, { columns: ["list"] }).catch(failed);
		await readParquet(file, { columns: ["none"] }).catch(failed);
		await readParquet(${JSON.stringify(join(folder, "plain.csv"))}).catch(failed);
		await readParquet(file + "x").catch(failed);
		const all = readFileSync(${JSON.stringify(mutants)});
		let at = 0;
		let refused = 0;
		for (const size of JSON.parse(readFileSync(${JSON.stringify(path("sizes"))}))) {
			writeFileSync(${JSON.stringify(path("mutant"))}, all.subarray(at, at += size));
			try {
				await readParquet(${JSON.stringify(path("mutant"))});
			} catch (error) {
				if (error.name !== "TorchError" || !/^[^\\n]*mutant: [^\\n]{1,300}$/.test(error.message)) failed(error);
				refused++;
			}
		}
		print({ errors, refused });`)) as { errors: string[]; refused: number };
		expect(result.errors).toEqual([
			expect.stringMatching(
				/^TorchError: readParquet: columns: .*none\.parquet has no string "list" with a value in each row; it has int64, huge/,
			),
			expect.stringMatching(/readParquet: columns: .* has no string "none"/),
			expect.stringMatching(/plain\.csv: damaged: /),
			expect.stringMatching(/ENOENT.*none\.parquetx/),
		]);
		expect(result.refused).toBeGreaterThan(count / 4);
	},
	20 * 60_000,
);

const wrong: [string, string, object, RegExp][] = [
	[
		"too few values",
		"a,b\n1,2\n3\n",
		{},
		/^f\.csv: line 3: expected 2 values, got 1$/,
	],
	[
		"too many values",
		"a,b\n1,2,3\n",
		{},
		/^f\.csv: line 2: expected 2 values, got 3$/,
	],
	[
		"a quote without its end",
		'a\n"b\nc\n',
		{},
		/^f\.csv: line 2: a quote has no end$/,
	],
	[
		"letters after a quote",
		'a\n"b"c\n',
		{},
		/^f\.csv: line 2: a quote ends in the middle of a value$/,
	],
	[
		"lines in quotes, and then too few values",
		'a,b\n"x\ny",1\n2\n',
		{},
		/line 4: expected 2/,
	],
	[
		"two columns of a name",
		"a,b,a\n",
		{},
		/^f\.csv: line 1: two columns are named "a"$/,
	],
	["nothing", "", {}, /^f\.csv: line 1: has no line$/],
	[
		"an unknown column",
		"a\n1\n",
		{ columns: ["b"] },
		/^parseCsv: columns: f\.csv has no string "b"; it has "a"$/,
	],
	[
		"text where numbers are wanted",
		"a\n1\nx\n",
		{ types: { a: "number" } },
		/^f\.csv: row 1 of "a" is string "x", expected a number$/,
	],
	[
		"a long delimiter",
		"a\n",
		{ delimiter: ",," },
		/delimiter: expected one character/,
	],
	[
		"an unknown option",
		"a\n",
		{ separator: ";" },
		/separator: unknown option; known are delimiter, header/,
	],
];

test.each(wrong)("CSV with %s is refused", (_, text, options, message) => {
	expect(() => parseCsv(text, options, "f.csv")).toThrow(message);
	expect(() => parseCsv(text, options, "f.csv")).toThrow(TorchError);
});

test("the header may be given or missing, columns chosen, types fixed", () => {
	const text = "1,x\n2,y\n";
	const named = parseCsv(text, { header: ["n", "t"], types: { n: "string" } });
	expect([named.columns, named.column("n")]).toEqual([
		["n", "t"],
		["1", "2"],
	]);
	const bare = parseCsv(text, { header: false, columns: ["column1"] });
	expect([bare.columns, bare.column("column1")]).toEqual([
		["column1"],
		["x", "y"],
	]);
	const none = parseCsv("a,b\n");
	expect([none.columns, none.length]).toEqual([["a", "b"], 0]);
});

test("a file larger than a chunk, with quotes across its borders", async () => {
	const rows = Array.from(
		{ length: 60_000 },
		(_, i) => `${i},"text ""${i}"", in\nlines",${i / 4}`,
	);
	writeFileSync(path("large.csv"), `i,t,f\n${rows.join("\r\n")}`);
	const table = await readCsv(path("large.csv"));
	expect(table.length).toBe(60_000);
	expect(table.column("t")[59_999]).toBe('text "59999", in\nlines');
	expect(table.tensor(undefined, { dtype: "float64" }).sum(0).tolist()).toEqual(
		[1799970000, 449992500],
	);
});

const count = filesToDamage(3_000);

test(
	`${count} damaged CSV files (TORCH_NODE_FUZZ_SEED=${fuzzSeed})`,
	() => {
		const random = numbers(fuzzSeed);
		const originals = expected
			.filter(([name]) => name.endsWith(".csv"))
			.map(([name]) => readFileSync(join(folder, name)));
		let refused = 0;
		for (let i = 0; i < count; i++) {
			const text = mutate(
				originals[i % originals.length] as Buffer,
				random,
			).toString();
			try {
				const table = parseCsv(text, {}, "mutant");
				for (const name of table.columns)
					if (table.column(name).length !== table.length)
						throw new Error("no fit");
			} catch (error) {
				if (!(error instanceof TorchError)) throw error;
				if (!/^mutant: [^\n]{1,300}$/.test(error.message)) throw error;
				refused++;
			}
		}
		expect(refused).toBeGreaterThan(count / 10);
	},
	20 * 60_000,
);

test(
	"Arrow: hundreds of damaged files",
	async () => {
		const random = numbers(fuzzSeed);
		const original = readFileSync(join(folder, "stream.arrow"));
		let refused = 0;
		const damagedFiles = filesToDamage(400);
		for (let i = 0; i < damagedFiles; i++) {
			writeFileSync(path("mutant.arrow"), mutate(original, random));
			try {
				await readArrow(path("mutant.arrow"));
			} catch (error) {
				if (!(error instanceof TorchError)) throw error;
				if (!/mutant\.arrow: [^\n]{1,300}$/.test(error.message)) throw error;
				refused++;
			}
		}
		expect(refused).toBeGreaterThan(damagedFiles / 10);
	},
	20 * 60_000,
);

describe("tables as tensors", () => {
	const table = new Table({
		size: [1.5, 2, null, 4],
		count: [1, 2, 3, 4],
		big: [2n ** 60n, 1n, 2n, 3n],
		old: [true, false, true, true],
		name: ["b", "a", "b", "c"],
	});

	test("numbers, true and false become floats, nothing becomes NaN", () => {
		const x = table.tensor(["size", "count", "old"]);
		expect([x.dtype, x.shape]).toEqual(["float32", [4, 3]]);
		expect(x.tolist()).toEqual([
			[1.5, 1, 1],
			[2, 2, 0],
			[Number.NaN, 3, 1],
			[4, 4, 1],
		]);
		expect(table.tensor().shape).toEqual([4, 4]);
		const exact = table.tensor(["big"], { dtype: "int64" });
		expect(exact.tolist()).toEqual([[2n ** 60n], [1], [2], [3]]);
	});

	test("text becomes classes", () => {
		const { classes, codes } = table.categories("name");
		expect([classes, codes.tolist()]).toEqual([
			["a", "b", "c"],
			[1, 0, 1, 2],
		]);
		const numbers = new Table({ n: [10, 9, 10] }).categories("n");
		expect([numbers.classes, numbers.codes.tolist()]).toEqual([
			["9", "10"],
			[1, 0, 1],
		]);
	});

	test.each<[string, () => unknown, RegExp]>([
		[
			"text as numbers",
			() => table.tensor(["name"]),
			/names: expected numbers for float32, got string "b" in row 0 of "name"/,
		],
		[
			"fractions as integers",
			() => table.tensor(["size"], { dtype: "int64" }),
			/expected numbers for int64, got number 1.5 in row 0 of "size"/,
		],
		[
			"nothing as an integer",
			() => table.tensor(["size"], { dtype: "int32" }),
			/got number 1.5|got null/,
		],
		[
			"a column that is not there",
			() => table.column("nome"),
			/name: expected one of "size", "count", "big", "old", "name", got string "nome"/,
		],
		[
			"an unknown class",
			() => table.categories("name", ["a", "b"]),
			/row 3 of "name" is string "c", which is not among the classes/,
		],
		[
			"nothing as a class",
			() => table.categories("size"),
			/row 2 of "size" is empty/,
		],
		[
			"columns of different lengths",
			() => new Table({ a: [1], b: [1, 2] }),
			/expected 1 rows in each, got 2 in "b"/,
		],
		[
			"a target that is not there",
			() => new TabularDataset(table, { target: "x" }),
			/name: expected one of/,
		],
		[
			"text among the features",
			() => new TabularDataset(table, { target: "count", features: ["name"] }),
			/expected numbers/,
		],
	])("refuses %s", (_, call, message) => {
		expect(call).toThrow(message);
		expect(call).toThrow(TorchError);
	});

	test("are data sets, with classes or numbers to predict", async () => {
		const data = new TabularDataset(table, {
			target: "name",
			features: ["count", "old"],
		});
		expect([data.length, data.classes, data.features]).toEqual([
			4,
			["a", "b", "c"],
			["count", "old"],
		]);
		for await (const [x, y] of new DataLoader(data, { batchSize: 3 })) {
			expect([x.dtype, x.shape, y.dtype, y.tolist()]).toEqual([
				"float32",
				[3, 2],
				"int64",
				[1, 0, 1],
			]);
			break;
		}
		const regression = new TabularDataset(table, { target: "count" });
		expect(regression.features).toEqual(["size", "big", "old"]);
		expect(regression.getItem(1)[1].item()).toBe(2);
	});
});

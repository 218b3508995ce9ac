import { execFileSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import { gzipSync } from "node:zlib";
import { TorchError } from "../../lib/errors.ts";
import { silent } from "../../lib/files/report.ts";
import { untar } from "../../lib/files/untar.ts";
import { temporaryFolder } from "../support/folder.ts";
import { filesToDamage, fuzzSeed, mutate, numbers } from "../support/mutate.ts";
import { type TarEntry, tar } from "../support/tar.ts";

const path = temporaryFolder();
let runs = 0;

/** Extracts into a new folder, and returns it. */
async function extract(bytes: Buffer, maxBytes?: number): Promise<string> {
	const folder = path(`run${runs++}/inner`);
	mkdirSync(folder, { recursive: true });
	writeFileSync(path("a.tar"), bytes);
	await untar(path("a.tar"), folder, (name) => name, silent, maxBytes);
	return folder;
}

const long = `${"deep/".repeat(40)}file.txt`;

test.each(["gnu", "ustar", "posix", "v7"])(
	"reads what tar --format=%s writes",
	async (format) => {
		const source = path(`source-${format}`);
		const names = ["a.txt", "b/c.bin", "b/empty", "with space/ä.txt"];
		if (format === "gnu" || format === "posix") names.push(long);
		for (const name of names) {
			const file = `${source}/${name}`;
			mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
			writeFileSync(file, name.endsWith("empty") ? "" : name.repeat(700));
		}
		for (const zip of [[], ["-z"]]) {
			const archive = path(`${format}.tar`);
			execFileSync("tar", [
				"-C",
				source,
				`--format=${format}`,
				...zip,
				"-cf",
				archive,
				".",
			]);
			const folder = await extract(readFileSync(archive));
			for (const name of names)
				expect(
					readFileSync(`${folder}/${name}`).equals(
						readFileSync(`${source}/${name}`),
					),
				).toBe(true);
		}
	},
);

test("what is not chosen is left out, and progress is told", async () => {
	writeFileSync(
		path("p.tar"),
		tar([
			{ name: "x/a", data: "1" },
			{ name: "y/b", data: "2" },
		]),
	);
	const told: [number, number | null][] = [];
	await untar(
		path("p.tar"),
		path("chosen"),
		(name) => (name.startsWith("y/") ? name.slice(2) : null),
		{
			step() {},
			progress: (done, total) => told.push([done, total]),
		},
	);
	expect(readdirSync(path("chosen"))).toEqual(["b"]);
	expect(told.at(-1)).toEqual([3072, 3072]);
});

const file = { name: "good.txt", data: "good" };
const wrong: [string, Buffer, RegExp][] = [
	[
		"..",
		tar([file, { name: "../evil", data: "x" }]),
		/"\.\.\/evil" leads out of the folder/,
	],
	[
		".. within",
		tar([{ name: "a/../../evil", data: "x" }]),
		/leads out of the folder/,
	],
	[
		"an absolute name",
		tar([{ name: "/tmp/evil", data: "x" }]),
		/"\/tmp\/evil" leads out of the folder/,
	],
	[
		"a folder outside",
		tar([{ name: "../evil/", type: "5" }]),
		/leads out of the folder/,
	],
	[
		"a long name outside",
		tar([{ name: "@", type: "L", data: `../${"x".repeat(200)}` }, file]),
		/leads out of the folder/,
	],
	[
		"attributes outside",
		tar([{ name: "@", type: "x", data: "18 path=../evil.x\n" }, file]),
		/leads out of the folder/,
	],
	[
		"a link",
		tar([{ name: "link", type: "2", link: "/etc/passwd" }]),
		/"link" is no plain file/,
	],
	[
		"a hard link",
		tar([{ name: "link", type: "1", link: "good.txt" }]),
		/"link" is no plain file/,
	],
	["a device", tar([{ name: "dev", type: "3" }]), /"dev" is no plain file/],
	[
		"a cut off file",
		tar([{ name: "a", data: "x".repeat(5000) }]).subarray(0, 3000),
		/it ends in the middle/,
	],
	[
		"a cut off gzip",
		gzipSync(tar([{ name: "a", data: Buffer.alloc(5000, 7) }])).subarray(0, 60),
		/unexpected end of file/,
	],
	[
		"a wrong checksum",
		Buffer.from(
			tar([file]).toString("latin1").replace("good.txt", "gOod.txt"),
			"latin1",
		),
		/the checksum of a header is wrong/,
	],
	["no tar", Buffer.alloc(600, "text"), /a header has a size that is none/],
	[
		"damaged attributes",
		tar([{ name: "@", type: "x", data: "9999999 path" }, file]),
		/attributes that are damaged/,
	],
	[
		"a long name of megabytes",
		tar([{ name: "@", type: "L", data: Buffer.alloc(1 << 20, "x") }, file]),
		/a name that is too long/,
	],
	[
		"a bomb",
		gzipSync(tar([{ name: "zeros", data: Buffer.alloc(20_000_000) }])),
		/it unpacks to more than 1000000 bytes/,
	],
	[
		"many small files",
		tar(
			Array.from({ length: 2000 }, (_, i) => ({
				name: `f${i}`,
				data: "x".repeat(600),
			})),
		),
		/it unpacks to more than 1000000 bytes/,
	],
	[
		"a size beyond the file",
		tar([{ name: "a", data: "x", size: 2 ** 32 }]),
		/it unpacks to more than/,
	],
];

test.each(wrong)("refuses %s", async (_, bytes, message) => {
	const before = runs;
	const refused = extract(bytes, 1_000_000);
	await expect(refused).rejects.toThrow(message);
	await expect(refused).rejects.toMatchObject({ code: "ERR_ARCHIVE" });
	await expect(refused).rejects.toThrow(
		`${path("a.tar")}: damaged, or no tar: `,
	);
	expect(readdirSync(path(`run${before}`))).toEqual(["inner"]);
	expect(existsSync("/tmp/evil")).toBe(false);
});

const count = filesToDamage(600);

test(
	`${count} damaged archives give files within the folder or one error (TORCH_NODE_FUZZ_SEED=${fuzzSeed})`,
	async () => {
		const random = numbers(fuzzSeed);
		const entries: TarEntry[] = [
			{ name: "@", type: "x", data: "18 path=good/abc.x\n" },
			file,
			{ name: "@", type: "L", data: long },
			{ name: "short", data: "long" },
			{ name: "folder/", type: "5" },
		];
		const originals = [tar(entries), gzipSync(tar(entries)), tar([file])];
		const before = runs;
		for (let i = 0; i < count; i++) {
			const original = originals[
				Math.floor(random() * originals.length)
			] as Buffer;
			try {
				await extract(mutate(original, random), 100_000);
			} catch (error) {
				// a name may be longer than the file system's, or a folder that is a file
				const { code } = error as NodeJS.ErrnoException;
				if (
					!(error instanceof TorchError) &&
					!/^(ENAMETOOLONG|EISDIR|ENOTDIR|EEXIST)$/.test(code ?? "")
				)
					throw error;
			}
		}
		for (let i = before; i < runs; i++)
			expect(readdirSync(path(`run${i}`))).toEqual(["inner"]);
	},
	20 * 60_000,
);

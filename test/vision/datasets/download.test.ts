import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import {
	fetchArchive,
	type SourceArchive,
} from "../../../lib/vision/datasets/download.ts";
import { CIFAR10, USPS } from "../../../lib/vision/datasets/index.ts";
import { compiled } from "../../support/dist.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { type FakeServer, serve } from "../../support/server.ts";
import { type TarEntry, tar } from "../../support/tar.ts";

const path = temporaryFolder();
const fixtures = join(__dirname, "../../fixtures/datasets");
const inCifar = "cifar-10-batches-py";
const names = readdirSync(join(fixtures, "CIFAR10", inCifar));
const archive = gzipSync(
	tar(
		names.map((name) => ({
			name: `${inCifar}/${name}`,
			data: readFileSync(join(fixtures, "CIFAR10", inCifar, name)),
		})),
	),
);
const md5 = createHash("md5").update(archive).digest("hex");

let server: FakeServer;
let root: string;
let runs = 0;
beforeEach(async () => {
	server = await serve();
	server.files = { "/tiny.tar.gz": archive };
	root = path(`root${runs++}`);
	mkdirSync(root);
});
afterEach(() => server.close());

class Tiny extends CIFAR10 {
	static override readonly source = {
		...CIFAR10.source,
		name: "tiny.tar.gz",
		md5,
	};
}
const get = (options = {}) =>
	Tiny.download(root, { mirrors: [server.address], retries: 0, ...options });

test("an archive is downloaded, extracted, and not kept; the second time nothing is asked for", async () => {
	const steps: string[] = [];
	const told: number[] = [];
	const report = {
		step: (message: string) => steps.push(message),
		progress: (done: number) => told.push(done),
	};
	const download = { mirrors: [server.address], report };
	const data = await Tiny.load(root, { download });
	expect([data.length, data.classes[0]]).toEqual([10, "airplane"]);
	expect(readdirSync(root)).toEqual([inCifar]);
	expect(steps).toEqual(["Downloading tiny.tar.gz", "Extracting tiny.tar.gz"]);
	expect(told.length).toBeGreaterThan(1);
	await get();
	expect(server.requests.length).toBe(1);
});

test("an archive that somebody has put there is taken, if it is the right one", async () => {
	writeFileSync(join(root, "tiny.tar.gz"), archive);
	await get();
	expect(server.requests).toEqual([]);
	expect(new Tiny(root).length).toBe(10);
});

test("another file in its place is downloaded anew", async () => {
	writeFileSync(join(root, "tiny.tar.gz"), "something else");
	await get();
	expect(new Tiny(root).length).toBe(10);
});

test("what is left of an extraction that was killed is not used", async () => {
	mkdirSync(join(root, ".tiny.tar.gz.new", inCifar), { recursive: true });
	writeFileSync(
		join(root, ".tiny.tar.gz.new", inCifar, "data_batch_1"),
		"half",
	);
	await get();
	expect(readdirSync(root)).toEqual([inCifar]);
	expect(new Tiny(root).length).toBe(10);
});

const failures: [string, () => void, RegExp][] = [
	[
		"a wrong hash",
		() => {
			server.files["/tiny.tar.gz"] = Buffer.concat([archive, Buffer.alloc(1)]);
		},
		/its MD5 is [0-9a-f]{32}, expected [0-9a-f]{32}/,
	],
	[
		"a file cut off",
		() => {
			server.breakAfter = [500];
		},
		/ended at byte|terminated|closed|aborted|hang up/,
	],
	[
		"a server error",
		() => {
			server.statuses = [503];
		},
		/the server answered 503/,
	],
	[
		"a file that is not there",
		() => {
			server.files = {};
		},
		/the server answered 404/,
	],
	[
		"redirections without end",
		() => {
			server.redirects = { "/tiny.tar.gz": "/tiny.tar.gz" };
		},
		/the server redirects without end/,
	],
];

test.each(failures)(
	"%s leaves nothing to be used",
	async (_, harm, message) => {
		harm();
		await expect(get()).rejects.toThrow(message);
		expect(existsSync(join(root, inCifar))).toBe(false);
		expect(() => new Tiny(root)).toThrow(/cifar-10-batches-py does not exist/);
	},
);

test("a broken connection is taken up again", async () => {
	server.breakAfter = [1000];
	await get({ retries: 1 });
	expect(server.requests).toEqual([
		"GET /tiny.tar.gz",
		"GET /tiny.tar.gz bytes=1000-",
	]);
	expect(new Tiny(root).length).toBe(10);
});

const evil: [string, TarEntry[], RegExp][] = [
	[
		"leads out of the folder",
		[{ name: `../${inCifar}`, data: "x" }],
		/leads out of the folder/,
	],
	[
		"has links",
		[{ name: inCifar, type: "2", link: "/etc" }],
		/is no plain file/,
	],
	[
		"is a bomb",
		[{ name: `${inCifar}/zeros`, data: Buffer.alloc(100_000_000) }],
		/it unpacks to more than/,
	],
	[
		"has something else",
		[{ name: "README", data: "x" }],
		/has no cifar-10-batches-py/,
	],
];

test.each(evil)(
	"an archive that %s is refused",
	async (_, entries, message) => {
		const bytes = gzipSync(tar(entries));
		server.files["/evil.tar.gz"] = bytes;
		const source: SourceArchive = {
			...CIFAR10.source,
			name: "evil.tar.gz",
			md5: createHash("md5").update(bytes).digest("hex"),
		};
		const refused = fetchArchive(root, source, { mirrors: [server.address] });
		await expect(refused).rejects.toThrow(message);
		await expect(refused).rejects.toMatchObject({ code: "ERR_ARCHIVE" });
		expect(readdirSync(root).filter((name) => name !== "evil.tar.gz")).toEqual(
			[],
		);
		expect(readdirSync(path("")).filter((name) => !/^root/.test(name))).toEqual(
			[],
		);
	},
);

test("archives with the same folders are put together", async () => {
	const source = (name: string, file: string): SourceArchive => {
		server.files[`/${name}`] = tar([
			{ name: `all/lists/${file}.txt`, data: file },
			{ name: `all/images/${file}.jpg`, data: file },
		]);
		return {
			name,
			urls: [],
			folder: "",
			contents: ["all/images", "all/lists"],
			marks: [`all/lists/${file}.txt`],
		};
	};
	for (const name of ["train", "test", "train"])
		await fetchArchive(root, source(`${name}.tar`, name), {
			mirrors: [server.address],
		});
	expect(readdirSync(join(root, "all/images"))).toEqual([
		"test.jpg",
		"train.jpg",
	]);
	expect(readdirSync(join(root, "all/lists"))).toEqual([
		"test.txt",
		"train.txt",
	]);
	expect(server.requests.length).toBe(2);
});

test("single files are held to their hashes", async () => {
	server.files = { "/usps.bz2": Buffer.from("something else") };
	const options = { mirrors: [server.address], retries: 0 };
	await expect(USPS.download(root, options)).rejects.toThrow(
		/^usps\.bz2 could not be downloaded:\n.*its MD5 is/,
	);
	expect(readdirSync(root)).toEqual([]);
	expect(() => new USPS(root)).toThrow(/usps\.bz2 does not exist\. USPS\.load/);
});

test("three processes that want the same root share one download", async () => {
	const module = compiled("lib/vision/datasets/index.js");
	const program = `
		import { CIFAR10 } from ${JSON.stringify(module)};
		class Tiny extends CIFAR10 {
			static source = { ...CIFAR10.source, name: "tiny.tar.gz", md5: "${md5}" };
		}
		const download = { mirrors: ["${server.address}"] };
		console.log((await Tiny.load(${JSON.stringify(root)}, { download })).length);`;
	const run = () =>
		promisify(execFile)(process.execPath, [
			"--input-type=module",
			"-e",
			program,
		]);
	const results = await Promise.all([run(), run(), run()]);
	expect(results.map(({ stdout }) => stdout)).toEqual(["10\n", "10\n", "10\n"]);
	expect(server.requests).toEqual(["GET /tiny.tar.gz"]);
	expect(readdirSync(root)).toEqual([inCifar]);
});

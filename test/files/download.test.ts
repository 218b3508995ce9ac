import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { download } from "../../lib/files/download.ts";
import { silent } from "../../lib/files/report.ts";
import { sha256, useEmptyMachine } from "../libtorch/fake.ts";
import { type FakeServer, serve } from "../support/server.ts";

const machine = useEmptyMachine();
const content = randomBytes(3_000_000);
let server: FakeServer;
let file: string;

beforeEach(async () => {
	server = await serve();
	server.files = { "/a.zip": content };
	file = join(machine.folder, "downloads", "a.zip");
});
afterEach(() => server.close());

function get(options: Parameters<typeof download>[3] = {}): Promise<string> {
	return download(`${server.address}/a.zip`, file, silent, options);
}

function expectWhole(): void {
	expect(readFileSync(file).equals(content)).toBe(true);
	expect(existsSync(`${file}.part`)).toBe(false);
	expect(existsSync(`${file}.part.etag`)).toBe(false);
}

test("a file arrives whole, its hash is returned, and progress is told in bytes", async () => {
	const told: [number, number | null][] = [];
	const report = {
		step() {},
		progress: (done: number, total: number | null) => {
			told.push([done, total]);
		},
	};
	const url = `${server.address}/a.zip`;
	expect(await download(url, file, report)).toBe(sha256(content));
	expectWhole();
	expect(told.at(-1)).toEqual([content.length, content.length]);
});

test("a connection that breaks is continued where it broke", async () => {
	server.breakAfter = [1_000_000, 500_000];
	await get();
	expectWhole();
	const ranges = server.requests.map((request) => request.split("bytes=")[1]);
	expect(server.requests).toHaveLength(3);
	expect(ranges[0]).toBeUndefined();
	expect(Number.parseInt(ranges[1] ?? "", 10)).toBeGreaterThan(0);
	expect(Number.parseInt(ranges[2] ?? "", 10)).toBeGreaterThan(
		Number.parseInt(ranges[1] ?? "", 10),
	);
});

test("a later call continues what an earlier one left", async () => {
	server.breakAfter = [1_000_000];
	await expect(get({ retries: 0 })).rejects.toMatchObject({
		code: "ERR_DOWNLOAD",
	});
	expect(existsSync(file)).toBe(false);
	await get();
	expectWhole();
	expect(server.requests[1]).toMatch(/^GET \/a.zip bytes=\d+-$/);
});

test("a file that changed on the server meanwhile is fetched anew", async () => {
	server.breakAfter = [1_000_000];
	await get({ retries: 0 }).catch(() => {});
	server.edition = "2";
	server.files["/a.zip"] = randomBytes(2_000_000);
	const hash = await get();
	expect(hash).toBe(sha256(server.files["/a.zip"]));
});

test("a part that is longer than the server's file is thrown away", async () => {
	server.breakAfter = [1_000_000];
	await get({ retries: 0 }).catch(() => {});
	server.files["/a.zip"] = content.subarray(0, 1000);
	expect(await get()).toBe(sha256(content.subarray(0, 1000)));
});

test("a server that sends no parts sends everything again", async () => {
	server.ranges = false;
	server.breakAfter = [1_000_000];
	await get();
	expectWhole();
});

test("a part of unknown origin is not built upon", async () => {
	await get();
	writeFileSync(`${file}.part`, "something else");
	await get();
	expectWhole();
	expect(server.requests[1]).toBe("GET /a.zip");
});

test("an overloaded server is asked again, a missing file is not", async () => {
	server.statuses = [503, 429];
	await get();
	expectWhole();
	server.requests = [];
	server.files = {};
	await expect(get()).rejects.toThrow(/a\.zip could not be downloaded: .*404/);
	expect(server.requests).toHaveLength(1);
});

test("a silent server is given up", async () => {
	server.silent = true;
	await expect(get({ retries: 0, silence: 100 })).rejects.toMatchObject({
		code: "ERR_DOWNLOAD",
	});
});

test("a wrong hash is an error, and leaves nothing", async () => {
	await expect(get({ sha256: "0".repeat(64) })).rejects.toMatchObject({
		code: "ERR_HASH",
		message: expect.stringContaining(sha256(content)),
	});
	expect(existsSync(file)).toBe(false);
	expect(existsSync(`${file}.part`)).toBe(false);
});

test("a right hash passes, in capitals too", async () => {
	await get({ sha256: sha256(content).toUpperCase() });
	expectWhole();
});

test("HTTP_PROXY is honoured, and so is NO_PROXY", async () => {
	process.env.HTTP_PROXY = server.address;
	await download("http://files.invalid/a.zip", file, silent, { retries: 0 });
	expectWhole();
	expect(server.requests).toEqual(["GET http://files.invalid/a.zip"]);
	process.env.NO_PROXY = "files.invalid";
	await expect(
		download("http://files.invalid/a.zip", file, silent, { retries: 0 }),
	).rejects.toMatchObject({ code: "ERR_DOWNLOAD" });
	expect(server.requests).toHaveLength(1);
});

test("HTTPS_PROXY is asked for a tunnel", async () => {
	process.env.HTTPS_PROXY = server.address;
	await expect(
		download("https://files.invalid/a.zip", file, silent, { retries: 0 }),
	).rejects.toMatchObject({ code: "ERR_DOWNLOAD" });
	expect(server.requests).toEqual(["CONNECT files.invalid:443"]);
});

test("a folder that cannot be written is an error of its own", async () => {
	writeFileSync(join(machine.folder, "downloads"), "a file in the way");
	await expect(get()).rejects.toThrow(/EEXIST|ENOTDIR/);
});

test("an MD5, where there is no better hash, is held to as well", async () => {
	const md5 = createHash("md5").update(content).digest("hex");
	await get({ md5: md5.toUpperCase() });
	expectWhole();
	const other = "0".repeat(32);
	await expect(get({ md5: other })).rejects.toMatchObject({
		code: "ERR_HASH",
		message: expect.stringContaining(`its MD5 is ${md5}, expected ${other}`),
	});
	expect(existsSync(`${file}.part`)).toBe(false);
});

test("a redirection is followed; one without end is refused at once", async () => {
	server.redirects = { "/b.zip": "/a.zip", "/x": "/y", "/y": "/x" };
	await download(`${server.address}/b.zip`, file, silent);
	expectWhole();
	const loop = download(`${server.address}/x`, file, silent);
	await expect(loop).rejects.toMatchObject({
		code: "ERR_DOWNLOAD",
		message: `${server.address}/x could not be downloaded: the server redirects without end`,
	});
	expect(server.requests.length).toBeLessThan(30);
});

test.each(["no address", "file:///etc/passwd", "ftp://a/b"])(
	"%s is no address",
	async (url) => {
		await expect(download(url, file, silent)).rejects.toThrow(
			`${url} could not be downloaded: not an address that can be fetched`,
		);
	},
);

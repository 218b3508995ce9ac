import {
	lstatSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atomicWrite } from "../../lib/io/atomicWrite.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "atomic-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("writes all chunks, over an older file too", () => {
	const path = join(folder, "f");
	writeFileSync(path, "old and longer");
	atomicWrite(path, [Buffer.from("ab"), Buffer.alloc(0), Buffer.from("c")]);
	expect(readFileSync(path, "utf8")).toBe("abc");
	expect(readdirSync(folder)).toEqual(["f"]);
});

test("a failure half-way leaves the old file and nothing else", () => {
	const path = join(folder, "f");
	writeFileSync(path, "old");
	function* chunks() {
		yield Buffer.from("half");
		throw new Error("no more");
	}
	expect(() => atomicWrite(path, chunks())).toThrow("no more");
	expect(readFileSync(path, "utf8")).toBe("old");
	expect(readdirSync(folder)).toEqual(["f"]);
});

test("a folder that is not there is the file system's own error", () => {
	expect(() => atomicWrite(join(folder, "no", "f"), [])).toThrow("ENOENT");
});

test("what a symbolic link points to is replaced, not the link", () => {
	writeFileSync(join(folder, "target"), "old");
	symlinkSync("target", join(folder, "link"));
	atomicWrite(join(folder, "link"), [Buffer.from("new")]);
	expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(true);
	expect(readFileSync(join(folder, "target"), "utf8")).toBe("new");
});

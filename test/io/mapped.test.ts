import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import * as torch from "../../lib/index.ts";
import { io, type Tensor } from "../../lib/index.ts";
import { compiled, type Ended, run } from "../support/dist.ts";
import { temporaryFolder } from "../support/folder.ts";

const temporary = temporaryFolder();
const library = pathToFileURL(compiled("lib/index.js")).href;

/** Runs a program in a process of its own, which may end badly. */
function inProcess(program: string): Promise<Ended> {
	const text = `import { io } from ${JSON.stringify(library)};\nimport { truncateSync, rmSync } from "node:fs";\n${program}`;
	return run(process.execPath, ["--input-type=module", "-e", text]);
}

test("a file that becomes shorter while it is mapped ends the process, which says why", async () => {
	const path = temporary("shrinks.pt");
	io.save({ a: torch.ones([1_000_000]) }, path);
	const { died, stderr } = await inProcess(`
		const { a } = io.load(${JSON.stringify(path)});
		truncateSync(${JSON.stringify(path)}, 1000);
		a.sum().item();
	`);
	expect(died).toBe("SIGBUS");
	expect(stderr).toBe(
		`torch-node: ${path}: became shorter while tensors were mapped from it, and their values are gone. ` +
			"Load it with mmap: false where other programs write to it.\n",
	);
});

test("a file that is copied may become shorter, one that is mapped may be removed or replaced", async () => {
	const path = temporary("shrinks.safetensors");
	const save = (value: number) =>
		io.saveFile(path, { a: torch.full([1_000_000], value) });
	save(1);
	const { stdout, stderr } = await inProcess(`
		const path = ${JSON.stringify(path)};
		const mapped = io.loadFile(path).a;
		rmSync(path);
		io.saveFile(path, { a: mapped.add(1) });
		const copied = io.loadFile(path, { mmap: false }).a;
		truncateSync(path, 1000);
		console.log(mapped.sum().item(), copied.sum().item());
	`);
	expect([stdout, stderr]).toEqual(["1000000 2000000\n", ""]);
});

test("mapped tensors take no memory until they are used", () => {
	const path = temporary("large.pt");
	const count = 20_000_000;
	io.save({ a: torch.arange(count) }, path);
	const before = process.memoryUsage().rss;
	const { bytes } = torch.memoryUsage();
	const { a } = io.load<{ a: Tensor }>(path);
	expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
	expect(torch.memoryUsage().bytes - bytes).toBeLessThan(50e6);
	expect(a.select(0, count - 1).item()).toBe(count - 1);
	const { a: b } = io.load<{ a: Tensor }>(path, { mmap: false });
	expect(b.equal(a)).toBe(true);
});

test("tensors that are not aligned in the file are copied", () => {
	const path = temporary("odd.safetensors");
	const bytes = Buffer.from(
		`{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"F64","shape":[2],"data_offsets":[3,19]}}`,
	);
	const head = Buffer.alloc(8);
	head.writeBigUInt64LE(BigInt(bytes.length));
	const data = Buffer.concat([
		Buffer.from([1, 2, 3]),
		Buffer.from(Float64Array.of(0.5, -2).buffer),
	]);
	writeFileSync(path, Buffer.concat([head, bytes, data]));
	for (const mmap of [true, false]) {
		const { a, b } = io.loadFile(path, { mmap });
		expect([a?.tolist(), b?.tolist()]).toEqual([
			[1, 2, 3],
			[0.5, -2],
		]);
	}
});

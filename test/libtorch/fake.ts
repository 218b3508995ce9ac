import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";

/** A file of a zip. `mode` is the Unix file type and permissions, `sum` overrides the right checksum. */
export interface FakeFile {
	data: Buffer | string;
	mode?: number;
	sum?: number;
}

export type FakeFiles = Record<string, Buffer | string | FakeFile>;

/** A zip of stored files, with whatever names and checksums the test wants. */
export function zip(files: FakeFiles): Buffer {
	const locals: Buffer[] = [];
	const centrals: Buffer[] = [];
	let offset = 0;
	for (const [name, file] of Object.entries(files)) {
		const { data, mode = 0o100644, sum } = toFile(file);
		const content = Buffer.from(data);
		const fields = Buffer.alloc(26);
		fields.writeUInt16LE(20, 0);
		fields.writeUInt16LE(0x0800, 2); // names are UTF-8
		fields.writeUInt32LE(sum ?? crc32(content), 10);
		fields.writeUInt32LE(content.length, 14);
		fields.writeUInt32LE(content.length, 18);
		fields.writeUInt16LE(Buffer.byteLength(name), 22);
		const local = Buffer.concat([
			Buffer.from("PK\x03\x04"),
			fields,
			Buffer.from(name),
			content,
		]);
		const rest = Buffer.alloc(14);
		rest.writeUInt32LE((mode << 16) >>> 0, 6);
		rest.writeUInt32LE(offset, 10);
		centrals.push(
			Buffer.from("PK\x01\x02\x14\x03"),
			fields,
			rest,
			Buffer.from(name),
		);
		locals.push(local);
		offset += local.length;
	}
	const central = Buffer.concat(centrals);
	const end = Buffer.alloc(18);
	end.writeUInt16LE(locals.length, 4);
	end.writeUInt16LE(locals.length, 6);
	end.writeUInt32LE(central.length, 8);
	end.writeUInt32LE(offset, 12);
	return Buffer.concat([...locals, central, Buffer.from("PK\x05\x06"), end]);
}

function toFile(file: Buffer | string | FakeFile): FakeFile {
	return typeof file === "string" || Buffer.isBuffer(file)
		? { data: file }
		: file;
}

const machines = { x64: 62, arm64: 183 };

/** The header of a shared library for this processor, and nothing after it. */
export function library(
	arch: keyof typeof machines = process.arch as "x64",
): Buffer {
	const header = Buffer.alloc(64);
	header.write("\x7fELF\x02\x01\x01", "latin1");
	header.writeUInt16LE(3, 16);
	header.writeUInt16LE(machines[arch], 18);
	header.writeBigUInt64LE(64n, 40); // the table of sections would begin at the end of the file
	return header;
}

export interface FakeLibTorch {
	version?: string;
	arch?: keyof typeof machines;
	cuda?: boolean;
}

/** The files of an official LibTorch zip. */
export function libtorchFiles({
	version = "2.13.0+cpu",
	arch,
	cuda = false,
}: FakeLibTorch = {}): FakeFiles {
	return {
		"libtorch/build-version": `${version}\n`,
		"libtorch/lib/libtorch_cpu.so": library(arch),
		"libtorch/lib/libc10.so": library(arch),
		...(cuda ? { "libtorch/lib/libtorch_cuda.so": library(arch) } : {}),
		"libtorch/include/ATen/ATen.h": "#pragma once\n",
		"libtorch/share/cmake/Torch/TorchConfig.cmake": "\n",
		"libtorch/bin/unneeded": "x",
	};
}

/** The files of a wheel that pip takes for torch. */
export function wheelFiles({
	version = "2.13.0+cpu",
	arch,
	cuda = false,
	needs = [],
}: FakeLibTorch & { needs?: string[] } = {}): FakeFiles {
	const info = `torch-${version}.dist-info`;
	const requires = needs.map((need) => `Requires-Dist: ${need}\n`).join("");
	return {
		"torch/version.py": `__version__ = '${version}'\n`,
		"torch/__init__.py": "",
		"torch/lib/libtorch_cpu.so": library(arch),
		"torch/lib/libtorch_python.so": library(arch),
		"torch/lib/libc10.so": library(arch),
		...(cuda ? { "torch/lib/libtorch_cuda.so": library(arch) } : {}),
		"torch/include/ATen/ATen.h": "#pragma once\n",
		[`${info}/METADATA`]: `Metadata-Version: 2.1\nName: torch\nVersion: ${version}\n${requires}`,
		[`${info}/WHEEL`]:
			"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
		[`${info}/RECORD`]: "",
	};
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: FakeFiles): void {
	for (const [name, file] of Object.entries(files)) {
		const path = join(folder, name);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, toFile(file).data);
	}
}

export function sha256(data: Buffer): string {
	return createHash("sha256").update(data).digest("hex");
}

const variables = [
	"LIBTORCH",
	"TORCH_NODE_CACHE",
	"TORCH_NODE_ANY_LIBTORCH",
	"TORCH_NODE_MIRROR",
	"VIRTUAL_ENV",
	"CONDA_PREFIX",
	"PATH",
	...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].flatMap((name) => [
		name,
		name.toLowerCase(),
	]),
];

/** A machine without any LibTorch: an empty folder (returned), an empty cache in it, and no program on the PATH. */
export function emptyMachine(): string {
	const folder = mkdtempSync(join(tmpdir(), "torch-node-"));
	for (const name of variables) delete process.env[name];
	process.env.TORCH_NODE_CACHE = join(folder, "cache");
	process.env.PATH = join(folder, "bin");
	return folder;
}

export interface Machine {
	/** The empty folder of this test. */
	folder: string;
	/** The real PATH. */
	path: string;
	/** The real environment. */
	before: NodeJS.ProcessEnv;
}

/** Keeps the environment of the test file as it was, and throws its folders away. Call at the top of the file. */
export function useEmptyMachine(): Machine {
	const before = { ...process.env };
	const machine = { folder: "", path: before.PATH ?? "", before };
	beforeEach(() => {
		machine.folder = emptyMachine();
	});
	afterEach(() => {
		Object.assign(process.env, before);
		for (const name of variables) {
			if (before[name] === undefined) delete process.env[name];
		}
		rmSync(machine.folder, { recursive: true, force: true });
	});
	return machine;
}

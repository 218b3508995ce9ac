import { appendFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasNvidiaDriver } from "../../lib/libtorch/cache.ts";
import { findLibTorch } from "../../lib/libtorch/search.ts";
import { compareVersions, inspect } from "../../lib/libtorch/version.ts";
import {
	type FakeLibTorch,
	library,
	libtorchFiles,
	useEmptyMachine,
	wheelFiles,
	writeFiles,
} from "./fake.ts";

const machine = useEmptyMachine();

/** Unpacks a fake LibTorch into `folder` of the machine and returns its path. */
function unpacked(folder: string, fake: FakeLibTorch = {}): string {
	writeFiles(join(machine.folder, folder), libtorchFiles(fake));
	return join(machine.folder, folder, "libtorch");
}

function cached(name: string, fake: FakeLibTorch = {}): string {
	const root = join(machine.folder, "cache", "libtorch", name);
	writeFiles(root, wheelFiles(fake));
	return join(root, "torch");
}

function messageOf(options = {}): string {
	try {
		findLibTorch(options);
	} catch (error) {
		expect(error).toMatchObject({
			name: "TorchError",
			code: "ERR_LIBTORCH_NOT_FOUND",
		});
		return (error as Error).message;
	}
	throw new Error("a LibTorch was found");
}

test("on an empty machine every place is named, why it will not do, and the command that helps", () => {
	const message = messageOf();
	for (const line of [
		"No LibTorch was found:",
		"  LIBTORCH: not set",
		`  @torch-node/libtorch-${process.platform}-${process.arch}-cpu: not installed`,
		`  cache: nothing in ${join(machine.folder, "cache")}`,
		"  VIRTUAL_ENV: not set",
		"  CONDA_PREFIX: not set",
		"  python3: not there",
		"  system (/usr/local/libtorch): no such folder",
		"This command gets one: npx torch-node install",
	]) {
		expect(message.split("\n")).toContain(line);
	}
});

test("LIBTORCH names one", () => {
	const path = unpacked("mine", { version: "2.12.1+cpu" });
	process.env.LIBTORCH = path;
	expect(findLibTorch()).toEqual({
		path,
		lib: join(path, "lib"),
		version: "2.12.1+cpu",
		source: "LIBTORCH",
		cuda: false,
		tries: [{ place: "LIBTORCH", path, problem: null }],
	});
});

test("the option goes before LIBTORCH", () => {
	process.env.LIBTORCH = unpacked("theirs");
	const libtorch = unpacked("mine");
	expect(findLibTorch({ libtorch })).toMatchObject({
		path: libtorch,
		source: "option libtorch",
	});
});

test("one that was asked for is refused, not passed over", () => {
	cached("2.13.0-cpu");
	process.env.LIBTORCH = join(machine.folder, "nowhere");
	const message = messageOf();
	expect(message).toContain("This LibTorch cannot be used:");
	expect(message).toContain(
		`LIBTORCH (${process.env.LIBTORCH}): no such folder`,
	);
	expect(message).not.toContain("cache");
});

test.each([
	["1.13.1", "version 1.13.1; torch-node is tested with 2.11 to 2.14"],
	["2.10.0+cpu", "version 2.10.0+cpu; torch-node is tested with 2.11 to 2.14"],
	["2.15.0", "version 2.15.0; torch-node is tested with 2.11 to 2.14"],
	["3.0.0", "version 3.0.0; torch-node is tested with 2.11 to 2.14"],
])("version %s is refused, unless it is asked for", (version, problem) => {
	process.env.LIBTORCH = unpacked("mine", { version });
	expect(messageOf()).toContain(problem);
	process.env.TORCH_NODE_ANY_LIBTORCH = "1";
	expect(findLibTorch()).toMatchObject({ version });
});

test.each(["2.11.0", "2.13.0+cpu", "2.14.1+cu130"])(
	"version %s is taken",
	(version) => {
		process.env.LIBTORCH = unpacked("mine", { version });
		expect(findLibTorch().version).toBe(version);
	},
);

test("one for another processor is refused", () => {
	const arch = process.arch === "x64" ? "arm64" : "x64";
	process.env.LIBTORCH = unpacked("mine", { arch });
	expect(messageOf()).toContain(
		`libtorch_cpu.so: built for ${arch}, this is Node for ${process.arch}`,
	);
});

test("a library that is cut short, empty or something else is refused", () => {
	process.env.LIBTORCH = unpacked("mine");
	const file = join(process.env.LIBTORCH, "lib", "libtorch_cpu.so");
	const bytes = library();
	bytes.writeBigUInt64LE(1000n, 40);
	writeFileSync(file, bytes);
	expect(messageOf()).toContain("libtorch_cpu.so: the file is cut short");
	truncateSync(file, 30);
	expect(messageOf()).toContain("libtorch_cpu.so: the file is cut short");
	truncateSync(file, 0);
	expect(messageOf()).toContain("libtorch_cpu.so: not a shared library");
	appendFileSync(file, "version https://git-lfs.github.com/spec/v1");
	expect(messageOf()).toContain("libtorch_cpu.so: not a shared library");
});

test("in the cache the newest is taken, with CUDA where there is a driver for it", () => {
	cached("2.9.0-cpu", { version: "2.9.0" });
	const cpu = cached("2.13.0-cpu");
	cached("2.12.0-cpu", { version: "2.12.0" });
	expect(findLibTorch()).toMatchObject({ path: cpu, source: "cache" });
	const cuda = cached("2.12.0-cu13", { version: "2.12.0+cu130", cuda: true });
	expect(findLibTorch().path).toBe(hasNvidiaDriver() ? cuda : cpu);
});

test("a damaged one in the cache is named and passed over", () => {
	const good = cached("2.12.0-cpu", { version: "2.12.0" });
	const bad = cached("2.13.0-cpu");
	truncateSync(join(bad, "lib", "libc10.so"), 10);
	const { path, tries } = findLibTorch();
	expect(path).toBe(good);
	expect(tries.slice(-2)).toEqual([
		{ place: "cache", path: bad, problem: "libc10.so: not a shared library" },
		{ place: "cache", path: good, problem: null },
	]);
});

test("an install that is under way is not taken for one", () => {
	cached(".new");
	messageOf();
});

test.each(["VIRTUAL_ENV", "CONDA_PREFIX"])(
	"the torch of %s is found without Python",
	(name) => {
		const root = join(machine.folder, "env");
		const site = join(root, "lib", "python3.11", "site-packages");
		writeFiles(site, wheelFiles());
		process.env[name] = root;
		expect(findLibTorch()).toMatchObject({
			path: join(site, "torch"),
			source: name,
		});
	},
);

test("the torch that python3 would import is found", () => {
	const site = join(machine.folder, "site");
	writeFiles(site, wheelFiles());
	writeFileSync(join(site, "torch", "__init__.py"), "raise SystemExit(3)"); // importing it would fail
	process.env.PATH = machine.path;
	process.env.PYTHONPATH = site;
	try {
		expect(findLibTorch()).toMatchObject({
			path: join(site, "torch"),
			source: "python3",
			version: "2.13.0+cpu",
		});
	} finally {
		delete process.env.PYTHONPATH;
	}
});

test.each<[string, Record<string, string>]>([
	["the zip's build-version", { "build-version": "2.13.0+cpu\n" }],
	["a wheel's version.py", { "version.py": "__version__ = '2.13.0+cpu'\n" }],
	[
		"CMake's version file",
		{
			"share/cmake/Torch/TorchConfigVersion.cmake":
				'set(PACKAGE_VERSION "2.13.0+cpu")',
		},
	],
	[
		"the header",
		{
			"include/torch/headeronly/version.h":
				"#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 13\n#define TORCH_VERSION_PATCH 0\n",
		},
	],
	["the soname", { "lib/libtorch_cpu.so.2.13.0": "" }],
])("the version is read from %s", (_, files) => {
	writeFiles(machine.folder, {
		"lib/libtorch_cpu.so": library(),
		"lib/libc10.so": library(),
		...files,
	});
	const { version, problem } = inspect(machine.folder);
	expect(version).toMatch(/^2\.13\.0(\+cpu)?$/);
	expect(problem).toBeNull();
});

test("one whose version cannot be told is refused", () => {
	writeFiles(machine.folder, {
		"lib/libtorch_cpu.so": library(),
		"lib/libc10.so": library(),
	});
	expect(inspect(machine.folder).problem).toMatch(/its version cannot be told/);
});

test("versions compare by number", () => {
	expect(compareVersions("2.9.1", "2.13.0")).toBeLessThan(0);
	expect(compareVersions("2.13.0+cpu", "2.13.0-cu13")).toBe(0);
	expect(compareVersions("2.13.1", "2.13")).toBeGreaterThan(0);
});

import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { type InstallOptions, install } from "../../lib/libtorch/install.ts";
import { findLibTorch } from "../../lib/libtorch/search.ts";
import { type FakeServer, serve } from "../support/server.ts";
import {
	type FakeFiles,
	libtorchFiles,
	sha256,
	useEmptyMachine,
	wheelFiles,
	zip,
} from "./fake.ts";

const machine = useEmptyMachine();
const cpuZip = "/libtorch/cpu/libtorch-shared-with-deps-2.13.0%2Bcpu.zip";
let server: FakeServer;

beforeEach(async () => {
	server = await serve();
	process.env.TORCH_NODE_MIRROR = server.address;
});
afterEach(() => server.close());

/** Writes an archive and returns its path. */
function archive(files: FakeFiles | Buffer, name = "libtorch.zip"): string {
	const path = join(machine.folder, name);
	writeFileSync(path, Buffer.isBuffer(files) ? files : zip(files));
	return path;
}

/** What is in the cache's folder of LibTorches: nothing half-done may ever be there. */
function inCache(): string[] {
	const folder = join(machine.folder, "cache", "libtorch");
	return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Installing fails with this code and message, and leaves nothing in the cache. */
async function refused(
	options: InstallOptions,
	code: string,
	message: RegExp,
): Promise<void> {
	const error = await install(options).then(
		() => null,
		(error: unknown) => error,
	);
	expect(error).toMatchObject({ name: "TorchError", code });
	expect((error as Error).message).toMatch(message);
	expect(inCache()).toEqual([]);
}

describe("from a file", () => {
	test("a zip becomes the LibTorch that is found, with a record of where it came from", async () => {
		const from = archive(libtorchFiles());
		const path = join(machine.folder, "cache/libtorch/2.13.0-cpu/torch");
		expect(await install({ from })).toEqual({
			path,
			version: "2.13.0+cpu",
			cuda: false,
			already: false,
		});
		expect(findLibTorch()).toMatchObject({ path, source: "cache" });
		expect(inCache()).toEqual(["2.13.0-cpu"]);
		expect(existsSync(join(path, "include/ATen/ATen.h"))).toBe(true);
		expect(existsSync(join(path, "bin"))).toBe(false);
		const record = readFileSync(join(path, "../install.json"), "utf8");
		expect(JSON.parse(record)).toEqual({
			version: "2.13.0+cpu",
			sources: [{ origin: from, sha256: sha256(readFileSync(from)) }],
		});
	});

	test("a wheel does, without what only Python needs", async () => {
		const from = archive(wheelFiles(), "torch.whl");
		const { path } = await install({ from });
		expect(findLibTorch().version).toBe("2.13.0+cpu");
		expect(existsSync(join(path, "lib/libtorch_python.so"))).toBe(false);
		expect(existsSync(join(path, "__init__.py"))).toBe(false);
	});

	test("a CUDA build from a folder of wheels has NVIDIA's libraries beside it", async () => {
		const folder = join(machine.folder, "wheels");
		mkdirSync(folder);
		const torch = wheelFiles({ version: "2.14.1+cu130", cuda: true });
		archive(torch, "wheels/torch-2.14.1-cp311.whl");
		archive(
			{
				"nvidia/cu13/lib/libcudart.so.13": "x",
				"nvidia/cu13/include/cuda.h": "x",
				"nvidia/cu13/lib/libcudart_static.a": "x",
			},
			"wheels/nvidia_cuda_runtime-13.whl",
		);
		archive({ "other/a.so": "x" }, "wheels/other-1.whl");
		const { path, cuda } = await install({ from: folder });
		expect(cuda).toBe(true);
		expect(inCache()).toEqual(["2.14.1-cu13"]);
		const nvidia = join(path, "../nvidia/cu13");
		expect(readdirSync(nvidia)).toEqual(["lib"]);
		expect(readdirSync(join(nvidia, "lib"))).toEqual(["libcudart.so.13"]);
	});

	test("again, it takes the place of the first", async () => {
		await install({ from: archive(libtorchFiles()) });
		const other = libtorchFiles();
		other["libtorch/lib/new.so"] = "x";
		const { path } = await install({ from: archive(other) });
		expect(existsSync(join(path, "lib/new.so"))).toBe(true);
		expect(inCache()).toEqual(["2.13.0-cpu"]);
	});

	test("a zip that is cut short is refused", async () => {
		const whole = zip(libtorchFiles());
		for (const length of [0, 10, 100, whole.length - 1]) {
			const from = archive(whole.subarray(0, length));
			await refused({ from }, "ERR_ARCHIVE", /libtorch\.zip: damaged, or no/);
		}
	});

	test("a zip whose content was changed is refused", async () => {
		const files = libtorchFiles();
		files["libtorch/lib/libc10.so"] = { data: "bits", sum: 1 };
		const problem = /the checksum of "libtorch\/lib\/libc10\.so" is wrong/;
		await refused({ from: archive(files) }, "ERR_ARCHIVE", problem);
	});

	test("the wrong version, processor or kind of build is refused", async () => {
		const code = "ERR_LIBTORCH_INVALID";
		const old = archive(libtorchFiles({ version: "2.5.1+cpu" }));
		await refused({ from: old }, code, /version 2\.5\.1\+cpu; torch-node is/);
		const arch = process.arch === "x64" ? "arm64" : "x64";
		const foreign = archive(libtorchFiles({ arch }));
		await refused({ from: foreign }, code, new RegExp(`built for ${arch}`));
		const cpu = archive(libtorchFiles());
		const isCpu = /it is a CPU build, not a CUDA 13 one/;
		await refused({ from: cpu, cuda: "13" }, code, isCpu);
		const cuda = archive(
			libtorchFiles({ version: "2.13.0+cu130", cuda: true }),
		);
		const isCuda = /it is a CUDA 13\.0 build, not a CPU one/;
		await refused({ from: cuda, cuda: null }, code, isCuda);
		const other = /it is version 2\.13\.0\+cpu, not 2\.14\.1/;
		await refused(
			{ from: archive(libtorchFiles()), version: "2.14.1" },
			code,
			other,
		);
	});

	test("something else is refused", async () => {
		const none = archive({ "readme.txt": "x" });
		const code = "ERR_LIBTORCH_INVALID";
		await refused({ from: none }, code, /there is no LibTorch in it/);
		const missing = join(machine.folder, "missing.zip");
		await refused({ from: missing }, "ERR_ARCHIVE", /no such file/);
		const folder = join(machine.folder, "empty");
		mkdirSync(folder);
		await refused({ from: folder }, "ERR_ARCHIVE", /expected one torch-/);
	});

	test("a wrong hash is refused, the right one is not", async () => {
		const from = archive(libtorchFiles());
		const wrong = "0".repeat(64);
		await refused({ from, sha256: wrong }, "ERR_HASH", /its SHA-256 is \w{64}/);
		await install({ from, sha256: sha256(readFileSync(from)) });
	});

	test.each<[string, FakeFiles]>([
		["climbs out", { "libtorch/lib/../../../../evil": "x" }],
		["starts at the root", { "/tmp/torch-node-evil": "x" }],
		["has backslashes", { "libtorch\\lib\\..\\..\\evil": "x" }],
		[
			"is a link",
			{ "libtorch/lib/evil": { data: "/etc/passwd", mode: 0o120777 } },
		],
	])("a name that %s is refused", async (_, evil) => {
		const from = archive({ ...evil, ...libtorchFiles() });
		await refused({ from }, "ERR_ARCHIVE", /damaged, or no zip/);
		expect(existsSync("/tmp/torch-node-evil")).toBe(false);
		expect(readdirSync(machine.folder).sort()).toEqual([
			"cache",
			"libtorch.zip",
		]);
	});
});

describe("from the network", () => {
	test("the official zip is taken where pip is not", async () => {
		server.files[cpuZip] = zip(libtorchFiles());
		expect(await install()).toMatchObject({ version: "2.13.0+cpu" });
		expect(server.requests).toEqual([`GET ${cpuZip}`]);
		expect(readdirSync(join(machine.folder, "cache"))).toEqual(["libtorch"]);
		expect(await install()).toMatchObject({ already: true });
		expect(server.requests).toHaveLength(1);
	});

	test("what an interrupted install has downloaded, the next one continues", async () => {
		const files = libtorchFiles();
		files["libtorch/lib/libbig.so"] = Buffer.alloc(3_000_000, "x");
		server.files[cpuZip] = zip(files);
		server.breakAfter = [1_000_000, 0, 0, 0, 0];
		await refused({}, "ERR_DOWNLOAD", /the official zip: .*could not be/);
		server.requests = [];
		await install();
		expect(server.requests[0]).toMatch(/\.zip bytes=\d{5,}-$/);
		expect(inCache()).toEqual(["2.13.0-cpu"]);
	});

	test("pip's wheel is taken first", async () => {
		const folder = join(machine.folder, "index");
		mkdirSync(folder);
		archive(wheelFiles(), "index/torch-2.13.0+cpu-py3-none-any.whl");
		process.env.PATH = machine.path;
		await withPip({ PIP_FIND_LINKS: folder, PIP_NO_INDEX: "1" }, async () => {
			const { path } = await install();
			const record = readFileSync(join(path, "../install.json"), "utf8");
			expect(record).toContain("pip, torch==2.13.0+cpu");
		});
		expect(server.requests).toEqual([]);
		expect(findLibTorch().source).toBe("cache");
	});

	test("the NVIDIA libraries that a CUDA wheel names come through pip", async () => {
		const folder = join(machine.folder, "index");
		mkdirSync(folder);
		const needs = [
			"filelock",
			'nvidia-fake-cu13==1.0; platform_system == "Linux"',
			'nvidia-other==1.0; platform_system == "Windows"',
		];
		const torch = wheelFiles({ version: "2.14.1+cu130", cuda: true, needs });
		archive(torch, "torch-2.14.1+cu130-py3-none-any.whl");
		archive(
			{
				"nvidia/cu13/lib/libfake.so.13": "x",
				"nvidia_fake_cu13-1.0.dist-info/METADATA":
					"Metadata-Version: 2.1\nName: nvidia-fake-cu13\nVersion: 1.0\n",
				"nvidia_fake_cu13-1.0.dist-info/WHEEL":
					"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
				"nvidia_fake_cu13-1.0.dist-info/RECORD": "",
			},
			"index/nvidia_fake_cu13-1.0-py3-none-any.whl",
		);
		process.env.PATH = machine.path;
		await withPip({ PIP_FIND_LINKS: folder, PIP_NO_INDEX: "1" }, async () => {
			const from = join(machine.folder, "torch-2.14.1+cu130-py3-none-any.whl");
			const { path } = await install({ from, cuda: "13" });
			const nvidia = join(path, "../nvidia/cu13/lib");
			expect(readdirSync(nvidia)).toEqual(["libfake.so.13"]);
		});
	});

	test("an address is taken, and its #sha256 is checked", async () => {
		const data = zip(libtorchFiles());
		server.files["/mine.zip"] = data;
		const from = `${server.address}/mine.zip#sha256=`;
		await refused({ from: from + "0".repeat(64) }, "ERR_HASH", /mine\.zip/);
		await install({ from: from + sha256(data) });
		expect(inCache()).toEqual(["2.13.0-cpu"]);
	});

	test("without a network, each way is named with what went wrong, and what helps", async () => {
		await server.close();
		process.env.PATH = machine.path;
		const nowhere = { PIP_NO_INDEX: "1", PIP_FIND_LINKS: machine.folder };
		await withPip(nowhere, async () => {
			await refused(
				{},
				"ERR_DOWNLOAD",
				/could not be fetched:\n {2}pip: .*torch==2\.13\.0\+cpu\n {2}the official zip: .*ECONNREFUSED.*\n {2}the official index: pip: .*\nBehind a proxy, .*--from FILE$/,
			);
		});
	}, 60_000);

	test("two installs at once: one works, the other waits for it", async () => {
		server.files[cpuZip] = zip(libtorchFiles());
		const steps: string[] = [];
		const report = { step: (text: string) => steps.push(text), progress() {} };
		const results = await Promise.all([
			install({ report }),
			install({ report }),
		]);
		expect(results.map(({ already }) => already).sort()).toEqual([false, true]);
		expect(steps.join("\n")).toContain("waiting for another process");
		expect(server.requests).toHaveLength(1);
	});

	test("the lock of an install that died is taken over", async () => {
		server.files[cpuZip] = zip(libtorchFiles());
		const { pid } = spawnSync(process.execPath, ["-e", "0"]);
		mkdirSync(join(machine.folder, "cache/libtorch"), { recursive: true });
		const lock = join(machine.folder, "cache/libtorch/.lock");
		writeFileSync(lock, `${hostname()} ${pid} token`);
		await install();
		expect(inCache()).toEqual(["2.13.0-cpu"]);
	});
});

test("a cache that cannot be written is named, with the variable that helps", async () => {
	const problem = /^The cache .*cache cannot be written: .*TORCH_NODE_CACHE/;
	writeFileSync(join(machine.folder, "cache"), "a file in the way");
	const from = archive(libtorchFiles());
	await expect(install({ from })).rejects.toMatchObject({
		code: "ERR_CACHE",
		message: expect.stringMatching(problem),
	});
	process.env.TORCH_NODE_CACHE = "/sys/cache"; // where even root may not write
	await expect(install({ from })).rejects.toMatchObject({ code: "ERR_CACHE" });
});

/** Runs `work` with pip set up by these variables alone. */
async function withPip(
	variables: Record<string, string>,
	work: () => Promise<void>,
): Promise<void> {
	const before = { ...process.env };
	for (const name of Object.keys(process.env)) {
		if (name.startsWith("PIP_")) delete process.env[name];
	}
	Object.assign(process.env, { PIP_CONFIG_FILE: "/dev/null", ...variables });
	try {
		await work();
	} finally {
		for (const name of Object.keys(variables)) delete process.env[name];
		Object.assign(process.env, before);
	}
}

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	libtorchFiles,
	useEmptyMachine,
	writeFiles,
	zip,
} from "../libtorch/fake.ts";
import {
	compiled,
	type Ended,
	type RunOptions,
	root,
	run,
} from "../support/dist.ts";
import { type FakeServer, serve } from "../support/server.ts";

const machine = useEmptyMachine();
const cpuZip = "/libtorch/cpu/libtorch-shared-with-deps-2.13.0%2Bcpu.zip";
const { version } = JSON.parse(
	readFileSync(join(root, "package.json"), "utf8"),
);

function torchNode(args: string[], options: RunOptions = {}): Promise<Ended> {
	return run(process.execPath, [compiled("lib/cli/main.js"), ...args], options);
}

function libtorchZip(): string {
	const path = join(machine.folder, "libtorch.zip");
	writeFileSync(path, zip(libtorchFiles()));
	return path;
}

describe("torch-node", () => {
	test("--help and --version print to standard output", async () => {
		const help = await torchNode(["--help"]);
		expect(help).toMatchObject({ code: 0, stderr: "" });
		expect(help.stdout).toContain("torch-node install");
		expect(help.stdout).toContain("torch-node doctor");
		expect(await torchNode(["--version"])).toMatchObject({
			code: 0,
			stdout: `${version}\n`,
			stderr: "",
		});
	});

	test.each([[["--help"]], [["install", "--help"]], [["doctor", "-h"]]])(
		"%j is the help",
		async (args) => {
			const { code, stdout, stderr } = await torchNode(args);
			expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
			expect(stdout).toContain("torch-node doctor    say what is");
		},
	);

	test.each([
		[[], "torch-node install"],
		[["fly"], 'no command "fly"'],
		[["doctor", "cuda"], "doctor: takes no arguments, got cuda"],
		[["install", "--gpu"], "Unknown option '--gpu'"],
		[["install", "--cpu", "--cuda", "13"], "--cpu or --cuda, not both"],
		[
			["install", "--cuda", "new"],
			'expected CUDA\'s version, as in 13, got "new"',
		],
		[["install", "--version", "2"], 'expected three numbers, got "2"'],
		[["install", "--sha256", "abc"], "expected 64 hexadecimal digits"],
	])("%j is refused in words", async (args, words) => {
		const { code, stdout, stderr } = await torchNode(args);
		expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
		expect(stderr).toContain(words);
	});
});

describe("torch-node install", () => {
	let server: FakeServer;

	beforeEach(async () => {
		server = await serve();
		process.env.TORCH_NODE_MIRROR = server.address;
	});
	afterEach(() => server.close());

	test("says what it does, and where LibTorch is", async () => {
		const { code, stdout, stderr } = await torchNode([
			...["install", "--from", libtorchZip()],
		]);
		const path = join(machine.folder, "cache/libtorch/2.13.0-cpu/torch");
		expect({ code, stderr }).toEqual({
			code: 0,
			stderr: "Unpacking LibTorch\n",
		});
		expect(stdout).toBe(`LibTorch 2.13.0+cpu is installed in ${path}\n`);
	});

	test("fails in words, without a stack", async () => {
		const from = join(machine.folder, "none.zip");
		expect(await torchNode(["install", "--from", from])).toMatchObject({
			code: 1,
			stdout: "",
			stderr: `torch-node install: ${from}: no such file\n`,
		});
	});

	test("twice at once, in two processes: one downloads, both end well", async () => {
		const files = libtorchFiles();
		files["libtorch/lib/libbig.so"] = Buffer.alloc(20_000_000, "x");
		server.files[cpuZip] = zip(files);
		const both = await Promise.all([
			torchNode(["install"]),
			torchNode(["install"]),
		]);
		expect(both.map(({ code }) => code)).toEqual([0, 0]);
		const words = both
			.map(({ stdout }) => stdout.replace(/ in .*\n/, ""))
			.sort();
		expect(words).toEqual([
			"LibTorch 2.13.0+cpu is already",
			"LibTorch 2.13.0+cpu is installed",
		]);
		expect(server.requests).toHaveLength(1);
	});

	test("after one that was killed while it downloaded, the next one goes on", async () => {
		const files = libtorchFiles();
		files["libtorch/lib/libbig.so"] = Buffer.alloc(3_000_000, "x");
		server.files[cpuZip] = zip(files);
		server.stallAfter = [1_000_000];
		const kill = new AbortController();
		const killed = torchNode(["install"], { signal: kill.signal });
		while (server.stalled === 0) await new Promise((go) => setTimeout(go, 50));
		await new Promise((go) => setTimeout(go, 200)); // for the bytes to reach its disk
		kill.abort();
		await killed;
		const cache = join(machine.folder, "cache");
		expect(readdirSync(join(cache, "libtorch"))).toEqual([".lock"]);
		const { code, stderr } = await torchNode(["install"]);
		expect({ code, stderr }).toMatchObject({ code: 0 });
		expect(server.requests[1]).toMatch(/\.zip bytes=\d{5,}-$/);
		expect(readdirSync(join(cache, "libtorch"))).toEqual(["2.13.0-cpu"]);
	});
});

describe("torch-node doctor", () => {
	test("without LibTorch it names each place and the command that helps, and fails", async () => {
		const { code, stdout } = await torchNode(["doctor"]);
		expect(code).toBe(1);
		expect(stdout).toContain(`torch-node ${version}`);
		expect(stdout).toContain(`Node ${process.versions.node}, linux`);
		expect(stdout).toContain("LibTorch: none");
		expect(stdout).toContain("What is wrong:\n  - No LibTorch was found:");
		expect(stdout).toContain("npx torch-node install");
	});

	test("a LibTorch that cannot be loaded is told in words, with the places before it", async () => {
		const folder = join(machine.folder, "cache/libtorch/2.13.0-cpu");
		mkdirSync(folder, { recursive: true });
		const files = Object.entries(libtorchFiles()).map(
			([name, data]) => [name.replace("libtorch", "torch"), data] as const,
		);
		writeFiles(folder, Object.fromEntries(files));
		const { code, stdout } = await torchNode(["doctor"]);
		expect(code).toBe(1);
		expect(stdout).toContain("LibTorch: 2.13.0+cpu, a CPU build");
		expect(stdout).toContain("  LIBTORCH: not set\n");
		expect(stdout).toContain(`  cache, ${join(folder, "torch")}: taken`);
		expect(stdout).toContain("Loading torch-node failed:");
	});

	test("the optional package is taken before the cache", async () => {
		const name = `@torch-node/libtorch-${process.platform}-${process.arch}-cpu`;
		const folder = join(machine.folder, "packages", name);
		const files = Object.entries(libtorchFiles()).map(
			([file, data]) => [file.replace("libtorch/", ""), data] as const,
		);
		writeFiles(folder, {
			"package.json": "{}",
			...Object.fromEntries(files),
		});
		const env = { ...process.env, NODE_PATH: join(machine.folder, "packages") };
		const { stdout } = await torchNode(["doctor"], { env });
		expect(stdout).toContain(`  ${name}, ${folder}: taken`);
	});
});

test("torch-node doctor, on the machine as it is, finds all well", async () => {
	const env = { ...machine.before };
	const { code, stdout, stderr } = await torchNode(["doctor"], { env });
	expect({ code, stderr, stdout }).toMatchObject({ code: 0, stderr: "" });
	expect(stdout).toMatch(/^LibTorch: 2\.1\d\.\d/m);
	expect(stdout).toMatch(/^Devices: cpu/m);
	expect(stdout).toMatch(/^Threads: [1-9]/m);
	expect(stdout).toMatch(/All is well\.\n$/);
});

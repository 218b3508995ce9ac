/** The npm package, from `npm run prebuild` to a stranger's project that has no compiler and runs no install scripts. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { findLibTorch } from "../../lib/libtorch/search.ts";
import { compiled, type Ended, root, run } from "../support/dist.ts";
import { temporaryFolder } from "../support/folder.ts";

interface Packed {
	filename: string;
	size: number;
	files: { path: string }[];
}

const inFolder = temporaryFolder();
const project = inFolder("project");
const bin = inFolder("bin");
const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
let packed: Packed;

/** Runs `node ...args` in the project with nothing but node on the PATH. */
function node(...args: string[]): Promise<Ended> {
	const env: NodeJS.ProcessEnv = {
		PATH: bin,
		LIBTORCH: findLibTorch().path,
		HOME: inFolder("home"),
	};
	return run("node", args, { cwd: project, env });
}

async function succeed(ended: Promise<Ended>): Promise<string> {
	const { code, stdout, stderr } = await ended;
	expect({ code, stderr: code === 0 ? "" : stderr + stdout }).toEqual({
		code: 0,
		stderr: "",
	});
	return stdout;
}

beforeAll(async () => {
	mkdirSync(project);
	mkdirSync(bin);
	symlinkSync(process.execPath, join(bin, "node"));
	await succeed(run(process.execPath, [compiled("scripts/prebuild.js")]));
	const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination"];
	const output = await succeed(
		run("npm", [...pack, inFolder("")], { cwd: root }),
	);
	[packed] = Object.values(JSON.parse(output)) as [Packed];
	writeFileSync(
		join(project, "package.json"),
		'{ "private": true, "type": "module" }',
	);
	const install = ["install", "--ignore-scripts", "--prefer-offline"];
	const env = {
		...process.env,
		PATH: [bin, ...(process.env.PATH ?? "").split(delimiter)].join(delimiter),
	};
	const tarball = inFolder(packed.filename);
	await succeed(run("npm", [...install, tarball], { cwd: project, env }));
}, 300_000);

test("the package is small, and has the addon and no sources", () => {
	expect(packed.size).toBeLessThan(20e6);
	const paths = packed.files.map(({ path }) => path);
	expect(paths).toEqual(
		expect.arrayContaining([
			"README.md",
			"LICENSE",
			"dist/lib/index.d.ts",
			"dist/package/index.js",
			"dist/package/nn/functional.js",
			"dist/package/cli.js",
			"dist/package/worker.js",
			"prebuilds/linux-x64/torch-node.glibc.node",
			"prebuilds/linux-x64/loader.so",
		]),
	);
	const allowed =
		/^(README\.md|LICENSE|package\.json|dist\/lib\/.*\.d\.ts|dist\/package\/.*\.js|prebuilds\/linux-x64\/.*)$/;
	expect(paths.filter((path) => !allowed.test(path))).toEqual([]);
});

test("nothing of it runs at install", () => {
	const scripts = Object.keys(own.scripts);
	const atInstall = ["preinstall", "install", "postinstall", "prepare"];
	expect(scripts.filter((name) => atInstall.includes(name))).toEqual([]);
});

test("publint has nothing to say", async () => {
	const cli = join(root, "node_modules/publint/src/cli.js");
	const tarball = inFolder(packed.filename);
	const lint = run(process.execPath, [cli, "run", "--strict", tarball]);
	expect(await succeed(lint)).toContain("All good!");
});

test("a TypeScript program compiles against its types and trains", async () => {
	writeFileSync(
		join(project, "main.ts"),
		`import * as torch from "torch-node";
import { Linear, ReLU, Sequential } from "torch-node/nn";
import { SGD } from "torch-node/optim";

torch.manualSeed(0);
const model = new Sequential(new Linear(2, 8), new ReLU(), new Linear(8, 1));
const optimizer = new SGD(model.parameters(), { lr: 0.1 });
const x: torch.Tensor = torch.randn([64, 2]);
const y = x.sum({ dim: 1, keepdim: true });
const losses: number[] = [];
for (let i = 0; i < 50; i++) {
	optimizer.zeroGrad();
	const loss = torch.nn.functional.mseLoss(model(x), y);
	loss.backward();
	optimizer.step();
	losses.push(Number(loss.item()));
}
console.log(JSON.stringify([losses[0], losses.at(-1)]));
`,
	);
	writeFileSync(
		join(project, "tsconfig.json"),
		JSON.stringify({
			compilerOptions: {
				strict: true,
				target: "es2022",
				lib: ["es2023", "esnext.disposable"],
				module: "nodenext",
				types: ["node"],
				typeRoots: [join(root, "node_modules/@types")],
			},
			files: ["main.ts"],
		}),
	);
	await succeed(node(join(root, "node_modules/typescript/bin/tsc")));
	const [first, last] = JSON.parse(await succeed(node("main.js")));
	expect(last).toBeLessThan(first / 20);
}, 120_000);

test("a CommonJS program has the same by require()", async () => {
	writeFileSync(
		join(project, "main.cjs"),
		`const torch = require("torch-node");
const x = torch.tensor([[1, 2], [3, 4]], { dtype: "float32", requiresGrad: true });
x.mul(x).sum().backward();
console.log(JSON.stringify(x.grad.tolist()));
`,
	);
	const output = await succeed(node("main.cjs"));
	expect(JSON.parse(output)).toEqual([
		[2, 4],
		[6, 8],
	]);
});

test("workers find the library's own datasets and transforms", async () => {
	const script = `import { data, vision } from "torch-node";
const { Compose, Normalize, RandomHorizontalFlip, ToDtype } = vision.transforms;
const transform = new Compose([new RandomHorizontalFlip(1), new ToDtype("float32", { scale: true }), new Normalize([0.5], [0.5])]);
const images = new vision.datasets.FakeData({ size: 8, imageSize: [3, 4, 4], transform });
const dataset = new data.ConcatDataset([new data.Subset(images, [0, 1, 2, 3]), images]);
const batches = async (numWorkers) => {
	const lists = [];
	for await (const batch of new data.DataLoader(dataset, { batchSize: 6, numWorkers })) lists.push(batch.map((x) => x.tolist()));
	return lists;
};
console.log(JSON.stringify([await batches(0), await batches(2)]));`;
	const output = await succeed(node("--input-type=module", "--eval", script));
	const [here, inWorkers] = JSON.parse(output);
	expect(here.map(([, labels]: unknown[][]) => labels?.length)).toEqual([6, 6]);
	expect(inWorkers).toEqual(here);
});

test("classes print and are told apart by their own names", async () => {
	const script = `import * as torch from "torch-node";
const { nn, vision } = torch;
console.log(new nn.Flatten().constructor.name, new nn.Dropout().constructor.name, String(new vision.transforms.Normalize([0.5], [0.5])).slice(0, 9));
for (const space of [torch, nn, torch.optim, torch.data, torch.metrics, vision.transforms, vision.datasets])
	for (const [name, value] of Object.entries(space))
		if (typeof value === "function" && /^class/.test(String(value)) && value.name !== name) console.log(name, value.name);`;
	const output = await succeed(node("--input-type=module", "--eval", script));
	expect(output).toBe("Flatten Dropout Normalize\n");
});

test("every address that the package exports leads somewhere", async () => {
	const names = Object.keys(own.exports)
		.filter((name) => !name.endsWith(".json"))
		.map((name) => name.replace(".", "torch-node"));
	const script = `for (const name of ${JSON.stringify(names)}) {
	const module = await import(name);
	if (Object.keys(module).length === 0) throw new Error(name);
}`;
	await succeed(node("--input-type=module", "--eval", script));
});

test("its command runs", async () => {
	const require = createRequire(join(project, "package.json"));
	const manifest = require.resolve("torch-node/package.json");
	const main = join(manifest, "..", own.bin["torch-node"]);
	expect(await succeed(node(main, "--version"))).toBe(`${own.version}\n`);
	expect(await succeed(node(main, "doctor"))).toContain("All is well.");
});

test("without LibTorch, importing it says what to do", async () => {
	const script =
		'import("torch-node").catch((e) => console.log(e.code, e.message))';
	const env = { PATH: bin, HOME: inFolder("home") };
	const output = await succeed(
		run("node", ["--eval", script], { cwd: project, env }),
	);
	expect(output).toContain("ERR_LIBTORCH_NOT_FOUND No LibTorch was found:");
	expect(output).toContain("npx torch-node install");
});

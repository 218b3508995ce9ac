// Makes prebuilds/linux-x64/ for the npm package (npm run prebuild): prebuildify names and strips what cmake-js builds.
// It works on copies in build/prebuild, so an addon that is in use at the time stays where it is.
import { spawnSync } from "node:child_process";
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	rmSync,
	statSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defaultVersions } from "../lib/libtorch/install.ts";
import { packageRoot } from "../lib/package.ts";
import { buildAddon, ensureLibTorch } from "./native.ts";

const staged = join(packageRoot, "build/prebuild");
const target = join(packageRoot, "prebuilds/linux-x64");

/** What prebuildify takes for node-gyp (through prebuildShim.sh): leaves the build in build/Release of its folder. */
async function stage(): Promise<void> {
	const libtorch = await ensureLibTorch();
	if (!libtorch.version.startsWith(defaultVersions.cpu)) {
		throw new Error(
			`The addon for the package is built with LibTorch ${defaultVersions.cpu}, this is ${libtorch.version}: set LIBTORCH to one`,
		);
	}
	buildAddon(libtorch);
	const release = join(staged, "build/Release");
	mkdirSync(release, { recursive: true });
	for (const name of ["torch_node.node", "loader.so"]) {
		const from = join(packageRoot, "build/Release", name);
		copyFileSync(from, join(release, name));
	}
}

/** tsc leaves what it made of sources that are gone; the package must not have it. */
function removeStale(): void {
	const dist = join(packageRoot, "dist/lib");
	for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
		const source = file.replace(/(\.d\.ts|\.js)$/, ".ts");
		if (source === file || existsSync(join(packageRoot, "lib", source)))
			continue;
		rmSync(join(dist, file));
	}
}

function prebuild(): void {
	removeStale();
	rmSync(staged, { recursive: true, force: true });
	rmSync(target, { recursive: true, force: true });
	mkdirSync(staged, { recursive: true });
	const require = createRequire(import.meta.url);
	const { status } = spawnSync(
		process.execPath,
		[
			join(dirname(require.resolve("prebuildify")), "bin.js"),
			..."--napi --strip --tag-libc --target=20.19.0 --name=torch-node".split(
				" ",
			),
			`--cwd=${staged}`,
			`--out=${packageRoot}`,
			`--node-gyp=${join(packageRoot, "scripts/prebuildShim.sh")}`,
		],
		{ stdio: "inherit" },
	);
	if (status !== 0) throw new Error("prebuildify failed, see above");
	for (const name of ["torch-node.glibc.node", "loader.so"]) {
		const { size } = statSync(join(target, name));
		console.log(`prebuilds/linux-x64/${name}: ${Math.ceil(size / 1024)} KiB`);
	}
}

try {
	if (process.argv[2] === "rebuild") await stage();
	else prebuild();
} catch (error) {
	console.error((error as Error).message);
	process.exitCode = 1;
}

/** The package's declarations in a project that has Node's types and nothing else, not even what the package may use: all are checked. */
import {
	cpSync,
	mkdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { compiled, root, run } from "../support/dist.ts";
import { temporaryFolder } from "../support/folder.ts";

const inFolder = temporaryFolder();
const modules = inFolder("node_modules");
const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

test("they compile without skipLibCheck, at every address, without the optional peers", async () => {
	compiled("lib/index.d.ts");
	const at = join(modules, "torch-node");
	cpSync(join(root, "dist/lib"), join(at, "dist/lib"), {
		recursive: true,
		filter: (path) => !path.endsWith(".js") && !path.endsWith(".map"),
	});
	cpSync(join(root, "package.json"), join(at, "package.json"));
	mkdirSync(join(modules, "@types"));
	symlinkSync(
		join(root, "node_modules/@types/node"),
		join(modules, "@types/node"),
	);
	const addresses = Object.keys(own.exports).filter((a) => !a.endsWith("json"));
	const names = addresses.map((address) =>
		address.replace(/^\./, "torch-node"),
	);
	writeFileSync(
		inFolder("main.ts"),
		[
			...names.map((name, i) => `import * as part${i} from "${name}";`),
			`void [${names.map((_, i) => `part${i}`).join(", ")}];`,
			"export const x: part0.Tensor = part0.zeros(2);",
			'// @ts-expect-error: types are there, or this would be fine\npart0.zeros("2");',
		].join("\n"),
	);
	writeFileSync(
		inFolder("tsconfig.json"),
		JSON.stringify({
			compilerOptions: {
				strict: true,
				noEmit: true,
				skipLibCheck: false,
				target: "es2022",
				lib: ["es2023", "esnext.disposable"],
				module: "nodenext",
				types: ["node"],
			},
			files: ["main.ts"],
		}),
	);
	const tsc = join(root, "node_modules/typescript/bin/tsc");
	const ended = await run(process.execPath, [tsc], { cwd: inFolder("") });
	expect(ended).toMatchObject({ code: 0, stdout: "" });
});

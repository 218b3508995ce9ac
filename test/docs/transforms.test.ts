/** Every TypeScript program in docs/transforms.md compiles, runs, and prints what it says. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compiled, root, run } from "../support/dist.ts";

const folder = join(root, "build/transforms"); // inside of the package, so that "torch-node" is this one
const text = readFileSync(join(root, "docs/transforms.md"), "utf8");
const programs = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(
	([, code = ""], i) => ({ name: `program${i + 1}`, code }),
);

beforeAll(async () => {
	compiled("lib/index.js");
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	for (const { name, code } of programs) {
		writeFileSync(join(folder, `${name}.ts`), code);
	}
	const tsconfig = {
		extends: join(root, "tsconfig.json"),
		compilerOptions: { rootDir: root, outDir: join(folder, "dist") },
		include: ["*.ts"],
	};
	writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
	const tsc = join(root, "node_modules/typescript/bin/tsc");
	const { code, stdout } = await run(process.execPath, [tsc, "-p", folder]);
	expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
}, 120_000);

test("there are programs", () => {
	expect(programs).toHaveLength(4);
});

test.each(programs)(
	"$name of docs/transforms.md runs",
	async ({ name, code }) => {
		const file = join(folder, "dist/build/transforms", `${name}.js`);
		const ended = await run(process.execPath, [file], { cwd: folder });
		expect(ended).toMatchObject({ code: 0, stderr: "" });
		const printed = ended.stdout.replace(/\s+/g, " ");
		const stated = [...code.matchAll(/console\.log\(.*\);\s*\/\/ (.*)$/gm)];
		expect(stated.length).toBeGreaterThan(0);
		for (const [, line = ""] of stated) expect(printed).toContain(line);
	},
);

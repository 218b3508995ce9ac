/** Every TypeScript program in README.md compiles, and runs, as it stands there. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compiled, root, run } from "../support/dist.ts";

const folder = join(root, "build/readme"); // inside of the package, so that "torch-node" is this one
const text = readFileSync(join(root, "README.md"), "utf8");
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

test.each(programs)("$name of README.md runs", async ({ name, code }) => {
	const file = join(folder, "dist/build/readme", `${name}.js`);
	const ended = await run(process.execPath, [file]);
	expect(ended).toMatchObject({ code: 0, stderr: "" });
	for (const printed of statedOutput(code)) {
		expect(ended.stdout).toContain(printed);
	}
});

/** What the comments after `console.log(…)` state it prints, where they state a plain value. */
function statedOutput(code: string): string[] {
	return [
		...code.matchAll(/^console\.log\(.*\); \/\/ ((?:int|float)\d+.*)$/gm),
	].map(([, stated = ""]) => stated);
}

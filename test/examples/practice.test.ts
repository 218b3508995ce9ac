/** Each program of examples/practice, small, beside what the same program reports in Python for the same seed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
	compareScores,
	curveDifference,
	curveText,
} from "../../scripts/practice/compare.ts";
import { programs } from "../../scripts/practice/programs.ts";
import { compiled, root, run } from "../support/dist.ts";

interface Report {
	scores: Record<string, number>;
	losses: number[];
}

const python: Record<string, Report> = JSON.parse(
	readFileSync(join(root, "test/fixtures/practice/small.json"), "utf8"),
);
const env = { ...process.env, OMP_NUM_THREADS: "1" }; // as Python had

test("each program has a counterpart, and a place in the table", () => {
	const names = programs.map(({ name }) => name);
	expect(Object.keys(python).sort()).toEqual([...names].sort());
	const page = readFileSync(join(root, "docs/practice.md"), "utf8");
	for (const name of names)
		expect(page).toContain(`| [${name}](../examples/practice/${name}.ts) |`);
});

test.each(programs)("$name: $title", async ({ name }) => {
	const program = compiled(`examples/practice/${name}.js`);
	const args = [program, "--small", "--json"];
	const { code, stdout, stderr } = await run(process.execPath, args, {
		cwd: root,
		env,
	});
	if (code !== 0) throw new Error(stderr);
	const report: Report = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
	const wanted = python[name] as Report;
	expect(Object.keys(report.scores).sort()).toEqual(
		Object.keys(wanted.scores).sort(),
	);
	// equal to the last bit on the machine that wrote the fixture; another processor rounds sums in another order
	const difference = curveDifference({
		here: report,
		python: [wanted],
		threads: 1,
	});
	expect(difference).toBeLessThan(1e-3);
	for (const [score, value] of Object.entries(wanted.scores))
		expect(Math.abs((report.scores[score] ?? Number.NaN) - value)).toBeLessThan(
			0.01 * Math.max(1, Math.abs(value)),
		);
});

const reported = (loss: number, ...losses: number[]) => ({
	scores: { loss },
	losses,
});

test("a score within Python's spread, and curves of the same seed", () => {
	const found = {
		here: reported(2, 4, 2),
		python: [reported(1, 4, 2), reported(3, 5, 3)],
		threads: 1,
	};
	expect(compareScores(found)).toEqual([
		{ score: "loss", here: 2, min: 1, max: 3, isWithin: true },
	]);
	expect(curveText(curveDifference(found), 2)).toBe("equal (2)");
});

test("a score outside of Python's spread, and curves that part", () => {
	const found = {
		here: reported(3.5, 4, 2.5),
		python: [reported(1, 4, 2), reported(3, 5, 3)],
		threads: 1,
	};
	expect(compareScores(found)[0]?.isWithin).toBe(false);
	expect(curveText(curveDifference(found), 2)).toBe("within 3e-1 (2)");
	found.here.losses.push(1);
	expect(curveText(curveDifference(found), 3)).toBe("of another length");
});

test.each([
	["--only", "nothing", "--only: there is no nothing; known are linear, mlp"],
	["--threads", "0", '--threads: expected a whole number above 0, got "0"'],
])("the runner refuses %s %s", async (option, value, message) => {
	const main = compiled("scripts/practice/main.js");
	const ended = await run(process.execPath, [main, option, value]);
	expect(ended.code).toBe(2);
	expect(ended.stderr).toContain(message);
});

test("the runner prints a line for each program, and what failed", async () => {
	const main = compiled("scripts/practice/main.js");
	const args = [main, "--small", "--only", "linear"];
	const ended = await run(process.execPath, args, { cwd: root, env });
	expect(ended).toMatchObject({ code: 0, stderr: "" });
	expect(ended.stdout).toMatch(
		/^\[1\/1\] linear: loss 0\.\d{4} · \d+\.\d s\n$/,
	);
	const bad = [...args, "--beside-python", "no-such-python"];
	const failed = await run(process.execPath, bad, { cwd: root, env });
	expect(failed.code).toBe(1);
	expect(failed.stderr).toContain("spawn no-such-python ENOENT");
}, 60_000);

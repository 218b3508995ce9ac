/** The addon in several environments of one process: workers that end in the midst of computing, processes that do, Jest's module registry. */
import { join } from "node:path";
import type * as Torch from "../../lib/index.ts";
import { programs, resultOf, runProgram } from "../support/program.ts";

const path = programs(join(__dirname, "programs"));

test.each([
	["20 workers, terminated while they compute", "terminate"],
	["18 workers that exit, throw, or end with a deep graph", "ends"],
])(
	"%s leave nothing behind",
	async (_, name) => {
		const ended = await runProgram(path("environments"), [name]);
		const { rss } = resultOf(ended) as { rss: number[] };
		// The first groups' memory serves the later ones, how much depends on how many happened to compute at once.
		expect((rss.at(-1) as number) - (rss[2] as number)).toBeLessThan(100);
	},
	120_000,
);

test.each(["exit", "leave"])(
	"a process ends well while tensors live and workers compute: %s",
	async (name) => {
		const ended = await runProgram(path("environments"), [name]);
		expect(ended).toMatchObject({ code: 0, died: null, stderr: "" });
	},
	60_000,
);

test("an uncaught error ends the process as one, not as a crash", async () => {
	const ended = await runProgram(path("environments"), ["uncaught"]);
	expect(ended).toMatchObject({ code: 1, died: null });
	expect(ended.stderr).toContain("uncaught on purpose");
}, 60_000);

test("loaded twice, each has tensors of its own, and refuses the other's by name", () => {
	const load = () => {
		let loaded: typeof Torch | undefined;
		jest.isolateModules(() => {
			loaded = require("../../lib/index.ts");
		});
		return loaded as typeof Torch;
	};
	const [one, other] = [load(), load()];
	expect(one.Tensor).not.toBe(other.Tensor);
	const x = one.ones([3], { requiresGrad: true });
	const y = other.ones([3]);
	expect(x.add(1).tolist()).toEqual([2, 2, 2]);
	expect(y.add(2).tolist()).toEqual([3, 3, 3]);
	x.dispose();
	expect(y.isDisposed).toBe(false);
	expect(() => one.neg(y as never)).toThrow(
		expect.objectContaining({
			code: "ERR_INVALID_ARG_TYPE",
			op: "neg",
			argument: "input",
		}),
	);
	expect(() => {
		one.ones([3]).grad = y as never;
	}).toThrow(expect.objectContaining({ code: "ERR_INVALID_ARG_TYPE" }));
});

/** Where memory runs out: garbage is collected and the call made again; what is too large is an error, and the process goes on. */
import { join } from "node:path";
import { programs, resultOf, runProgram } from "../support/program.ts";

const path = programs(join(__dirname, "programs"));
let results: Record<string, unknown>;

beforeAll(async () => {
	const ended = await runProgram(path("outOfMemory"), [], {
		addressSpace: 5_000,
		env: { ...process.env, OMP_NUM_THREADS: "1" },
	});
	results = resultOf(ended) as typeof results;
}, 120_000);

test.each([
	["tooLarge", "ones"],
	["tooLargeResult", "add"],
	["tooLargeInPlace", "resize_"],
])("%s: ERR_OUT_OF_MEMORY that names %s, after one collection", (name, op) => {
	expect(results[name]).toEqual({
		code: "ERR_OUT_OF_MEMORY",
		op,
		collections: 1,
	});
});

test("sizes beyond 64 bits and a million dimensions end in an error or a tensor", () => {
	expect(results.tooManyElements).toMatchObject({
		code: "ERR_TORCH",
		op: "zeros",
	});
	expect(results.longShape).toEqual({ collections: 0 });
});

test("garbage makes room", () => {
	expect(results.noneLeft).toMatchObject({ code: "ERR_OUT_OF_MEMORY" });
	expect(results.garbageMakesRoom).toEqual({ collections: 1 });
	expect(results.copyOfArray).toEqual({ collections: 0 }); // collected within the call
	expect(results.afterwards).toBe(8);
});

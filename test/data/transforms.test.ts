/** Transforms in worker threads do what they do here. A new one that needs arguments has a line in programs/transforms.ts. */
import { join } from "node:path";
import { programs, resultOf, runProgram } from "../support/program.ts";

const path = programs(join(__dirname, "programs"));

test("every transform reaches a loader's workers as it is", async () => {
	const result = resultOf(await runProgram(path("transforms")));
	expect(result).toEqual({
		count: expect.any(Number),
		missing: [],
		wrong: [],
		failed: [],
	});
	expect((result as { count: number }).count).toBeGreaterThan(60);
}, 60_000);

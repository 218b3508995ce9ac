/** A part of PyTorch's own OpInfo cases; `npm run conformance -- FOLDER` replays a whole dump. */
import { join } from "node:path";
import { Dump } from "../../scripts/conformance/dump.ts";
import {
	type OperatorCase,
	replay,
	titleOf,
} from "../../scripts/conformance/replayOperators.ts";

const dump = new Dump(join(__dirname, "../fixtures/operators/opinfo"));
afterAll(() => dump[Symbol.dispose]());

const cases = dump.cases<OperatorCase>("cases.jsonl");
const titles = [...new Set(cases.map(titleOf))].filter(
	// Of a view the dump has the elements without the memory around them.
	(title) => title !== "as_strided.partial_views",
);

test.each(titles)("%s", (title) => {
	for (const each of cases.filter((c) => titleOf(c) === title)) {
		const outcome = replay(dump, each);
		const place = `#${each.i} ${JSON.stringify(each.kwargs)}`;
		expect([place, outcome]).toEqual([place, expect.any(String)]);
	}
});

test("there are cases enough", () => {
	expect(titles.length).toBeGreaterThan(650);
	expect(cases.filter((c) => c.grads).length).toBeGreaterThan(600);
});

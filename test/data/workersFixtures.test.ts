/** Loaders with workers give what PyTorch's give: the same samples in the same order, with the same random numbers. */
import { join } from "node:path";
import { programs, resultOf, runProgram } from "../support/program.ts";
import { readFixtures, type WorkersCase } from "./fixtures.ts";

const path = programs(join(__dirname, "programs"));
const cases = readFixtures<WorkersCase>("workers.json");
let results: WorkersCase[];

beforeAll(async () => {
	const file = join(__dirname, "../fixtures/data/workers.json");
	const ended = await runProgram(path("fixtures"), [file]);
	results = resultOf(ended) as WorkersCase[];
}, 240_000);

test.each(cases.map((c, i) => ({ ...c, i })))(
	"$kind of $length, $options, seed $seed, generator $generatorSeed",
	({ i, ...expected }) => {
		expect(results[i]).toEqual(expected);
	},
);

test("samples and their order are the same for 0, 1, 2 and 4 workers", () => {
	const orders = new Map<string, Set<string>>();
	for (const { kind, seed, epochs } of results) {
		if (kind === "stream") continue;
		const [first] = epochs;
		const order = JSON.stringify(first?.map(([indices]) => indices));
		orders.set(`${seed}`, (orders.get(`${seed}`) ?? new Set()).add(order));
	}
	expect([...orders.values()].map(({ size }) => size)).toEqual(
		Array(6).fill(1),
	);
});

/** examples/report writes the page that docs/report.html is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compiled, root, run } from "../support/dist.ts";
import { temporaryFolder } from "../support/folder.ts";

const temporary = temporaryFolder();

/** What it says, without numbers and pictures. */
const wordsOf = (html: string) =>
	html
		.replace(/<style>.*?<\/style>/s, "")
		.replace(/<table class="epochs">.*?<\/table>/s, "")
		.replace(/<div class="samples">.*?<\/div>/s, "")
		.replace(/<[^>]*>|[^<>a-z ]/gi, " ")
		.split(/\s+/);

test("a page with all parts", async () => {
	const folder = temporary("report");
	const { code, stdout, stderr } = await run(
		process.execPath,
		[compiled("examples/report.js"), folder, "1"],
		{ env: { ...process.env, OMP_NUM_THREADS: "1" } }, // tiny work: threads would wait for each other on a busy machine
	);
	expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
	const [, accuracy] = /^(\d\d\.\d\d) %: .*report\.html\n$/.exec(stdout) ?? [];
	expect(Number(accuracy)).toBeGreaterThan(85);
	const page = readFileSync(join(folder, "report.html"), "utf8");
	expect(page).toContain(
		`<dd>${Number((Number(accuracy) / 100).toFixed(4))}</dd>`,
	);
	const committed = readFileSync(join(root, "docs/report.html"), "utf8");
	expect(committed.length).toBeLessThan(300_000);
	expect(new Set(wordsOf(committed))).toEqual(
		new Set([...wordsOf(page), "epochs", "training", "validation"]),
	);
});

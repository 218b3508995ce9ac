import { writeFileSync } from "node:fs";
import {
	compareScores,
	curveDifference,
	curveText,
	numberText,
	type Results,
} from "./compare.ts";
import type { Program } from "./programs.ts";

const file = "docs/practice.md";

const head = `# Practice: programs beside the same in Python

Each program of [examples/practice](../examples/practice) is short, runs by itself (\`node dist/examples/practice/mlp.js\`, \`--small\`, \`--seed N\`), and has a
counterpart in [examples/practice/python](../examples/practice/python) that does the same with PyTorch.

\`\`\`sh
npm run practice                              # all of them
npm run practice -- --small --only mlp        # one of them, in seconds
npm run practice -- --beside-python python3   # with Python, five seeds each; writes this page
\`\`\`

"here" is seed 0; "Python" the lowest and the highest of five seeds (of one where it says so). "Loss curve" compares the mean loss of each epoch (or step)
with Python's for seed 0: "equal" is equal to the last bit. Initial weights, dropout, shuffling and augmentation are drawn from the same generator in the same
order, and the same kernels compute. Python uses the fused optimisers, as torch-node does by default; both have the same number of threads.

A program's \`pick(full, small)\` says how many samples and epochs there are: few enough for a laptop, so that scores are not the best that can be had.
Data: Fashion-MNIST, in the place of MNIST and of CIFAR-10 unless those lie in \`runs/data\`; tables and texts of
[examples/data/tables](../examples/data/tables).

| program | what it shows | score | here | Python | within | loss curve |
| --- | --- | --- | ---: | ---: | --- | --- |
`;

/** docs/practice.md: a row for each score. */
export function writePage(
	all: readonly { program: Program; found: Results }[],
): string {
	const rows = all.flatMap(({ program, found }) => {
		const { here, python } = found;
		return compareScores(found).map(
			({ score, here: value, min, max, isWithin }, i) =>
				[
					...(i === 0
						? [
								`[${program.name}](../examples/practice/${program.name}.ts)`,
								program.title,
							]
						: ["", ""]),
					score,
					numberText(value),
					python.length === 1
						? `${numberText(min)} (one seed)`
						: `${numberText(min)} – ${numberText(max)}`,
					isWithin ? "yes" : "**no**",
					...(i === 0
						? [curveText(curveDifference(found), here.losses.length)]
						: [""]),
				].join(" | "),
		);
	});
	const threads = [...new Set(all.map(({ found }) => found.threads))].join(
		" or ",
	);
	const foot = `\nThreads of each program: ${threads}.\n`;
	writeFileSync(
		file,
		`${head}${rows.map((row) => `| ${row} |\n`).join("")}${foot}`,
	);
	return file;
}

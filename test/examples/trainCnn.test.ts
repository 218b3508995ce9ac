import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { io, Tensor } from "../../lib/index.ts";
import { temporaryFolder } from "../support/folder.ts";

const temporary = temporaryFolder();
jest.setTimeout(180_000);
const program = join(__dirname, "../../dist/examples/trainCnn.js"); // npm test builds it
const checkpointIn = (folder: string) => join(folder, "checkpoint.pt");

interface Result {
	status: number | null;
	stdout: string;
	stderr: string;
}

function start(args: string[]): {
	child: ChildProcess;
	result: Promise<Result>;
} {
	const child = spawn(process.execPath, [program, ...args], {
		timeout: 170_000, // before the test's own, which would leave it running
	});
	const result: Result = { status: null, stdout: "", stderr: "" };
	child.stdout.on("data", (text) => {
		result.stdout += text;
	});
	child.stderr.on("data", (text) => {
		result.stderr += text;
	});
	const ended = once(child, "close").then(([status]) => ({
		...result,
		status,
	}));
	return { child, result: ended };
}

const train = (...args: string[]) => start(args).result;

/** The tensors of nested objects and arrays, by their places. */
function tensorsIn(
	value: unknown,
	place = "",
	found = new Map<string, Tensor>(),
): Map<string, Tensor> {
	if (value instanceof Tensor) found.set(place, value);
	else if (typeof value === "object" && value !== null)
		for (const [key, child] of Object.entries(value))
			tensorsIn(child, `${place}.${key}`, found);
	return found;
}

/** The lines of the epochs, without the speed. */
const epochsOf = ({ stdout }: Result) =>
	stdout.match(/^Epoch.*(?= · [\d,]+ images\/s)/gm) ?? [];

test("two epochs on the digits: lines, checkpoint and picture", async () => {
	const out = temporary("digits");
	const { status, stdout, stderr } = await train("--epochs", "2", "--out", out);
	expect([status, stderr]).toEqual([0, ""]);
	const lines = stdout.trimEnd().split("\n");
	expect(lines[0]).toMatch(
		/^CNN of 53,194 parameters on digits, cpu: 2 epochs$/,
	);
	expect(lines[1]).toMatch(
		/^Epoch 1\/2: loss \d\.\d{4}, accuracy \d\d\.\d\d % · test loss \d\.\d{4}, accuracy \d\d\.\d\d % · [\d,]+ images\/s$/,
	);
	const [, accuracy] =
		/^Test accuracy (\d\d\.\d\d) % after 2 epochs$/.exec(lines[3] ?? "") ?? [];
	expect(Number(accuracy)).toBeGreaterThan(80);
	expect(lines.slice(4)).toEqual([
		`Checkpoint      ${checkpointIn(out)}`,
		`Training curve  ${join(out, "curve.svg")}`,
	]);
	const state = io.load<{ history: { testAccuracy: number }[] }>(
		checkpointIn(out),
	);
	expect(state.history).toHaveLength(2);
	expect((100 * (state.history[1]?.testAccuracy ?? 0)).toFixed(2)).toBe(
		accuracy,
	);
	const picture = readFileSync(join(out, "curve.svg"), "utf8");
	expect(picture).toContain(`CNN on digits: ${accuracy} % of the test images`);
	expect(picture.match(/aria-label="line"/g)).toHaveLength(4);
});

test("interrupted and resumed, a run gives the numbers of one that was not", async () => {
	const args = ["--epochs", "3", "--images", "640"];
	const whole = temporary("whole");
	const broken = temporary("broken");
	const uninterrupted = await train(...args, "--out", whole);
	expect(uninterrupted.status).toBe(0);

	const { child, result } = start([...args, "--out", broken]);
	child.stdout?.on("data", (text) => {
		if (/^Epoch 1/m.test(text)) child.kill("SIGINT");
	});
	const first = await result;
	expect(first.status).toBe(130);
	expect(first.stdout).toMatch(
		/Interrupted after [12] whole epochs?, .*--resume .*checkpoint\.pt/,
	);

	const second = await train("--resume", "--out", broken);
	expect(second.stderr).toBe("");
	expect([...epochsOf(first), ...epochsOf(second)]).toEqual(
		epochsOf(uninterrupted),
	);
	const [a, b] = [whole, broken].map((folder) =>
		tensorsIn(io.load(checkpointIn(folder))),
	) as [Map<string, Tensor>, Map<string, Tensor>];
	expect([...b.keys()]).toEqual([...a.keys()]);
	expect(a.size).toBeGreaterThan(40);
	for (const [name, tensor] of a)
		expect([name, b.get(name)?.equal(tensor)]).toEqual([name, true]);

	const more = await train("--resume", checkpointIn(broken), "--epochs", "4");
	expect(epochsOf(more)).toHaveLength(1);
	expect(more.stdout).toContain(`Checkpoint      ${checkpointIn(broken)}`);

	const other = await train(
		"--resume",
		checkpointIn(broken),
		"--dataset",
		"fashion-mnist",
	);
	expect(other.stderr).toBe(
		`trainCnn: ${checkpointIn(broken)} was trained on digits, not on fashion-mnist\n`,
	);

	truncateSync(checkpointIn(broken), 5000);
	const damaged = await train("--resume", "--out", broken);
	expect(damaged.status).toBe(1);
	expect(damaged.stderr).toMatch(/^trainCnn: .*checkpoint\.pt: .*\n$/);
});

test.each([
	[
		["--epochs", "0"],
		'--epochs: expected a whole number of at least 1, got "0"',
	],
	[
		["--batch-size", "1.5"],
		'--batch-size: expected a whole number of at least 1, got "1.5"',
	],
	[["--lr", "fast"], '--lr: expected a number above 0, got "fast"'],
	[
		["--dataset", "cifar"],
		"--dataset: expected digits or fashion-mnist, got cifar",
	],
	[["--device", "tpu"], "--device: expected cpu or cuda, got tpu"],
	[["--epoch", "3"], "Unknown option '--epoch'"],
	[["digits"], "Unexpected argument 'digits'"],
	[["--epochs"], "argument missing"],
])("%j is one sentence", async (args, message) => {
	const { status, stdout, stderr } = await train(...args);
	expect([status, stdout]).toEqual([2, ""]);
	expect(stderr).toMatch(/^trainCnn: .*\n$/);
	expect(stderr).toContain(message);
});

test("a checkpoint that is not there is one sentence", async () => {
	const { status, stderr } = await train("--resume", temporary("none"));
	expect(status).toBe(1);
	expect(stderr).toMatch(/^trainCnn: .*none: no such file \(ENOENT\)\n$/);
});

test("--help says what there is", async () => {
	const { status, stdout } = await train("--help");
	expect(status).toBe(0);
	for (const option of ["dataset", "epochs", "device", "resume", "seed"])
		expect(stdout).toContain(`--${option} `);
});

const debian = existsSync(
	"/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz",
);
(debian ? test : test.skip)(
	"a short run on Fashion-MNIST, where Debian's dataset-fashion-mnist is installed",
	async () => {
		const out = temporary("fashion");
		const { status, stdout } = await train(
			...[
				"--dataset",
				"fashion-mnist",
				"--epochs",
				"1",
				"--images",
				"5000",
				"--out",
				out,
			],
		);
		expect(status).toBe(0);
		const accuracy = /^Test accuracy (\d\d\.\d\d) % after 1 epochs?$/m.exec(
			stdout,
		)?.[1];
		expect(Number(accuracy)).toBeGreaterThan(70);
		expect(existsSync(checkpointIn(out))).toBe(true);
	},
);

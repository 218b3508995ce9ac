/** Training that ends in the midst, in processes of its own: kill -9, Ctrl-C, a full disk. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadTrainState } from "../../lib/train/index.ts";
import { run } from "../support/dist.ts";
import { temporaryFolder } from "../support/folder.ts";
import { resultOf as printed, programs } from "../support/program.ts";

const path = programs(join(__dirname, "programs"));
const folder = temporaryFolder();

interface Ended {
	code: number | null;
	signal: NodeJS.Signals | null;
	lines: string[];
	stderr: string;
}

/** Runs the training, and sends it a signal after so many batches. */
function training(
	name: string,
	mode: "plain" | "interrupt",
	end?: readonly [batches: number, signal: NodeJS.Signals],
): Promise<Ended> {
	const slowFrom = end ? [String(end[0])] : [];
	const child = spawn(process.execPath, [
		path("training"),
		folder(name),
		mode,
		...slowFrom,
	]);
	let text = "";
	let stderr = "";
	child.stderr.setEncoding("utf8").on("data", (more) => {
		stderr += more;
	});
	child.stdout.setEncoding("utf8").on("data", (more) => {
		text += more;
		if (!end || text.split("\n").length <= end[0]) return;
		child.kill(end[1]);
		end = undefined;
	});
	return new Promise((resolve) =>
		child.on("close", (code, signal) =>
			resolve({ code, signal, lines: text.trim().split("\n"), stderr }),
		),
	);
}

const resultOf = ({ lines, stderr }: Ended) => {
	expect(stderr).toBe("");
	return JSON.parse(lines.at(-1) ?? "");
};
/** Without how long epochs took. */
const table = (name: string) =>
	readFileSync(join(folder(name), "history.csv"), "utf8")
		.trim()
		.split("\n")
		.map((line) => line.split(",").toSpliced(5, 1));

let whole: Ended;
beforeAll(async () => {
	whole = await training("whole", "plain");
	expect(whole).toMatchObject({ code: 0, stderr: "" });
	expect(resultOf(whole).epochs.length).toBeGreaterThan(3);
}, 60_000);

test("the kill -9 of a training, twice, and again: the result is that of one that was never interrupted", async () => {
	const first = await training("killed", "plain", [8, "SIGKILL"]);
	expect(first).toMatchObject({ signal: "SIGKILL", stderr: "" });
	const second = await training("killed", "plain", [6, "SIGKILL"]);
	expect(second).toMatchObject({ signal: "SIGKILL", stderr: "" });
	expect(second.lines[0]).not.toBe("batch 1.1"); // it went on
	const third = await training("killed", "plain");
	expect(resultOf(third)).toEqual(resultOf(whole));
	expect(table("killed")).toEqual(table("whole"));
	expect(table("killed")[0]).not.toContain("seconds");
	expect(readdirSync(folder("killed")).sort()).toEqual([
		"checkpoints",
		"history.csv",
	]);
}, 60_000);

test("Ctrl-C saves, and exits with 130", async () => {
	const first = await training("interrupted", "interrupt", [7, "SIGINT"]);
	expect(first).toMatchObject({ code: 130, signal: null });
	expect(first.stderr).toMatch(/SIGINT: training is saved in .*backup.pt/);
	expect(first.lines.join()).not.toContain("listener");
	// Nothing is done twice
	const backup = loadTrainState(join(folder("interrupted"), "backup.pt"));
	const [, epoch, batch] =
		/^batch (\d)\.(\d)$/.exec(first.lines.at(-1) as string) ?? [];
	expect([backup.epoch + (backup.batch === 0 ? 0 : 1), backup.batch]).toEqual([
		Number(epoch),
		backup.batch === 0 ? 0 : Number(batch),
	]);
	const second = await training("interrupted", "interrupt");
	expect(resultOf(second)).toEqual(resultOf(whole));
	expect(resultOf(second).listeners).toBe(1);
}, 60_000);

test("SIGTERM saves, and exits with 143", async () => {
	const saved = await training("ended", "interrupt", [3, "SIGTERM"]);
	expect(saved.code).toBe(143);
}, 60_000);

test("a disk that takes no more: a clear error, and the old checkpoint is still there", async () => {
	const place = folder("disk");
	const program = [process.execPath, path("fullDisk"), place];
	const before = await run(program[0] as string, program.slice(1));
	expect(before).toMatchObject({ code: 0, stderr: "" });
	expect(printed(before)).toEqual({ error: null, epochs: [2] });
	const old = readFileSync(join(place, "last.pt"));
	// A process that may write no more than 8 blocks to a file gets an error from the disk, as a full one gives
	const limited = await run("sh", [
		"-c",
		'ulimit -f 8 && exec "$@"',
		"sh",
		...program,
	]);
	const { error, epochs } = printed(limited) as {
		error: { code: string; message: string };
		epochs: number[];
	};
	expect(epochs).toEqual([3]); // nothing that was learnt is lost
	expect(error.code).toBe("ERR_CHECKPOINT");
	expect(error.message).toMatch(
		/^ModelCheckpoint: .*last\.pt could not be written in epoch 3 \(EFBIG/,
	);
	expect(readdirSync(place)).toEqual(["last.pt"]);
	expect(readFileSync(join(place, "last.pt")).equals(old)).toBe(true);
	expect(existsSync(join(place, "last.pt"))).toBe(true);
}, 60_000);

/** What the TensorBoard callback writes, read back. */
import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";
import { temporaryFolder } from "../support/folder.ts";
import {
	eventsIn,
	fieldsOf,
	inner,
	recordsOf,
} from "../utils/tensorboard/reading.ts";
import { makeLoader, makeModel, validation } from "./support.ts";

const { nn, optim, train, metrics } = torch;
const temporary = temporaryFolder();

/** Trains for some epochs. */
function trained(epochs: number, options: object) {
	const model = makeModel();
	return train.fit(model, {
		data: makeLoader(),
		validation,
		loss: new nn.CrossEntropyLoss(),
		optimizer: new optim.Adam(model.parameters()),
		metrics: { accuracy: new metrics.Accuracy() },
		epochs,
		seed: 0,
		...options,
	});
}

/** Numbers as [step, value], by folder and tag. */
function scalarsIn(folder: string): Map<string, [number, number][]> {
	const found = new Map<string, [number, number][]>();
	for (const [run, events] of eventsIn(folder))
		for (const event of events) {
			const value = inner(event, 5, 1) as Buffer | undefined;
			const simple = value && (fieldsOf(value).get(2)?.[0] as Buffer);
			if (!simple) continue;
			const name = `${run} ${inner(value, 1)}`;
			const point: [number, number] = [
				Number(inner(event, 2)),
				simple.readFloatLE(),
			];
			found.set(name, [...(found.get(name) ?? []), point]);
		}
	return found;
}

const tagsIn = (folder: string, run: string) =>
	new Set(
		eventsIn(folder)
			.get(run)
			?.map((event) => String(inner(event, 5, 1, 1))),
	);

test("numbers of epochs and steps, distributions, the model, hyperparameters", async () => {
	const folder = temporary("all");
	const board = new train.TensorBoard(folder, {
		histograms: 2,
		steps: 3,
		hparams: { lr: 0.001, kind: "adam" },
	});
	const seen: string[] = [];
	const history = await trained(3, {
		callbacks: [
			board,
			{
				onEpochEnd: () => {
					board.writer("validation").addText("note", "x");
					seen.push("note");
				},
			},
		],
	});
	const scalars = scalarsIn(folder);
	const column = (
		name: "loss" | "accuracy" | "valLoss" | "valAccuracy" | "lr",
	) => history.column(name).map((value, i) => [i + 1, Math.fround(value)]);
	expect(scalars.get("train loss")).toEqual(column("loss"));
	expect(scalars.get("train accuracy")).toEqual(column("accuracy"));
	expect(scalars.get("train lr")).toEqual(column("lr"));
	expect(scalars.get("validation loss")).toEqual(column("valLoss"));
	expect(scalars.get("validation accuracy")).toEqual(column("valAccuracy"));
	expect(scalars.get("steps loss")?.map(([step]) => step)).toEqual([
		3, 6, 9, 12, 15,
	]);
	expect(scalars.get("train/hparams hparam/valAccuracy")).toEqual([
		column("valAccuracy")[2],
	]);
	const names = [...makeModel().namedParameters()].map(([name]) => name);
	expect(tagsIn(folder, "train")).toEqual(
		new Set([
			"graph/text_summary",
			"loss",
			"lr",
			"seconds",
			"accuracy",
			...names.map((name) => `parameters/${name}`),
			...names.map((name) => `gradients/${name}`),
		]),
	);
	expect(tagsIn(folder, "validation")).toContain("note/text_summary");
	expect(seen).toHaveLength(3);
});

test("the loss curve is the same with it as without", async () => {
	const without = await trained(2, {});
	const board = new train.TensorBoard(temporary("same"), {
		histograms: 1,
		steps: 1,
	});
	const withBoard = await trained(2, { callbacks: [board] });
	expect(withBoard.column("loss")).toEqual(without.column("loss"));
});

test("a resumed run purges what comes after where it goes on from", async () => {
	const folder = temporary("resumed");
	const saved = temporary("state.pt");
	const saving: torch.train.Callback = {
		onEpochEnd(run) {
			if (run.epoch === 1) torch.io.save({ ...run.stateDict() }, saved);
		},
	};
	const board = () => new train.TensorBoard(folder, { steps: 1 });
	await trained(2, { callbacks: [board(), saving] });
	await trained(3, { callbacks: [board()], resume: saved });
	for (const [run, first] of [
		["train", 2],
		["validation", 2],
		["steps", 6],
	] as const) {
		const files = readdirSync(join(folder, run)).sort(byNumber);
		expect(files).toHaveLength(2);
		const [, version, start] = recordsOf(join(folder, run, files[1] ?? ""));
		expect(inner(version as Buffer, 2)).toBe(BigInt(first));
		expect(inner(start as Buffer, 2)).toBe(BigInt(first));
		expect(inner(start as Buffer, 7, 1)).toBe(1n);
	}
	const steps = scalarsIn(folder).get("train loss");
	expect(steps?.map(([step]) => step)).toEqual([1, 2, 2, 3]);
});

test("training that fails closes the files, and has no line of hyperparameters", async () => {
	const folder = temporary("failed");
	const board = new train.TensorBoard(folder, { hparams: { lr: 1 } });
	const failing = {
		onEpochEnd() {
			throw new Error("no");
		},
	};
	await expect(trained(2, { callbacks: [board, failing] })).rejects.toThrow(
		"no",
	);
	expect([...eventsIn(folder).keys()].sort()).toEqual(["train", "validation"]);
	const open = readdirSync("/proc/self/fd").filter((fd) => {
		try {
			return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
		} catch {
			return false;
		}
	});
	expect(open).toEqual([]);
});

test.each<[string, () => unknown, string]>([
	[
		"a folder",
		() => new train.TensorBoard(3 as never),
		"TensorBoard: logDir: expected string, got number 3",
	],
	[
		"an option",
		() => new train.TensorBoard("x", { step: 1 } as never),
		"TensorBoard: step: unknown option; known are histograms, steps, hparams",
	],
	[
		"a count",
		() => new train.TensorBoard("x", { histograms: -1 }),
		"TensorBoard: histograms: expected a number at least 0, got -1",
	],
])("refused: %s", (_, make, message) => {
	expect(make).toThrow(message);
});

/** By the number that a process gives its event files. */
function byNumber(a: string, b: string): number {
	return Number(a.split(".").at(-1)) - Number(b.split(".").at(-1));
}

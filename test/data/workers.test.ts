/** Loaders with workers, each case in a process of its own, which has to end by itself. */
import { join } from "node:path";
import {
	type ProgramOptions,
	programs,
	resultOf,
	runProgram,
} from "../support/program.ts";

const path = programs(join(__dirname, "programs"));

async function run<T>(name: string, options?: ProgramOptions): Promise<T> {
	return resultOf(await runProgram(path("workers"), [name], options)) as T;
}

interface Told {
	name: string;
	message: string;
	code?: string;
	op?: string;
	index?: number;
	stack?: string;
	cause?: Told;
}

test("a batch lies where its worker made it, and messages do not carry it", async () => {
	const { marks, values, bytesInMessages } = await run<{
		marks: number[];
		values: number[][];
		bytesInMessages: number;
	}>("noCopy");
	// the first two batches are in new memory, which the worker wrote a mark into when it had sent them
	expect(marks).toEqual([-7, -7, 4, 6]);
	expect(values).toEqual([
		[0, 1],
		[2, 3],
		[4, 5],
		[6, 7],
	]);
	expect(bytesInMessages).toBeLessThan(8192); // of batches of 2 MB; 5 KB are the random numbers' state
}, 60_000);

test("a dataset's shared tensors are the same in all threads", async () => {
	const rows = (middle: number[]) => [
		[
			[[0, 1], [2, 3].map((x, i) => middle[i] ?? x), [4, 5]],
			[0, 0, 0],
		],
	];
	expect(await run("shared")).toEqual([...rows([]), ...rows([9, 9])]);
}, 60_000);

test("every kind of dataset reaches the workers", async () => {
	expect(await run("datasets")).toEqual({
		subset: [[[5, 1, 0]]],
		concat: [
			["a", "b", "c", "d"],
			["e", "f", "g"],
		],
		stack: [
			[
				[0, 1, 2, 3],
				[1, 2, 3, 4],
			],
			[
				[4, 5],
				[5, 6],
			],
		],
		chain: [[0, 1], [2, 0], [1]],
		opened: [["w", "x", "y", "z"]],
		stream: [[0, 2], [1]],
		slow: [[0, 1, 2, 3], [4, 5, 6, 7], [8]],
		collateFn: ["0+1+2+3", "4"],
		unbatched: [0, 1, 2],
	});
}, 120_000);

test("tensors that stand for images and boxes still do when they come from a worker", async () => {
	const [here, there] = await run<[string, string][][]>("kinds");
	expect(here?.[2]?.[1]).toContain('format="XYXY", canvasSize=[2,2]');
	expect(here?.[2]?.[0]).toMatch(/^Image\(/);
	expect(there).toEqual(here);
}, 60_000);

test("the library's data are the same for 0, 1, 2 and 4 workers", async () => {
	const { same, characters } = await run<{
		same: boolean[];
		characters: number;
	}>("library");
	expect(same).toEqual([true, true, true]);
	expect(characters).toBeGreaterThan(100_000);
}, 60_000);

test("workers know who they are, compute in one thread, and leave the others theirs", async () => {
	const { infos, threads } = await run<{
		infos: { id: number; seed: string }[];
		threads: number;
	}>("workerInfo");
	const base = BigInt(infos[0]?.seed ?? 0);
	expect(infos).toHaveLength(6);
	for (const [i, info] of infos.entries()) {
		const id = i % 2;
		const seed = String(base + BigInt(id));
		expect(info).toEqual({
			id,
			numWorkers: 2,
			seed,
			initialSeed: seed,
			isOwn: true,
			threads: 1,
			given: 10 * id,
		});
	}
	expect(threads).toBe(2);
}, 60_000);

test("what workers draw does not touch the training thread's random numbers", async () => {
	const [one, three] = await run<number[][]>("random");
	expect(new Set(one).size).toBeGreaterThan(55);
	expect(three).toEqual(one);
}, 60_000);

test("an epoch that ends early leaves no thread", async () => {
	const { left, errors } = await run<{
		left: Record<string, number>;
		errors: Told[];
	}>("ends");
	expect(left).toEqual({
		break: 0,
		throw: 0,
		return: 0,
		sample: 0,
		died: 0,
		abort: 0,
		abortHanging: 0,
		kept: 1,
		closed: 0,
	});
	expect(errors.map(({ name, message }) => `${name}: ${message}`)).toEqual([
		"AbortError: This operation was aborted",
		"AbortError: This operation was aborted",
		"Error: too late",
		"Error: no workers",
	]);
}, 120_000);

test("workers that nobody closed keep no process alive", async () => {
	expect(await run("unclosed")).toBe("ended");
}, 60_000);

test("workers of loops and loaders that are garbage end", async () => {
	expect(await run("abandoned", { flags: ["--expose-gc"] })).toEqual({
		were: true,
		left: 0,
	});
}, 60_000);

const sampleErrors: [string, string, Partial<Told>, RegExp][] = [
	[
		"throw",
		"sample 5: sample five is broken",
		{ name: "RangeError" },
		/^at Broken\.getItem/,
	],
	[
		"reject",
		"sample 5: no such file",
		{ name: "Error", code: "ENOENT" },
		/^at Broken\.getItem/,
	],
	[
		"operator",
		"sample 5: matmul: inconsistent tensor size",
		{ name: "TorchError", op: "matmul" },
		/^at Broken\.getItem/,
	],
	[
		"type",
		"batch of samples 3, 4, 5: defaultCollate: samples[1]: expected a number in every sample",
		{ name: "TorchError", op: "defaultCollate" },
		/^$/,
	],
];

describe("errors", () => {
	let errors: Record<string, Told>;
	let deaths: Record<string, Told>;
	let refusals: Record<string, Told>;

	beforeAll(async () => {
		errors = await run("errors");
		deaths = await run("deaths", { flags: ["--max-old-space-size=200"] });
		refusals = await run("refusals");
	}, 240_000);

	test.each(sampleErrors)(
		"of a sample (%s) name it and the worker, with the stack of where it was",
		(way, message, cause, stack) => {
			for (const [numWorkers, where] of [
				[0, "DataLoader"],
				[2, "DataLoader worker 1"],
			] as const) {
				const error = errors[`${way} ${numWorkers}`] as Told;
				expect(error).toMatchObject({ name: "TorchError", op: where, cause });
				expect(error.message.startsWith(`${where}: ${message}`)).toBe(true);
				expect(error.cause?.stack ?? "").toMatch(stack);
				expect(error.index).toBe(way === "type" ? undefined : 5);
				expect(error.code).toBe(way === "type" ? "ERR_BATCH" : "ERR_SAMPLE");
			}
		},
	);

	test.each([
		[
			"exit",
			"DataLoader worker 1: the thread has ended: process.exit(7) (at the batch of samples 3, 4, 5)",
			"ERR_WORKER_DIED",
		],
		[
			"memory",
			"DataLoader worker 1: the thread has ended: Worker terminated due to reaching memory limit: JS heap out of memory (at the batch of samples 3, 4, 5)",
			"ERR_WORKER_DIED",
		],
		[
			"hang",
			"DataLoader: timed out after 3 seconds; worker 1 was to make the batch of samples 3, 4, 5",
			"ERR_TIMEOUT",
		],
		[
			"first",
			"DataLoader worker 0: the thread has ended: process.exit(7) (at the batch of samples 5)",
			"ERR_WORKER_DIED",
		],
	])("of a worker that dies or hangs (%s)", (way, message, code) => {
		expect(deaths[way]).toMatchObject({ message, code });
	});

	test("persistent workers that died are begun anew", () => {
		expect(deaths.second).toEqual([[4]]);
	});

	const advice = (name: string) =>
		`cannot be sent to another thread; declare it in the module that exports it: importable(import.meta.url, ${name}); or open the dataset in each worker: perThread(open)`;

	test.each([
		[
			"plain",
			`DataLoader: dataset.getItem: the function getItem ${advice("getItem")}`,
		],
		["undeclared", `DataLoader: dataset: Undeclared ${advice("Undeclared")}`],
		["hidden", "DataLoader worker 0: could not begin: file://"],
		["hidden", "does not export Hidden, as importable() said there"],
		[
			"closure",
			`DataLoader: dataset.inner.transform[0]: a function without a name ${advice("…")}`,
		],
		[
			"collateFn",
			`DataLoader: collateFn: the function collateFn ${advice("collateFn")}`,
		],
		[
			"symbol",
			"DataLoader: dataset.s: a symbol cannot be sent to another thread",
		],
		[
			"graph",
			"DataLoader: dataset.tensors[0]: a tensor that has a graph cannot be sent to another thread; threads share no graphs: x.detach()",
		],
		[
			"sparse",
			"DataLoader: dataset.x: a sparse_coo tensor cannot be sent to another thread; send its parts, or x.toDense()",
		],
		[
			"batch",
			"DataLoader: batch.numbers[1]: a function without a name cannot be sent",
		],
		["init", "DataLoader worker 0: could not begin: workerInitFn: no database"],
		[
			"secretive",
			"DataLoader worker 0: sample 0: Cannot read private member #secret from an object whose class did not declare it; #private members do not reach workers by themselves: give the class toWorker() and static fromWorker(), see importable",
		],
		[
			"nested",
			"a worker of a DataLoader makes a DataLoader with workers. Workers run the module that exports the dataset: put the dataset into a module of its own, or the program behind if (isMainThread)",
		],
	])("say what cannot be sent, and what to do: %s", (name, message) => {
		expect(refusals[name]?.message).toContain(message);
	});

	test("there are none where a class is not exported, if its module says that it has it", () => {
		expect(refusals.inner).toBeNull();
	});
});

test("samples that cannot be loaded are skipped, counted and reported", async () => {
	const { results, warnings } = await run<{
		results: unknown[];
		warnings: string[];
	}>("skip");
	const batches = [[0, 1], [2, 3], [4], [6, 7], [8]];
	const single = [0, 1, 2, 3, 4, 6, 7, 8].map((i) => [i]);
	const report = { batches, skipped: [5], message: "sample five is broken" };
	expect(results).toEqual([
		{ ...report, where: "DataLoader" },
		single,
		{ ...report, where: "DataLoader worker 0" },
		single,
	]);
	expect(warnings).toHaveLength(4);
	expect(warnings[2]).toBe(
		"DataLoader: samples that were skipped, since they could not be loaded: 1. The first: DataLoader worker 0: sample 5: sample five is broken",
	);
}, 60_000);

test("an epoch continues where it was left, with the same samples and random numbers", async () => {
	const results = await run<Record<string, boolean>>("resume");
	expect(Object.keys(results)).toHaveLength(28);
	expect(Object.entries(results).filter(([, same]) => !same)).toEqual([]);
}, 240_000);

test("memory is flat over 100 epochs with new workers each", async () => {
	const sizes = await run<number[]>("epochs");
	expect(sizes).toHaveLength(100);
	expect((sizes.at(-1) as number) - (sizes[20] as number)).toBeLessThan(60);
}, 240_000);

test("8 GB of batches go through a bounded pool, and views of some outlive it", async () => {
	const { most, wrong } = await run<{ most: number; wrong: number }>("batches");
	expect(wrong).toBe(0);
	expect(most).toBeLessThan(1200);
}, 120_000);

test("two epochs at once: with workers of their own, or the second ends the first", async () => {
	const all = [
		[0, 1],
		[2, 3],
		[4, 5],
	];
	expect(await run("twice")).toMatchObject({
		both: [all, all],
		second: all,
		error: {
			message:
				"DataLoader: another epoch has begun; persistent workers serve one at a time",
		},
	});
}, 60_000);

/** node workers.mjs CASE: prints what came of it as JSON. It must end by itself: what is left open keeps it. */
import { readdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import {
	ChainDataset,
	ConcatDataset,
	DataLoader,
	Dataset,
	importable,
	perThread,
	randomSplit,
	type SampleError,
	StackDataset,
	Subset,
	shareMemory,
	TensorDataset,
} from "../../../lib/data/index.ts";
import { arange, rand, zeros } from "../../../lib/generated/functions.ts";
import { getRngState, manualSeed, setRngState } from "../../../lib/random.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import { getNumThreads, setNumThreads } from "../../../lib/threads.ts";
import { Digits } from "../../../lib/vision/datasets/index.ts";
import {
	Compose,
	Normalize,
	ToTensor,
} from "../../../lib/vision/transforms/index.ts";
import * as own from "./datasets.ts";

const threads = () => readdirSync("/proc/self/task").length;

/** How many threads there are when those that end have ended. */
async function settled(): Promise<number> {
	await wait(100);
	return threads();
}

async function collect<T>(batches: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const batch of batches) all.push(batch);
	return all;
}

interface Told {
	name: string;
	message: string;
	code?: unknown;
	op?: unknown;
	index?: unknown;
	stack?: string | undefined;
	cause?: Told | undefined;
}

function told(error: unknown): Told {
	const { name, message, stack, cause } = error as Error;
	const { code, op, index } = error as SampleError;
	const at = stack?.split("\n").find((line) => /datasets\.mjs/.test(line));
	const made = { name, message, code, op, index, stack: at?.trim() };
	return cause ? { ...made, cause: told(cause) } : made;
}

async function errorOf(run: () => unknown): Promise<Told | null> {
	try {
		await run();
		return null;
	} catch (error) {
		return told(error);
	}
}

const indices = ([i]: readonly [Tensor, Tensor]) => i.tolist();
const lists = (batches: readonly Tensor[][]) =>
	batches.map((batch) => batch.map((part) => part.tolist()));

const cases: Record<string, () => Promise<unknown>> = {
	/** What messages carry, and whose memory a batch lies in. */
	async noCopy() {
		const dataset = new own.Watched(8, 2 ** 18);
		const marks = [];
		const values = [];
		for await (const batch of new DataLoader(dataset, {
			batchSize: 2,
			numWorkers: 1,
			prefetchFactor: 1,
		})) {
			await wait(50);
			marks.push(batch.select(0, 0).select(0, 1).item());
			values.push(batch.select(1, 2).tolist());
		}
		return { marks, values, bytesInMessages: dataset.sent[0] };
	},

	/** Tensors of a dataset: copied once, and not at all where they are shared. */
	async shared() {
		const x = shareMemory(arange(6).reshape([3, 2]));
		const y = x.select(0, 1);
		const loader = new DataLoader(new TensorDataset(x, zeros([3])), {
			numWorkers: 1,
			persistentWorkers: true,
			batchSize: 3,
		});
		const before = await collect(loader);
		y.fill_(9);
		const after = await collect(loader);
		await loader.close();
		return lists([...before, ...after] as Tensor[][]);
	},

	async datasets() {
		const numbers = new TensorDataset(arange(6));
		const letters = ["a", "b", "c", "d", "e", "f"];
		const given = { batchSize: 4, numWorkers: 2 } as const;
		const opened = await perThread(own.openLetters, "wxyz");
		const stream = await perThread(own.openStream, 3);
		return {
			subset: lists(
				await collect(new DataLoader(new Subset(numbers, [5, 1, 0]), given)),
			),
			concat: await collect(
				new DataLoader(new ConcatDataset([letters, ["g"]]), given),
			),
			stack: lists(
				(
					await collect(
						new DataLoader(
							new StackDataset({ x: numbers, y: [1, 2, 3, 4, 5, 6] }),
							given,
						),
					)
				).map(({ x, y }) => [x[0], y]),
			),
			chain: (
				await collect(
					new DataLoader(
						new ChainDataset([new own.Stream(3), new own.Stream(2)]),
						{ batchSize: 2, numWorkers: 1 },
					),
				)
			).map(indices),
			opened: await collect(new DataLoader(opened, given)),
			stream: (await collect(new DataLoader(stream, given))).map(indices),
			slow: (await collect(new DataLoader(new own.Slow(9), given))).map(
				indices,
			),
			collateFn: await collect(
				new DataLoader(new own.Drawing(5), {
					...given,
					collateFn: own.joined,
				}),
			),
			unbatched: await collect(
				new DataLoader(new own.Drawing(3), {
					numWorkers: 2,
					batchSize: null,
					collateFn: own.first,
				}),
			),
		};
	},

	/** Tensors that stand for boxes are boxes on this side, too. */
	async kinds() {
		const results = [];
		for (const numWorkers of [0, 2]) {
			const loader = new DataLoader(new own.Detections(), {
				batchSize: 3,
				numWorkers,
				collateFn: own.asList,
			});
			const batches = await collect(loader);
			results.push(
				batches.flat().map(({ image, boxes }) => [`${image}`, `${boxes}`]),
			);
		}
		return results;
	},

	/** Data of the library, the same for any number of workers. */
	async library() {
		const root = fileURLToPath(
			new URL("../../../examples/data/digits", import.meta.url),
		);
		const digits = new Digits(root, {
			transform: new Compose([new ToTensor(), new Normalize([0.3], [0.4])]),
		});
		const [part] = randomSplit(digits, [0.1, 0.9]);
		const epochs = [];
		for (const numWorkers of [0, 1, 2, 4]) {
			manualSeed(8);
			const loader = new DataLoader(part, {
				batchSize: 32,
				shuffle: true,
				numWorkers,
			});
			epochs.push(lists((await collect(loader)) as Tensor[][]));
		}
		const [first, ...others] = epochs.map((epoch) => JSON.stringify(epoch));
		return {
			same: others.map((epoch) => epoch === first),
			characters: first?.length,
		};
	},

	async workerInfo() {
		manualSeed(11);
		setNumThreads(2);
		const loader = new DataLoader(new own.Introspective(), {
			numWorkers: 2,
			workerInitFn: own.initialize,
		});
		const infos = (await collect(loader)).map(([text]) =>
			JSON.parse(text as string),
		);
		return { infos, threads: getNumThreads() };
	},

	/** Random numbers of the training thread are its own: the same whatever workers draw, and whenever. */
	async random() {
		const draws = [];
		for (const numWorkers of [1, 3]) {
			manualSeed(5);
			const loader = new DataLoader(new own.Drawing(60), { numWorkers });
			const drawn = [];
			for await (const _ of loader) drawn.push(rand([1]).item());
			draws.push(drawn);
		}
		return draws;
	},

	/** Every way to end an epoch early. */
	async ends() {
		const left: Record<string, number> = {};
		const loader = (options: object = {}) =>
			new DataLoader(new own.Drawing(1000), { numWorkers: 2, ...options });
		for await (const _ of loader()) break;
		const before = await settled(); // with what the first worker leaves to the process
		for await (const _ of loader()) break;
		left.break = (await settled()) - before;
		await errorOf(async () => {
			for await (const _ of loader()) throw new Error("on purpose");
		});
		left.throw = (await settled()) - before;
		const iterator = loader()[Symbol.asyncIterator]();
		await iterator.next();
		await iterator.return();
		left.return = (await settled()) - before;
		await errorOf(() => {
			const broken = new own.Broken(20, "throw");
			return collect(new DataLoader(broken, { numWorkers: 2 }));
		});
		left.sample = (await settled()) - before;
		await errorOf(() => {
			const broken = new own.Broken(20, "exit");
			return collect(new DataLoader(broken, { numWorkers: 2 }));
		});
		left.died = (await settled()) - before;
		const controller = new AbortController();
		const { signal } = controller;
		const aborted = await errorOf(async () => {
			for await (const _ of loader({ signal })) controller.abort();
		});
		left.abort = (await settled()) - before;
		const again = await errorOf(() => collect(loader({ signal })));
		const late = new AbortController();
		setTimeout(() => late.abort(new Error("too late")), 300);
		const hanging = await errorOf(() =>
			collect(
				new DataLoader(new own.Broken(20, "hang"), {
					numWorkers: 2,
					signal: late.signal,
				}),
			),
		);
		left.abortHanging = (await settled()) - before;
		const waiting = new AbortController();
		setTimeout(() => waiting.abort(new Error("no workers")), 50);
		const single = await errorOf(() =>
			collect(
				new DataLoader(new own.Broken(20, "wait"), { signal: waiting.signal }),
			),
		);
		const kept = loader({ persistentWorkers: true });
		for await (const _ of kept) break;
		await collect(kept);
		left.kept = (await settled()) - before > 0 ? 1 : 0;
		await kept.close();
		left.closed = (await settled()) - before;
		return { left, errors: [aborted, again, hanging, single] };
	},

	/** Ends with persistent workers that nobody closed, and an iterator that nobody returned. */
	async unclosed() {
		const loader = new DataLoader(new own.Drawing(100), {
			numWorkers: 2,
			persistentWorkers: true,
		});
		await collect(loader);
		const other = new DataLoader(new own.Drawing(100), { numWorkers: 2 });
		await other[Symbol.asyncIterator]().next();
		return "ended";
	},

	/** Loops and loaders that nobody has any longer. */
	async abandoned() {
		for await (const _ of new DataLoader(new own.Drawing(9), { numWorkers: 2 }))
			break;
		const before = await settled();
		const abandon = async (persistentWorkers: boolean) => {
			const loader = new DataLoader(new own.Drawing(100), {
				numWorkers: 2,
				persistentWorkers,
			});
			if (persistentWorkers) await collect(loader);
			else await loader[Symbol.asyncIterator]().next();
		};
		await abandon(false);
		await abandon(true);
		const during = await settled();
		for (let i = 0; i < 50 && threads() > before; i++) {
			(globalThis as { gc?: () => void }).gc?.();
			await wait(100);
		}
		return { were: during > before, left: threads() - before };
	},

	async errors() {
		const results: Record<string, unknown> = {};
		for (const way of ["throw", "reject", "operator", "type"]) {
			for (const numWorkers of [0, 2]) {
				results[`${way} ${numWorkers}`] = await errorOf(() =>
					collect(
						new DataLoader(new own.Broken(9, way), {
							batchSize: 3,
							numWorkers,
						}),
					),
				);
			}
		}
		return results;
	},

	async deaths() {
		const run = (way: string, options: object = {}) =>
			errorOf(() =>
				collect(
					new DataLoader(new own.Broken(9, way), {
						batchSize: 3,
						numWorkers: 2,
						...options,
					}),
				),
			);
		const kept = new DataLoader(new own.Broken(9, "exit"), {
			sampler: { [Symbol.iterator]: () => [way++ === 0 ? 5 : 4].values() },
			numWorkers: 1,
			persistentWorkers: true,
		});
		let way = 0;
		const first = await errorOf(() => collect(kept));
		const second = (await collect(kept)).map(indices);
		await kept.close();
		return {
			exit: await run("exit"),
			memory: await run("memory"),
			hang: await run("hang", { timeout: 3 }),
			first,
			second,
		};
	},

	async skip() {
		const warnings: string[] = [];
		process.on("warning", ({ message }) => warnings.push(message));
		const results = [];
		for (const numWorkers of [0, 2]) {
			const loader = new DataLoader(new own.Broken(9, "throw"), {
				batchSize: 2,
				numWorkers,
				onError: "skip",
			});
			results.push({
				batches: (await collect(loader)).map(indices),
				skipped: loader.skipped.map(({ index }) => index),
				where: told(loader.skipped[0]).op,
				message: told(loader.skipped[0]?.cause).message,
			});
			const single = new DataLoader(new own.Broken(9, "reject"), {
				numWorkers,
				onError: "skip",
			});
			results.push((await collect(single)).map(indices));
		}
		await wait(10);
		return { results, warnings };
	},

	/** What cannot be sent, and programs that workers must not run. */
	async refusals() {
		const given = { numWorkers: 1 };
		const run = (dataset: unknown, options: object = {}) =>
			errorOf(() =>
				collect(
					new DataLoader(dataset as Dataset<number>, { ...given, ...options }),
				),
			);
		const five = new own.Drawing(5);
		const withClosure = Object.assign(new own.Drawing(5), {
			inner: { transform: [(x: number) => x] },
		});
		const graph = rand([3], { requiresGrad: true }).mul(2);
		return {
			plain: await run({ length: 1, getItem: () => 1 }),
			undeclared: await run(new own.Undeclared(5)),
			hidden: await run(own.hidden),
			inner: await run(own.inner),
			closure: await run(withClosure),
			collateFn: await run(five, { collateFn: () => 1 }),
			symbol: await run(Object.assign(new own.Drawing(5), { s: Symbol("s") })),
			graph: await run(new TensorDataset(graph)),
			sparse: await run(
				Object.assign(new own.Drawing(5), { x: zeros([2]).toSparse() }),
			),
			batch: await run(five, { collateFn: own.withFunction }),
			init: await run(five, { workerInitFn: own.failToInitialize }),
			secretive: await run(new own.Secretive()),
			nested: await run(new Nested()),
		};
	},

	/** Left after some batches and continued elsewhere. */
	async resume() {
		const results: Record<string, boolean> = {};
		for (const kind of ["map", "stream"]) {
			for (const numWorkers of [0, 1, 3]) {
				for (const shuffle of kind === "map" ? [false, true] : [false]) {
					for (const count of [1, 4, 6]) {
						const make = () =>
							new DataLoader(
								kind === "map" ? new own.Drawing(23) : new own.Stream(23),
								{ batchSize: 3, shuffle, numWorkers },
							);
						manualSeed(2);
						const loader = make();
						const all: unknown[] = [];
						let state = loader.stateDict();
						let random: ReturnType<typeof getRngState> | undefined;
						for await (const batch of loader) {
							all.push(lists([batch]));
							if (all.length !== count) continue;
							state = loader.stateDict();
							random = getRngState();
						}
						manualSeed(77);
						const other = make();
						other.loadStateDict(state);
						if (random) setRngState(random);
						const rest: unknown[] = [];
						for await (const batch of other) rest.push(lists([batch]));
						const name = `${kind} ${numWorkers} ${shuffle} ${count}`;
						results[name] =
							JSON.stringify(rest) === JSON.stringify(all.slice(count));
					}
				}
			}
		}
		// the second epoch of persistent workers, one of which has given nothing in it yet
		const make = () =>
			new DataLoader(new own.Drawing(23), {
				batchSize: 3,
				shuffle: true,
				numWorkers: 3,
				persistentWorkers: true,
			});
		manualSeed(6);
		const loader = make();
		await collect(loader);
		const all: unknown[] = [];
		let state = loader.stateDict();
		for await (const batch of loader) {
			all.push(lists([batch]));
			if (all.length === 2) state = loader.stateDict();
		}
		await loader.close();
		manualSeed(99);
		const other = make();
		other.loadStateDict(state);
		const rest = (await collect(other)).map((batch) => lists([batch]));
		await other.close();
		results.persistent = JSON.stringify(rest) === JSON.stringify(all.slice(2));
		return results;
	},

	/** 100 epochs. */
	async epochs() {
		const loader = new DataLoader(new own.Large(32, 2 ** 16), {
			batchSize: 4,
			numWorkers: 1,
		});
		const sizes: number[] = [];
		for (let epoch = 0; epoch < 100; epoch++) {
			for await (const _ of loader);
			sizes.push(process.memoryUsage.rss() / 2 ** 20);
		}
		return sizes;
	},

	/** Many batches, none of them disposed of: 8 GB go through. */
	async batches() {
		const loader = new DataLoader(new own.Large(64, 2 ** 20), {
			batchSize: 2,
			numWorkers: 2,
			persistentWorkers: true,
		});
		let most = 0;
		let wrong = 0;
		const kept = [];
		for (let epoch = 0; epoch < 32; epoch++) {
			let i = 0;
			for await (const batch of loader) {
				if (i === 3 && epoch % 8 === 0)
					kept.push([6, batch.select(1, 1)] as const); // a view outlives its batch
				if (batch.select(0, 1).select(0, -1).item() !== 2 * i++ + 1) wrong++;
				most = Math.max(most, process.memoryUsage.rss() / 2 ** 20);
			}
		}
		for (const [value, view] of kept) {
			if (view.select(0, 0).item() !== value) wrong++;
		}
		await loader.close();
		return { most, wrong };
	},

	/** Two epochs at once. */
	async twice() {
		const given = { batchSize: 2, numWorkers: 1 };
		const loader = new DataLoader(new own.Drawing(6), given);
		const both = await Promise.all([collect(loader), collect(loader)]);
		const kept = new DataLoader(new own.Drawing(6), {
			...given,
			persistentWorkers: true,
		});
		const first = kept[Symbol.asyncIterator]();
		await first.next();
		const second = await collect(kept);
		const error = await errorOf(async () => {
			for await (const _ of first);
		});
		await kept.close();
		return {
			both: both.map((all) => all.map(indices)),
			second: second.map(indices),
			error,
		};
	},
};

/** A dataset of the program's own module, which loads with workers when it is imported by one. */
class Nested extends Dataset<number> {
	readonly length = 2;
	getItem(i: number): number {
		return i;
	}
}
importable(import.meta.url, Nested);

if (!isMainThread) new DataLoader(new own.Drawing(3), { numWorkers: 1 });
else {
	const result = await cases[process.argv[2] as string]?.();
	console.log(JSON.stringify(result));
}

export { Nested };

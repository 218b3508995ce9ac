/** Where an epoch is, and how to get there again. */
import { Generator, slotOfGenerator } from "../generator.ts";
import { tensor, toTypedArray } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { At } from "./fetcher.ts";
import { drawSeed } from "./sampler.ts";
import type { WorkerPosition } from "./worker/protocol.ts";

/** What `DataLoader.stateDict` gives. */
export interface DataLoaderState {
	/** Batches of the epoch that have been given out, or were skipped. */
	batches: number;
	/** The workers' base seed, in decimal digits. */
	seed: string;
	/** The epoch drew its base seed: those after the first of persistent workers do not. */
	drawn: boolean;
	/** The states of the generators that the order is drawn from, when the epoch began. */
	generators: Tensor[];
	/** The worker whose turn it is. */
	nextWorker: number;
	/** For each worker its batches, and the state of its random numbers after them; null: the seed's. */
	workers: { batches: number; random: Tensor | null }[];
}

/** A position that moves. */
export class Position {
	batches = 0;
	seed = "";
	drawn = true;
	generators: Uint8Array[] = [];
	nextWorker = 0;
	workers: (WorkerPosition | undefined)[] = [];

	constructor(numWorkers: number) {
		this.workers = new Array(numWorkers).fill(undefined);
	}

	/** A worker's batch has been given out. */
	move(worker: number, random: Uint8Array): void {
		const batches = (this.workers[worker]?.batches ?? 0) + 1;
		this.workers[worker] = { batches, random };
		this.nextWorker = (worker + 1) % this.workers.length;
		this.batches++;
	}

	state(): DataLoaderState {
		const { batches, seed, drawn, nextWorker } = this;
		return {
			batches,
			seed,
			drawn,
			generators: this.generators.map((state) => tensor(state)),
			nextWorker,
			workers: this.workers.map((worker) => ({
				batches: worker?.batches ?? 0,
				random: worker ? tensor(worker.random) : null,
			})),
		};
	}

	static of(state: DataLoaderState): Position {
		const position = new Position(state.workers.length);
		const { batches, seed, drawn, nextWorker } = state;
		Object.assign(position, { batches, seed, drawn, nextWorker });
		position.generators = state.generators.map(bytesOf);
		position.workers = state.workers.map(({ batches, random }) =>
			random ? { batches, random: bytesOf(random) } : undefined,
		);
		return position;
	}
}

function bytesOf(state: Tensor): Uint8Array {
	return toTypedArray(state) as Uint8Array;
}

interface Drawing {
	generator: Generator | undefined;
	sampler: object | undefined;
	batchSampler: object | undefined;
	numWorkers: number;
}

/** The generators that an epoch's order is drawn from: the loader's or the default one, and those of samplers. */
export function generatorsOf(loader: Drawing): Generator[] {
	const found = [loader.generator ?? Generator.default()];
	const samplers = [loader.sampler, loader.batchSampler].flatMap((one) => [
		one,
		(one as { sampler?: object } | undefined)?.sampler,
	]);
	for (const sampler of samplers) {
		const own = (sampler as { generator?: unknown } | undefined)?.generator;
		if (slotOfGenerator(own) !== null && !found.includes(own as Generator)) {
			found.push(own as Generator);
		}
	}
	return found;
}

export interface Begun {
	indices: Iterable<At>;
	position: Position;
}

/**
 * Begins an epoch: draws its base seed; or, where workers go on after the epoch `before`, takes that one's, and their random numbers as they
 * were after it.
 */
export function begin(
	loader: Drawing,
	indices: Iterable<At>,
	before: Position | undefined,
): Begun {
	const position = new Position(loader.numWorkers);
	position.generators = generatorsOf(loader).map((g) => bytesOf(g.getState()));
	position.drawn = !before;
	position.seed = before?.seed ?? String(drawSeed(loader.generator));
	if (before) {
		position.workers = before.workers.map(
			(worker) => worker && { ...worker, batches: 0 },
		);
	}
	return { indices, position };
}

/**
 * Begins an epoch where another was left: what that one drew is drawn again, and the batches that it gave out are gone past. The
 * default generator is afterwards as it was before: that is the program's own to restore.
 */
export function resume(
	loader: Drawing,
	indices: Iterable<At>,
	state: DataLoaderState,
): Begun {
	const position = Position.of(state);
	const now = Generator.default().getState();
	for (const [i, generator] of generatorsOf(loader).entries()) {
		generator.setState(state.generators[i] as Tensor);
	}
	if (state.drawn) drawSeed(loader.generator);
	// a stream has no indices of its own: whoever reads it goes past its batches
	const rest = loader.sampler
		? skip(indices[Symbol.iterator](), state.batches)
		: indices;
	Generator.default().setState(now);
	return { indices: rest, position };
}

/** What comes after the first `count`. The first of it is drawn at once: with it samplers have drawn their order. */
function skip(iterator: Iterator<At>, count: number): Iterable<At> {
	for (let i = 0; i < count; i++) iterator.next();
	let next = iterator.next();
	return (function* () {
		while (!next.done) {
			yield next.value;
			next = iterator.next();
		}
	})();
}

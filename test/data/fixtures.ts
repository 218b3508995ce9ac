/** What scripts/fixtures/data.py wrote. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface LoaderCase {
	length: number;
	seed: number;
	generatorSeed: number | null;
	options: { batchSize?: number; shuffle?: boolean; dropLast?: boolean };
	epochs: number[][][];
	left: number[];
	draws: number[];
	next: number;
	generatorNext: number | null;
}

type Batch = [indices: number[], draws: number[]];

export interface WorkersCase {
	kind: "map" | "stream";
	length: number;
	seed: number;
	generatorSeed: number | null;
	options: { numWorkers: number };
	epochs: Batch[][];
	left: Batch[];
	after: Batch[] | null;
	next: number;
}

export interface SamplerCase {
	name: string;
	generatorSeed: number | null;
	length: number;
	epochs: unknown[][];
	next: number;
	generatorNext: number | null;
}

export interface SplitCase {
	length: number;
	lengths: number[];
	generatorSeed: number | null;
	indices: number[][];
	next: number;
}

export function readFixtures<T>(name: string): T[] {
	const file = join(__dirname, "../fixtures/data", name);
	return JSON.parse(readFileSync(file, "utf8"));
}

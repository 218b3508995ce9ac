/** What worker threads can import: classes and functions with the module that exports them. */
import * as check from "../check.ts";

/** Where a class or a function is exported. */
export interface Place {
	module: string;
	name: string;
}

// biome-ignore lint/complexity/noBannedTypes: any class or function
export type Exported = Function;

const places = new WeakMap<Exported, Place>();
/** What modules have said of themselves. Namespaces are looked through when something is asked for: they may be incomplete while their module runs. */
const said: { module: string; exports: Record<string, unknown> }[] = [];

/**
 * Says that a module exports classes or functions, so that the worker threads of a DataLoader can import them: the dataset's class, a transform,
 * a `collateFn`, a `workerInitFn`. Each goes by its own name.
 *
 * Threads share no objects and functions cannot be sent. Python's pickle has the same task, and sends the name of a class with the name
 * of its module; JavaScript does not know where a function comes from, so the module says it, once. Instances travel as they do in Python:
 * the thread imports the class and gives a new object the same fields, without running the constructor. Tensors among them lie in
 * memory that all threads share. (Transforms, and whatever else can be called, are made by their constructor: its parameters and options are fields of
 * the same names.) Where that is not enough (`#private` fields, open files, closures in fields), a class says itself what is
 * sent and what is made of it: `toWorker(): State` and `static fromWorker(state: State): Instance | Promise<Instance>`.
 *
 * The thread runs the module anew: define datasets in a module of their own, not in the program that trains.
 *
 * @param module `import.meta.url` of the module that exports them
 * @param exported the classes and functions, or the module's namespace (`import * as self from "./dataset.js"`)
 * @returns the first of them
 *
 * ```ts
 * // squares.ts
 * export class Squares extends Dataset<[number, number]> {
 *   readonly length = 10;
 *   getItem(index: number): [number, number] {
 *     return [index, index * index];
 *   }
 * }
 * importable(import.meta.url, Squares);
 *
 * // train.ts
 * const loader = new DataLoader(new Squares(), { batchSize: 4, numWorkers: 2 });
 * ```
 */
export function importable<T extends object>(
	module: string,
	...exported: [T, ...object[]]
): T {
	const op = "importable";
	check.string(op, "module", module);
	for (const thing of exported) {
		if (typeof thing === "function") {
			if (!thing.name) {
				throw check.invalidValue(
					op,
					"exported",
					"expected a function with the name under which it is exported, got one without a name",
				);
			}
			places.set(thing, { module, name: thing.name });
			said.push({ module, exports: { [thing.name]: thing } });
		} else if (typeof thing === "object" && thing !== null) {
			said.push({ module, exports: thing as Record<string, unknown> });
		} else {
			throw check.invalidType(
				op,
				"exported",
				"classes, functions or a module's namespace",
				thing,
			);
		}
	}
	return exported[0];
}

/** Where workers find it; undefined: nowhere. */
export function placeOf(thing: Exported): Place | undefined {
	if (!places.has(thing)) {
		for (const { module, exports } of said) {
			for (const [name, value] of Object.entries(exports)) {
				if (value === thing) places.set(thing, { module, name });
			}
		}
	}
	return places.get(thing);
}

/** What a module that runs in this thread has said to be its export of that name. The library's own are in one file, which exports them to nobody. */
export function saidToBe({ module, name }: Place): unknown {
	return said.findLast(
		(other) => other.module === module && Object.hasOwn(other.exports, name),
	)?.exports[name];
}

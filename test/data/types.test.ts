/** The compiler's part of the tests: `tsc -p test` fails where a line below has another type, or is not refused. */
import {
	type Collated,
	ConcatDataset,
	DataLoader,
	Dataset,
	defaultCollate,
	IterableDataset,
	perThread,
	randomSplit,
	StackDataset,
	Subset,
	TensorDataset,
} from "../../lib/data/index.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";

type Equal<A, B> =
	(<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
		? true
		: false;
/** Compiles if the type is as stated. */
const is = <Stated extends true>(_?: Stated): void => {};

type BatchOf<Loader> =
	Loader extends AsyncIterable<infer Batch> ? Batch : never;

test("types hold", () => {
	const never = (): boolean => false; // so that nothing below runs
	if (!never()) return;
	const x = {} as Tensor;

	is<
		Equal<
			Collated<[Tensor, number, string, boolean]>,
			[Tensor, Tensor, string[], Tensor]
		>
	>();
	is<
		Equal<
			Collated<{ readonly a: bigint; b: [Uint8Array] }>,
			{ a: Tensor; b: [Tensor] }
		>
	>();
	is<Equal<Collated<number[]>, Tensor[]>>();
	const collated = defaultCollate([{ name: "a", at: 1 }]);
	is<Equal<typeof collated, { name: string[]; at: Tensor }>>();

	const pairs = new TensorDataset(x, x);
	is<Equal<ReturnType<typeof pairs.getItem>, [Tensor, Tensor]>>();
	const loader = new DataLoader(pairs, { batchSize: 4 });
	is<Equal<BatchOf<typeof loader>, [Tensor, Tensor]>>();

	class Words extends Dataset<{ word: string; length: number }> {
		readonly length = 3;
		async getItem(index: number) {
			return { word: "w".repeat(index), length: index };
		}
	}
	const words = new DataLoader(new Words());
	is<Equal<BatchOf<typeof words>, { word: string[]; length: Tensor }>>();
	const joined = new DataLoader(new Words(), {
		collateFn: (samples) => samples.map(({ word }) => word).join(" "),
	});
	is<Equal<BatchOf<typeof joined>, string>>();
	const single = new DataLoader(new Words(), {
		batchSize: null,
		collateFn: (sample) => sample.length,
	});
	is<Equal<BatchOf<typeof single>, number>>();
	const letters = new DataLoader(["a", "b"]);
	is<Equal<BatchOf<typeof letters>, string[]>>();

	const [train, rest] = randomSplit(new Words(), [0.8, 0.2]);
	is<Equal<typeof train, Subset<{ word: string; length: number }>>>();
	is<Equal<typeof rest, typeof train>>();
	// @ts-expect-error: there are two parts
	const [, , _third] = randomSplit(new Words(), [0.8, 0.2]);

	class Numbers extends IterableDataset<number> {
		async *[Symbol.asyncIterator]() {
			yield 3;
		}
	}
	const numbers = new DataLoader(new Numbers(), { numWorkers: 2 });
	is<Equal<BatchOf<typeof numbers>, Tensor>>();
	const both = new DataLoader(new ConcatDataset([["a"], ["b"]]));
	is<Equal<BatchOf<typeof both>, string[]>>();
	const stacked = new StackDataset({ word: new Words(), at: [1, 2, 3] });
	const records = new DataLoader(stacked);
	is<
		Equal<
			BatchOf<typeof records>,
			{ word: { word: string[]; length: Tensor }; at: Tensor }
		>
	>();
	const open = (path: string, count: number) => Array(count).fill(path);
	perThread(open, "words", 3);
	// @ts-expect-error: arguments are those of the function
	perThread(open, 3, "words");

	// @ts-expect-error: no such way
	new DataLoader(pairs, { onError: "ignore" });
	// @ts-expect-error: no such option
	new DataLoader(pairs, { batchsize: 4 });
	// @ts-expect-error: no dataset
	new DataLoader(3);
	// @ts-expect-error: a dataset gives samples
	class _Empty extends Dataset<number> {
		readonly length = 0;
	}
	// @ts-expect-error: an index is a number
	new Subset(pairs, ["a"]);
});

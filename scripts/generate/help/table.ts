/** What the editor's help says of a function: in our own words, what PyTorch means by it and by each of its arguments. */

type Meanings = { readonly [argument: string]: string };

export interface Help {
	/** What it gives. */
	about: string;
	/** The meaning of its own arguments, by their names in camelCase. */
	args: Meanings;
	/** The meaning of arguments that most of its family have; `common` has those that mean the same everywhere. */
	family: Meanings;
	/** The result's shape and dtype, where `about` leaves them open. */
	result: string | null;
	/** An expression, and its value behind "//" where it is always the same. */
	example: string;
}

export type HelpTable = { readonly [name: string]: Help };

type Entry = Pick<Help, "about" | "example"> &
	Partial<Pick<Help, "args" | "result">>;

/** Entries of one family: what they do not say themselves, `family` says for all. */
export function table(
	family: Partial<Pick<Help, "args" | "result">>,
	entries: { readonly [name: string]: Entry },
): HelpTable {
	return Object.fromEntries(
		Object.entries(entries).map(([name, { about, args, result, example }]) => [
			name,
			{
				about,
				args: args ?? {},
				family: family.args ?? {},
				result: result ?? family.result ?? null,
				example,
			},
		]),
	);
}

/** Arguments that mean the same wherever they stand. */
export const common: Meanings = {
	out: "where to write the result, instead of to a new tensor; for several results a list of tensors",
	layout: 'layout of the new tensor, such as "strided" or "sparse_coo"',
	device: 'where the new tensor lies: "cpu", "cuda", "cuda:1", "meta"',
	pinMemory:
		"whether it lies in pinned memory, from which copies to a GPU are faster",
	requiresGrad:
		"whether what is done with the new tensor is recorded for autograd",
	memoryFormat:
		'order of the elements in memory: "preserve_format" (as the input has it), "contiguous_format", "channels_last"',
	generator:
		"what random numbers come from; else the device's default generator",
	keepdim: "whether a dimension that is reduced stays, with size 1",
};

import { TorchError } from "../errors.ts";

/** A sample that could not be loaded. `cause` is the error itself, with the stack of the thread that it happened in. */
export class SampleError extends TorchError {
	/** The sample; undefined in a stream. Where several were asked for at once, the first of them. */
	readonly index: number | undefined;

	/** @param where "DataLoader", or "DataLoader worker 1" */
	constructor(where: string, indices: readonly number[], cause: unknown) {
		super(messageOf(cause), {
			code: "ERR_SAMPLE",
			op: where,
			argument: describe(indices),
			cause,
		});
		this.index = indices[0];
	}
}

/** A batch whose samples were loaded and could not be put together. */
export function batchError(
	where: string,
	indices: readonly number[],
	cause: unknown,
): TorchError {
	return new TorchError(messageOf(cause), {
		code: "ERR_BATCH",
		op: where,
		argument: `batch of ${describe(indices)}`,
		cause,
	});
}

export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function describe(indices: readonly number[]): string {
	if (indices.length === 0) return "a stream";
	if (indices.length === 1) return `sample ${indices[0]}`;
	const shown = indices.slice(0, 8).join(", ");
	return `samples ${shown}${indices.length > 8 ? ", …" : ""}`;
}

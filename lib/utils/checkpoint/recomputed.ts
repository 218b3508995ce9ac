/** Checkpointing without a backward within backward: what operators save is thrown away, and computed again when it is needed. */
import { savedTensorsHooks } from "../../autograd/graph.ts";
import { enableGrad } from "../../autograd/modes.ts";
import { TorchError } from "../../errors.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Stands for a tensor that was saved: its place among them. */
interface Held {
	place: number;
	description: string;
}

/** Thrown to end a computation that has given all that is needed. */
const enough: unique symbol = Symbol("enough");

function describe({ shape, dtype, device }: Tensor): string {
	return `shape [${shape.join(", ")}], dtype ${dtype}, device ${device}`;
}

export interface Recomputation {
	/** Runs the function with random numbers as they were. */
	run(): unknown;
	/** Whether it may end as soon as the last tensor that is needed was computed. */
	stopsEarly: boolean;
	/** Whether shapes, dtypes and devices are compared. */
	isChecked: boolean;
}

/** Runs `fn`, and what it saves goes through a `Recomputation`. */
export function withoutSaving<T>(fn: () => T, recomputation: Recomputation): T {
	const held: Held[] = [];
	/** What was computed again and not taken yet. */
	const recomputed = new Map<number, Tensor>();
	return savedTensorsHooks(
		(tensor) => {
			const entry = { place: held.length, description: describe(tensor) };
			held.push(entry);
			return entry;
		},
		({ place }) => {
			if (!recomputed.has(place)) computeAgain(held, recomputed, recomputation);
			const tensor = recomputed.get(place) as Tensor;
			recomputed.delete(place);
			return tensor;
		},
		fn,
	);
}

function computeAgain(
	held: readonly Held[],
	recomputed: Map<number, Tensor>,
	{ run, stopsEarly, isChecked }: Recomputation,
): void {
	let count = 0;
	try {
		savedTensorsHooks(
			(tensor) => {
				const place = count++;
				if (place < held.length) recomputed.set(place, tensor);
				if (stopsEarly && count === held.length) throw enough;
				return tensor;
			},
			(tensor) => tensor,
			() => enableGrad(run),
		);
	} catch (error) {
		if (error !== enough) throw error;
	}
	if (count !== held.length && (isChecked || count < held.length))
		throw mismatch(
			"A different number of tensors was saved during the original forward and recomputation.\n" +
				`Number of tensors saved during forward: ${held.length}\n` +
				`Number of tensors saved during recomputation: ${count}`,
		);
	if (!isChecked) return;
	const different = held.flatMap(({ place, description }) => {
		const tensor = recomputed.get(place);
		const now = tensor === undefined ? description : describe(tensor);
		return now === description
			? []
			: [
					`tensor at position ${place}:\nsaved: ${description}\nrecomputed: ${now}`,
				];
	});
	if (different.length > 0)
		throw mismatch(
			`Recomputed values for the following tensors have different metadata than during the forward pass.\n${different.join("\n")}`,
		);
}

function mismatch(message: string): TorchError {
	return new TorchError(message, { code: "ERR_TORCH", op: "checkpoint" });
}

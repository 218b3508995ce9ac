/** Parameters in memory that all threads of the process see. */
import { isSharedArrayBuffer } from "node:util/types";
import * as check from "../check.ts";
import { fromBlob } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DType } from "../types.ts";
import type { AnyModule } from "./module.ts";
import { replaceData } from "./parameter.ts";
import type { StateDict } from "./stateDict.ts";

/** A tensor's place in memory that threads share. */
export interface SharedTensor {
	buffer: SharedArrayBuffer;
	dtype: DType;
	shape: number[];
	strides: number[];
	/** In elements. */
	offset: number;
}

/** Where a model's state lies, by the names of its state dict: what `postMessage` and `workerData` take. */
export type SharedState = { [name: string]: SharedTensor };

const places = new WeakMap<Tensor, { place: SharedTensor; pointer: unknown }>();

/** Moves tensors of the CPU into shared memory, in place. Those that shared memory among them do so still. */
export function shareMemory(tensors: readonly Tensor[]): void {
	const op = "shareMemory";
	const storages = new Map<bigint, Tensor[]>();
	for (const tensor of tensors) {
		if (tensor.device.startsWith("cuda") || isShared(tensor)) continue;
		if (tensor.device !== "cpu" || tensor.layout !== "strided")
			throw check.invalidValue(
				op,
				"module",
				`a tensor of layout ${tensor.layout} on ${tensor.device} cannot lie in shared memory`,
			);
		const start = BigInt(tensor.dataPtr()) - bytesBefore(tensor);
		const together = storages.get(start);
		if (together === undefined) storages.set(start, [tensor]);
		else together.push(tensor);
	}
	for (const together of storages.values()) {
		const ends = together.map((tensor) => end(tensor) * tensor.elementSize());
		const length = Math.ceil(Math.max(16, ...ends) / 16) * 16;
		const buffer = new SharedArrayBuffer(length);
		for (const tensor of together) move(tensor, buffer);
	}
}

const bytesBefore = (tensor: Tensor) =>
	BigInt(tensor.storageOffset() * tensor.elementSize());

/** Where a tensor's last element ends in its storage. */
function end(tensor: Tensor): number {
	const strides = tensor.stride();
	const { shape } = tensor;
	if (shape.includes(0)) return 0;
	return shape.reduce(
		(last, size, i) => last + (size - 1) * (strides[i] as number),
		tensor.storageOffset() + 1,
	);
}

function move(tensor: Tensor, buffer: SharedArrayBuffer): void {
	const { dtype, shape } = tensor;
	const [strides, offset] = [tensor.stride(), tensor.storageOffset()];
	const place = { buffer, dtype, shape, strides, offset };
	const moved = tensorAt(place);
	once(moved).copy_(once(tensor.detach()));
	replaceData(tensor, moved);
	places.set(tensor, { place, pointer: tensor.dataPtr() });
}

/** Without the repetitions that expanded dimensions are. */
function once(tensor: Tensor): Tensor {
	return tensor
		.stride()
		.reduce(
			(rest, stride, dim) =>
				stride === 0 && rest.size(dim) > 1 ? rest.narrow(dim, 0, 1) : rest,
			tensor,
		);
}

function tensorAt(place: SharedTensor): Tensor {
	const { buffer, dtype, shape, strides, offset } = place;
	const whole = fromBlob(new Uint8Array(buffer)).view(dtype);
	return whole.asStrided(shape, strides, offset);
}

function isShared(tensor: Tensor): boolean {
	return places.get(tensor)?.pointer === tensor.dataPtr();
}

/**
 * Where a model's parameters and buffers lie after `model.shareMemory()`, to be sent to worker threads.
 *
 * @throws TorchError where one of them is not, or no more, in shared memory
 * @example
 * model.shareMemory();
 * new Worker("./train.js", { workerData: nn.utils.sharedState(model) });
 */
export function sharedState(module: AnyModule): SharedState {
	const entries = Object.entries(module.stateDict({ keepVars: true }));
	return Object.fromEntries(
		entries.map(([name, tensor]) => {
			if (isShared(tensor))
				return [name, (places.get(tensor) as { place: SharedTensor }).place];
			throw check.invalidValue(
				"sharedState",
				"module",
				`"${name}" is not in shared memory: call shareMemory() first, and again after what moves it`,
			);
		}),
	);
}

/**
 * The tensors of another thread's model, over the same memory: what one thread writes, all see.
 *
 * @example
 * // in train.js
 * model.loadStateDict(nn.utils.fromSharedState(workerData), { assign: true });
 */
export function fromSharedState(state: SharedState): StateDict {
	if (typeof state !== "object" || state === null)
		throw check.invalidType("fromSharedState", "state", "object", state);
	return Object.fromEntries(
		Object.entries(state).map(([name, place]) => {
			if (!isSharedArrayBuffer(place?.buffer))
				throw check.invalidType(
					"fromSharedState",
					name,
					"what sharedState gives",
					place,
				);
			return [name, tensorAt(place)];
		}),
	);
}

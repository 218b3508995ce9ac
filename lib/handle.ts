/** What every Tensor holds: a private slot, which only this file's functions read. */
import { cudaProblem, native, type Slot } from "./binding.ts";
import { fromNative } from "./errors.ts";
import { noCudaDevice } from "./libtorch/version.ts";

let readSlot: (handle: TensorHandle) => Slot;
let writeSlot: (handle: TensorHandle, slot: Slot) => void;
let hasSlot: (value: object) => boolean;

export abstract class TensorHandle {
	#slot: Slot = 0;

	static {
		readSlot = (handle) => handle.#slot;
		writeSlot = (handle, slot) => {
			handle.#slot = slot;
		};
		hasSlot = (value) => #slot in value;
	}
}

let TensorClass: new () => TensorHandle;

/** Called once, by the file that defines Tensor: results are made of this class. */
export function registerTensor(tensorClass: new () => TensorHandle): void {
	TensorClass = tensorClass;
	native.initialize(fromNative, adopt, cudaProblem ?? noCudaDevice);
}

/** The class first: objects of other shapes never reach the test of the private field, which is fast for few shapes only. */
export function isTensor(value: unknown): value is TensorHandle {
	return value instanceof TensorHandle && hasSlot(value);
}

/** The slot of a tensor; 0, which no tensor has, for what is none. */
export function slotOf(value: TensorHandle): Slot {
	return isTensor(value) ? readSlot(value) : 0;
}

/** The tensors made within the innermost `scope`, or null outside of any. */
let made: TensorHandle[] | null = null;

/** Collects the tensors made from now on in `list`; returns the list before. */
export function collectMade(
	list: TensorHandle[] | null,
): TensorHandle[] | null {
	const before = made;
	made = list;
	return before;
}

/** An empty Tensor, for native code to tie a result to. */
export function emptyTensor(): TensorHandle {
	return new TensorClass();
}

/** Makes a Tensor that native code has filled known by its slot. */
export function fill<T extends TensorHandle>(tensor: T, slot: Slot): T {
	writeSlot(tensor, slot);
	if (made !== null) made.push(tensor);
	return tensor;
}

function adopt(slot: Slot): TensorHandle {
	return fill(new TensorClass(), slot);
}

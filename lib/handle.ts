/** What every Tensor holds: a private slot, which only this file's functions read. */
import { cudaProblem, native, type Slot } from "./binding.ts";
import { fromNative } from "./errors.ts";
import { collectYoung } from "./garbage.ts";
import { noCudaDevice } from "./libtorch/version.ts";

let readSlot: (value: unknown) => Slot;
let writeSlot: (handle: Holder, slot: Slot) => void;

/**
 * What results are made as: a constructor that no others run before, which takes a quarter of a small call's JavaScript. From
 * `registerTensor` on, its objects are Tensors like all others.
 */
class Holder {
	#slot: Slot = 0;

	static {
		// The class first: objects of other shapes never reach the test of the private field, which is fast for few shapes only.
		readSlot = (value) =>
			value instanceof TensorHandle && #slot in value ? value.#slot : 0;
		writeSlot = (handle, slot) => {
			handle.#slot = slot;
		};
	}
}

export abstract class TensorHandle extends Holder {}

/** Called once, by the file that defines Tensor: results are of this class. */
export function registerTensor(tensorClass: new () => TensorHandle): void {
	// Tensor's chain of prototypes ends in TensorHandle's, so that Holder's can come before it.
	Object.setPrototypeOf(TensorHandle.prototype, Object.prototype);
	Object.setPrototypeOf(Holder.prototype, tensorClass.prototype);
	Object.defineProperty(Holder.prototype, "constructor", {
		value: tensorClass,
		writable: true,
		configurable: true,
	});
	native.initialize(
		fromNative,
		adopt,
		collectYoung,
		cudaProblem ?? noCudaDevice,
	);
}

export function isTensor(value: unknown): value is TensorHandle {
	return readSlot(value) !== 0;
}

/** The slot of a tensor; 0, which no tensor has, for what is none. */
export function slotOf(value: unknown): Slot {
	return readSlot(value);
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
	return new Holder();
}

/** Makes a Tensor that native code has filled known by its slot. */
export function fill<T extends TensorHandle>(tensor: T, slot: Slot): T {
	writeSlot(tensor, slot);
	if (made !== null) made.push(tensor);
	return tensor;
}

function adopt(slot: Slot): TensorHandle {
	return fill(new Holder(), slot);
}

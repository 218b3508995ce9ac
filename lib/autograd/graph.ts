/** torch.autograd.graph: what becomes of the tensors that operators save for backward. */
import { native, type Slot } from "../binding.ts";
import * as check from "../check.ts";
import { collectMade, isTensor, slotOf } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { within } from "../tensor/within.ts";

export { GraphNode } from "../tensor/graphNode.ts";

/** Runs `fn` outside of any `scope`, which would free what the graph keeps. */
function unscoped<T>(fn: () => T): T {
	const before = collectMade(null);
	try {
		return fn();
	} finally {
		collectMade(before);
	}
}

// Functions of their own, so that what lives as long as the graph does not hold the tensor that was packed.

function packed<Packed>(
	pack: (tensor: Tensor) => Packed,
	tensor: Tensor,
): Packed {
	// An operator's result has the graph that saves it: packed as it is, it would hold itself.
	return unscoped(() => pack(tensor.isLeaf ? tensor : tensor.detach()));
}

function unpacker<Packed>(
	value: Packed,
	unpack: (packed: Packed) => Tensor,
): () => Slot {
	return () => {
		const tensor = unscoped(() => unpack(value));
		if (isTensor(tensor)) return slotOf(tensor);
		throw check.invalidType(
			"savedTensorsHooks",
			"unpack",
			"to return a Tensor",
			tensor,
		);
	};
}

/**
 * Sends each tensor that operators save for backward through `pack`, and what that returned through `unpack` where backward needs it: while
 * `fn` runs, or until the end of the block. The innermost pair counts. Both run without recording gradients.
 *
 * `pack` must not change its tensor in place, nor dispose of any.
 *
 * @param unpack must give a tensor of the same shape, dtype and device
 * @returns what `fn` returns; without `fn` a Disposable, for `using`
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.graph.saved_tensors_hooks
 *
 * @example
 * const x = torch.randn([1000], { requiresGrad: true });
 * const y = torch.autograd.graph.savedTensorsHooks(
 *   (tensor) => tensor.to("bfloat16"),
 *   (packed) => packed.to("float32"),
 *   () => x.exp().sum(),
 * );
 */
export function savedTensorsHooks<Packed>(
	pack: (tensor: Tensor) => Packed,
	unpack: (packed: Packed) => Tensor,
): Disposable;
export function savedTensorsHooks<Packed, T>(
	pack: (tensor: Tensor) => Packed,
	unpack: (packed: Packed) => Tensor,
	fn: () => T,
): T;
export function savedTensorsHooks<Packed, T>(
	pack: (tensor: Tensor) => Packed,
	unpack: (packed: Packed) => Tensor,
	fn?: () => T,
): T | Disposable {
	const op = "savedTensorsHooks";
	check.callable(op, "pack", pack);
	check.callable(op, "unpack", unpack);
	const enter = () => {
		const depth = native.pushSavedHooks((tensor) =>
			unpacker(packed(pack, tensor as Tensor), unpack),
		);
		let isOpen = true;
		return () => {
			if (!isOpen) return;
			isOpen = false;
			native.popSavedHooks(depth);
		};
	};
	return within(op, enter, fn);
}

export interface SaveOnCpuOptions {
	/** Into pinned memory, from which copies to a GPU are fast. Default: false. */
	pinMemory?: boolean;
}

/**
 * Keeps on the CPU what operators save for backward, and brings it back to its device when backward needs it: less of the GPU's memory for
 * more time.
 *
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.graph.save_on_cpu
 * @example
 * const w = torch.randn([64, 64], { requiresGrad: true });
 * const loss = torch.autograd.graph.saveOnCpu({}, () => w.matmul(w).tanh().sum());
 * loss.backward();
 */
export function saveOnCpu(options?: SaveOnCpuOptions): Disposable;
export function saveOnCpu<T>(options: SaveOnCpuOptions, fn: () => T): T;
export function saveOnCpu<T>(
	options: SaveOnCpuOptions = {},
	fn?: () => T,
): T | Disposable {
	check.options("saveOnCpu", options, ["pinMemory"]);
	const { pinMemory = false } = options;
	check.boolean("saveOnCpu", "pinMemory", pinMemory);
	const pack = (tensor: Tensor) => {
		const { device } = tensor;
		const copy = tensor.to({ device: "cpu", copy: true });
		return { device, copy: pinMemory ? copy.pinMemory() : copy };
	};
	type Packed = ReturnType<typeof pack>;
	const unpack = ({ device, copy }: Packed) =>
		copy.to({ device, nonBlocking: pinMemory });
	return fn === undefined
		? savedTensorsHooks(pack, unpack)
		: savedTensorsHooks(pack, unpack, fn);
}

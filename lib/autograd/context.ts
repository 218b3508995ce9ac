/** What forward and backward of a custom function have in common. */
import { type NodeSlot, native } from "../binding.ts";
import * as check from "../check.ts";
import { isTensor } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What `forward` (or `setupContext`) has said. */
export interface Declared {
	saved: (Tensor | null)[];
	dirty: Tensor[];
	nonDifferentiable: Tensor[];
	materializeGrads: boolean;
}

let declaredOf: (context: FunctionContext) => Declared;
let attach: (context: FunctionContext, node: NodeSlot) => void;
let nodeOf: (context: FunctionContext) => NodeSlot;

/** The `ctx` of a custom function, where nothing else is kept in it. */
export class FunctionContext {
	#node: NodeSlot = -1;
	#declared: Declared = {
		saved: [],
		dirty: [],
		nonDifferentiable: [],
		materializeGrads: true,
	};
	/** For each argument of `apply`, whether it is a tensor whose gradient is needed. */
	needsInputGrad: readonly boolean[];

	static {
		declaredOf = (context) => context.#declared;
		nodeOf = (context) => context.#node;
		attach = (context, node) => {
			context.#node = node;
			const { materializeGrads } = context.#declared;
			// The graph has what was saved; another reference here would keep it too long.
			context.#declared = {
				saved: [],
				dirty: [],
				nonDifferentiable: [],
				materializeGrads,
			};
		};
	}

	constructor(needsInputGrad: readonly boolean[]) {
		this.needsInputGrad = needsInputGrad;
	}

	/** Keeps inputs or outputs (or what else backward needs) for `savedTensors`; null and undefined come back as null. Once, in forward. */
	saveForBackward(...tensors: (Tensor | null | undefined)[]): void {
		this.#declared.saved = tensors.map((tensor) =>
			tensor === null || tensor === undefined
				? null
				: tensorOf("saveForBackward", tensor),
		);
	}

	/**
	 * What `saveForBackward` was given.
	 *
	 * @throws TorchError where one was changed in place since, or the graph is gone
	 */
	get savedTensors(): Tensor[] {
		return native.savedTensors(this.#node) as Tensor[];
	}

	/** Says which inputs forward has changed in place; they must be among its outputs. */
	markDirty(...tensors: Tensor[]): void {
		this.#declared.dirty = tensors.map((t) => tensorOf("markDirty", t));
	}

	/** Says which outputs have no gradient. */
	markNonDifferentiable(...tensors: Tensor[]): void {
		this.#declared.nonDifferentiable = tensors.map((t) =>
			tensorOf("markNonDifferentiable", t),
		);
	}

	/** With `false`, backward gets null for outputs that had no part, instead of zeros. */
	setMaterializeGrads(value: boolean): void {
		this.#declared.materializeGrads = check.boolean(
			"setMaterializeGrads",
			"value",
			value,
		);
	}
}

function tensorOf(op: string, tensor: Tensor): Tensor {
	if (isTensor(tensor)) return tensor as Tensor;
	throw check.invalidType(op, "tensors", "Tensor", tensor);
}

export { attach, declaredOf, nodeOf };

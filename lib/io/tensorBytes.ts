import { TorchError } from "../errors.ts";
import type { Tensor } from "../tensor/tensor.ts";

const CHUNK = 8 << 20;

/** A tensor's elements in order, in chunks that are copies: each may be kept. */
export function* bytesOf(tensor: Tensor): Generator<Uint8Array> {
	const plain = tensor.detach().resolveConj().resolveNeg().cpu();
	const bytes = plain.contiguous().reshape([-1]).view("uint8");
	const length = bytes.numel();
	for (let done = 0; done < length; done += CHUNK) {
		using chunk = bytes.narrow(0, done, Math.min(CHUNK, length - done));
		yield chunk.toTypedArray() as Uint8Array;
	}
}

/** Sees to it that tensors are not changed while they are saved: what would be saved then never existed. */
export class Unchanged {
	readonly #op: string;
	readonly #path: string;
	readonly #versions: [name: string, tensor: Tensor, version: number][] = [];

	constructor(op: string, path: string) {
		this.#op = op;
		this.#path = path;
	}

	add(name: string, tensor: Tensor): void {
		if (!tensor.isInference())
			this.#versions.push([name, tensor, tensor.version]);
	}

	/** @throws TorchError where a tensor was changed in place since it was added */
	check(): void {
		for (const [name, tensor, version] of this.#versions)
			if (tensor.isDisposed || tensor.version !== version)
				throw new TorchError(
					`${this.#path}: "${name}" was changed while it was saved; save clones of what changes`,
					{ code: "ERR_INVALID_STATE", op: this.#op },
				);
	}
}

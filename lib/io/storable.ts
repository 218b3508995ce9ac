import type { Tensor } from "../tensor/tensor.ts";
import type { Complex } from "../types.ts";

/** What a checkpoint may hold: tensors, plain values, and containers of these. */
export type Storable =
	| Tensor
	| string
	| number
	| bigint
	| boolean
	| null
	| undefined
	| Complex
	| Uint8Array
	| readonly Storable[]
	| ReadonlyMap<Storable, Storable>
	| ReadonlySet<Storable>
	| { readonly [key: string]: Storable };

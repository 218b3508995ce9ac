import * as check from "../../../check.ts";
import { full } from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { Device, DType } from "../../../types.ts";
import * as F from "../../functional/index.ts";
import { Module } from "../../module.ts";
import {
	FACTORY,
	type FactoryOptions,
	flag,
	nullable,
	real,
	type Setting,
	unchecked,
	whole,
} from "../../settings.ts";
import type { MultiheadAttention } from "../attention.ts";
import { ModuleList } from "../container.ts";

/** A function of each element, a module, or the name of one. */
export type Activation = "relu" | "gelu" | ((input: Tensor) => Tensor);

export interface TransformerLayerOptions extends FactoryOptions {
	/** The width between the two linear layers. Default 2048. */
	dimFeedforward?: number | undefined;
	/** Default 0.1. */
	dropout?: number | undefined;
	/** What comes between the two linear layers. Default "relu". */
	activation?: Activation | undefined;
	/** Default 1e-5. */
	layerNormEps?: number | undefined;
	/** Whether sequences are [N, L, E] instead of [L, N, E]. Default false. */
	batchFirst?: boolean | undefined;
	/** Whether norms come before attention and linear layers instead of after. Default false. */
	normFirst?: boolean | undefined;
	/** Whether linear layers and norms learn biases. Default true. */
	bias?: boolean | undefined;
}

export const LAYER = {
	dimFeedforward: whole(2048, { min: 1 }),
	dropout: real(0.1, { min: 0, max: 1 }),
	activation: {
		fallback: "relu" as Activation,
		check(op: string, name: string, value: unknown) {
			if (typeof value !== "function")
				check.oneOf(op, name, value, ["relu", "gelu"]);
		},
	} as Setting<Activation>,
	layerNormEps: real(1e-5),
	batchFirst: flag(false),
	normFirst: flag(false),
	bias: flag(true),
	...FACTORY,
};

/** F.relu and F.gelu by name; others as they are. */
export function activationOf(
	activation: Activation,
): (input: Tensor) => Tensor {
	if (activation === "relu") return F.relu;
	return activation === "gelu" ? F.gelu : activation;
}

export const MASK = nullable(unchecked<Tensor | null>(null));

export function checkHeads(op: string, dModel: number, nhead: number): void {
	check.integer(op, "dModel", dModel, { min: 1 });
	check.integer(op, "nhead", nhead, { min: 1 });
	if (dModel % nhead !== 0)
		throw check.invalidValue(
			op,
			"nhead",
			`expected a divisor of dModel (${dModel}), got ${nhead}`,
		);
}

export type Norm = Module<[input: Tensor], Tensor>;

/** A module instead of none, or of another. */
export function custom<M>(): Setting<M | null> {
	return nullable<M | null>({ fallback: null, check: checkModule });
}

function checkModule(op: string, name: string, value: unknown): void {
	if (!(value instanceof Module))
		throw check.invalidType(op, name, "Module", value);
}

export function copies<Layer extends Module<never, unknown>>(
	op: string,
	layer: Layer,
	count: number,
): ModuleList<Layer> {
	check.integer(op, "numLayers", count, { min: 0 });
	checkModule(op, "layer", layer);
	return new ModuleList(Array.from({ length: count }, () => layer.deepcopy()));
}

/** Whether a mask is the causal one: as the caller says, or else by its numbers. */
export function isCausalMask(
	mask: Tensor | null,
	isCausal: boolean | null,
	input: Tensor,
	layer: Module<never, unknown> | undefined,
): boolean {
	if (isCausal !== null || mask === null) return isCausal === true;
	const isBatchFirst =
		(layer as { selfAttn?: MultiheadAttention } | undefined)?.selfAttn
			?.batchFirst ?? false;
	const length =
		input.dim() === 2 ? input.size(0) : input.size(isBatchFirst ? 1 : 0);
	if (mask.shape.join() !== `${length},${length}`) return false;
	const { dtype, device } = mask;
	const causal = causalMask(length, device, dtype);
	return mask.eq(causal).all().item() as boolean;
}

export function causalMask(
	size: number,
	device?: Device,
	dtype?: DType,
): Tensor {
	const kind = { device, dtype: dtype ?? ("float32" as const) };
	return full([size, size], -Infinity, kind).triu(1);
}

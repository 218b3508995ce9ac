import type { Tensor } from "../tensor/tensor.ts";
import type { Hyper } from "./hyper.ts";

/** The option that every optimiser has. */
export interface BaseOptions {
	/** Learning rate; a tensor of one element may be changed in place. Default: the optimiser's own. */
	lr: Hyper;
}

/** The options that the loop over parameters reads, where an optimiser has them. */
export interface LoopOptions extends BaseOptions {
	/** Goes up the gradient instead of down. Default: false. */
	maximize?: boolean;
	/** Records the step itself for autograd. Default: false. */
	differentiable?: boolean;
	/** Keeps every number that changes in tensors, so that a step can be captured in a CUDA graph. Default: false. */
	capturable?: boolean;
	/**
	 * true and null: many parameters at once, by LibTorch's `_foreach_` kernels, wherever they apply; false: one parameter
	 * after the other. Both give the same. Default: null.
	 */
	foreach?: boolean | null;
	/**
	 * true: LibTorch's fused kernel, and an error for parameters that it cannot take; false: the plain formula; null: the
	 * kernel for float32 and float64 on the CPU or on CUDA. Both give the same up to rounding. Default: null.
	 */
	fused?: boolean | null;
}

/** The options of every optimiser whose formula goes element by element. */
export type CommonOptions = BaseOptions &
	Required<Pick<LoopOptions, "maximize" | "differentiable" | "foreach">>;

export type NamedTensor = readonly [name: string, tensor: Tensor];

/** A parameter group as it is given: the parameters, and the options in which it differs from the others. */
export type GroupInput<Options> = Partial<Options> & {
	params: Tensor | Iterable<Tensor> | Iterable<NamedTensor>;
	/** The rate from which schedulers start. Default: `lr`. */
	initialLr?: number;
};

/** What an optimiser optimises: parameters, named parameters, or groups of them with options of their own. */
export type Params<Options> =
	| Iterable<Tensor>
	| Iterable<NamedTensor>
	| Iterable<GroupInput<Options>>;

/** A parameter group. Every option has a value, which may be changed between steps. */
export type ParamGroup<Options> = Options & {
	params: Tensor[];
	/** Given if the optimiser was made from named parameters. */
	paramNames?: string[];
	/** Set by schedulers, and so are the others. */
	initialLr?: number;
	maxLr?: number;
	minLr?: number;
	maxMomentum?: number;
	baseMomentum?: number;
	swaLr?: number;
};

/** What an optimiser remembers of one parameter, under PyTorch's own names (`exp_avg`). */
export type ParamState = { [name: string]: StateValue | undefined };
export type StateValue = Tensor | number | boolean | null | StateValue[];

/** An option's value in a state dict. */
export type SavedValue = StateValue | string | SavedValue[] | undefined;

/** A group in a state dict: options under PyTorch's names (`weight_decay`), parameters as numbers. */
export type SavedGroup = { params: number[]; [option: string]: SavedValue };

/** PyTorch's own form: what Python saved loads here, and the other way round. Parameters are numbered over all groups. */
export interface OptimizerStateDict {
	state: { [parameter: number]: ParamState };
	param_groups: SavedGroup[];
}

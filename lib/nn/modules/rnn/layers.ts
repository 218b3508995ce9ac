import { gru, lstm, rnnRelu, rnnTanh } from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { PackedSequence } from "../../packedSequence.ts";
import type { Parameter } from "../../parameter.ts";
import { settings } from "../../settings.ts";
import {
	type GRUOptions,
	type KernelOptions,
	type LSTMOptions,
	RNNBase,
} from "./base.ts";
import { type LSTMState, NONLINEARITY } from "./state.ts";

export interface RNNOptions extends GRUOptions {
	/** Default "tanh". */
	nonlinearity?: "tanh" | "relu" | undefined;
}

/** With one state. */
abstract class SingleState extends RNNBase<Tensor> {
	protected override toStates(hx: Tensor): Tensor[] {
		return [hx];
	}

	protected override fromStates([hidden]: Tensor[]): Tensor {
		return hidden as Tensor;
	}

	protected override stateSizes(): number[] {
		return [this.hiddenSize];
	}

	protected abstract readonly operator: typeof gru;

	protected override run(
		input: Tensor,
		batchSizes: Tensor | null,
		[hx]: Tensor[],
		weights: Parameter[],
		options: KernelOptions,
	): Tensor[] {
		const { operator } = this;
		return batchSizes === null
			? operator(input, hx as Tensor, weights, ...options, this.batchFirst)
			: operator(input, batchSizes, hx as Tensor, weights, ...options);
	}
}

/**
 * h = tanh(W_ih x + b_ih + W_hh h + b_hh) at each step, or with ReLU.
 *
 * ```ts
 * const [outputs, last] = new nn.RNN(10, 20, { batchFirst: true })(torch.randn([8, 5, 10]));
 * // outputs: [8, 5, 20], last: [1, 8, 20]
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: a packed sequence goes in and comes out
export class RNN extends SingleState {
	readonly nonlinearity: "tanh" | "relu";

	constructor(
		inputSize: number,
		hiddenSize: number,
		{ nonlinearity, ...options }: RNNOptions = {},
	) {
		const given = settings(
			"RNN",
			{ nonlinearity },
			{ nonlinearity: NONLINEARITY },
		);
		super(given.nonlinearity, inputSize, hiddenSize, options);
		this.nonlinearity = given.nonlinearity;
	}

	protected override get operator(): typeof gru {
		return this.nonlinearity === "tanh" ? rnnTanh : rnnRelu;
	}
}

export interface RNN {
	// biome-ignore lint/style/useShorthandFunctionType: merged with the class
	(
		input: PackedSequence,
		hx?: Tensor | null,
	): [output: PackedSequence, hidden: Tensor];
}

/** Gated recurrent units: https://arxiv.org/abs/1406.1078. Called as `RNN`. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: a packed sequence goes in and comes out
export class GRU extends SingleState {
	constructor(inputSize: number, hiddenSize: number, options: GRUOptions = {}) {
		super("gru", inputSize, hiddenSize, options);
	}

	protected override get operator(): typeof gru {
		return gru;
	}
}

export interface GRU {
	// biome-ignore lint/style/useShorthandFunctionType: merged with the class
	(
		input: PackedSequence,
		hx?: Tensor | null,
	): [output: PackedSequence, hidden: Tensor];
}

/**
 * Long short-term memory. The state is [h, c]: [layers · directions, N, projSize or hiddenSize] and [layers · directions, N, hiddenSize].
 *
 * ```ts
 * const [outputs, [h, c]] = new nn.LSTM(10, 20, { numLayers: 2 })(torch.randn([5, 8, 10]));
 * // outputs: [5, 8, 20], h and c: [2, 8, 20]
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: a packed sequence goes in and comes out
export class LSTM extends RNNBase<LSTMState> {
	constructor(
		inputSize: number,
		hiddenSize: number,
		{ projSize, ...options }: LSTMOptions = {},
	) {
		super("lstm", inputSize, hiddenSize, options, projSize);
	}

	protected override toStates(hx: LSTMState): Tensor[] {
		return [...hx];
	}

	protected override fromStates([hidden, cell]: Tensor[]): LSTMState {
		return [hidden as Tensor, cell as Tensor];
	}

	protected override stateSizes(): number[] {
		return [this.projSize || this.hiddenSize, this.hiddenSize];
	}

	protected override run(
		input: Tensor,
		batchSizes: Tensor | null,
		states: Tensor[],
		weights: Parameter[],
		options: KernelOptions,
	): Tensor[] {
		return batchSizes === null
			? lstm(input, states, weights, ...options, this.batchFirst)
			: lstm(input, batchSizes, states, weights, ...options);
	}
}

export interface LSTM {
	// biome-ignore lint/style/useShorthandFunctionType: merged with the class
	(
		input: PackedSequence,
		hx?: LSTMState | null,
	): [output: PackedSequence, hidden: LSTMState];
}

import * as check from "../../../check.ts";
import { empty } from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { uniform_ } from "../../init/index.ts";
import { Module } from "../../module.ts";
import { float } from "../../names.ts";
import { PackedSequence } from "../../packedSequence.ts";
import { Parameter } from "../../parameter.ts";
import {
	FACTORY,
	type FactoryOptions,
	flag,
	real,
	settings,
	whole,
} from "../../settings.ts";

export interface GRUOptions extends FactoryOptions {
	/** How many layers, each fed with what the one before gave. Default 1. */
	numLayers?: number | undefined;
	/** Whether biases are learnt and added. Default true. */
	bias?: boolean | undefined;
	/** Whether inputs and outputs are [N, L, …] instead of [L, N, …]. Default false. */
	batchFirst?: boolean | undefined;
	/** The probability of zeros between layers, in training. Default 0. */
	dropout?: number | undefined;
	/** Whether the sequence is also read backwards, by weights of its own. Default false. */
	bidirectional?: boolean | undefined;
}

export interface LSTMOptions extends GRUOptions {
	/** Hidden states are projected to this size, below hiddenSize; 0 projects none. Default 0. */
	projSize?: number | undefined;
}

const FIELDS = {
	numLayers: whole(1, { min: 1 }),
	bias: flag(true),
	batchFirst: flag(false),
	dropout: real(0, { min: 0, max: 1 }),
	bidirectional: flag(false),
	...FACTORY,
};

/** The same arguments for each kernel, after inputs, hidden states and weights. */
export type KernelOptions = [
	hasBiases: boolean,
	numLayers: number,
	dropout: number,
	train: boolean,
	bidirectional: boolean,
];

type Step = "tanh" | "relu" | "lstm" | "gru";

/**
 * Layers that read a sequence step by step. A sequence is [L, N, inputSize], [N, L, inputSize] with `batchFirst`, [L, inputSize], or a
 * `PackedSequence`. `Hidden` is the state: [layers · directions, N, hiddenSize], one or two.
 */
export abstract class RNNBase<Hidden> extends Module<
	[input: Tensor, hx?: Hidden | null],
	[output: Tensor, hidden: Hidden]
> {
	readonly inputSize: number;
	readonly hiddenSize: number;
	readonly numLayers: number;
	readonly bias: boolean;
	readonly batchFirst: boolean;
	readonly dropout: number;
	readonly bidirectional: boolean;
	readonly projSize: number;
	private readonly weightNames: readonly (readonly string[])[];

	constructor(
		step: Step,
		inputSize: number,
		hiddenSize: number,
		options: LSTMOptions,
		projSize = 0,
	) {
		super();
		const op = new.target.name;
		check.integer(op, "inputSize", inputSize, { min: 1 });
		check.integer(op, "hiddenSize", hiddenSize, { min: 1 });
		const given = settings(op, options, FIELDS);
		check.integer(op, "projSize", projSize, { min: 0, max: hiddenSize - 1 });
		const { device, dtype, numLayers, bidirectional, bias, dropout } = given;
		if (dropout > 0 && numLayers === 1)
			process.emitWarning(
				`${op}: dropout comes between layers, of which there is only one`,
			);
		this.inputSize = inputSize;
		this.hiddenSize = hiddenSize;
		this.numLayers = numLayers;
		this.bias = bias;
		this.batchFirst = given.batchFirst;
		this.dropout = dropout;
		this.bidirectional = bidirectional;
		this.projSize = projSize;

		const gates = hiddenSize * (step === "lstm" ? 4 : step === "gru" ? 3 : 1);
		const stateSize = projSize || hiddenSize;
		const directions = bidirectional ? ["", "Reverse"] : [""];
		const names: string[][] = [];
		for (let layer = 0; layer < numLayers; layer++) {
			const width = layer === 0 ? inputSize : stateSize * directions.length;
			for (const direction of directions) {
				const shapes: [kind: string, shape: number[]][] = [
					["weightIh", [gates, width]],
					["weightHh", [gates, stateSize]],
				];
				if (bias) shapes.push(["biasIh", [gates]], ["biasHh", [gates]]);
				if (projSize > 0) shapes.push(["weightHr", [projSize, hiddenSize]]);
				const own = shapes.map(([kind, shape]): [string, number[]] => [
					`${kind}L${layer}${direction}`,
					shape,
				]);
				for (const [name, shape] of own)
					this.weights[name] = new Parameter(empty(shape, { device, dtype }));
				names.push(own.map(([name]) => name));
			}
		}
		this.weightNames = names;
		this.resetParameters();
	}

	/** The weights, which are fields of this module: `weightIhL0`, `weightHhL0`, `biasIhL0`, `biasHhL0`, `weightIhL0Reverse`, … */
	private get weights(): Record<string, Parameter> {
		return this as unknown as Record<string, Parameter>;
	}

	/** The weights of each layer and direction. */
	get allWeights(): Parameter[][] {
		return this.weightNames.map((names) =>
			names.map((name) => this.weights[name] as Parameter),
		);
	}

	/** Draws all weights anew, from U(-k, k), k = 1 / √hiddenSize. */
	resetParameters(): void {
		const bound = 1 / Math.sqrt(this.hiddenSize);
		for (const weight of this.parameters()) uniform_(weight, -bound, bound);
	}

	/** Does nothing on the CPU; PyTorch has it for cuDNN. */
	flattenParameters(): void {}

	/** The states of `hx` as a list, each to be checked. */
	protected abstract toStates(hx: Hidden): Tensor[];
	protected abstract fromStates(states: Tensor[]): Hidden;
	/** Sizes of each state. */
	protected abstract stateSizes(): number[];
	protected abstract run(
		input: Tensor,
		batchSizes: Tensor | null,
		states: Tensor[],
		weights: Parameter[],
		options: KernelOptions,
	): Tensor[];

	override forward(
		input: Tensor,
		hx?: Hidden | null,
	): [output: Tensor, hidden: Hidden];
	override forward(
		input: PackedSequence,
		hx?: Hidden | null,
	): [output: PackedSequence, hidden: Hidden];
	override forward(
		input: Tensor | PackedSequence,
		hx: Hidden | null = null,
	): [output: Tensor | PackedSequence, hidden: Hidden] {
		return (
			input instanceof PackedSequence
				? this.forwardPacked(input, hx)
				: this.forwardPadded(input, hx)
		) as [Tensor, Hidden];
	}

	private forwardPadded(given: Tensor, hx: Hidden | null): [Tensor, Hidden] {
		const dims = given.dim();
		if (dims !== 2 && dims !== 3)
			throw this.wrong("input", `expected 2 or 3 dimensions, got ${dims}`);
		const batchDim = this.batchFirst ? 0 : 1;
		const input = dims === 3 ? given : given.unsqueeze(batchDim);
		this.checkInput(input);
		const states = this.states(input, input.size(batchDim), hx, (state, i) => {
			if (state.dim() !== dims)
				throw this.wrong(
					"hx",
					`state ${i}: expected ${dims} dimensions like the input, got ${state.dim()}`,
				);
			return dims === 3 ? state : state.unsqueeze(1);
		});
		const [output, ...hidden] = this.kernel(input, null, states);
		if (dims === 3) return [output as Tensor, this.fromStates(hidden)];
		return [
			(output as Tensor).squeeze(batchDim),
			this.fromStates(hidden.map((state) => state.squeeze(1))),
		];
	}

	private forwardPacked(
		{ data, batchSizes, sortedIndices, unsortedIndices }: PackedSequence,
		hx: Hidden | null,
	): [PackedSequence, Hidden] {
		this.checkInput(data);
		const permuted = (state: Tensor, order: Tensor | null) =>
			order === null ? state : state.indexSelect(1, order);
		const batch = Number(batchSizes.select(0, 0).item());
		const states = this.states(data, batch, hx, (state) =>
			permuted(state, sortedIndices),
		);
		const [output, ...hidden] = this.kernel(data, batchSizes, states);
		return [
			new PackedSequence(
				output as Tensor,
				batchSizes,
				sortedIndices,
				unsortedIndices,
			),
			this.fromStates(hidden.map((state) => permuted(state, unsortedIndices))),
		];
	}

	/** The initial states, zeros unless given. */
	private states(
		input: Tensor,
		batch: number,
		hx: Hidden | null,
		prepare: (state: Tensor, i: number) => Tensor,
	): Tensor[] {
		const layers = this.numLayers * (this.bidirectional ? 2 : 1);
		const shapes = this.stateSizes().map((size) => [layers, batch, size]);
		if (hx === null) return shapes.map((shape) => input.newZeros(shape));
		const states = this.toStates(hx).map(prepare);
		for (const [i, shape] of shapes.entries()) {
			const own = states[i]?.shape;
			if (own?.join() !== shape.join())
				throw this.wrong(
					"hx",
					`state ${i}: expected shape [${shape.join(", ")}], got [${own?.join(", ")}]`,
				);
		}
		return states;
	}

	private kernel(
		input: Tensor,
		batchSizes: Tensor | null,
		states: Tensor[],
	): Tensor[] {
		const { bias, numLayers, dropout, training, bidirectional } = this;
		return this.run(input, batchSizes, states, this.allWeights.flat(), [
			bias,
			numLayers,
			dropout,
			training,
			bidirectional,
		]);
	}

	private checkInput(input: Tensor): void {
		if (input.size(-1) !== this.inputSize)
			throw this.wrong(
				"input",
				`expected ${this.inputSize} features, got ${input.size(-1)}`,
			);
		const { dtype } = this.weights.weightIhL0 as Parameter;
		if (input.dtype !== dtype)
			throw this.wrong(
				"input",
				`expected the weights' dtype ${dtype}, got ${input.dtype}`,
			);
	}

	private wrong(argument: string, message: string): Error {
		return check.invalidValue(this.constructor.name, argument, message);
	}

	override extraRepr(): string {
		const parts = [`${this.inputSize}, ${this.hiddenSize}`];
		if (this.projSize !== 0) parts.push(`proj_size=${this.projSize}`);
		if (this.numLayers !== 1) parts.push(`num_layers=${this.numLayers}`);
		if (!this.bias) parts.push("bias=False");
		if (this.batchFirst) parts.push("batch_first=True");
		if (this.dropout !== 0) parts.push(`dropout=${float(this.dropout)}`);
		if (this.bidirectional) parts.push("bidirectional=True");
		return parts.join(", ");
	}
}

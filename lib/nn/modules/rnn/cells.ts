import * as check from "../../../check.ts";
import {
	empty,
	gruCell,
	lstmCell,
	rnnReluCell,
	rnnTanhCell,
} from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { uniform_ } from "../../init/index.ts";
import { Module } from "../../module.ts";
import { python } from "../../names.ts";
import { Parameter } from "../../parameter.ts";
import {
	FACTORY,
	type FactoryOptions,
	flag,
	type Setting,
	settings,
} from "../../settings.ts";
import { type LSTMState, NONLINEARITY } from "./state.ts";

export interface RNNCellOptions extends FactoryOptions {
	/** Whether biases are learnt and added. Default true. */
	bias?: boolean | undefined;
}

/** One step of a sequence: [N, inputSize] or [inputSize], and a state of [N, hiddenSize] or [hiddenSize]. */
export abstract class RNNCellBase<Hidden> extends Module<
	[input: Tensor, hx?: Hidden | null],
	Hidden
> {
	readonly inputSize: number;
	readonly hiddenSize: number;
	weightIh: Parameter; // [gates · hiddenSize, inputSize]
	weightHh: Parameter; // [gates · hiddenSize, hiddenSize]
	biasIh: Parameter | null; // [gates · hiddenSize]
	biasHh: Parameter | null; // [gates · hiddenSize]

	constructor(
		gates: number,
		inputSize: number,
		hiddenSize: number,
		options: RNNCellOptions,
		own: Record<string, Setting<unknown>> = {},
	) {
		super();
		const op = new.target.name;
		check.integer(op, "inputSize", inputSize, { min: 0 });
		check.integer(op, "hiddenSize", hiddenSize, { min: 0 });
		const { bias, device, dtype } = settings(op, options, {
			...own,
			bias: flag(true),
			...FACTORY,
		});
		const factory = { device, dtype };
		const rows = gates * hiddenSize;
		this.inputSize = inputSize;
		this.hiddenSize = hiddenSize;
		this.weightIh = new Parameter(empty([rows, inputSize], factory));
		this.weightHh = new Parameter(empty([rows, hiddenSize], factory));
		this.biasIh = bias ? new Parameter(empty([rows], factory)) : null;
		this.biasHh = bias ? new Parameter(empty([rows], factory)) : null;
		this.resetParameters();
	}

	/** Draws all weights anew, from U(-k, k), k = 1 / √hiddenSize. */
	resetParameters(): void {
		const bound = this.hiddenSize > 0 ? 1 / Math.sqrt(this.hiddenSize) : 0;
		for (const weight of this.parameters()) uniform_(weight, -bound, bound);
	}

	/** Runs `step` on a batch: `input` and `states` may be one sample's; no states are zeros. */
	protected step(
		given: Tensor,
		states: readonly Tensor[] | null,
		count: number,
		step: (input: Tensor, states: Tensor[]) => Tensor[],
	): Tensor[] {
		const op = this.constructor.name;
		for (const [name, tensor] of [
			["input", given],
			...(states ?? []).map((state) => ["hx", state]),
		] as [string, Tensor][])
			if (tensor.dim() !== 1 && tensor.dim() !== 2)
				throw check.invalidValue(
					op,
					name,
					`expected 1 or 2 dimensions, got ${tensor.dim()}`,
				);
		const isBatched = given.dim() === 2;
		const input = isBatched ? given : given.unsqueeze(0);
		const before =
			states === null
				? new Array<Tensor>(count).fill(
						input.newZeros([input.size(0), this.hiddenSize]),
					)
				: states.map((state) => (isBatched ? state : state.unsqueeze(0)));
		const after = step(input, before);
		return isBatched ? after : after.map((state) => state.squeeze(0));
	}

	override extraRepr(): string {
		const bias = this.biasIh === null ? `, bias=${python(false)}` : "";
		return `${this.inputSize}, ${this.hiddenSize}${bias}`;
	}
}

export interface RNNCellModuleOptions extends RNNCellOptions {
	/** Default "tanh". */
	nonlinearity?: "tanh" | "relu" | undefined;
}

/** One step of `RNN`: gives the new state. */
export class RNNCell extends RNNCellBase<Tensor> {
	readonly nonlinearity: "tanh" | "relu";

	constructor(
		inputSize: number,
		hiddenSize: number,
		options: RNNCellModuleOptions = {},
	) {
		super(1, inputSize, hiddenSize, options, { nonlinearity: NONLINEARITY });
		this.nonlinearity = options.nonlinearity ?? NONLINEARITY.fallback;
	}

	override forward(input: Tensor, hx: Tensor | null = null): Tensor {
		const cell = this.nonlinearity === "tanh" ? rnnTanhCell : rnnReluCell;
		const { weightIh, weightHh, biasIh, biasHh } = this;
		const [after] = this.step(input, hx && [hx], 1, (x, [h]) => [
			cell(x, h as Tensor, weightIh, weightHh, biasIh, biasHh),
		]);
		return after as Tensor;
	}

	override extraRepr(): string {
		const isTanh = this.nonlinearity === "tanh";
		return `${super.extraRepr()}${isTanh ? "" : `, nonlinearity=${this.nonlinearity}`}`;
	}
}

/** One step of `LSTM`: gives the new [h, c]. */
export class LSTMCell extends RNNCellBase<LSTMState> {
	constructor(
		inputSize: number,
		hiddenSize: number,
		options: RNNCellOptions = {},
	) {
		super(4, inputSize, hiddenSize, options);
	}

	override forward(input: Tensor, hx: LSTMState | null = null): LSTMState {
		const { weightIh, weightHh, biasIh, biasHh } = this;
		const [h, c] = this.step(input, hx, 2, (x, states) =>
			lstmCell(x, states, weightIh, weightHh, biasIh, biasHh),
		);
		return [h as Tensor, c as Tensor];
	}
}

/** One step of `GRU`: gives the new state. */
export class GRUCell extends RNNCellBase<Tensor> {
	constructor(
		inputSize: number,
		hiddenSize: number,
		options: RNNCellOptions = {},
	) {
		super(3, inputSize, hiddenSize, options);
	}

	override forward(input: Tensor, hx: Tensor | null = null): Tensor {
		const { weightIh, weightHh, biasIh, biasHh } = this;
		const [after] = this.step(input, hx && [hx], 1, (x, [h]) => [
			gruCell(x, h as Tensor, weightIh, weightHh, biasIh, biasHh),
		]);
		return after as Tensor;
	}
}

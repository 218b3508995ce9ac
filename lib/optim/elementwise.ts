import * as check from "../check.ts";
import { full, viewAsReal } from "../generated/functions.ts";
import { privateOperator } from "../operator.ts";
import { getDefaultDtype } from "../tensor/defaults.ts";
import { scope } from "../tensor/scope.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Device } from "../types.ts";
import { blocksOf } from "./blocks.ts";
import type { Hyper } from "./hyper.ts";
import { type Lanes, Many, One, shared } from "./lanes.ts";
import { sameLayout } from "./layout.ts";
import { gradOf, Optimizer } from "./optimizer.ts";
import type {
	CommonOptions,
	LoopOptions,
	ParamGroup,
	ParamState,
} from "./types.ts";

/** Parameters of one dtype and device with their gradients. */
export interface Batch<State> {
	params: Tensor[];
	grads: Tensor[];
	states: State[];
}

/** A state's tensors of the parameter's shape, as a formula sees them. */
export type StateLanes<State> = { [Name in keyof State]: Lanes };

const addToEach = privateOperator("_foreach_add_", "Scalar");
const addTensorToEach = privateOperator("_foreach_add_", "Tensor");

/** How a parameter takes its step. */
type Way = "fused" | "many" | "one";

/**
 * Optimisers whose formula treats each element of a parameter alike. It is stated once, in `formula`, and goes through one parameter after
 * the other (to be recorded, for sparse or complex ones, with hyperparameters that are tensors), or through many at once. `updateFused`
 * may name a kernel that does the same.
 */
export abstract class Elementwise<
	Options extends CommonOptions,
	State extends ParamState,
	Numbers = undefined,
> extends Optimizer<Options, State> {
	/** The names of a state's values that are numbers, not of the parameter's shape. */
	protected get scalars(): readonly string[] {
		return ["step"];
	}

	/** Completes the state before a step, where an option of the group was changed. */
	protected prepare(
		_state: State,
		_param: Tensor,
		_grad: Tensor,
		_group: ParamGroup<Options>,
	): void {}

	/** What is the same for all elements in the next step. Changes the `scalars` of the states, which are all alike, to match. */
	protected abstract advance(
		states: readonly State[],
		group: ParamGroup<Options>,
	): Numbers;

	/** The step, in place. `grad` is negated already where the group maximises; it must not be changed. */
	protected abstract formula(
		param: Lanes,
		grad: Lanes,
		state: StateLanes<State>,
		numbers: Numbers,
		group: ParamGroup<Options>,
	): void;

	/** The same for many parameters, by one kernel; `grads` are not negated. */
	protected updateFused?(batch: Batch<State>, group: ParamGroup<Options>): void;

	/** The step of a parameter whose gradient is sparse. */
	protected updateSparse(
		_param: Tensor,
		_grad: Tensor,
		_state: State,
		_group: ParamGroup<Options>,
	): void {
		throw check.invalidValue(
			this.op,
			"params",
			`${this.op} does not support sparse gradients`,
		);
	}

	/** Only parameters for which this is the same may go through a kernel together. */
	protected batchOf(_state: State): string {
		return "";
	}

	protected override update(
		param: Tensor,
		grad: Tensor,
		state: State,
		group: ParamGroup<Options>,
	): void {
		const numbers = this.advance([state], group);
		const lanes: { [name: string]: Lanes } = {};
		for (const name of this.#shaped(state))
			lanes[name] = new One(realView(state[name] as Tensor));
		this.formula(
			new One(realView(param)),
			new One(realView(grad)),
			lanes as StateLanes<State>,
			numbers,
			group,
		);
	}

	protected override stepGroup(group: ParamGroup<Options>): void {
		const ways = this.#waysOf(group);
		const batches = new Map<string, Batch<State> & { way: Way }>();
		for (const param of group.params) {
			const grad = gradOf(param);
			if (grad === null) continue;
			const state = this.stateOf(param, group, grad);
			this.prepare(state, param, grad, group);
			const way = this.#wayOf(ways, param, grad, state, group);
			if (way === "one") {
				if (grad.layout === "strided")
					this.updateOne(param, grad, state, group);
				else
					scope(() =>
						this.updateSparse(
							param,
							group.maximize ? grad.neg() : grad,
							state,
							group,
						),
					);
				grad.dispose();
				continue;
			}
			const key = `${way} ${param.device} ${param.dtype} ${this.#keyOf(state, way)}`;
			let batch = batches.get(key);
			if (batch === undefined) {
				batch = { way, params: [], grads: [], states: [] };
				batches.set(key, batch);
			}
			batch.params.push(param);
			batch.grads.push(grad);
			batch.states.push(state);
		}
		for (const batch of batches.values()) {
			if (batch.way === "fused") this.updateFused?.(batch, group);
			else scope(() => this.#updateMany(batch, group));
			for (const grad of batch.grads) grad.dispose();
		}
	}

	#updateMany(
		{ params, grads, states }: Batch<State>,
		group: ParamGroup<Options>,
	): void {
		const numbers = this.advance(states, group);
		const names = this.#shaped(states[0] as State);
		const columns = [
			params,
			grads,
			...names.map((name) => states.map((state) => state[name] as Tensor)),
		];
		for (const block of blocksOf(columns))
			scope(() => {
				const [param, grad, ...values] = block.map(lanesOf) as [
					Lanes,
					Lanes,
					...Lanes[],
				];
				this.formula(
					param,
					group.maximize ? grad.neg() : grad,
					Object.fromEntries(
						names.map((name, i): [string, Lanes] => [name, values[i] as Lanes]),
					) as unknown as StateLanes<State>,
					numbers,
					group,
				);
			});
	}

	/** The names of a state's tensors that have the parameter's shape. */
	#shaped(state: State): string[] {
		const { scalars } = this;
		return Object.keys(state).filter(
			(name) => state[name] instanceof Tensor && !scalars.includes(name),
		);
	}

	#keyOf(state: State, way: Way): string {
		if (way === "fused") return this.batchOf(state);
		const numbers = this.scalars.map((name) => {
			const value = state[name];
			return value instanceof Tensor ? value.item() : value;
		});
		return `${this.batchOf(state)} ${numbers} ${this.#shaped(state)}`;
	}

	#waysOf(group: ParamGroup<Options>): Way {
		const { fused, foreach, capturable, differentiable }: LoopOptions = group;
		if (this.wantsFused(group)) return "fused";
		const isPlain =
			foreach === false ||
			fused === true ||
			capturable ||
			differentiable ||
			Object.entries(group).some(isTensorOption);
		return isPlain ? "one" : "many";
	}

	protected wantsFused(group: ParamGroup<Options>): boolean {
		if (this.updateFused === undefined) return false;
		const { fused, foreach, differentiable }: LoopOptions = group;
		return fused ?? (foreach === null && !differentiable);
	}

	protected override stepsOnDevice(group: ParamGroup<Options>): boolean {
		return this.wantsFused(group) || super.stepsOnDevice(group);
	}

	/** A number of a state, which has no dimensions: on the CPU unless a kernel reads it on the device. */
	protected scalar(
		value: number,
		param: Tensor,
		group: ParamGroup<Options>,
	): Tensor {
		return full([], value, {
			dtype: getDefaultDtype() === "float64" ? "float64" : "float32",
			device: this.stepsOnDevice(group) ? (param.device as Device) : "cpu",
		});
	}

	/** How one parameter goes where the group goes `way`. */
	#wayOf(
		way: Way,
		param: Tensor,
		grad: Tensor,
		state: State,
		group: ParamGroup<Options>,
	): Way {
		if (way === "one" || !this.#fits(param, grad, state, group)) return "one";
		// A fused kernel computes half precision in float32: better, but not what PyTorch does unless it is asked to.
		const { fused }: LoopOptions = group;
		const isHalf = /16$/.test(param.dtype);
		return way === "fused" && fused === null && isHalf ? "many" : way;
	}

	/** Whether a kernel for many can take a parameter. It walks through memory in order, so all layouts must be the same. */
	#fits(
		param: Tensor,
		grad: Tensor,
		state: State,
		group: ParamGroup<Options>,
	): boolean {
		if (!param.isFloatingPoint() || !/^(cpu|cuda)/.test(param.device)) {
			const { fused }: LoopOptions = group;
			if (!fused) return false;
			throw check.invalidValue(
				this.op,
				"fused",
				`\`fused: true\` requires all the params to be floating point Tensors of supported devices: cpu, cuda but got ${param.dtype} on ${param.device}`,
			);
		}
		if (grad.layout !== "strided" || grad.dtype !== param.dtype) return false;
		if (!sameLayout(param, grad)) return false;
		return this.#shaped(state).every((name) => {
			const value = state[name] as Tensor;
			return value.dtype === param.dtype && sameLayout(param, value);
		});
	}
}

/** Adds 1 to the steps of all states and says which step it is: a tensor where that is asked for. */
export function nextStep(
	states: readonly { step: Tensor }[],
	asTensor: boolean,
): Hyper {
	const steps = states.map((state) => state.step);
	const one = shared(steps, 1);
	if (typeof one === "number") addToEach(steps, one);
	else addTensorToEach(steps, one);
	const { step } = states[0] as { step: Tensor };
	return asTensor ? step : Number(step.item());
}

/** One tensor is faster by its own operators. */
function lanesOf(tensors: readonly Tensor[]): Lanes {
	return tensors.length === 1
		? new One(tensors[0] as Tensor)
		: new Many(tensors);
}

function isTensorOption([name, value]: [string, unknown]): boolean {
	if (name === "params") return false;
	return Array.isArray(value)
		? value.some((item) => item instanceof Tensor)
		: value instanceof Tensor;
}

/** Complex numbers as pairs of real ones, in the same memory. */
function realView(x: Tensor): Tensor {
	return x.isComplex() ? viewAsReal(x) : x;
}

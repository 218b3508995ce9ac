import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { zeros } from "../../generated/functions.ts";
import { Buffer, Module } from "../../nn/index.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Device } from "../../types.ts";
import { hyperValue } from "../hyper.ts";
import {
	type AverageFn,
	getSwaAvgFn,
	getSwaMultiAvgFn,
	type MultiAverageFn,
} from "./averages.ts";

export interface AveragedModelOptions {
	/** Where the average is kept. Default: where the model is. */
	device?: Device | (string & {}) | null;
	/** How one tensor goes into the average. Default: the mean of all models. */
	avgFn?: AverageFn | null;
	/** The same for many tensors; only one of both. */
	multiAvgFn?: MultiAverageFn | null;
	/** Averages buffers too, instead of taking over the model's last ones. Default: false. */
	useBuffers?: boolean;
}

/**
 * A model with averages of another model's weights: the mean of them (SWA, "Averaging Weights Leads to Wider Optima"), or one that
 * forgets (EMA, with `getEmaMultiAvgFn`). It begins as a deep copy.
 *
 * @see torch.optim.swa_utils.AveragedModel
 * @example
 * const average = new AveragedModel(model);
 * for (let epoch = 0; epoch < 100; epoch++) {
 *   trainOneEpoch(model);
 *   if (epoch > 75) average.updateParameters(model);
 * }
 * await updateBn(loader, average);
 */
export class AveragedModel<Inputs extends unknown[], Output> extends Module<
	Inputs,
	Output
> {
	/** The averages. */
	readonly module: Module<Inputs, Output>;
	/** How many models are in the averages: int64, no dimensions. */
	readonly nAveraged: Buffer;
	readonly avgFn: AverageFn | null;
	readonly multiAvgFn: MultiAverageFn | null;
	readonly useBuffers: boolean;

	constructor(
		model: Module<Inputs, Output>,
		options: AveragedModelOptions = {},
	) {
		super();
		const op = new.target.name;
		const {
			device = null,
			avgFn = null,
			multiAvgFn = null,
			useBuffers = false,
		} = options;
		if (!(model instanceof Module))
			throw check.invalidType(op, "model", "Module", model);
		check.options(op, options, ["device", "avgFn", "multiAvgFn", "useBuffers"]);
		if (avgFn !== null) check.callable(op, "avgFn", avgFn);
		if (multiAvgFn !== null) check.callable(op, "multiAvgFn", multiAvgFn);
		if (avgFn !== null && multiAvgFn !== null)
			throw check.invalidValue(
				op,
				"avgFn",
				"only one of avgFn and multiAvgFn should be provided",
			);
		this.module = model.deepcopy();
		if (device !== null) this.module.to({ device });
		this.nAveraged = new Buffer(
			zeros([], { dtype: "int64", device: (device ?? "cpu") as Device }),
		);
		this.avgFn = avgFn;
		this.multiAvgFn = multiAvgFn;
		this.useBuffers = check.boolean(op, "useBuffers", useBuffers);
	}

	override forward(...inputs: Inputs): Output {
		return this.module(...inputs);
	}

	/** Takes the weights of `model` into the averages; the first ones are taken over as they are. */
	updateParameters(model: Module<Inputs, Output>): void {
		const { module, nAveraged, useBuffers } = this;
		const membersOf = (of: Module<Inputs, Output>): Tensor[] =>
			useBuffers ? [...of.parameters(), ...of.buffers()] : of.parameters();
		const [averaged, given] = [membersOf(module), membersOf(model)];
		const counts = (list: Tensor[]) =>
			list.map((x) => x.shape.join()).join(";");
		if (counts(averaged) !== counts(given))
			throw check.invalidValue(
				this.constructor.name,
				"model",
				"its parameters are not like those of the model that is averaged",
			);
		noGrad(() =>
			scope(() => {
				const current = given.map((x, i) =>
					x.detach().to({ device: (averaged[i] as Tensor).device }),
				);
				if (hyperValue(nAveraged) === 0)
					for (const [i, x] of averaged.entries())
						x.copy_(current[i] as Tensor);
				else this.average(averaged, current);
				if (!useBuffers) {
					const buffers = model.buffers();
					for (const [i, buffer] of module.buffers().entries())
						buffer.copy_(buffers[i] as Tensor);
				}
				nAveraged.add_(1);
			}),
		);
	}

	private average(averaged: Tensor[], current: Tensor[]): void {
		const groups = new Map<string, [Tensor[], Tensor[]]>();
		for (const [i, x] of averaged.entries()) {
			const key = `${x.device} ${x.dtype}`;
			const group = groups.get(key) ?? [[], []];
			groups.set(key, group);
			group[0].push(x.detach());
			group[1].push(current[i] as Tensor);
		}
		for (const [ours, theirs] of groups.values()) {
			const { device } = ours[0] as Tensor;
			const count = this.nAveraged.to({ device });
			const many =
				this.multiAvgFn ??
				(this.avgFn === null && device !== "cpu" ? getSwaMultiAvgFn() : null);
			const one = this.avgFn ?? getSwaAvgFn();
			if (many !== null) many(ours, theirs, count);
			else
				for (const [i, x] of ours.entries())
					x.copy_(one(x, theirs[i] as Tensor, count));
		}
	}
}

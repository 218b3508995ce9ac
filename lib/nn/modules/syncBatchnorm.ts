import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type AnyModule, Module } from "../module.ts";
import { isUninitialized } from "../parameter.ts";
import { BatchNorm } from "./batchnorm.ts";

/**
 * Batch normalisation of inputs [N, C, …] whose statistics all processes of a training share. There are no process groups here yet, so there is
 * one process, and it computes what `BatchNorm2d` does, as PyTorch does without a group. It is there for models and checkpoints that have it.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SyncBatchNorm.html
 */
export class SyncBatchNorm extends BatchNorm {
	protected override inputDims(): readonly number[] {
		return [];
	}

	protected override checkDims(input: Tensor): void {
		const op = this.constructor.name;
		if (input.dim() < 2)
			throw check.invalidValue(
				op,
				"input",
				`expected 2 or more dimensions, got ${input.dim()}`,
			);
		if (input.size(1) === 0)
			throw check.invalidValue(op, "input", "expected channels, got none");
	}

	/**
	 * A model whose `BatchNorm1d`, `2d` and `3d` are `SyncBatchNorm`s, which have their parameters and buffers. The model itself is changed, unless
	 * it is one of them: then the one in its place is returned.
	 *
	 * @example
	 * const model = nn.SyncBatchNorm.convertSyncBatchnorm(network);
	 */
	static convertSyncBatchnorm(module: AnyModule): AnyModule {
		if (!(module instanceof Module))
			throw check.invalidType(
				"convertSyncBatchnorm",
				"module",
				"Module",
				module,
			);
		const converted =
			(module as unknown) instanceof BatchNorm
				? synchronised(module as unknown as BatchNorm)
				: module;
		for (const [name, child] of converted.namedChildren()) {
			const made = SyncBatchNorm.convertSyncBatchnorm(child);
			if (made !== child) converted.setSubmodule(name, made);
		}
		return converted;
	}
}

function synchronised(norm: BatchNorm): AnyModule {
	const { weight, bias, runningMean, runningVar, numBatchesTracked } = norm;
	if (isUninitialized(weight) || isUninitialized(runningMean))
		throw check.invalidValue(
			"convertSyncBatchnorm",
			"module",
			`${norm.constructor.name} has no channels yet: call the model once before`,
		);
	const { eps, momentum, affine, trackRunningStats } = norm;
	const options = { eps, momentum, affine, trackRunningStats };
	const made = new SyncBatchNorm(norm.numFeatures, {
		...options,
		bias: bias !== null,
	});
	made.training = norm.training;
	const kept = { weight, bias, runningMean, runningVar, numBatchesTracked };
	return Object.assign(made, kept) as unknown as AnyModule;
}

import * as check from "../check.ts";
import { type AnyModule, Module } from "../nn/index.ts";
import { LBFGS, Optimizer } from "../optim/index.ts";
import {
	CyclicLR,
	LRScheduler,
	OneCycleLR,
	type ReduceLROnPlateau,
	type StepScheduler,
} from "../optim/lrScheduler/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Batches, checkBatches, type Items } from "./batches.ts";
import type { Callback } from "./callback.ts";
import type { MetricsBy } from "./measures.ts";
import type { Strength } from "./penalties.ts";
import type { TrainState } from "./state.ts";

/** What `fit`, `evaluate` and `predict` have in common. */
export interface DataOptions<Batch> {
	/** Batches: a `DataLoader`, an array of batches, or whatever can be iterated. */
	data: Batches<Batch>;
	/** Where the model and all batches go. Default: where they are. */
	device?: string | undefined;
	/** Ends the loop after the batch under way: the promise is rejected with the signal's reason. */
	signal?: AbortSignal | undefined;
}

/** How a batch that is no `[...inputs, target]` becomes one: `({ image, label }) => [image, label]`. */
export type Unpack<Batch, Inputs extends unknown[], Target> = (
	batch: Batch,
) => Items<Inputs, Target>;

/** What a model's output is compared with. A module such as `new nn.CrossEntropyLoss()`, or a function. */
export type LossFunction<Output, Target> = (
	output: Output,
	target: Target,
) => Tensor;

export interface FitOptions<
	Inputs extends unknown[],
	Output,
	Target,
	Names extends string,
	Batch,
> extends DataOptions<Batch> {
	/** Batches that the model is measured on after every epoch, in evaluation mode. Default: none. */
	validation?: Batches<Batch> | undefined;
	/** Makes `[...inputs, target]` of a batch. Default: the batch is that already. */
	unpack?: Unpack<Batch, Inputs, Target> | undefined;
	/** Called with what the model gives and the target: a scalar, the mean over the batch. */
	loss: LossFunction<Output, Target>;
	optimizer: Optimizer;
	/** Its `step` is called by `fit`. A `ReduceLROnPlateau` gets the validation's loss, or training's where there is no validation. */
	scheduler?: StepScheduler | ReduceLROnPlateau | undefined;
	/** When the scheduler goes on: after an epoch, or after each step of the optimizer. Default "epoch"; "step" for `OneCycleLR` and `CyclicLR`. */
	schedulerInterval?: "epoch" | "step" | undefined;
	/** How many epochs there are in all, those of a resumed run included. Default 1. */
	epochs?: number | undefined;
	/** Measured on the training batches as they are learnt from, and on validation. Default: none. */
	metrics?: MetricsBy<Names, Output, Target> | undefined;
	callbacks?: readonly Callback[] | undefined;
	/**
	 * Batches to a step of the optimizer: gradients are their mean. A last group of an epoch that has fewer makes a step, too, with the mean of
	 * those. Default 1.
	 */
	gradAccumulation?: number | undefined;
	/** Scales gradients so that their norm, all parameters together, is at most this. Default: no limit. */
	clipGradNorm?: number | undefined;
	/** Clips each element of the gradients to this size, before `clipGradNorm`. Default: no limit. */
	clipGradValue?: number | undefined;
	/** Adds l1 · Σ|w| to the loss that is minimised: for all parameters, or by parameter group of the optimizer. Default 0. */
	l1?: Strength | undefined;
	/** Adds l2 · Σw², as `l1` does. Default 0. */
	l2?: Strength | undefined;
	/**
	 * Mixes each training batch before it is learnt from: `(images, labels) => mixUp(images, labels)`. Metrics are given the target from before.
	 * Default: nothing.
	 */
	mix?:
		| ((...items: Items<Inputs, Target>) => readonly [...Inputs, Target])
		| undefined;
	/** Begins all random numbers anew before training: the same seed gives the same run. Default: they go on. */
	seed?: number | bigint | undefined;
	/** Goes on from here: a state, or the path of a file that `ModelCheckpoint` or `BackupAndRestore` wrote. Default: begins. */
	resume?: string | TrainState | undefined;
}

const names = [
	"data",
	"device",
	"signal",
	"validation",
	"unpack",
	"loss",
	"optimizer",
	"scheduler",
	"schedulerInterval",
	"epochs",
	"metrics",
	"callbacks",
	"gradAccumulation",
	"clipGradNorm",
	"clipGradValue",
	"l1",
	"l2",
	"mix",
	"seed",
	"resume",
];

/** Options without their types, which `fit` has checked. */
export type AnyFitOptions = FitOptions<
	unknown[],
	unknown,
	unknown,
	string,
	unknown
>;

export function checkData(
	op: string,
	model: unknown,
	{ data, device, signal }: DataOptions<unknown>,
): void {
	if (!(model instanceof Module))
		throw check.invalidType(op, "model", "Module", model);
	checkBatches(op, "data", data);
	if (device !== undefined) check.string(op, "device", device);
	if (signal !== undefined && typeof signal?.throwIfAborted !== "function")
		throw check.invalidType(op, "signal", "AbortSignal", signal);
}

/** @throws TorchError for options that are unknown or wrong */
export function checkFitOptions(model: unknown, options: AnyFitOptions): void {
	const op = "fit";
	check.options(op, options, names);
	checkData(op, model, options);
	const { optimizer, scheduler } = options;
	if (options.validation !== undefined)
		checkBatches(op, "validation", options.validation);
	for (const name of ["unpack", "mix"] as const)
		if (options[name] !== undefined) check.callable(op, name, options[name]);
	check.callable(op, "loss", options.loss);
	if (!(optimizer instanceof Optimizer))
		throw check.invalidType(op, "optimizer", "Optimizer", optimizer);
	checkParameters(model as AnyModule, options);
	if (scheduler !== undefined) {
		if (!(scheduler instanceof LRScheduler))
			throw check.invalidType(op, "scheduler", "LRScheduler", scheduler);
		if (scheduler.optimizer !== optimizer)
			throw check.invalidValue(
				op,
				"scheduler",
				"expected a scheduler of the same optimizer",
			);
	}
	const { schedulerInterval } = options;
	if (schedulerInterval !== undefined)
		check.oneOf(op, "schedulerInterval", schedulerInterval, ["epoch", "step"]);
	check.integer(op, "epochs", options.epochs ?? 1, { min: 0 });
	check.integer(op, "gradAccumulation", options.gradAccumulation ?? 1, {
		min: 1,
	});
	if (optimizer instanceof LBFGS && (options.gradAccumulation ?? 1) > 1)
		throw check.invalidValue(
			op,
			"gradAccumulation",
			"expected 1: LBFGS evaluates each batch several times",
		);
	for (const name of ["clipGradNorm", "clipGradValue"] as const) {
		const limit = options[name];
		if (limit === undefined) continue;
		check.number(op, name, limit, { min: 0 });
		if (limit === 0)
			throw check.invalidValue(op, name, "expected a number above 0, got 0");
	}
}

/** An optimizer that was made for another model would let this one learn nothing, without a word. */
function checkParameters(
	model: AnyModule,
	{ optimizer, loss }: AnyFitOptions,
): void {
	const known = new Set<Tensor>(model.parameters());
	if (loss instanceof Module)
		for (const one of (loss as AnyModule).parameters()) known.add(one);
	if (optimizer.paramGroups.some((g) => g.params.some((p) => known.has(p))))
		return;
	throw check.invalidValue(
		"fit",
		"optimizer",
		"none of its parameters is the model's",
	);
}

/** When a scheduler goes on where nobody says so. */
export function intervalOf({
	scheduler,
	schedulerInterval,
}: AnyFitOptions): "epoch" | "step" {
	const isByStep =
		scheduler instanceof OneCycleLR || scheduler instanceof CyclicLR;
	return schedulerInterval ?? (isByStep ? "step" : "epoch");
}

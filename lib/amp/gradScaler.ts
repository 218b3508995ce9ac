/** Scales losses, so that small gradients do not vanish in float16. */
import { noGrad } from "../autograd/modes.ts";
import { native } from "../binding.ts";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { full } from "../generated/functions.ts";
import { privateOperator } from "../operator.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { keep } from "../tensor/scope.ts";
import { isTensor, type Tensor } from "../tensor/tensor.ts";
import type { AutocastDevice } from "./autocast.ts";

const unscaleAll = privateOperator(
	"_amp_foreach_non_finite_check_and_unscale_",
);
/** A sparse tensor's own values, to be changed. */
const valuesOf = privateOperator("_values") as (sparse: Tensor) => Tensor;
const updateScale = privateOperator("_amp_update_scale_");

export interface GradScalerOptions {
	/** The first scale. Default: 65536. */
	initScale?: number;
	/** What the scale is multiplied by after `growthInterval` steps without infinite gradients. Default: 2. */
	growthFactor?: number;
	/** What it is multiplied by after a step with one. Default: 0.5. */
	backoffFactor?: number;
	/** Default: 2000. */
	growthInterval?: number;
	/** false: all methods do nothing but the plain step. Default: true. */
	enabled?: boolean;
}

/** Under PyTorch's own names, so that checkpoints travel. */
export interface GradScalerState {
	scale: number;
	growth_factor: number;
	backoff_factor: number;
	growth_interval: number;
	_growth_tracker: number;
}

/** Anything that has parameters and a step, as optimisers of torch.optim. */
type Steppable = Pick<Optimizer, "paramGroups" | "step">;

/** What is known of an optimiser's gradients until `update`. */
interface Progress {
	stage: "ready" | "unscaled" | "stepped";
	/** 1 where a gradient is infinite or NaN, a tensor for each device. */
	foundInf: Map<string, Tensor>;
}

const op = "GradScaler";

function stateError(message: string): TorchError {
	return new TorchError(message, { code: "ERR_INVALID_STATE", op });
}

/**
 * Keeps the loss scaled, and the scale as large as gradients allow: a step with infinite gradients is left out and halves it, many
 * without double it.
 *
 * @param device where gradients are, "cuda" or "cpu". Where there is no CUDA, a scaler for it is off, as in PyTorch.
 * @see https://docs.pytorch.org/docs/stable/amp.html#torch.amp.GradScaler
 *
 * @example
 * const model = new torch.nn.Linear(3, 1);
 * const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 });
 * const scaler = new torch.amp.GradScaler("cpu");
 * const loss = torch.autocast("cpu", { dtype: "float16" }, () => model(torch.ones(2, 3)).mean());
 * scaler.scale(loss).backward();
 * scaler.step(optimizer);
 * scaler.update();
 */
export class GradScaler {
	readonly #enabled: boolean;
	readonly #device: AutocastDevice;
	#growthFactor: number;
	#backoffFactor: number;
	#growthInterval: number;
	/** Numbers until the first call needs them as tensors. */
	#initial: { scale: number; growthTracker: number };
	#tensors: { scale: Tensor; growthTracker: Tensor } | null = null;
	#progress = new Map<Steppable, Progress>();

	constructor(
		device: AutocastDevice = "cuda",
		options: GradScalerOptions = {},
	) {
		this.#device = check.oneOf(op, "device", device, ["cuda", "cpu"]);
		const names = ["initScale", "growthFactor", "backoffFactor"];
		check.options(op, options, [...names, "growthInterval", "enabled"]);
		const {
			initScale = 65536,
			growthFactor = 2,
			backoffFactor = 0.5,
		} = options;
		const { growthInterval = 2000, enabled = true } = options;
		check.boolean(op, "enabled", enabled);
		this.#enabled = enabled && native.deviceCount(device) > 0;
		check.number(op, "initScale", initScale);
		this.#initial = { scale: initScale, growthTracker: 0 };
		this.#growthFactor = growing(growthFactor);
		this.#backoffFactor = shrinking(backoffFactor);
		this.#growthInterval = interval(growthInterval);
	}

	get #made(): { scale: Tensor; growthTracker: Tensor } {
		const { scale, growthTracker } = this.#initial;
		const device = this.#device;
		this.#tensors ??= {
			scale: keep(full([], scale, { dtype: "float32", device })),
			growthTracker: keep(full([], growthTracker, { dtype: "int32", device })),
		};
		return this.#tensors;
	}

	/** Losses times the scale: what `backward` shall be called of. */
	scale(outputs: Tensor): Tensor;
	scale(outputs: readonly Tensor[]): Tensor[];
	scale(outputs: Tensor | readonly Tensor[]): Tensor | Tensor[] {
		if (!isTensor(outputs) && !Array.isArray(outputs))
			throw check.invalidType(op, "outputs", "Tensor or Tensor[]", outputs);
		if (Array.isArray(outputs))
			return outputs.map((each: Tensor) => this.scale(each));
		const loss = outputs as Tensor;
		if (!this.#enabled) return loss;
		return loss.mul(this.#made.scale.to({ device: loss.device }));
	}

	#of(optimizer: Steppable): Progress {
		const known = this.#progress.get(optimizer);
		if (known !== undefined) return known;
		const made: Progress = { stage: "ready", foundInf: new Map() };
		this.#progress.set(optimizer, made);
		return made;
	}

	/**
	 * Divides an optimiser's gradients by the scale: before they are clipped or looked at. `step` does so where it was not done.
	 * @throws TorchError `ERR_INVALID_STATE` the second time between two updates, and for gradients in float16, which have no room for it
	 */
	unscale_(optimizer: Steppable): void {
		if (!this.#enabled) return;
		const progress = this.#of(optimizer);
		if (progress.stage === "unscaled")
			throw stateError(
				"unscale_() has been called on this optimizer since the last update()",
			);
		if (progress.stage === "stepped")
			throw stateError("unscale_() is called after step()");
		const groups = new Map<string, Tensor[]>();
		for (const { params } of optimizer.paramGroups)
			for (const { grad } of params) {
				if (grad === null) continue;
				if (grad.dtype === "float16")
					throw stateError(
						"the gradients of float16 parameters cannot be unscaled",
					);
				const values = grad.layout === "sparse_coo" ? valuesOf(grad) : grad;
				const key = `${values.device} ${values.dtype}`;
				groups.set(key, [...(groups.get(key) ?? []), values]);
			}
		noGrad(() => {
			const inverse = this.#made.scale.double().reciprocal().float();
			for (const [key, gradients] of groups) {
				const device = key.split(" ")[0] as Tensor["device"];
				const found =
					progress.foundInf.get(device) ??
					keep(full([], 0, { dtype: "float32", device }));
				progress.foundInf.set(device, found);
				unscaleAll(gradients, found, inverse.to({ device }));
			}
		});
		progress.stage = "unscaled";
	}

	/**
	 * The optimiser's step, unless a gradient is infinite or NaN.
	 * @returns what the optimiser's step returns; undefined where it was left out
	 * @throws TorchError `ERR_INVALID_STATE` the second time between two updates, and where no gradient was found
	 */
	step(optimizer: Steppable): ReturnType<Steppable["step"]> | undefined {
		if (!this.#enabled) return optimizer.step();
		const progress = this.#of(optimizer);
		if (progress.stage === "stepped")
			throw stateError("step() has been called since the last update()");
		if (progress.stage === "ready") this.unscale_(optimizer);
		if (progress.foundInf.size === 0)
			throw stateError(
				"no gradient of this optimizer was found: call backward first",
			);
		const isFine = [...progress.foundInf.values()].every(
			(found) => found.item() === 0,
		);
		progress.stage = "stepped";
		return isFine ? optimizer.step() : undefined;
	}

	/** After all steps of an iteration: makes the scale what it shall be in the next, or `newScale`. */
	update(newScale?: number | Tensor): void {
		if (!this.#enabled) return;
		const { scale, growthTracker } = this.#made;
		if (newScale !== undefined) {
			if (isTensor(newScale)) scale.copy_(newScale as Tensor);
			else scale.fill_(check.number(op, "newScale", newScale));
		} else {
			const found = [...this.#progress.values()].flatMap(({ foundInf }) => [
				...foundInf.values(),
			]);
			if (found.length === 0)
				throw stateError("no step was made since the last update()");
			const all = found
				.map((each) => each.to({ device: scale.device }))
				.reduce((sum, each) => sum.add(each));
			const factors = [this.#growthFactor, this.#backoffFactor];
			updateScale(scale, growthTracker, all, ...factors, this.#growthInterval);
		}
		for (const { foundInf } of this.#progress.values())
			for (const tensor of foundInf.values()) tensor.dispose();
		this.#progress.clear();
	}

	/** The scale now; 1 where the scaler is off. */
	getScale(): number {
		if (!this.#enabled) return 1;
		return this.#tensors === null
			? this.#initial.scale
			: Number(this.#tensors.scale.item());
	}

	#growthTracker(): number {
		return this.#tensors === null
			? this.#initial.growthTracker
			: Number(this.#tensors.growthTracker.item());
	}

	getGrowthFactor(): number {
		return this.#growthFactor;
	}

	setGrowthFactor(factor: number): void {
		this.#growthFactor = growing(factor);
	}

	getBackoffFactor(): number {
		return this.#backoffFactor;
	}

	setBackoffFactor(factor: number): void {
		this.#backoffFactor = shrinking(factor);
	}

	getGrowthInterval(): number {
		return this.#growthInterval;
	}

	setGrowthInterval(count: number): void {
		this.#growthInterval = interval(count);
	}

	isEnabled(): boolean {
		return this.#enabled;
	}

	/** The scale and how it changes, for a checkpoint; empty where the scaler is off. */
	stateDict(): GradScalerState | Record<string, never> {
		if (!this.#enabled) return {};
		return {
			scale: this.getScale(),
			growth_factor: this.#growthFactor,
			backoff_factor: this.#backoffFactor,
			growth_interval: this.#growthInterval,
			_growth_tracker: this.#growthTracker(),
		};
	}

	/** Goes on from a `stateDict`, also PyTorch's own. */
	loadStateDict(state: GradScalerState): void {
		if (!this.#enabled) return;
		const names = ["scale", "growth_factor", "backoff_factor"];
		check.options(op, state, [...names, "growth_interval", "_growth_tracker"]);
		const scale = check.number(op, "scale", state.scale);
		const tracked = state._growth_tracker;
		check.integer(op, "_growth_tracker", tracked, { min: 0 });
		this.#growthFactor = growing(state.growth_factor);
		this.#backoffFactor = shrinking(state.backoff_factor);
		this.#growthInterval = interval(state.growth_interval);
		this.#initial = { scale, growthTracker: tracked };
		this.#tensors?.scale.fill_(scale);
		this.#tensors?.growthTracker.fill_(tracked);
	}
}

function growing(factor: number): number {
	if (check.number(op, "growthFactor", factor) > 1) return factor;
	const message = `expected a number above 1, got ${factor}`;
	throw check.invalidValue(op, "growthFactor", message);
}

function shrinking(factor: number): number {
	if (check.number(op, "backoffFactor", factor) < 1) return factor;
	const message = `expected a number below 1, got ${factor}`;
	throw check.invalidValue(op, "backoffFactor", message);
}

function interval(count: number): number {
	return check.integer(op, "growthInterval", count, { min: 1 });
}

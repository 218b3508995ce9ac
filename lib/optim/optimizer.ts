import { enableGrad, noGrad } from "../autograd/index.ts";
import { native } from "../binding.ts";
import * as check from "../check.ts";
import { slotOf } from "../handle.ts";
import {
	type Hook,
	type HookOptions,
	Hooks,
	type RemovableHandle,
} from "../nn/hooks.ts";
import { keep, scope } from "../tensor/scope.ts";
import { Tensor } from "../tensor/tensor.ts";
import {
	globalStepHooks,
	type LoadStateDictPostHook,
	type LoadStateDictPreHook,
	type StateDictPostHook,
	type StateDictPreHook,
	type StepPostHook,
	type StepPreHook,
} from "./hooks.ts";
import { checkBase, complete } from "./options.ts";
import { checkMembers, isGroup, listOf, readParams } from "./params.ts";
import { pack, unpackOptions, unpackState } from "./stateDict.ts";
import type {
	BaseOptions,
	GroupInput,
	LoopOptions,
	NamedTensor,
	OptimizerStateDict,
	ParamGroup,
	ParamState,
	Params,
	SavedGroup,
} from "./types.ts";

/**
 * What optimisers share: parameter groups, state, the loop over both, hooks, and their state dict. A subclass says in `newState` what it
 * remembers, and states its formula once, in `update`.
 */
export abstract class Optimizer<
	Options extends BaseOptions = BaseOptions,
	State extends ParamState = ParamState,
> {
	/** The options of groups that do not give their own. */
	readonly defaults: Readonly<Options>;
	/** The groups; their options may be changed between steps: `optimizer.paramGroups[0].lr = 0.1`. */
	paramGroups: ParamGroup<Options>[] = [];
	/** What is remembered of each parameter, under PyTorch's own names (`exp_avg`). */
	state: Map<Tensor, State> = new Map();
	/** How often `step` was called since this object was made. */
	stepCount = 0;
	readonly #hooks = {
		beforeStep: new Hooks("registerStepPreHook"),
		afterStep: new Hooks("registerStepPostHook"),
		beforeStateDict: new Hooks("registerStateDictPreHook"),
		afterStateDict: new Hooks("registerStateDictPostHook"),
		beforeLoad: new Hooks("registerLoadStateDictPreHook"),
		afterLoad: new Hooks("registerLoadStateDictPostHook"),
	};

	/** `defaults` are the optimiser's, `given` the user's. */
	protected constructor(
		params: Params<Options>,
		defaults: Options,
		given: Partial<Options>,
	) {
		this.defaults = this.checked(complete<Options>(this.op, defaults, given));
		const list = listOf<Tensor | NamedTensor | GroupInput<Options>>(
			this.op,
			params,
		);
		if (list.length === 0)
			throw check.invalidValue(
				this.op,
				"params",
				"optimizer got an empty parameter list",
			);
		const groups = isGroup<Options>(list[0])
			? (list as GroupInput<Options>[])
			: [{ params: list } as unknown as GroupInput<Options>];
		for (const group of groups) this.addParamGroup(group);
	}

	/** The name that errors have. */
	protected get op(): string {
		return this.constructor.name;
	}

	private checked<Given extends Options>(options: Given): Given {
		checkBase(this.op, options);
		this.check(options);
		return options;
	}

	/** Throws if an option of this optimiser's own has a value that is not allowed. */
	protected abstract check(options: Readonly<Options>): void;

	/** What to remember of a parameter before its first step, for a gradient like `grad`. Tensors made here are kept. */
	protected abstract newState(
		param: Tensor,
		group: ParamGroup<Options>,
		grad: Tensor,
	): State;

	/**
	 * The step of one parameter, in place. `grad` is negated already where the group maximises. Tensors made here are freed
	 * afterwards, except those that `keep` was called on.
	 */
	protected abstract update(
		param: Tensor,
		grad: Tensor,
		state: State,
		group: ParamGroup<Options>,
	): void;

	/**
	 * One step with the gradients that the parameters have now. Parameters without one are left alone.
	 *
	 * @param closure evaluates the model once more and returns the loss, which `step` then returns.
	 * @example
	 * optimizer.zeroGrad();
	 * crossEntropy(model(x), y).backward();
	 * optimizer.step();
	 */
	step(): undefined;
	step<Loss>(closure: () => Loss): Loss;
	step<Loss>(closure?: () => Loss): Loss | undefined {
		if (closure !== undefined) check.callable(this.op, "closure", closure);
		const { beforeStep, afterStep } = this.#hooks;
		let evaluate = closure;
		for (const hooks of [globalStepHooks.before, beforeStep])
			evaluate = hooks.pass(evaluate, (hook, now) => hook(this, now));
		const loss = this.run(evaluate);
		for (const hooks of [afterStep, globalStepHooks.after])
			hooks.pass(undefined, (hook) => void hook(this, evaluate));
		this.stepCount += 1;
		return loss;
	}

	/** A step between its hooks. */
	protected run<Loss>(closure: (() => Loss) | undefined): Loss | undefined {
		const loss = closure && enableGrad(closure);
		const { differentiable }: LoopOptions = this.defaults;
		const guard = differentiable ? enableGrad : noGrad;
		guard(() => {
			for (const group of this.paramGroups) this.stepGroup(group);
		});
		return loss;
	}

	/** The step of a group: one parameter after the other. */
	protected stepGroup(group: ParamGroup<Options>): void {
		for (const param of group.params) {
			const grad = gradOf(param);
			if (grad === null) continue;
			this.updateOne(param, grad, this.stateOf(param, group, grad), group);
			grad.dispose();
		}
	}

	/** `update`, with what it makes freed. */
	protected updateOne(
		param: Tensor,
		grad: Tensor,
		state: State,
		group: ParamGroup<Options>,
	): void {
		scope(() => {
			const { maximize }: LoopOptions = group;
			const ascent = maximize ? grad.neg() : grad;
			this.update(param, ascent, state, group);
		});
	}

	/** What is remembered of a parameter, new before its first step. */
	protected stateOf(
		param: Tensor,
		group: ParamGroup<Options>,
		grad: Tensor,
	): State {
		let state = this.state.get(param);
		if (state === undefined) {
			state = noGrad(() => this.newState(param, group, grad));
			for (const value of Object.values(state))
				if (value instanceof Tensor) keep(value);
			this.state.set(param, state);
		}
		return state;
	}

	/** Whether the `step` of a loaded state goes to the device of its parameter: a kernel reads it there. */
	protected stepsOnDevice(group: ParamGroup<Options>): boolean {
		const { fused, capturable }: LoopOptions = group;
		return Boolean(fused || capturable);
	}

	/** Calls `hook(optimizer, closure)` before every step; what it returns, if anything, becomes the closure. */
	registerStepPreHook(
		hook: StepPreHook<this>,
		options: HookOptions = {},
	): RemovableHandle {
		return this.#hooks.beforeStep.add(hook as Hook, options);
	}

	/** Calls `hook(optimizer, closure)` after every step. */
	registerStepPostHook(
		hook: StepPostHook<this>,
		options: HookOptions = {},
	): RemovableHandle {
		return this.#hooks.afterStep.add(hook as Hook, options);
	}

	/** Calls `hook(optimizer)` before a state dict is made. */
	registerStateDictPreHook(
		hook: StateDictPreHook<this>,
		options: HookOptions = {},
	): RemovableHandle {
		return this.#hooks.beforeStateDict.add(hook as Hook, options);
	}

	/** Calls `hook(optimizer, stateDict)` with every state dict that is made; what it returns, if anything, takes its place. */
	registerStateDictPostHook(
		hook: StateDictPostHook<this>,
		options: HookOptions = {},
	): RemovableHandle {
		return this.#hooks.afterStateDict.add(hook as Hook, options);
	}

	/** Calls `hook(optimizer, stateDict)` with a state dict that is to be loaded; what it returns, if anything, is loaded instead. */
	registerLoadStateDictPreHook(
		hook: LoadStateDictPreHook<this>,
		options: HookOptions = {},
	): RemovableHandle {
		return this.#hooks.beforeLoad.add(hook as Hook, options);
	}

	/** Calls `hook(optimizer)` after a state dict was loaded. */
	registerLoadStateDictPostHook(
		hook: LoadStateDictPostHook<this>,
		options: HookOptions = {},
	): RemovableHandle {
		return this.#hooks.afterLoad.add(hook as Hook, options);
	}

	/**
	 * Forgets the gradients of all parameters.
	 *
	 * @param setToNone false fills them with zeros in place instead. Default: true.
	 */
	zeroGrad(setToNone: boolean | { setToNone?: boolean } = true): void {
		const forget =
			typeof setToNone === "object" ? (setToNone.setToNone ?? true) : setToNone;
		for (const { params } of this.paramGroups)
			for (const param of params)
				if (forget) param.grad = null;
				else if (param.grad !== null) fillWithZeros(param.grad);
	}

	/**
	 * Adds a group of parameters, such as layers that were frozen so far.
	 *
	 * @example
	 * optimizer.addParamGroup({ params: model.backbone.parameters(), lr: 1e-5 });
	 */
	addParamGroup(group: GroupInput<Options>): void {
		if (!isGroup<Options>(group))
			throw check.invalidValue(
				this.op,
				"group",
				`param_group must be an object with \`params\`, but got ${check.describe(group)}`,
			);
		const { params, initialLr, ...given } = group;
		const { differentiable = false }: LoopOptions = this.defaults;
		const options = complete<Options>(this.op, this.defaults, given);
		const added: ParamGroup<Options> = {
			...this.checked(options),
			...(initialLr !== undefined && { initialLr }),
			...readParams(this.op, params, differentiable),
		};
		checkMembers(this.op, added, this.paramGroups);
		this.paramGroups.push(added);
	}

	/** State and options in PyTorch's own form. Tensors are not copied: later steps change them. */
	stateDict(): OptimizerStateDict {
		const { beforeStateDict, afterStateDict } = this.#hooks;
		beforeStateDict.pass(undefined, (hook) => void hook(this, undefined));
		return afterStateDict.pass(
			pack(this.paramGroups, this.state),
			(hook, dict) => hook(this, dict),
		);
	}

	/**
	 * Takes over what `stateDict` returned, here or in Python; parameters are matched by their order. State goes to the device
	 * and dtype of its parameter, and is shared with the dict where nothing has to change. If this throws, nothing was loaded.
	 */
	loadStateDict(stateDict: OptimizerStateDict): void {
		const { beforeLoad, afterLoad } = this.#hooks;
		const dict = beforeLoad.pass(stateDict && { ...stateDict }, (hook, given) =>
			hook(this, given),
		);
		const { state: savedState, param_groups: savedGroups } = dict ?? {};
		if (!Array.isArray(savedGroups) || typeof savedState !== "object")
			throw check.invalidValue(
				this.op,
				"stateDict",
				"expected an object with `state` and `param_groups`",
			);
		if (savedGroups.length !== this.paramGroups.length)
			throw check.invalidValue(
				this.op,
				"stateDict",
				"loaded state dict has a different number of parameter groups",
			);
		const state = new Map<Tensor, State>();
		const groups = this.paramGroups.map((group, g) => {
			const saved = savedGroups[g] as SavedGroup;
			const loaded = this.loadGroup(group, saved);
			loaded.params.forEach((param, i) => {
				const remembered = savedState[saved.params[i] as number];
				if (remembered)
					state.set(param, this.loadState(remembered, param, loaded));
			});
			return loaded;
		});
		this.paramGroups = groups;
		this.state = state;
		afterLoad.pass(undefined, (hook) => void hook(this, undefined));
	}

	/** The group of a state dict that takes the place of the one here. */
	protected loadGroup(
		{ params, paramNames }: ParamGroup<Options>,
		saved: SavedGroup,
	): ParamGroup<Options> {
		if (saved.params?.length !== params.length)
			throw check.invalidValue(
				this.op,
				"stateDict",
				"loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
			);
		const loaded = {
			...this.defaults,
			...(paramNames && { paramNames }),
			...unpackOptions(saved),
			params,
		} as ParamGroup<Options>;
		return this.checked(loaded);
	}

	/** What a state dict says of one parameter, in the form that `update` reads. */
	protected loadState(
		saved: ParamState,
		param: Tensor,
		group: ParamGroup<Options>,
	): State {
		return unpackState(saved, param, this.stepsOnDevice(group)) as State;
	}

	/** As PyTorch prints it, with the names that options have here. */
	toString(): string {
		const lines = this.paramGroups.flatMap(
			({ params: _, ...options }, number) => [
				`Parameter Group ${number}`,
				...Object.entries(options)
					.sort(([a], [b]) => (a < b ? -1 : 1))
					.map(([name, value]) => `    ${name}: ${shown(value)}`),
			],
		);
		return `${this.constructor.name} (\n${lines.join("\n")}\n)`;
	}

	[Symbol.for("nodejs.util.inspect.custom")](): string {
		return this.toString();
	}
}

/**
 * A parameter's gradient as an object of the optimiser's own, to be disposed of after the step. The user's `x.grad` would keep
 * the gradient's memory until it is collected; like this it is free for the next gradient as soon as `zeroGrad` lets it go.
 */
export function gradOf(param: Tensor): Tensor | null {
	return native.grad(slotOf(param)) as Tensor | null;
}

function fillWithZeros(grad: Tensor): void {
	if (grad.gradFn) grad.detach_();
	else grad.requiresGrad_(false);
	grad.zero_();
}

function shown(value: unknown): string {
	return Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
}

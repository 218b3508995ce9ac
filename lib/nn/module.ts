import { noGrad } from "../autograd/index.ts";
import { Callable } from "../callable.ts";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { emptyLike } from "../generated/functions.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Device, DType } from "../types.ts";
import {
	BackwardHooks,
	type FullBackwardHook,
	type FullBackwardPreHook,
	type ModuleGradients,
} from "./backwardHooks.ts";
import { conversion, type ModuleToTarget } from "./conversion.ts";
import { type DeepCopyable, deepcopied, deepcopy } from "./deepcopy.ts";
import {
	type ForwardHookOptions,
	globalHooks,
	type Hook,
	type HookOptions,
	ModuleHooks,
	type RemovableHandle,
} from "./hooks.ts";
import { stateName } from "./names.ts";
import {
	Buffer,
	isUninitialized,
	Parameter,
	replaceData,
} from "./parameter.ts";
import { shareMemory } from "./sharing.ts";
import {
	type IncompatibleKeys,
	type LoadStateDictOptions,
	load,
	type StateDict,
} from "./stateDict.ts";

/** What a module without hooks has. */
const noHooks = new ModuleHooks();

/** The key of a module's extra state. */
const extraState = "_extra_state";

/** A module of any inputs and output: what containers hold and `children()` gives. */
export type AnyModule = Module<never, unknown>;

/** Which members are listed, and under what names. */
export interface MemberOptions {
	/** Put before every name, with a dot. Default "". */
	prefix?: string | undefined;
	/** Lists submodules' members too. Default true. */
	recurse?: boolean | undefined;
	/** Lists a member that is held twice only once. Default true. */
	removeDuplicate?: boolean | undefined;
}

/**
 * The base of all modules: a constructor and `forward`. `Inputs` and `Output` are `forward`'s, and a module is called like a
 * function: `model(x)` runs the hooks and `forward`.
 *
 * Fields are the registry, in declaration order: a field that holds a `Parameter` is a parameter, a `Buffer` is a buffer, a `Module` is a
 * submodule. Plain tensors, arrays and `#private` fields are not registered; lists of modules go into `ModuleList` or `ModuleDict`. State
 * dicts use PyTorch's names, so the field `hiddenLayer` is `hidden_layer` there (see `stateName`), and checkpoints travel both ways.
 *
 * ```ts
 * class Net extends nn.Module<[Tensor], Tensor> {
 *   readonly hidden = new nn.Linear(784, 128);
 *   readonly out = new nn.Linear(128, 10);
 *
 *   override forward(x: Tensor): Tensor {
 *     return this.out(this.hidden(x).relu());
 *   }
 * }
 * const model = new Net();
 * const scores = model(torch.randn([32, 784])); // [32, 10]
 * ```
 */
export abstract class Module<
		Inputs extends unknown[] = [Tensor],
		Output = Tensor,
	>
	extends Callable<Inputs, Output>
	implements DeepCopyable
{
	/** Whether dropout, batch normalisation and the like behave as in training. Set by `train()` and `eval()`. */
	training: boolean = true;
	#hooks: ModuleHooks | null = null;

	/** What the module computes. Call the module itself instead, so that hooks run. */
	abstract forward(...inputs: Inputs): Output;

	static {
		// For those who write JavaScript, and are not told by the compiler
		const base = Module.prototype as { forward: unknown };
		base.forward = function (this: AnyModule): never {
			const name = this.constructor.name;
			throw new TorchError(
				`Module [${name}] is missing the required "forward" function`,
				{ code: "ERR_NOT_IMPLEMENTED", op: name },
			);
		};
	}

	protected override invoke(...inputs: Inputs): Output {
		return this.#hooks === null && !globalHooks.areCalled
			? this.forward(...inputs)
			: this.#forwardWithHooks(this.#hooks ?? noHooks, inputs);
	}

	#forwardWithHooks(own: ModuleHooks, given: Inputs): Output {
		let inputs = given;
		const called = new Set<Hook>();
		try {
			for (const { before } of [globalHooks, own])
				inputs = before.pass(inputs, (hook, value) => hook(this, value));
			const backward = this.#backwardHooks(own);
			if (backward !== null) inputs = backward.wrapInputs(inputs);
			let output = this.forward(...inputs);
			for (const { after } of [globalHooks, own])
				output = after.pass(output, (hook, value) => {
					called.add(hook);
					return hook(this, inputs, value);
				});
			return backward === null ? output : backward.wrapOutput(output);
		} catch (error) {
			for (const { after } of [globalHooks, own])
				after.callAlways(called, (hook) => hook(this, inputs, undefined));
			throw error;
		}
	}

	#backwardHooks(own: ModuleHooks): BackwardHooks | null {
		const all = [globalHooks, own];
		const before = all.flatMap((hooks) =>
			hooks.beforeBackward.list<FullBackwardPreHook>(),
		);
		const after = all.flatMap((hooks) =>
			hooks.afterBackward.list<FullBackwardHook>(),
		);
		return before.length + after.length === 0
			? null
			: new BackwardHooks(this, before, after);
	}

	/** Calls `hook(module, inputs)` before every `forward`; what it returns, if anything, becomes the inputs. `prepend` puts it first. */
	registerForwardPreHook<In extends unknown[] | []>(
		this: Module<In, unknown>,
		hook: (module: Module<In, unknown>, inputs: In) => In | undefined,
		options: HookOptions = {},
	): RemovableHandle {
		return this.#ownHooks().before.add(hook as Hook, options);
	}

	/** Calls `hook(module, inputs, output)` after every `forward`; what it returns, if anything, becomes the output. `prepend` puts it first. */
	registerForwardHook<In extends unknown[], Out>(
		this: Module<In, Out>,
		hook: (module: Module<In, Out>, inputs: In, output: Out) => Out | undefined,
		options: ForwardHookOptions = {},
	): RemovableHandle {
		return this.#ownHooks().after.add(hook as Hook, options);
	}

	/**
	 * Calls `hook(module, gradInputs, gradOutputs)` each time that the gradients of the module's inputs were computed; what it returns, if
	 * anything, goes on instead of `gradInputs`. There is null for inputs and outputs that are no tensors. Inputs and output must not be
	 * changed in place where such hooks are.
	 *
	 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_hook
	 * @example
	 * const layer = new torch.nn.Linear(2, 3);
	 * layer.registerFullBackwardHook((_, [gradInput]) => {
	 *   console.log(gradInput?.norm().item());
	 *   return undefined;
	 * });
	 */
	registerFullBackwardHook(
		hook: (
			module: this,
			gradInputs: ModuleGradients,
			gradOutputs: ModuleGradients,
		) => ModuleGradients | undefined,
		options: HookOptions = {},
	): RemovableHandle {
		return this.#ownHooks().afterBackward.add(hook as unknown as Hook, options);
	}

	/** Calls `hook(module, gradOutputs)` before the gradients of the module are computed; what it returns, if anything, goes in instead. */
	registerFullBackwardPreHook(
		hook: (
			module: this,
			gradOutputs: ModuleGradients,
		) => ModuleGradients | undefined,
		options: HookOptions = {},
	): RemovableHandle {
		return this.#ownHooks().beforeBackward.add(
			hook as unknown as Hook,
			options,
		);
	}

	/** Calls `hook(module, prefix)` before this module's part of a state dict is made. */
	registerStateDictPreHook(
		hook: (module: AnyModule, prefix: string) => void,
	): RemovableHandle {
		return this.#ownHooks().beforeSaving.add(hook as Hook, {});
	}

	/** Calls `hook(module, stateDict, prefix)` after this module's part of a state dict was made: it may change it. */
	registerStateDictPostHook(
		hook: (module: AnyModule, stateDict: StateDict, prefix: string) => void,
	): RemovableHandle {
		return this.#ownHooks().afterSaving.add(hook as Hook, {});
	}

	/** Calls `hook(module, stateDict, prefix)` before this module is loaded from a state dict: it may change it, which is a copy. */
	registerLoadStateDictPreHook(
		hook: (module: AnyModule, stateDict: StateDict, prefix: string) => void,
	): RemovableHandle {
		return this.#ownHooks().beforeLoading.add(hook as Hook, {});
	}

	/**
	 * Calls `hook(module, keys)` after a state dict was loaded: it may take away from `keys.missingKeys` and `keys.unexpectedKeys` what is
	 * no error.
	 */
	registerLoadStateDictPostHook(
		hook: (module: AnyModule, keys: IncompatibleKeys) => void,
	): RemovableHandle {
		return this.#ownHooks().afterLoading.add(hook as Hook, {});
	}

	#ownHooks(): ModuleHooks {
		this.#hooks ??= new ModuleHooks();
		return this.#hooks;
	}

	/** Whether a call of this module runs hooks. */
	hasForwardHooks(): boolean {
		return this.#hooks?.areCalled ?? false;
	}

	/** A copy of this module and all that it holds: see `deepcopy`. Hooks are the same functions. Private `#fields` cannot be copied. */
	deepcopy(): this {
		return deepcopy(this);
	}

	[deepcopied](
		copy: <T>(value: T) => T,
		remember: (empty: unknown) => void,
	): this {
		// Subclasses' constructors would draw weights anew.
		const made = Reflect.construct(Module, [], this.constructor) as this;
		remember(made);
		const fields = made as Record<PropertyKey, unknown>;
		for (const key of Reflect.ownKeys(this))
			fields[key] = copy((this as Record<PropertyKey, unknown>)[key]);
		made.#hooks = this.#hooks && new ModuleHooks(this.#hooks);
		return made;
	}

	/** Own fields by state-dict name, in declaration order. Containers say here under which keys they hold what. */
	protected registry(): [name: string, value: unknown][] {
		return Object.entries(this).map(([field, value]) => [
			stateName(field),
			value,
		]);
	}

	/** Direct submodules by name, each once. */
	namedChildren(): [name: string, module: AnyModule][] {
		const seen = new Set<unknown>();
		return this.#members(isModule).filter(
			([, module]) => !seen.has(module) && seen.add(module),
		);
	}

	/** Direct submodules, each once. */
	children(): AnyModule[] {
		return this.namedChildren().map(([, module]) => module);
	}

	/** This module, under the name `prefix` (default ""), and all below it, depth first. */
	namedModules({
		prefix = "",
		removeDuplicate = true,
	}: Omit<MemberOptions, "recurse"> = {}): [name: string, module: AnyModule][] {
		const found: [string, AnyModule][] = [];
		const seen = new Set<AnyModule>();
		const visit = (module: AnyModule, name: string) => {
			if (seen.has(module)) return;
			if (removeDuplicate) seen.add(module);
			found.push([name, module]);
			for (const [key, child] of module.#members(isModule))
				visit(child, name === "" ? key : `${name}.${key}`);
		};
		visit(this, prefix);
		return found;
	}

	/** This module and all below it, each once, depth first. */
	modules(): AnyModule[] {
		return this.namedModules().map(([, module]) => module);
	}

	/** Parameters by name, in PyTorch's order: a module's own ones first, then those of its submodules. */
	namedParameters(
		options: MemberOptions = {},
	): [name: string, parameter: Parameter][] {
		return this.#namedMembers("namedParameters", isParameter, options);
	}

	/** All parameters, each once: what an optimiser takes. */
	parameters({ recurse = true }: { recurse?: boolean } = {}): Parameter[] {
		return this.namedParameters({ recurse }).map(([, parameter]) => parameter);
	}

	/** Buffers by name, those outside the state dict too. */
	namedBuffers(options: MemberOptions = {}): [name: string, buffer: Buffer][] {
		return this.#namedMembers("namedBuffers", isBuffer, options);
	}

	/** All buffers, each once. */
	buffers({ recurse = true }: { recurse?: boolean } = {}): Buffer[] {
		return this.namedBuffers({ recurse }).map(([, buffer]) => buffer);
	}

	#members<T>(is: (value: unknown) => value is T): [string, T][] {
		return this.registry().filter((entry): entry is [string, T] =>
			is(entry[1]),
		);
	}

	#namedMembers<T>(
		op: string,
		is: (value: unknown) => value is T,
		options: MemberOptions,
	): [string, T][] {
		check.options(op, options, ["prefix", "recurse", "removeDuplicate"]);
		const { prefix = "", recurse = true, removeDuplicate = true } = options;
		const seen = new Set<T>();
		const found: [string, T][] = [];
		const modules: [string, AnyModule][] = recurse
			? this.namedModules({ prefix, removeDuplicate })
			: [[prefix, this]];
		for (const [path, module] of modules) {
			for (const [name, member] of module.#members(is)) {
				if (removeDuplicate && seen.has(member)) continue;
				seen.add(member);
				found.push([path === "" ? name : `${path}.${name}`, member]);
			}
		}
		return found;
	}

	/** The submodule at a path such as "encoder.layers.0"; "" is this module itself. */
	getSubmodule(target: string): AnyModule {
		let module: AnyModule = this;
		for (const name of target === "" ? [] : target.split(".")) {
			const found = module.registry().find(([key]) => key === name)?.[1];
			if (!isModule(found))
				throw check.invalidValue(
					"getSubmodule",
					"target",
					`${module.constructor.name} has no submodule "${name}", in "${target}"`,
				);
			module = found;
		}
		return module;
	}

	/** Puts `module` in the place of the submodule at a path. */
	setSubmodule(target: string, module: AnyModule): void {
		const op = "setSubmodule";
		if (!isModule(module))
			throw check.invalidType(op, "module", "Module", module);
		const { parent, name } = this.#parent(op, target);
		parent.replaceChild(parent.getSubmodule(name), module);
	}

	/** Puts `module` where `child` is. */
	protected replaceChild(child: AnyModule, module: AnyModule): void {
		const fields = this as Record<string, unknown>;
		for (const [field, value] of Object.entries(fields))
			if (value === child) fields[field] = module;
	}

	/** The parameter at a path such as "encoder.layers.0.linear1.weight". */
	getParameter(target: string): Parameter {
		return this.#member("getParameter", "parameter", target, isParameter);
	}

	/** The buffer at a path such as "norm.running_mean". */
	getBuffer(target: string): Buffer {
		return this.#member("getBuffer", "buffer", target, isBuffer);
	}

	#member<T>(
		op: string,
		kind: string,
		target: string,
		is: (value: unknown) => value is T,
	): T {
		const { parent, name } = this.#parent(op, target);
		const found = parent.#members(is).find(([key]) => key === name);
		if (found !== undefined) return found[1];
		throw check.invalidValue(
			op,
			"target",
			`${parent.constructor.name} has no ${kind} "${name}", in "${target}"`,
		);
	}

	#parent(op: string, target: string): { parent: AnyModule; name: string } {
		const path = check.string(op, "target", target).split(".");
		const name = path.pop() as string;
		return { parent: this.getSubmodule(path.join(".")), name };
	}

	/** Makes `tensor` the buffer `name`: the same as a field that holds `new Buffer(tensor, options)`. */
	registerBuffer(
		name: string,
		tensor: Tensor | null,
		options: { persistent?: boolean } = {},
	): void {
		this.#define("registerBuffer", name, tensor && new Buffer(tensor, options));
	}

	/** Makes `parameter` the parameter `name`: the same as a field that holds it. */
	registerParameter(name: string, parameter: Parameter | null): void {
		this.#define("registerParameter", name, parameter);
	}

	/** Makes `module` the submodule `name`: the same as a field that holds it. */
	registerModule(name: string, module: AnyModule | null): void {
		this.#define("registerModule", name, module);
	}

	#define(op: string, name: string, value: unknown): void {
		check.string(op, "name", name);
		if (name === "" || name.includes("."))
			throw check.invalidValue(
				op,
				"name",
				`expected a name without dots, got "${name}"`,
			);
		const field = this as Record<string, unknown>;
		if (name in this && field[name] !== undefined && field[name] !== null)
			throw check.invalidValue(op, "name", `"${name}" already exists`);
		field[name] = value;
	}

	/**
	 * Parameters and persistent buffers by PyTorch's names. The tensors share the module's memory, detached from autograd unless
	 * `keepVars` is true.
	 */
	stateDict({
		prefix = "",
		keepVars = false,
	}: {
		prefix?: string;
		keepVars?: boolean;
	} = {}): StateDict {
		const state: StateDict = {};
		this.#save(state, prefix, keepVars);
		return state;
	}

	#save(state: StateDict, prefix: string, keepVars: boolean): void {
		this.#hooks?.beforeSaving.pass(undefined, (hook) => hook(this, prefix));
		for (const [name, tensor] of this.#ownState(prefix)) {
			if (Object.hasOwn(state, name))
				throw check.invalidValue(
					"stateDict",
					name,
					"two fields have this name in a state dict",
				);
			state[name] =
				keepVars || isUninitialized(tensor) ? tensor : tensor.detach();
		}
		if (this.getExtraState !== undefined)
			state[prefix + extraState] = this.getExtraState();
		for (const [name, module] of this.#members(isModule))
			module.#save(state, `${prefix}${name}.`, keepVars);
		this.#hooks?.afterSaving.pass(undefined, (hook) =>
			(hook as (...args: unknown[]) => unknown)(this, state, prefix),
		);
	}

	/** What belongs into a state dict: parameters and persistent buffers of this module. */
	#ownState(prefix: string): [string, Parameter | Buffer][] {
		const isKept = (value: unknown): value is Buffer =>
			isBuffer(value) && value.persistent;
		return [...this.#members(isParameter), ...this.#members(isKept)].map(
			([name, value]) => [prefix + name, value],
		);
	}

	/** That of this module and all below it. */
	#state(prefix: string): [string, Parameter | Buffer][] {
		return [
			...this.#ownState(prefix),
			...this.#members(isModule).flatMap(([name, module]) =>
				module.#state(`${prefix}${name}.`),
			),
		];
	}

	/**
	 * Copies a state dict into the parameters and buffers, which keep their dtype, device and identity. Everything is checked before
	 * anything is copied, and all that does not fit is reported at once, in Python's words.
	 *
	 * With `strict: false` missing and unexpected keys are only returned. With `assign: true` the module takes over the state's tensors,
	 * their dtype and device included, instead of copying from them.
	 */
	loadStateDict(
		state: StateDict,
		options: LoadStateDictOptions = {},
	): IncompatibleKeys {
		check.options("loadStateDict", options, ["strict", "assign"]);
		if (typeof state !== "object" || state === null)
			throw check.invalidType("loadStateDict", "state", "object", state);
		const given = { ...state };
		const afterwards: ((keys: IncompatibleKeys) => void)[] = [];
		const extras = new Map<string, (extra: Tensor) => void>();
		for (const [path, module] of this.namedModules({
			removeDuplicate: false,
		})) {
			const prefix = path === "" ? "" : `${path}.`;
			const hooks = module.#hooks;
			hooks?.beforeLoading.pass(undefined, (hook) =>
				(hook as (...args: unknown[]) => unknown)(module, given, prefix),
			);
			module.adoptState(given, prefix);
			if (module.setExtraState !== undefined)
				extras.set(prefix + extraState, (extra) =>
					module.setExtraState?.(extra),
				);
			if (hooks === null || hooks.afterLoading.isEmpty) continue;
			afterwards.unshift((keys) =>
				hooks.afterLoading.pass(undefined, (hook) => hook(module, keys)),
			);
		}
		const own = this.#state("");
		const name = this.constructor.name;
		return load(name, own, extras, given, options, afterwards);
	}

	/** Brings the entries under `prefix` of a state dict that an older version of this module wrote up to date, before it is loaded. */
	protected adoptState(_state: StateDict, _prefix: string): void {}

	/** A tensor of what belongs into the state dict beside parameters and buffers; its key ends in "_extra_state". With `setExtraState`. */
	getExtraState?(): Tensor;

	/** Takes over what `getExtraState` gave. */
	setExtraState?(state: Tensor): void;

	/** Sets training mode here and in all submodules. */
	train(mode = true): this {
		check.boolean("train", "mode", mode);
		this.training = mode;
		for (const child of this.children()) child.train(mode);
		return this;
	}

	/** Sets evaluation mode: `train(false)`. */
	eval(): this {
		return this.train(false);
	}

	/**
	 * Moves parameters and buffers (and gradients) to a device, or converts the floating point ones to a dtype, in place:
	 * every `Parameter` stays the same object, so optimisers go on working.
	 *
	 * ```ts
	 * model.to("cuda").to("float16");
	 * model.to({ device: "cuda:1", dtype: "bfloat16" });
	 * model.to({ memoryFormat: "channels_last" }); // weights of convolutions, for channels-last inputs
	 * ```
	 */
	to(target: ModuleToTarget): this {
		return this.convert(conversion(target));
	}

	/** Moves everything to a device without its values, which are then to be set: for modules made on "meta". */
	toEmpty(options: { device: Device | (string & {}) }): this {
		check.options("toEmpty", options, ["device"]);
		const device = check.string("toEmpty", "device", options.device) as Device;
		return this.convert((tensor) => emptyLike(tensor, { device }));
	}

	/**
	 * Moves parameters, buffers and gradients of the CPU into memory that worker threads can see, in place: `nn.utils.sharedState` says to them
	 * where it is. Nothing keeps threads from writing at the same time, as in PyTorch. (Processes share nothing here.)
	 */
	shareMemory(): this {
		const parameters = this.parameters();
		const gradients = parameters.flatMap(({ grad }) => grad ?? []);
		shareMemory([...parameters, ...gradients, ...this.buffers()]);
		return this;
	}

	/** Moves everything to the CPU. */
	cpu(): this {
		return this.to("cpu");
	}

	/** Moves everything to a GPU: the current one, or number `index`. */
	cuda(index?: number): this {
		return this.to(index === undefined ? "cuda" : `cuda:${index}`);
	}

	/** Converts floating point parameters and buffers to float32. */
	float(): this {
		return this.#toFloating("float32");
	}

	/** Converts floating point parameters and buffers to float64. */
	double(): this {
		return this.#toFloating("float64");
	}

	/** Converts floating point parameters and buffers to float16. */
	half(): this {
		return this.#toFloating("float16");
	}

	/** Converts floating point parameters and buffers to bfloat16. */
	bfloat16(): this {
		return this.#toFloating("bfloat16");
	}

	#toFloating(dtype: DType): this {
		return this.convert((tensor) =>
			tensor.isFloatingPoint() ? tensor.to(dtype) : tensor,
		);
	}

	/** Replaces the data of every parameter, gradient and buffer by `change` of it; the objects stay. */
	protected convert(change: (tensor: Tensor) => Tensor): this {
		const convertData = (tensor: Tensor) => {
			const { data } = tensor;
			const changed = change(data);
			if (changed !== data) replaceData(tensor, changed);
		};
		noGrad(() => {
			for (const parameter of this.parameters()) {
				convertData(parameter);
				if (parameter.grad !== null) convertData(parameter.grad);
			}
			for (const buffer of this.buffers()) convertData(buffer);
		});
		return this;
	}

	/** Calls `visit` with every submodule, then with this module: for initialising weights. */
	override apply(visit: (module: AnyModule) => void): this {
		for (const child of this.children()) child.apply(visit);
		visit(this);
		return this;
	}

	/** Says for all parameters whether autograd records operations on them: `false` freezes the module. */
	requiresGrad_(requiresGrad = true): this {
		for (const parameter of this.parameters())
			parameter.requiresGrad_(requiresGrad);
		return this;
	}

	/** Forgets all gradients; with `setToNone: false` fills them with zeros instead. */
	zeroGrad({ setToNone = true }: { setToNone?: boolean } = {}): void {
		for (const parameter of this.parameters()) {
			const { grad } = parameter;
			if (grad === null) continue;
			if (setToNone) parameter.grad = null;
			else if (grad.gradFn === null) grad.requiresGrad_(false).zero_();
			else parameter.grad = grad.detach().zero_();
		}
	}

	/** What stands between the brackets when the module is printed, in Python's notation. */
	extraRepr(): string {
		return "";
	}

	/** The module tree as Python prints it. */
	override toString(): string {
		const extra = this.extraRepr();
		const extraLines = extra === "" ? [] : extra.split("\n");
		const childLines = this.#members(isModule).map(
			([name, module]) => `(${name}): ${indented(module.toString())}`,
		);
		const name = this.constructor.name;
		if (childLines.length === 0 && extraLines.length < 2)
			return `${name}(${extra})`;
		return `${name}(\n  ${[...extraLines, ...childLines].join("\n  ")}\n)`;
	}

	[Symbol.for("nodejs.util.inspect.custom")](): string {
		return this.toString();
	}
}

/** Every line but the first, two spaces further right. */
export function indented(text: string): string {
	return text.replaceAll("\n", "\n  ");
}

function isModule(value: unknown): value is AnyModule {
	return value instanceof Module;
}

function isParameter(value: unknown): value is Parameter {
	return value instanceof Parameter;
}

function isBuffer(value: unknown): value is Buffer {
	return value instanceof Buffer;
}

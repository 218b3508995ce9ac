import { noGrad } from "../autograd/index.ts";
import { Callable } from "../callable.ts";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { Tensor } from "../tensor/tensor.ts";
import { complexTypes, type Device, type DType, floatTypes } from "../types.ts";
import { stateName } from "./names.ts";
import { Buffer, Parameter } from "./parameter.ts";

/** A module of any inputs and output: what containers hold and `children()` gives. */
export type AnyModule = Module<never, unknown>;

/** Tensors by PyTorch's own names (`layer1.0.running_mean`), in PyTorch's order. */
export type StateDict = Record<string, Tensor>;

/** What `loadStateDict` did not find in the state, and what it did not know. */
export interface IncompatibleKeys {
	missingKeys: string[];
	unexpectedKeys: string[];
}

/** What `Module.to` changes. A `dtype` concerns floating point and complex tensors only. */
export interface ModuleToOptions {
	device?: Device | (string & {}) | undefined;
	dtype?: DType | undefined;
	/** Copies from pinned memory without waiting. Default false. */
	nonBlocking?: boolean | undefined;
}

/** Which members are listed, and under what names. */
export interface MemberOptions {
	/** Put before every name, with a dot. Default "". */
	prefix?: string | undefined;
	/** Lists submodules' members too. Default true. */
	recurse?: boolean | undefined;
	/** Lists a member that is held twice only once. Default true. */
	removeDuplicate?: boolean | undefined;
}

/** What registering a hook returns: `remove()`, or the end of a `using` block, takes the hook away. */
export interface RemovableHandle extends Disposable {
	remove(): void;
}

/** Hooks as they are kept. With the module's own types here, no Module<[Tensor], Tensor> would be an AnyModule. */
type Hook = (module: unknown, inputs: unknown, output?: unknown) => unknown;
type HookEntries = Set<{ hook: Hook }>;
interface Hooks {
	before: HookEntries;
	after: HookEntries;
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
> extends Callable<Inputs, Output> {
	/** Whether dropout, batch normalisation and the like behave as in training. Set by `train()` and `eval()`. */
	training: boolean = true;
	#hooks: Hooks | null = null;

	/** What the module computes. Call the module itself instead, so that hooks run. */
	abstract forward(...inputs: Inputs): Output;

	protected override invoke(...inputs: Inputs): Output {
		return this.#hooks === null
			? this.forward(...inputs)
			: this.#forwardWithHooks(this.#hooks, inputs);
	}

	#forwardWithHooks({ before, after }: Hooks, given: Inputs): Output {
		let inputs = given;
		for (const { hook } of before) {
			const changed = hook(this, inputs);
			if (changed !== undefined) inputs = changed as Inputs;
		}
		let output = this.forward(...inputs);
		for (const { hook } of after) {
			const changed = hook(this, inputs, output);
			if (changed !== undefined) output = changed as Output;
		}
		return output;
	}

	/** Calls `hook(module, inputs)` before every `forward`; what it returns, if anything, becomes the inputs. `prepend` puts it first. */
	registerForwardPreHook<In extends unknown[] | []>(
		this: Module<In, unknown>,
		hook: (module: Module<In, unknown>, inputs: In) => In | undefined,
		options: { prepend?: boolean } = {},
	): RemovableHandle {
		return register(
			"registerForwardPreHook",
			this.#ownHooks().before,
			hook as Hook,
			options,
		);
	}

	/** Calls `hook(module, inputs, output)` after every `forward`; what it returns, if anything, becomes the output. `prepend` puts it first. */
	registerForwardHook<In extends unknown[], Out>(
		this: Module<In, Out>,
		hook: (module: Module<In, Out>, inputs: In, output: Out) => Out | undefined,
		options: { prepend?: boolean } = {},
	): RemovableHandle {
		return register(
			"registerForwardHook",
			this.#ownHooks().after,
			hook as Hook,
			options,
		);
	}

	#ownHooks(): Hooks {
		this.#hooks ??= { before: new Set(), after: new Set() };
		return this.#hooks;
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
		for (const [name, tensor] of this.#state(prefix)) {
			if (Object.hasOwn(state, name))
				throw check.invalidValue(
					"stateDict",
					name,
					"two fields have this name in a state dict",
				);
			state[name] = keepVars ? tensor : tensor.detach();
		}
		return state;
	}

	/** What belongs into a state dict: own parameters, own persistent buffers, then the submodules'. */
	#state(prefix: string): [string, Parameter | Buffer][] {
		const own = this.registry();
		const named = (is: (value: unknown) => boolean) =>
			own
				.filter(([, value]) => is(value))
				.map(([name, value]) => [prefix + name, value]);
		return [
			...(named(isParameter) as [string, Parameter][]),
			...(named((value) => isBuffer(value) && value.persistent) as [
				string,
				Buffer,
			][]),
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
		options: { strict?: boolean; assign?: boolean } = {},
	): IncompatibleKeys {
		check.options("loadStateDict", options, ["strict", "assign"]);
		const { strict = true, assign = false } = options;
		if (typeof state !== "object" || state === null)
			throw check.invalidType("loadStateDict", "state", "object", state);
		const given = { ...state };
		for (const [path, module] of this.namedModules({ removeDuplicate: false }))
			module.adoptState(given, path === "" ? "" : `${path}.`);

		const own = this.#state("");
		const known = new Set(own.map(([name]) => name));
		const missingKeys = own
			.map(([name]) => name)
			.filter((name) => !Object.hasOwn(given, name));
		const unexpectedKeys = Object.keys(given).filter(
			(name) => !known.has(name),
		);
		const errors: string[] = [];
		if (strict && missingKeys.length > 0)
			errors.push(`Missing key(s) in state_dict: ${quoted(missingKeys)}. `);
		if (strict && unexpectedKeys.length > 0)
			errors.push(
				`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}. `,
			);

		const copies: [Tensor, Tensor][] = [];
		for (const [name, tensor] of own) {
			if (!Object.hasOwn(given, name)) continue;
			let source = given[name] as Tensor;
			if (!(source instanceof Tensor)) {
				errors.push(
					`While copying the parameter named "${name}", expected a Tensor from checkpoint but received ${check.describe(source)}`,
				);
				continue;
			}
			// PyTorch 0.3 saved scalars with one dimension.
			if (tensor.dim() === 0 && source.dim() === 1 && source.numel() === 1)
				source = source.reshape([]);
			if (source.shape.join() === tensor.shape.join())
				copies.push([tensor, source]);
			else
				errors.push(
					`size mismatch for ${name}: copying a param with shape ${size(source)} from checkpoint, the shape in current model is ${size(tensor)}.`,
				);
		}
		if (errors.length > 0) {
			const message = `Error(s) in loading state_dict for ${this.constructor.name}:\n\t${errors.join("\n\t")}`;
			throw new TorchError(message, { code: "ERR_STATE_DICT" });
		}
		noGrad(() => {
			for (const [tensor, source] of copies) {
				if (assign) tensor.data = source.detach();
				else tensor.copy_(source);
			}
		});
		return { missingKeys, unexpectedKeys };
	}

	/** Brings the entries under `prefix` of a state dict that an older version of this module wrote up to date, before it is loaded. */
	protected adoptState(_state: StateDict, _prefix: string): void {}

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
	 * ```
	 */
	to(target: DType | Device | (string & {}) | Tensor | ModuleToOptions): this {
		const { device, dtype, nonBlocking = false } = readTarget(target);
		return this.convert((tensor) =>
			tensor.to({
				device,
				dtype: isConvertible(tensor) ? dtype : undefined,
				nonBlocking,
			}),
		);
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
		noGrad(() => {
			for (const parameter of this.parameters()) {
				const { grad } = parameter;
				parameter.data = change(parameter.data);
				if (grad === null) continue;
				parameter.grad = null; // its dtype and device must not differ from the parameter's while both are set
				grad.data = change(grad.data);
				parameter.grad = grad;
			}
			for (const buffer of this.buffers()) buffer.data = change(buffer.data);
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

function isConvertible(tensor: Tensor): boolean {
	return tensor.isFloatingPoint() || tensor.isComplex();
}

function register(
	op: string,
	hooks: HookEntries,
	hook: Hook,
	options: { prepend?: boolean },
): RemovableHandle {
	check.options(op, options, ["prepend"]);
	check.callable(op, "hook", hook);
	const entry = { hook };
	const later = options.prepend ? [...hooks] : [];
	if (options.prepend) hooks.clear();
	for (const each of [entry, ...later]) hooks.add(each);
	const remove = () => void hooks.delete(entry);
	return { remove, [Symbol.dispose]: remove };
}

function readTarget(
	target: string | Tensor | ModuleToOptions,
): ModuleToOptions {
	const options =
		typeof target === "string"
			? readName(target)
			: target instanceof Tensor
				? { device: target.device, dtype: target.dtype }
				: target;
	check.options("to", options, ["device", "dtype", "nonBlocking"]);
	const { dtype } = options;
	if (dtype !== undefined && !CONVERTIBLE.includes(dtype)) {
		throw check.invalidValue(
			"to",
			"dtype",
			`expected a floating point or complex dtype, got ${dtype}`,
		);
	}
	return options;
}

const CONVERTIBLE: readonly string[] = [...floatTypes, ...complexTypes];

/** A string is a device ("cpu", "cuda:1"), or else a dtype. */
function readName(name: string): ModuleToOptions {
	return /^(cpu|cuda|meta)(:\d+)?$/.test(name)
		? { device: name }
		: { dtype: name as DType };
}

function quoted(names: string[]): string {
	return names.map((name) => `"${name}"`).join(", ");
}

function size(tensor: Tensor): string {
	return `torch.Size([${tensor.shape.join(", ")}])`;
}

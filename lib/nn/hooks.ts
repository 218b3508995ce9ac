import * as check from "../check.ts";
import { type RemovableHandle, removable } from "../removable.ts";

export type { RemovableHandle } from "../removable.ts";

export interface HookOptions {
	/** Puts the hook before those that are there. Default false. */
	prepend?: boolean | undefined;
}

export interface ForwardHookOptions extends HookOptions {
	/** Calls the hook also where `forward` or a hook has thrown, then without an output. Default false. */
	alwaysCall?: boolean | undefined;
}

/** A hook as it is kept. With a module's own types here, no Module<[Tensor], Tensor> would be an AnyModule. */
export type Hook = (
	module: unknown,
	first: unknown,
	second?: unknown,
) => unknown;

/** The methods and functions whose hooks may be called where something has thrown. */
const alwaysCallable = ["registerForwardHook", "registerModuleForwardHook"];

interface Entry {
	hook: Hook;
	alwaysCall: boolean;
}

/** The hooks of one kind that a module has, in order. */
export class Hooks {
	readonly #op: string;
	#hooks: readonly Entry[] = [];

	/** `op` is the method that registers them. */
	constructor(op: string) {
		this.#op = op;
	}

	get isEmpty(): boolean {
		return this.#hooks.length === 0;
	}

	add(hook: Hook, options: ForwardHookOptions): RemovableHandle {
		check.callable(this.#op, "hook", hook);
		const known = ["prepend", "alwaysCall"];
		check.options(
			this.#op,
			options,
			alwaysCallable.includes(this.#op) ? known : ["prepend"],
		);
		// The same function may be there twice.
		const entry = { hook, alwaysCall: options.alwaysCall ?? false };
		this.#hooks = options.prepend
			? [entry, ...this.#hooks]
			: [...this.#hooks, entry];
		return removable(() => {
			this.#hooks = this.#hooks.filter((each) => each !== entry);
		});
	}

	/** Hands `value` from hook to hook: what one returns, if anything, is what the next one sees. */
	pass<T>(value: T, call: (hook: Hook, value: T) => ReturnType<Hook>): T {
		let current = value;
		for (const { hook } of this.#hooks) {
			const changed = call(hook, current);
			if (changed !== undefined) current = changed as T;
		}
		return current;
	}

	/** Calls those that are to be called in any case and are not in `called`; what they throw is lost to what was thrown before. */
	callAlways(called: ReadonlySet<Hook>, call: (hook: Hook) => void): void {
		for (const { hook, alwaysCall } of this.#hooks) {
			if (!alwaysCall || called.has(hook)) continue;
			try {
				call(hook);
			} catch (error) {
				process.emitWarning(`${this.#op}: a hook threw: ${error}`);
			}
		}
	}

	/** All of them, in order. */
	list<Kind>(): Kind[] {
		return this.#hooks.map(({ hook }) => hook as Kind);
	}

	copy(): Hooks {
		const copy = new Hooks(this.#op);
		copy.#hooks = this.#hooks;
		return copy;
	}
}

/** The kinds of hooks that a call of a module runs. */
interface CallHooks {
	readonly before: Hooks;
	readonly after: Hooks;
	readonly beforeBackward: Hooks;
	readonly afterBackward: Hooks;
}

function anyOf({
	before,
	after,
	beforeBackward,
	afterBackward,
}: CallHooks): boolean {
	return !(
		before.isEmpty &&
		after.isEmpty &&
		beforeBackward.isEmpty &&
		afterBackward.isEmpty
	);
}

/** Hooks of all modules. */
export const globalHooks: CallHooks & { readonly areCalled: boolean } = {
	before: new Hooks("registerModuleForwardPreHook"),
	after: new Hooks("registerModuleForwardHook"),
	beforeBackward: new Hooks("registerModuleFullBackwardPreHook"),
	afterBackward: new Hooks("registerModuleFullBackwardHook"),
	get areCalled() {
		return anyOf(this);
	},
};

/** All kinds of hooks that a module can have. */
export class ModuleHooks implements CallHooks {
	readonly before: Hooks;
	readonly after: Hooks;
	readonly beforeBackward: Hooks;
	readonly afterBackward: Hooks;
	readonly beforeSaving: Hooks;
	readonly afterSaving: Hooks;
	readonly beforeLoading: Hooks;
	readonly afterLoading: Hooks;

	constructor(from?: ModuleHooks) {
		const hooks = (kind: keyof ModuleHooks, op: string) =>
			from === undefined ? new Hooks(op) : (from[kind] as Hooks).copy();
		this.before = hooks("before", "registerForwardPreHook");
		this.after = hooks("after", "registerForwardHook");
		this.beforeBackward = hooks(
			"beforeBackward",
			"registerFullBackwardPreHook",
		);
		this.afterBackward = hooks("afterBackward", "registerFullBackwardHook");
		this.beforeSaving = hooks("beforeSaving", "registerStateDictPreHook");
		this.afterSaving = hooks("afterSaving", "registerStateDictPostHook");
		this.beforeLoading = hooks("beforeLoading", "registerLoadStateDictPreHook");
		this.afterLoading = hooks("afterLoading", "registerLoadStateDictPostHook");
	}

	/** Whether a call has to go through hooks. */
	get areCalled(): boolean {
		return anyOf(this);
	}
}

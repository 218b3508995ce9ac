import * as check from "../check.ts";

/** What registering a hook returns: `remove()`, or the end of a `using` block, takes the hook away. */
export interface RemovableHandle extends Disposable {
	remove(): void;
}

export interface HookOptions {
	/** Puts the hook before those that are there. Default false. */
	prepend?: boolean | undefined;
}

/** A hook as it is kept. With a module's own types here, no Module<[Tensor], Tensor> would be an AnyModule. */
export type Hook = (
	module: unknown,
	inputs: unknown,
	output?: unknown,
) => unknown;

/** The hooks of one kind that a module has, in order. */
export class Hooks {
	readonly #op: string;
	#hooks: readonly { hook: Hook }[] = [];

	/** `op` is the method that registers them. */
	constructor(op: string) {
		this.#op = op;
	}

	add(hook: Hook, options: HookOptions): RemovableHandle {
		check.callable(this.#op, "hook", hook);
		check.options(this.#op, options, ["prepend"]);
		const entry = { hook }; // the same function may be there twice
		this.#hooks = options.prepend
			? [entry, ...this.#hooks]
			: [...this.#hooks, entry];
		const remove = () => {
			this.#hooks = this.#hooks.filter((each) => each !== entry);
		};
		return { remove, [Symbol.dispose]: remove };
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
}

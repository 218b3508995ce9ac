/** Calls callbacks: in order, those that save last, and without cost for events that nobody listens to. */
import { isPromise } from "node:util/types";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import type { Storable } from "../io/index.ts";
import {
	type Callback,
	type EventName,
	eventNames,
	type Run,
} from "./callback.ts";

type Details<Name extends EventName> =
	Parameters<Required<Callback>[Name]> extends [Run, ...infer Rest]
		? Rest
		: never;

export class Events {
	readonly #listeners: ReadonlyMap<EventName, readonly Callback[]>;
	readonly #all: readonly Callback[];

	constructor(op: string, callbacks: readonly Callback[]) {
		check.array(op, "callbacks", callbacks);
		for (const [i, callback] of callbacks.entries())
			checkCallback(op, `callbacks[${i}]`, callback);
		this.#all = [...callbacks].sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
		this.#listeners = new Map(
			eventNames.map((name) => [
				name,
				this.#all.filter((callback) => callback[name] !== undefined),
			]),
		);
	}

	has(name: EventName): boolean {
		return this.#of(name).length > 0;
	}

	#of(name: EventName): readonly Callback[] {
		return this.#listeners.get(name) as readonly Callback[];
	}

	async emit<Name extends EventName>(
		name: Name,
		run: Run,
		...details: Details<Name>
	): Promise<void> {
		for (const callback of this.#of(name)) {
			const done = this.#call(callback, name, run, details);
			if (isPromise(done)) await done;
		}
	}

	/** Calls all of them even if some throw; returns what was thrown. */
	async emitAlways<Name extends EventName>(
		name: Name,
		run: Run,
		...details: Details<Name>
	): Promise<unknown[]> {
		const errors: unknown[] = [];
		for (const callback of this.#of(name)) {
			try {
				await this.#call(callback, name, run, details);
			} catch (error) {
				errors.push(error);
			}
		}
		return errors;
	}

	#call(
		callback: Callback,
		name: EventName,
		run: Run,
		details: readonly unknown[],
	): void | Promise<void> {
		type Listener = (run: Run, ...details: unknown[]) => void | Promise<void>;
		return (callback as Record<EventName, Listener>)[name](run, ...details);
	}

	/** The states of those that have one, by name. */
	stateDict(): Record<string, Storable> {
		return Object.fromEntries(
			this.#named().map(([name, callback]) => [name, callback.stateDict?.()]),
		);
	}

	/** Those that the state does not know begin anew; states that nobody has a use for are left out. */
	loadStateDict(state: Readonly<Record<string, Storable>>): void {
		for (const [name, callback] of this.#named())
			if (Object.hasOwn(state, name))
				callback.loadStateDict?.(state[name] as Storable);
	}

	#named(): [name: string, callback: Callback][] {
		const counts = new Map<string, number>();
		return this.#all
			.filter(({ stateDict }) => stateDict !== undefined)
			.map((callback) => {
				const name = callback.stateName ?? callback.constructor.name;
				const count = counts.get(name) ?? 0;
				counts.set(name, count + 1);
				return [count === 0 ? name : `${name}${count + 1}`, callback];
			});
	}
}

function checkCallback(op: string, argument: string, callback: unknown): void {
	if (typeof callback !== "object" || callback === null)
		throw check.invalidType(
			op,
			argument,
			"callback: an object with functions such as onEpochEnd",
			callback,
		);
	// For those who write JavaScript, and are not told by the compiler
	for (const name in callback) {
		const value: unknown = callback[name as keyof typeof callback];
		if (!/^on[A-Z]/.test(name) || typeof value !== "function") continue;
		if (!(eventNames as readonly string[]).includes(name))
			throw new TorchError(
				`there is no event "${name}"; known are ${eventNames.join(", ")}`,
				{ code: "ERR_INVALID_ARG_VALUE", op, argument },
			);
	}
}

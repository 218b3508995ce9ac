/** Modes that hold while a function runs, or until the end of a block. */
import * as check from "../check.ts";
import { refusePromise } from "./scope.ts";

/** Changes a mode now, or around `fn`; returns what changes it back. */
export function within<T>(
	op: string,
	enter: () => () => void,
	fn: (() => T) | undefined,
): T | Disposable {
	if (fn !== undefined) check.callable(op, "fn", fn);
	const leave = enter();
	if (fn === undefined) return { [Symbol.dispose]: leave };
	try {
		const result = fn();
		refusePromise(op, result);
		return result;
	} finally {
		leave();
	}
}

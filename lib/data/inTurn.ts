export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
	return typeof (value as Promise<T> | null)?.then === "function";
}

/** `then(value)`, at once where nothing has to be waited for. */
export function whenReady<T, R>(
	value: T | Promise<T>,
	then: (value: T) => R | Promise<R>,
): R | Promise<R> {
	return isPromise(value) ? value.then(then) : then(value);
}

/** make(0), make(1), …: one after the other, so that the random numbers they draw do not depend on how long each takes. */
export function inTurn<T>(
	count: number,
	make: (i: number) => T | Promise<T>,
): T[] | Promise<T[]> {
	const made: T[] = [];
	for (let i = 0; i < count; i++) {
		const value = make(i);
		if (isPromise(value)) return waitFor(value, made, count, make);
		made.push(value);
	}
	return made;
}

async function waitFor<T>(
	first: Promise<T>,
	made: T[],
	count: number,
	make: (i: number) => T | Promise<T>,
): Promise<T[]> {
	made.push(await first);
	while (made.length < count) made.push(await make(made.length));
	return made;
}

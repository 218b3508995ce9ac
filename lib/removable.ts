/** What registering a hook returns: `remove()`, or the end of a `using` block, takes the hook away. */
export interface RemovableHandle extends Disposable {
	remove(): void;
}

export function removable(remove: () => void): RemovableHandle {
	return { remove, [Symbol.dispose]: remove };
}

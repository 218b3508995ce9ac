import { DataLoader, type DataLoaderState } from "../data/index.ts";
import { generatorsOf } from "../data/position.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Batches } from "./batches.ts";

/** Where a loader is, and what it will draw next. */
export interface LoaderState {
	position: DataLoaderState;
	/** The states of the generators that it draws from, but for the default one. */
	generators: Tensor[];
}

/** null for data that are no DataLoader: nobody knows how they go on. */
export function loaderState(data: Batches<unknown> | null): LoaderState | null {
	if (!(data instanceof DataLoader)) return null;
	return {
		position: data.stateDict(),
		generators: ownGenerators(data).map((generator) => generator.getState()),
	};
}

export function restoreLoader(
	data: Batches<unknown> | null,
	state: LoaderState | null,
): void {
	if (!(data instanceof DataLoader) || state === null) return;
	for (const [i, generator] of ownGenerators(data).entries()) {
		const saved = state.generators[i];
		if (saved !== undefined) generator.setState(saved);
	}
	data.loadStateDict(state.position);
}

/** Those that are not the default one, which the program restores. */
function ownGenerators(loader: DataLoader<unknown, unknown>) {
	const [first, ...others] = generatorsOf(loader);
	return loader.generator && first ? [first, ...others] : others;
}

import type { AnyModule } from "../nn/index.ts";

/** Remembers which modules train, and puts them back: `train(true)` would train those that are frozen, too. */
export function modesOf(...modules: AnyModule[]): () => void {
	const modes = modules
		.flatMap((module) => module.modules())
		.map((module) => [module, module.training] as const);
	return () => {
		for (const [module, training] of modes) module.training = training;
	};
}

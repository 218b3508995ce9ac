/** Tests that need a GPU: collected everywhere, and skipped with the reason in their name where there is none. */
import { cudaProblem } from "../../lib/binding.ts";
import * as torch from "../../lib/index.ts";
import { noCudaDevice } from "../../lib/libtorch/version.ts";

export const hasGpu = torch.cuda.isAvailable();

/** Why there is no GPU, in a sentence; empty where there is one. */
export const whyNot = hasGpu ? "" : (cudaProblem ?? noCudaDevice);

/** `describe` for what needs a GPU. */
export function describeOnGpu(name: string, tests: () => void): void {
	if (hasGpu) describe(name, tests);
	else describe.skip(`${name} (skipped, no GPU: ${whyNot})`, tests);
}

/** The greatest difference between two tensors, by the greatest of `expected`. */
export function distance(actual: torch.Tensor, expected: torch.Tensor): number {
	expect(actual.shape).toEqual(expected.shape);
	expect(actual.dtype).toBe(expected.dtype);
	const wanted = expected.detach().cpu();
	const farthest = actual.detach().cpu().sub(wanted).abs().max();
	const scale = wanted.abs().max().clampMin(1e-6);
	return Number(farthest.div(scale).item());
}

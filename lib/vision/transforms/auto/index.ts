/** Transforms that choose from a set of operations. */

export { AugMix, type AugMixOptions } from "./augMix.ts";
export { AutoAugment, type AutoAugmentOptions } from "./autoAugment.ts";
export type { AutoOptions } from "./base.ts";
export type { AutoAugmentPolicy } from "./policies.ts";
export { RandAugment, type RandAugmentOptions } from "./randAugment.ts";
export type { Operation } from "./space.ts";
export {
	type TrivialAugmentOptions,
	TrivialAugmentWide,
} from "./trivialAugmentWide.ts";

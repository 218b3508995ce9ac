/** Transforms that mix images, or take parts of them away. */

export type { Mixes, MixOptions } from "./batch.ts";
export { CutMix } from "./cutMix.ts";
export { MixUp } from "./mixUp.ts";
export { RandomErasing, type RandomErasingOptions } from "./randomErasing.ts";

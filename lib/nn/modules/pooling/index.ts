export * from "./adaptive.ts";
export * from "./average.ts";
export * from "./fractional.ts";
export * from "./lp.ts";
export * from "./max.ts";
export * from "./unpool.ts";

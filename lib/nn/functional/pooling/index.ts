export {
	avgPool1d,
	avgPool2d,
	avgPool3d,
} from "../../../generated/functions.ts";
export * from "./adaptive.ts";
export * from "./fractional.ts";
export * from "./lp.ts";
export * from "./max.ts";
export type { Size1d, Size2d, Size3d } from "./sizes.ts";
export * from "./unpool.ts";

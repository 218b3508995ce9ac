/** One number for the dimension, or [length]. */
export type Size1d = number | readonly [number];
/** One number for both dimensions, or [height, width]. */
export type Size2d = number | readonly [number, number];
/** One number for all dimensions, or [depth, height, width]. */
export type Size3d = number | readonly [number, number, number];
/** One number for all dimensions, or one for each. */
export type Size = number | readonly number[];

/** Rounds halves away from zero. */
export const roundUp = (x: number): number =>
	Math.sign(x) * Math.floor(Math.abs(x) + 0.5);

/** Rounds halves towards zero. */
export const roundDown = (x: number): number =>
	Math.sign(x) * Math.ceil(Math.abs(x) - 0.5);

/** What a long job tells whoever started it; lib/cli/ turns it into bars or lines. */
export interface Report {
	/** Something begins, in words. */
	step(message: string): void;
	/** `done` of `total` bytes of the present step; `total` is null where nobody knows it. */
	progress(done: number, total: number | null): void;
}

/** Tells nobody. */
export const silent: Report = { step() {}, progress() {} };

/** The known RegNets: X without and Y with squeeze and excitation, by how much they compute for an image of 224 × 224. */
import { RegNet, type RegNetOptions } from "./regnet.ts";

function x(
	[depth, w0, wA, wM, groupWidth]: readonly [
		number,
		number,
		number,
		number,
		number,
	],
	options: RegNetOptions,
): RegNet {
	return new RegNet({ depth, w0, wA, wM, groupWidth }, options);
}

function y(
	[depth, w0, wA, wM, groupWidth]: readonly [
		number,
		number,
		number,
		number,
		number,
	],
	options: RegNetOptions,
): RegNet {
	const parameters = { depth, w0, wA, wM, groupWidth, seRatio: 0.25 };
	return new RegNet(parameters, options);
}

/** `RegNet` Y of 400 million multiplications. */
export function regnetY400mf(options: RegNetOptions = {}): RegNet {
	return y([16, 48, 27.89, 2.09, 8], options);
}

/** `RegNet` Y of 800 million multiplications. */
export function regnetY800mf(options: RegNetOptions = {}): RegNet {
	return y([14, 56, 38.84, 2.4, 16], options);
}

/** `RegNet` Y of 1.6 thousand million multiplications. */
export function regnetY1_6gf(options: RegNetOptions = {}): RegNet {
	return y([27, 48, 20.71, 2.65, 24], options);
}

/** `RegNet` Y of 3.2 thousand million multiplications. */
export function regnetY3_2gf(options: RegNetOptions = {}): RegNet {
	return y([21, 80, 42.63, 2.66, 24], options);
}

/** `RegNet` Y of 8 thousand million multiplications. */
export function regnetY8gf(options: RegNetOptions = {}): RegNet {
	return y([17, 192, 76.82, 2.19, 56], options);
}

/** `RegNet` Y of 16 thousand million multiplications. */
export function regnetY16gf(options: RegNetOptions = {}): RegNet {
	return y([18, 200, 106.23, 2.48, 112], options);
}

/** `RegNet` Y of 32 thousand million multiplications. */
export function regnetY32gf(options: RegNetOptions = {}): RegNet {
	return y([20, 232, 115.89, 2.53, 232], options);
}

/** `RegNet` Y of 128 thousand million multiplications. */
export function regnetY128gf(options: RegNetOptions = {}): RegNet {
	return y([27, 456, 160.83, 2.52, 264], options);
}

/** `RegNet` X of 400 million multiplications. */
export function regnetX400mf(options: RegNetOptions = {}): RegNet {
	return x([22, 24, 24.48, 2.54, 16], options);
}

/** `RegNet` X of 800 million multiplications. */
export function regnetX800mf(options: RegNetOptions = {}): RegNet {
	return x([16, 56, 35.73, 2.28, 16], options);
}

/** `RegNet` X of 1.6 thousand million multiplications. */
export function regnetX1_6gf(options: RegNetOptions = {}): RegNet {
	return x([18, 80, 34.01, 2.25, 24], options);
}

/** `RegNet` X of 3.2 thousand million multiplications. */
export function regnetX3_2gf(options: RegNetOptions = {}): RegNet {
	return x([25, 88, 26.31, 2.25, 48], options);
}

/** `RegNet` X of 8 thousand million multiplications. */
export function regnetX8gf(options: RegNetOptions = {}): RegNet {
	return x([23, 80, 49.56, 2.88, 120], options);
}

/** `RegNet` X of 16 thousand million multiplications. */
export function regnetX16gf(options: RegNetOptions = {}): RegNet {
	return x([22, 216, 55.59, 2.1, 128], options);
}

/** `RegNet` X of 32 thousand million multiplications. */
export function regnetX32gf(options: RegNetOptions = {}): RegNet {
	return x([23, 320, 69.86, 2, 168], options);
}

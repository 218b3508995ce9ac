/** Means, and how likely differences are by chance. */

export function meanOf(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a sample: squares are divided by n - 1. */
export function varianceOf(values: readonly number[]): number {
	const mean = meanOf(values);
	return (
		values.reduce((sum, value) => sum + (value - mean) ** 2, 0) /
		(values.length - 1)
	);
}

export function stdOf(values: readonly number[]): number {
	return Math.sqrt(varianceOf(values));
}

/** How likely |T| is at least |t|, for Student's t with `degrees` of freedom. */
export function studentTail(t: number, degrees: number): number {
	if (!Number.isFinite(t)) return Number.isNaN(t) ? Number.NaN : 0;
	return betaRegularized(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** How likely a value is at least `x`, for chi² with one degree of freedom. */
export function chi2Tail(x: number): number {
	// chi² with one degree is the square of a normal value, and that is Student's t with infinitely many degrees
	return x <= 0 ? 1 : 1 - gammaRegularized(0.5, x / 2);
}

/** How likely at most `successes` are of `trials` at even odds, or as few failures: two-sided. */
export function binomialTail(successes: number, trials: number): number {
	const least = Math.min(successes, trials - successes);
	if (2 * least === trials) return 1;
	return Math.min(1, 2 * betaRegularized(0.5, trials - least, least + 1));
}

/** log Γ(x), x > 0, by Lanczos's approximation (g = 7, 9 terms): about 15 digits. */
export function logGamma(x: number): number {
	if (x < 0.5)
		return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
	const z = x - 1;
	const t = z + 7.5;
	const series = LANCZOS.reduce(
		(sum, term, i) => sum + (i === 0 ? term : term / (z + i)),
		0,
	);
	return (
		0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(series)
	);
}

const LANCZOS = [
	0.99999999999980993, 676.5203681218851, -1259.1392167224028,
	771.32342877765313, -176.61502916214059, 12.507343278686905,
	-0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The regularised incomplete beta function, by its continued fraction (https://dlmf.nist.gov/8.17#SS5.p1). */
export function betaRegularized(x: number, a: number, b: number): number {
	if (x <= 0) return 0;
	if (x >= 1) return 1;
	// The fraction converges fast below the mean.
	if (x > (a + 1) / (a + b + 2)) return 1 - betaRegularized(1 - x, b, a);
	const front = Math.exp(
		logGamma(a + b) -
			logGamma(a) -
			logGamma(b) +
			a * Math.log(x) +
			b * Math.log1p(-x),
	);
	const term = (n: number) => {
		const m = Math.floor(n / 2);
		return n % 2 === 0
			? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
			: (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
	};
	return front / (a * continued(term));
}

/** 1 + d1 / (1 + d2 / (1 + …)), by Lentz's method. */
function continued(term: (n: number) => number): number {
	const tiny = 1e-300;
	let value = 1;
	let c = 1;
	let d = 0;
	for (let n = 1; n < 10_000; n++) {
		const next = term(n);
		d = 1 / (1 + next * d || tiny);
		c = 1 + next / c || tiny;
		value *= c * d;
		if (Math.abs(c * d - 1) < 1e-15) break;
	}
	return value;
}

/** The regularised lower incomplete gamma function, by its series. */
function gammaRegularized(a: number, x: number): number {
	let term = 1 / a;
	let sum = term;
	for (let n = 1; n < 10_000 && term > sum * 1e-17; n++) {
		term *= x / (a + n);
		sum += term;
	}
	return Math.min(1, sum * Math.exp(a * Math.log(x) - x - logGamma(a)));
}

/**
 * The angle from the x axis to (dx, dy), and its cosine and sine, each rounded from its exact value as glibc's are. (V8's own are off by a unit in the last place now and
 * then, and where a line ends a hair before a whole pixel that makes another pixel.)
 */
export function direction(
	dx: number,
	dy: number,
): { cos: number; sin: number } {
	let angle = Math.atan2(dy, dx);
	const length = Math.hypot(dx, dy);
	if (length > 0) {
		const [cos, sin] = cosSin(angle);
		const aside = fixed(dy) * cos - fixed(dx) * sin; // length · sin(true angle - angle)
		angle += toNumber(aside / ONE) / length;
	}
	const [cos, sin] = cosSin(angle);
	return { cos: toNumber(cos), sin: toNumber(sin) };
}

const BITS = 160n;
const ONE = 1n << BITS;

/** A number in units of 2^-160: exact, unless it is smaller than 2^-100. */
function fixed(x: number): bigint {
	return BigInt(Math.trunc(x * 2 ** 100)) << (BITS - 100n);
}

const toNumber = (x: bigint): number => Number(x) / 2 ** Number(BITS);

/** Their series, in units of 2^-160; `angle` within ±π. */
function cosSin(angle: number): [cos: bigint, sin: bigint] {
	const x = fixed(angle);
	const sums: [bigint, bigint] = [0n, 0n];
	let term = ONE; // xⁿ / n!
	for (let n = 0; term !== 0n; ) {
		sums[n % 2] = (sums[n % 2] as bigint) + (n % 4 < 2 ? term : -term);
		n++;
		term = (term * x) / (ONE * BigInt(n));
	}
	return sums;
}

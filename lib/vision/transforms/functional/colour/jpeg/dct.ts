/**
 * The discrete cosine transform of 8 × 8 values in fixed point numbers: libjpeg's accurate one ("islow"), after Loeffler, Ligtenberg and Moschytz,
 * Practical fast 1-D DCT algorithms with 11 multiplications, 1989. Rows are done first when transforming, columns first when going back.
 */
const bits = 13;
const extra = 2; // more bits for what goes from the first pass to the second
const fixed = (value: number): number => Math.round(value * (1 << bits));

const c0298 = fixed(0.298631336);
const c0390 = fixed(0.390180644);
const c0541 = fixed(0.5411961);
const c0765 = fixed(0.765366865);
const c0899 = fixed(0.899976223);
const c1175 = fixed(1.175875602);
const c1501 = fixed(1.50132111);
const c1847 = fixed(1.847759065);
const c1961 = fixed(1.96157056);
const c2053 = fixed(2.053119869);
const c2562 = fixed(2.562915447);
const c3072 = fixed(3.072711026);

const scaled = (value: number, by: number): number =>
	(value + (1 << (by - 1))) >> by;

/** Values around 0 in `block` become coefficients, 8 times as large. */
export function forward(block: Int32Array): void {
	for (let row = 0; row < 64; row += 8) forwardLine(block, row, 1, true);
	for (let column = 0; column < 8; column++) {
		forwardLine(block, column, 8, false);
	}
}

function forwardLine(
	v: Int32Array,
	at: number,
	step: number,
	first: boolean,
): void {
	const x0 = v[at] as number;
	const x1 = v[at + step] as number;
	const x2 = v[at + 2 * step] as number;
	const x3 = v[at + 3 * step] as number;
	const x4 = v[at + 4 * step] as number;
	const x5 = v[at + 5 * step] as number;
	const x6 = v[at + 6 * step] as number;
	const x7 = v[at + 7 * step] as number;
	const s07 = x0 + x7;
	const d07 = x0 - x7;
	const s16 = x1 + x6;
	const d16 = x1 - x6;
	const s25 = x2 + x5;
	const d25 = x2 - x5;
	const s34 = x3 + x4;
	const d34 = x3 - x4;
	const by = first ? bits - extra : bits + extra;

	const a = s07 + s34;
	const b = s07 - s34;
	const c = s16 + s25;
	const d = s16 - s25;
	v[at] = first ? (a + c) << extra : scaled(a + c, extra);
	v[at + 4 * step] = first ? (a - c) << extra : scaled(a - c, extra);
	const e = (b + d) * c0541;
	v[at + 2 * step] = scaled(e + b * c0765, by);
	v[at + 6 * step] = scaled(e - d * c1847, by);

	const z5 = (d34 + d16 + d25 + d07) * c1175;
	const z1 = -(d34 + d07) * c0899;
	const z2 = -(d25 + d16) * c2562;
	const z3 = z5 - (d34 + d16) * c1961;
	const z4 = z5 - (d25 + d07) * c0390;
	v[at + 7 * step] = scaled(d34 * c0298 + z1 + z3, by);
	v[at + 5 * step] = scaled(d25 * c2053 + z2 + z4, by);
	v[at + 3 * step] = scaled(d16 * c3072 + z2 + z3, by);
	v[at + step] = scaled(d07 * c1501 + z1 + z4, by);
}

/** Coefficients become values around 0. */
export function inverse(block: Int32Array): void {
	for (let column = 0; column < 8; column++) {
		inverseLine(block, column, 8, bits - extra);
	}
	for (let row = 0; row < 64; row += 8) {
		inverseLine(block, row, 1, bits + extra + 3);
	}
}

function inverseLine(
	v: Int32Array,
	at: number,
	step: number,
	by: number,
): void {
	const x0 = v[at] as number;
	const x2 = v[at + 2 * step] as number;
	const x4 = v[at + 4 * step] as number;
	const x6 = v[at + 6 * step] as number;
	const e = (x2 + x6) * c0541;
	const t2 = e - x6 * c1847;
	const t3 = e + x2 * c0765;
	const t0 = (x0 + x4) << bits;
	const t1 = (x0 - x4) << bits;
	const e0 = t0 + t3;
	const e3 = t0 - t3;
	const e1 = t1 + t2;
	const e2 = t1 - t2;

	const o1 = v[at + step] as number;
	const o3 = v[at + 3 * step] as number;
	const o5 = v[at + 5 * step] as number;
	const o7 = v[at + 7 * step] as number;
	const z5 = (o7 + o3 + o5 + o1) * c1175;
	const z1 = -(o7 + o1) * c0899;
	const z2 = -(o5 + o3) * c2562;
	const z3 = z5 - (o7 + o3) * c1961;
	const z4 = z5 - (o5 + o1) * c0390;
	const d0 = o7 * c0298 + z1 + z3;
	const d1 = o5 * c2053 + z2 + z4;
	const d2 = o3 * c3072 + z2 + z3;
	const d3 = o1 * c1501 + z1 + z4;

	v[at] = scaled(e0 + d3, by);
	v[at + 7 * step] = scaled(e0 - d3, by);
	v[at + step] = scaled(e1 + d2, by);
	v[at + 6 * step] = scaled(e1 - d2, by);
	v[at + 2 * step] = scaled(e2 + d1, by);
	v[at + 5 * step] = scaled(e2 - d1, by);
	v[at + 3 * step] = scaled(e3 + d0, by);
	v[at + 4 * step] = scaled(e3 - d0, by);
}

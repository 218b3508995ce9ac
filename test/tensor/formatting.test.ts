import {
	formatNested,
	toExponential,
	toFixed,
} from "../../lib/tensor/formatting.ts";
import { nest, printingCases } from "../support/printing.ts";

const defaults = {
	precision: 4,
	threshold: 1000,
	edgeitems: 3,
	linewidth: 80,
	sciMode: null,
};

const whole = printingCases.filter(
	({ values, options, shape, dtype }) =>
		values && !options && !shape.includes(0) && !dtype.includes("8"),
);

test.each(whole)("%#: $dtype $shape", (printed) => {
	const data = nest(printed);
	const kind = printed.dtype.startsWith("complex")
		? "complex"
		: printed.dtype.includes("float")
			? "float"
			: "other";
	const text = `tensor(${formatNested(data, kind, defaults, 7)}`;
	expect(printed.text.slice(0, text.length)).toBe(text);
	expect(printed.text.slice(text.length)).toMatch(/^(\)|,\s+dtype=.*\))$/);
});

test("ties go to the even digit, as in Python", () => {
	expect([0.5, 1.5, 2.5, -0.5].map((x) => toFixed(x, 0))).toEqual([
		"0",
		"2",
		"2",
		"-0",
	]);
	expect([0.03125, 0.09375].map((x) => toFixed(x, 4))).toEqual([
		"0.0312",
		"0.0938",
	]);
	expect([2.5, 3.5, 25e20].map((x) => toExponential(x, 0))).toEqual([
		"2e+00",
		"4e+00",
		"2e+21",
	]);
});

test("what lies just beside a tie is rounded to the nearer side", () => {
	expect(toFixed(1.005, 2)).toBe("1.00"); // 1.00499999999999989…
	expect(toFixed(0.5000000000000001, 0)).toBe("1");
	expect(toExponential(1.25e-7, 1)).toBe("1.2e-07");
});

test("large and non-finite values are written as Python writes them", () => {
	expect(toFixed(1e22, 2)).toBe("10000000000000000000000.00");
	expect(toFixed(-0, 1)).toBe("-0.0");
	expect(toExponential(1e100, 2)).toBe("1.00e+100");
	expect([Number.NaN, Infinity, -Infinity].map((x) => toFixed(x, 4))).toEqual([
		"nan",
		"inf",
		"-inf",
	]);
});

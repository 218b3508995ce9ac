import * as check from "../../check.ts";
import { colorNames } from "./colorNames.ts";

/**
 * A colour: red, green and blue from 0 to 255; or in words, as Pillow has them: CSS's names, "#f80", "#ff8800", "rgb(255, 136, 0)", "rgb(100%, 53%, 0%)",
 * "hsl(32, 100%, 50%)", "hsv(32, 100%, 100%)".
 */
export type Color =
	| string
	| readonly [red: number, green: number, blue: number];
/** One colour for all, or one for each. */
export type Colors = Color | readonly Color[];

export type Rgb = readonly [number, number, number];

/** Far apart from each other; torchvision's. The first is black. */
export function paletteColor(index: number): Rgb {
	return [2 ** 25 - 1, 2 ** 15 - 1, 2 ** 21 - 1].map(
		(step) => (index * step) % 255,
	) as unknown as Rgb;
}

/**
 * A colour for each of `count` objects.
 *
 * @throws TorchError for colours that are none, and for fewer colours than objects
 */
export function colorsOf(
	op: string,
	argument: string,
	colors: Colors | undefined,
	count: number,
): Rgb[] {
	if (colors === undefined)
		return Array.from({ length: count }, (_, i) => paletteColor(i));
	if (isColor(colors)) {
		const color = colorOf(op, argument, colors);
		return Array.from({ length: count }, () => color);
	}
	if (!Array.isArray(colors))
		throw check.invalidType(op, argument, "color or array of colors", colors);
	if (colors.length < count) {
		throw check.invalidValue(
			op,
			argument,
			`expected a color for each of ${count} objects, got ${colors.length}`,
		);
	}
	return (colors as readonly Color[])
		.slice(0, count)
		.map((color, i) => colorOf(op, `${argument}[${i}]`, color));
}

/** A list of three numbers is a colour; any other list is one of colours. */
const isColor = (colors: Colors): colors is Color =>
	typeof colors === "string" ||
	(Array.isArray(colors) && typeof colors[0] === "number");

/** @throws TorchError for what is no colour */
export function colorOf(op: string, argument: string, color: Color): Rgb {
	const rgb = typeof color === "string" ? fromText(color) : color;
	const isRgb =
		Array.isArray(rgb) &&
		rgb.length === 3 &&
		rgb.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
	if (isRgb) return rgb as unknown as Rgb;
	throw check.invalidType(
		op,
		argument,
		'[red, green, blue] from 0 to 255, or a name such as "red" or "#ff8800"',
		color,
	);
}

const forms: readonly [RegExp, (...parts: number[]) => readonly number[]][] = [
	[/^rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)$/, (...parts) => parts],
	[
		/^rgb\(\s*(\d+)%\s*,\s*(\d+)%\s*,\s*(\d+)%\s*\)$/,
		(...parts) => parts.map((part) => Math.floor((part * 255) / 100 + 0.5)),
	],
	[/^hsl\(\s*(\d+\.?\d*)\s*,\s*(\d+\.?\d*)%\s*,\s*(\d+\.?\d*)%\s*\)$/, fromHsl],
	[
		/^hs[bv]\(\s*(\d+\.?\d*)\s*,\s*(\d+\.?\d*)%\s*,\s*(\d+\.?\d*)%\s*\)$/,
		fromHsv,
	],
];

function fromText(text: string): readonly number[] | undefined {
	const name = text.toLowerCase();
	const known = Object.hasOwn(colorNames, name) ? colorNames[name] : undefined;
	if (known !== undefined)
		return [known >> 16, (known >> 8) & 255, known & 255];
	const hex = /^#([\da-f]{3}|[\da-f]{6})$/.exec(name)?.[1];
	if (hex) {
		const digits = hex.length === 3 ? hex.replaceAll(/./g, "$&$&") : hex;
		return [...Buffer.from(digits, "hex")];
	}
	for (const [form, convert] of forms) {
		const parts = form.exec(name);
		if (parts) return convert(...parts.slice(1).map(Number));
	}
	return undefined;
}

function fromHsv(hue = 0, saturation = 0, value = 0): number[] {
	return [5, 3, 1].map((n) => {
		const k = (n + hue / 60) % 6;
		const s = saturation / 100;
		const v = value / 100;
		return toByte(v - v * s * Math.max(0, Math.min(k, 4 - k, 1)));
	});
}

function fromHsl(hue = 0, saturation = 0, lightness = 0): number[] {
	return [0, 8, 4].map((n) => {
		const k = (n + hue / 30) % 12;
		const l = lightness / 100;
		const a = (saturation / 100) * Math.min(l, 1 - l);
		return toByte(l - a * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
	});
}

const toByte = (part: number): number => Math.floor(part * 255 + 0.5);

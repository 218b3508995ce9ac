import * as check from "../check.ts";
import { type Palette, palettes } from "./palette.ts";

/** What all pictures have in common. */
export interface FigureOptions {
	/** Above the picture. Default: what it shows; of a history, none. */
	title?: string | undefined;
	/** Pixels, of a picture of several parts of each of them. Default 420. */
	width?: number | undefined;
	/** Dark lines on white, or bright ones on black. Default "light". */
	theme?: "light" | "dark" | undefined;
}

export const FIGURE = ["title", "width", "theme"] as const;

/** What a picture is drawn with. */
export interface Look {
	title: string | undefined;
	width: number;
	palette: Palette;
}

/** Checks the names of all options, and what those that all have in common are. */
export function lookOf(
	op: string,
	options: FigureOptions,
	others: readonly string[] = [],
): Look {
	check.options(op, options, [...FIGURE, ...others]);
	const { title, width = 420, theme = "light" } = options;
	if (title !== undefined) check.string(op, "title", title);
	check.number(op, "width", width, { min: 200, max: 4000 });
	check.oneOf(op, "theme", theme, ["light", "dark"]);
	return { title, width, palette: palettes[theme] };
}

/** Names of classes; null where none are given. */
export function classNames(
	op: string,
	classes: readonly string[] | undefined,
	count: number,
): readonly string[] | null {
	if (classes === undefined) return null;
	check.array(op, "classes", classes);
	for (const [i, name] of classes.entries())
		check.string(op, `classes[${i}]`, name);
	if (classes.length < count)
		throw check.invalidValue(
			op,
			"classes",
			`expected names of ${count} classes, got ${classes.length}`,
		);
	return classes;
}

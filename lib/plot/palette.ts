/** The colours of a picture: all that is drawn takes its colours from here. */
export interface Palette {
	/** Behind everything; null: what is there already. */
	surface: string | null;
	/** Text, axes and grids. */
	ink: string;
	/** What compares: references, training beside validation. */
	muted: string;
	/** What is wrong. */
	wrong: string;
	/** Text upon `series[0]`. */
	onSeries: string;
	/** Lines and areas, told apart by those who do not see all colours, too. */
	series: readonly string[];
}

export const palettes = {
	light: {
		surface: "#ffffff",
		ink: "#1c2430",
		muted: "#7d8796",
		wrong: "#c2302e",
		onSeries: "#ffffff",
		series: [
			"#2f6bc0",
			"#d9622b",
			"#1f9a72",
			"#b5477f",
			"#7d5fc7",
			"#94700f",
			"#1c8ea6",
			"#6a7280",
			"#8b4a2f",
			"#7f9a1f",
		],
	},
	dark: {
		surface: "#12161d",
		ink: "#e6eaf0",
		muted: "#8d97a6",
		wrong: "#ff8179",
		onSeries: "#0c1420",
		series: [
			"#7aa9f2",
			"#f39563",
			"#56c9a0",
			"#ec86b7",
			"#b8a0f0",
			"#d6b75e",
			"#5ec7dc",
			"#a4acb8",
			"#d29a7c",
			"#b3cf57",
		],
	},
} satisfies Record<string, Palette>;

/** Colours that the page around the picture chooses: `pageColors` of light and dark. */
export const pagePalette: Palette = {
	surface: null,
	ink: "currentColor",
	muted: "var(--muted)",
	wrong: "var(--wrong)",
	onSeries: "var(--on-series)",
	series: palettes.light.series.map((_, i) => `var(--series-${i})`),
};

/** A palette as the style sheet's variables that `pagePalette` refers to. */
export function pageColors(palette: Palette): string {
	const { surface, ink, muted, wrong, onSeries, series } = palette;
	const variables = {
		surface,
		ink,
		muted,
		wrong,
		"on-series": onSeries,
		...Object.fromEntries(series.map((color, i) => [`series-${i}`, color])),
	};
	return Object.entries(variables)
		.map(([name, color]) => `--${name}: ${color};`)
		.join(" ");
}

/** The color of one of many lines. */
export function seriesColor({ series }: Palette, index: number): string {
	return series[index % series.length] as string;
}

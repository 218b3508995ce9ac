import * as check from "../check.ts";
import { escapeText } from "./document.ts";
import type { Figure } from "./figure.ts";
import { type FigureOptions, type Look, lookOf } from "./options.ts";
import { fitted, wrapped } from "./panel.ts";
import { type Images, type Picture, picturesOf } from "./pixels.ts";
import { type Numbers, numbersOf } from "./points.ts";

/** What is said of images: one of each, in their order. */
export interface SampleLabels {
	/** The classes that the model gave. */
	predictions?: Numbers | undefined;
	/** The true classes. What was wrong is marked. */
	targets?: Numbers | undefined;
	/** How sure the model was, from 0 to 1. */
	scores?: Numbers | undefined;
	/** Names of the classes. Default: their numbers. */
	classes?: readonly string[] | undefined;
	/** Brings each image's smallest value to black and its largest to white: for images that were normalised for the model. Default false. */
	normalize?: boolean | undefined;
	/** How many images are shown at most. Default 32. */
	limit?: number | undefined;
}

export interface SamplesOptions extends FigureOptions, SampleLabels {
	/** Images in a row. Default 8. */
	nrow?: number | undefined;
}

/** @internal */
export const sampleOptions = [
	"predictions",
	"targets",
	"scores",
	"classes",
	"normalize",
	"limit",
] as const;

/** An image and what is said of it. */
export interface Sample {
	picture: Picture;
	/** The predicted class, or where there is none the true one. */
	label: string;
	/** "0.93" */
	score: string;
	/** The true class, where the model gave another one. */
	truth: string | null;
}

/** Checks and puts together what belongs to each image. */
export function samplesOf(
	op: string,
	images: Images,
	options: SampleLabels,
): Sample[] {
	const { predictions, targets, scores, classes } = options;
	const { normalize = false, limit = 32 } = options;
	check.boolean(op, "normalize", normalize);
	check.integer(op, "limit", limit, { min: 1 });
	const pictures = picturesOf(op, images, limit, normalize);
	if (pictures.length === 0)
		throw check.invalidValue(op, "images", "there are none in it");
	const column = (name: string, values: Numbers | undefined) => {
		if (values === undefined) return null;
		const numbers = numbersOf(op, name, values);
		if (numbers.length < pictures.length)
			throw check.invalidValue(
				op,
				name,
				`expected one for each of ${pictures.length} images, got ${numbers.length}`,
			);
		return numbers;
	};
	const given = column("predictions", predictions);
	const wanted = column("targets", targets);
	const sure = column("scores", scores);
	if (classes !== undefined) check.array(op, "classes", classes);
	const name = (label: number) => classes?.[label] ?? String(label);
	return pictures.map((picture, i) => {
		const prediction = given?.[i];
		const target = wanted?.[i];
		const isWrong =
			prediction !== undefined && target !== undefined && prediction !== target;
		const label = prediction ?? target;
		return {
			picture,
			label: label === undefined ? "" : name(label),
			score: sure ? (sure[i] as number).toFixed(2) : "",
			truth: isWrong ? name(target) : null,
		};
	});
}

/** A grid of images with what is said of them. */
export function samplesFigure(
	samples: readonly Sample[],
	{ palette, title = "Samples", width }: Look,
	nrow: number,
): Figure {
	const columns = Math.min(nrow, samples.length);
	const gap = 10;
	const cell = (width - gap) / nrow;
	const side = cell - gap;
	const hasLabels = samples.some(({ label, score }) => label || score);
	const hasWrong = samples.some(({ truth }) => truth !== null);
	const font = Math.max(7, Math.min(12, side / 6));
	const line = font * 1.35;
	const room = (hasLabels ? line : 0) + (hasWrong ? line : 0) + 8;
	const tallest = Math.max(
		...samples.map(({ picture }) => picture.height / picture.width),
	);
	const height = Math.min(1.5, tallest) * side;
	const top = 36;
	const parts = samples.map(({ picture, label, score, truth }, i) => {
		const x = gap + (i % columns) * cell;
		const y = top + Math.floor(i / columns) * (height + room);
		const smooth =
			picture.width > side ? "" : ' style="image-rendering:pixelated"';
		const isWrong = truth !== null;
		const text = [label, score].filter(Boolean).join(" ");
		const caption = (row: number, content: string, color: string) =>
			content === ""
				? ""
				: `<text x="${x}" y="${y + height + line * row}" font-size="${font}" fill="${color}">${escapeText(fitted(content, font, side + 4))}</text>`;
		return [
			`<g><title>${escapeText(isWrong ? `${text}, but it is ${truth}` : text)}</title>`,
			`<image x="${x}" y="${y}" width="${side}" height="${height}" href="${picture.href}"${smooth}/>`,
			isWrong
				? `<rect x="${x}" y="${y}" width="${side}" height="${height}" fill="none" stroke="${palette.wrong}" stroke-width="2"/>`
				: "",
			caption(
				1,
				isWrong ? `✗ ${text}` : text,
				isWrong ? palette.wrong : palette.ink,
			),
			isWrong ? caption(2, `is ${truth}`, palette.muted) : "",
			"</g>",
		].join("");
	});
	const rows = Math.ceil(samples.length / columns);
	const total = top + rows * (height + room) + 4;
	const heading = `<text x="${gap}" y="24" font-size="14" font-weight="600">${escapeText(fitted(title, 14, width - 2 * gap))}</text>`;
	return wrapped(
		[heading, ...parts].join("\n"),
		width,
		Math.ceil(total),
		palette,
		title,
	);
}

/**
 * Images in a grid, with what a model says of them; what it says wrongly is marked, with the truth beneath.
 *
 * ```ts
 * const scores = model(images).softmax(1);
 * const [best, predictions] = scores.max(1);
 * const figure = plot.samples(images, { predictions, targets: labels, scores: best, classes });
 * await figure.save("samples.png");
 * ```
 *
 * @param images [N, C, H, W], [N, H, W], or a list of images of any sizes, of 1, 3 or 4 channels; uint8, or floats from 0 to 1
 */
export function samples(images: Images, options: SamplesOptions = {}): Figure {
	const op = "plot.samples";
	const { width = 840, nrow = 8, ...rest } = options;
	const look = lookOf(op, { ...rest, width }, sampleOptions);
	check.integer(op, "nrow", nrow, { min: 1 });
	return samplesFigure(samplesOf(op, images, options), look, nrow);
}

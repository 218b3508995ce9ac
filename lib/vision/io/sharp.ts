import { TorchError } from "../../errors.ts";

/** The part of a picture's description, as sharp gives it, that is used here. */
export interface Metadata {
	width: number;
	height: number;
	/** "srgb", "b-w", "grey16", "cmyk", … */
	space: string;
	hasAlpha: boolean;
	/** Frames of an animation. */
	pages?: number;
	/** Of one frame, where there are several. */
	pageHeight?: number;
	compression?: string;
}

/** sharp's pipeline, as far as it is used here. */
export interface Pipeline {
	metadata(): Promise<Metadata>;
	autoOrient(): Pipeline;
	removeAlpha(): Pipeline;
	ensureAlpha(): Pipeline;
	toColourspace(space: string): Pipeline;
	raw(): Pipeline;
	jpeg(options: object): Pipeline;
	png(options: object): Pipeline;
	webp(options: object): Pipeline;
	gif(options: object): Pipeline;
	avif(options: object): Pipeline;
	toBuffer(options: { resolveWithObject: true }): Promise<{
		data: Uint8Array;
		info: { width: number; height: number; channels: number };
	}>;
}

type Sharp = (input: Uint8Array, options?: object) => Pipeline;

let loading: Promise<Sharp> | undefined;

/**
 * sharp, which people install beside this package when they want image files.
 *
 * @throws TorchError `ERR_MISSING_PACKAGE`
 */
export function loadSharp(op: string): Promise<Sharp> {
	loading ??= import("sharp").then(
		(module) => module.default as unknown as Sharp,
	);
	return loading.catch((cause: Error) => {
		loading = undefined;
		throw missingSharp(op, cause);
	});
}

/** @internal */
export function missingSharp(op: string, cause: Error): TorchError {
	const absent = /^ERR_MODULE_NOT_FOUND|^MODULE_NOT_FOUND/.test(
		(cause as NodeJS.ErrnoException).code ?? "",
	);
	return new TorchError(
		absent
			? "image files are read and written by the package sharp, which is not installed: npm install sharp"
			: `the package sharp, which reads and writes image files, could not be loaded: ${cause.message}`,
		{ code: "ERR_MISSING_PACKAGE", op, cause },
	);
}

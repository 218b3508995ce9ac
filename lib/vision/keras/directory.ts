import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import * as check from "../../check.ts";
import { TorchError } from "../../errors.ts";

const extensions = /\.(png|jpe?g|bmp|ppm|tiff?|webp|gif|avif)$/i;

/** Images in folders, one folder for each class. */
export interface ClassFolders {
	/** The classes' labels by their names. */
	classIndices: Record<string, number>;
	/** Relative to the directory, in order of classes and names. */
	filenames: string[];
	/** The label of each file. */
	classes: number[];
}

/** A part of each class' files, from … to, both from 0 to 1. */
export type Part = readonly [from: number, to: number];

/** Lists images; of folders in folders too. Links to folders are followed where `followLinks` says so. */
export function listImages(
	op: string,
	directory: string,
	{
		names,
		part,
		followLinks,
	}: { names: readonly string[] | null; part: Part; followLinks: boolean },
): ClassFolders {
	const found = names ?? subfolders(op, directory);
	const listing: ClassFolders = {
		classIndices: Object.fromEntries(found.map((name, i) => [name, i])),
		filenames: [],
		classes: [],
	};
	found.forEach((name, label) => {
		entriesOf(op, "classes", join(directory, name));
		const files = imagesIn(join(directory, name), followLinks);
		const [from, to] = part.map((share) => Math.trunc(share * files.length));
		for (const file of files.slice(from, to)) {
			listing.filenames.push(relative(directory, file));
			listing.classes.push(label);
		}
	});
	if (listing.filenames.length > 0) return listing;
	throw check.invalidValue(
		op,
		"directory",
		`expected a folder of images for each class in ${directory}, found ${found.length} folders and no images`,
	);
}

/** What is in a folder; an error that names it, where it cannot be read. */
function entriesOf(op: string, argument: string, folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch (cause) {
		const { message } = cause as Error;
		throw new TorchError(`cannot be read: ${message}`, {
			code: "ERR_INVALID_ARG_VALUE",
			op,
			argument,
			cause,
		});
	}
}

function subfolders(op: string, directory: string): string[] {
	return entriesOf(op, "directory", directory)
		.filter((name) => statSync(join(directory, name)).isDirectory())
		.sort();
}

/** Folder by folder, in order of their paths. */
function imagesIn(folder: string, followLinks: boolean): string[] {
	const folders: string[] = [];
	const collect = (path: string): void => {
		folders.push(path);
		for (const entry of readdirSync(path, { withFileTypes: true })) {
			const inner = join(path, entry.name);
			const isLink = entry.isSymbolicLink();
			const isFolder = isLink
				? followLinks &&
					statSync(inner, { throwIfNoEntry: false })?.isDirectory()
				: entry.isDirectory();
			if (isFolder) collect(inner);
		}
	};
	collect(folder);
	return folders.sort().flatMap((path) =>
		readdirSync(path)
			.filter((name) => extensions.test(name))
			.sort()
			.map((name) => join(path, name))
			.filter((file) => statSync(file).isFile()),
	);
}

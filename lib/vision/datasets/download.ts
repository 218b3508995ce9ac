import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as check from "../../check.ts";
import { TorchError } from "../../errors.ts";
import {
	type DownloadOptions,
	download,
	hashOf,
} from "../../files/download.ts";
import { withLock } from "../../files/lock.ts";
import { type Report, silent } from "../../files/report.ts";
import { untar } from "../../files/untar.ts";
import { unzip } from "../../files/unzip.ts";

export interface DatasetDownloadOptions
	extends Pick<DownloadOptions, "retries" | "silence"> {
	/** Where to look instead of the data set's own places: folders as URLs. Hashes are checked all the same. */
	mirrors?: readonly string[];
	/** Told of every file and its progress. */
	report?: Report;
}

/** Whether what is nowhere is downloaded first, or how: false. */
export interface LoadOptions {
	download?: boolean | DatasetDownloadOptions;
}

/** @internal How to download; undefined: not at all. */
export function downloadOptions(
	op: string,
	download: boolean | DatasetDownloadOptions,
): DatasetDownloadOptions | undefined {
	if (typeof download === "object" && download !== null) return download;
	return check.boolean(op, "download", download) ? {} : undefined;
}

/** @internal A file's addresses in folders. */
export function addressesOf(
	file: string,
	folders: readonly string[],
): string[] {
	return folders.map((folder) => folder.replace(/\/?$/, "/") + file);
}

/** @internal A file that a data set consists of, or an archive of such. */
export interface SourceFile {
	readonly name: string;
	/** Its addresses; the next is tried where one fails. */
	readonly urls: readonly string[];
	readonly md5?: string;
	readonly sha256?: string;
}

/** @internal An archive, and what comes out of it. */
export interface SourceArchive extends SourceFile {
	/** Where it is extracted to, below the data set's root. */
	readonly folder: string;
	/** What it has, in that folder; nothing else is kept. */
	readonly contents: readonly string[];
	/** What shows that it has been extracted, where other archives have the same folders, so that these are put together: `contents` by default. */
	readonly marks?: readonly string[];
}

/**
 * @internal Downloads a file into `folder`, unless it is there. Several processes may ask for it at once.
 *
 * @throws TorchError `ERR_DOWNLOAD` with every address and why it failed
 */
export async function fetchFile(
	folder: string,
	source: SourceFile,
	options: DatasetDownloadOptions = {},
): Promise<void> {
	const target = join(folder, source.name);
	if (existsSync(target)) return;
	await locked(target, options, async () => {
		if (!existsSync(target)) await downloadFromAny(source, target, options);
	});
}

/**
 * @internal Downloads an archive and extracts it below `root`. What comes out of it appears there whole or not at all; several processes may ask for it
 * at once. The archive itself is not kept.
 */
export async function fetchArchive(
	root: string,
	source: SourceArchive,
	options: DatasetDownloadOptions = {},
): Promise<void> {
	const folder = join(root, source.folder);
	const isThere = () =>
		(source.marks ?? source.contents).every((path) =>
			existsSync(join(folder, path)),
		);
	if (isThere()) return;
	const archive = join(root, source.name);
	await locked(archive, options, async () => {
		if (isThere()) return;
		if (!(await isWhole(archive, source)))
			await downloadFromAny(source, archive, options);
		await extract(archive, folder, source, options);
		await rm(archive, { force: true });
	});
}

function locked(
	target: string,
	{ report = silent }: DatasetDownloadOptions,
	work: () => Promise<void>,
): Promise<void> {
	const lock = join(dirname(target), `.${basename(target)}.lock`);
	return withLock(lock, (message) => report.step(message), work);
}

/** Whether somebody has put an archive there already. */
async function isWhole(file: string, { md5, sha256 }: SourceFile) {
	if (!existsSync(file)) return false;
	if (sha256) return (await hashOf(file, "sha256")) === sha256;
	return md5 !== undefined && (await hashOf(file, "md5")) === md5;
}

/** @internal Extracts an archive in a folder of its own, and then puts what came out into its place. */
export async function extract(
	archive: string,
	folder: string,
	{ contents, marks }: Pick<SourceArchive, "contents" | "marks">,
	{ report = silent }: DatasetDownloadOptions = {},
): Promise<void> {
	const work = join(folder, `.${basename(archive)}.new`); // ours alone: we hold the lock
	await rm(work, { recursive: true, force: true });
	await mkdir(work, { recursive: true });
	try {
		report.step(`Extracting ${basename(archive)}`);
		const isZip = archive.endsWith(".zip");
		const { size } = await stat(archive);
		const place = (name: string) => {
			const path = name.replace(/^\.\//, "");
			const isWanted = contents.some(
				(wanted) => path === wanted || path.startsWith(`${wanted}/`),
			);
			return isWanted ? path : null;
		};
		const most = 64 * 2 ** 20 + 100 * size; // text packs to a tenth; what packs to less than a hundredth is a bomb
		await (isZip ? unzip : untar)(archive, work, place, report, most);
		for (const path of contents) {
			if (existsSync(join(work, path))) continue;
			throw new TorchError(`${archive}: has no ${path}`, {
				code: "ERR_ARCHIVE",
			});
		}
		for (const path of contents) {
			const target = join(folder, path);
			await mkdir(dirname(target), { recursive: true });
			if (marks) await merge(join(work, path), target);
			else {
				await rm(target, { recursive: true, force: true }); // incomplete, or we were not here
				await rename(join(work, path), target);
			}
		}
	} finally {
		await rm(work, { recursive: true, force: true });
	}
}

/** Moves a folder's files into another folder of the same form. */
async function merge(from: string, to: string): Promise<void> {
	if (!existsSync(to) || !(await stat(from)).isDirectory())
		return rename(from, to);
	for (const name of await readdir(from))
		await merge(join(from, name), join(to, name));
}

async function downloadFromAny(
	source: SourceFile,
	target: string,
	{ mirrors, report = silent, ...options }: DatasetDownloadOptions,
): Promise<void> {
	const { name, urls, md5, sha256 } = source;
	const addresses = mirrors ? addressesOf(name, mirrors) : urls;
	report.step(`Downloading ${name}`);
	const failures: string[] = [];
	for (const url of addresses) {
		try {
			await download(url, target, report, { ...options, md5, sha256 });
			return;
		} catch (error) {
			if (!(error instanceof TorchError)) throw error;
			failures.push(error.message);
		}
	}
	throw new TorchError(
		`${name} could not be downloaded:\n${failures.map((line) => `  ${line}`).join("\n")}`,
		{ code: "ERR_DOWNLOAD" },
	);
}

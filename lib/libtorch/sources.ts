import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { TorchError } from "../errors.ts";
import { download, sha256Of, wrongHash } from "../files/download.ts";
import type { Report } from "../files/report.ts";
import { pipDownload } from "./pip.ts";

/** Which build: `cuda` is null for a CPU build, else CUDA's version ("13", "12.8"). */
export interface Build {
	version: string;
	cuda: string | null;
}

/** Archives on this machine's disk: LibTorch's first, then what it needs of NVIDIA's. */
export interface Archive {
	file: string;
	sha256: string;
	/** Where it came from, in words or as an address. */
	origin: string;
}

/** Where official builds lie. `TORCH_NODE_MIRROR` names a copy of it, for networks that have one. */
function officialSite(): string {
	const mirror = process.env.TORCH_NODE_MIRROR;
	return (mirror || "https://download.pytorch.org").replace(/\/+$/, "");
}

/** PyTorch's name of a build, as in its addresses: "cpu", "cu130". */
function flavour({ cuda }: Build): string {
	return cuda === null ? "cpu" : `cu${cuda.replace(".", "").padEnd(3, "0")}`;
}

/** The address of the official zip. */
export function officialZip(build: Build): string {
	const name = flavour(build);
	const version = `${build.version}%2B${name}`;
	return `${officialSite()}/libtorch/${name}/libtorch-shared-with-deps-${version}.zip`;
}

/**
 * Gets the archive of a build: from the package index that pip is set up for, else the official zip, else
 * the official package index. (pip first, since it knows the mirror of a closed network.)
 *
 * @throws TorchError `ERR_DOWNLOAD` with what went wrong at each
 */
export async function fetchBuild(
	build: Build,
	folder: string,
	report: Report,
	sha256: string | undefined,
): Promise<Archive> {
	const { version, cuda } = build;
	const name = flavour(build);
	// The usual index has CUDA builds under the bare version, and CPU builds only on mirrors, under their full one.
	const wheel = cuda === null ? `torch==${version}+cpu` : `torch==${version}`;
	const index = `${officialSite()}/whl/${name}`;
	const ways: [string, () => Promise<Archive>][] = [
		["pip", () => fromPip(wheel, folder, [], sha256)],
		[
			"the official zip",
			() => fromUrl(officialZip(build), folder, report, sha256),
		],
		[
			"the official index",
			() =>
				fromPip(
					`torch==${version}+${name}`,
					folder,
					["--index-url", index],
					sha256,
				),
		],
	];
	const problems: string[] = [];
	for (const [words, get] of ways) {
		report.step(`Fetching LibTorch ${version} (${name}) from ${words}`);
		try {
			return await get();
		} catch (error) {
			if (!(error instanceof TorchError) || error.code === "ERR_HASH") {
				throw error;
			}
			problems.push(`  ${words}: ${error.message}`);
		}
	}
	throw new TorchError(
		[
			`LibTorch ${version} (${name}) could not be fetched:`,
			...problems,
			`Behind a proxy, set HTTPS_PROXY. Without a network, bring ${officialZip(build)} from elsewhere and run: npx torch-node install --from FILE`,
		].join("\n"),
		{ code: "ERR_DOWNLOAD" },
	);
}

/** Gets the archives that `--from` names: a file, an address (`#sha256=…` is checked), or a folder of wheels. */
export async function fetchFrom(
	from: string,
	folder: string,
	report: Report,
	sha256: string | undefined,
): Promise<Archive[]> {
	if (/^https?:\/\//.test(from)) {
		const url = new URL(from);
		const stated = /^#sha256=(\w+)$/.exec(url.hash)?.[1];
		url.hash = "";
		report.step(`Downloading ${url}`);
		return [await fromUrl(String(url), folder, report, sha256 ?? stated)];
	}
	const path = resolve(from);
	const found = await stat(path).catch(() => null);
	if (found === null) {
		throw new TorchError(`${path}: no such file`, { code: "ERR_ARCHIVE" });
	}
	if (!found.isDirectory()) return [await fromFile(path, path, sha256)];
	return fromFolder(path, sha256);
}

/** Gets the NVIDIA libraries of a CUDA wheel through pip, which knows their versions and its own mirrors. */
export async function fetchNvidia(
	requirements: string[],
	folder: string,
	report: Report,
): Promise<Archive[]> {
	report.step(`Fetching the NVIDIA libraries it needs through pip`);
	const files = await pipDownload(requirements, join(folder, "nvidia"));
	const wheels = files.filter((file) => basename(file).startsWith("nvidia"));
	return Promise.all(
		wheels.map((file) => fromFile(file, `pip, ${basename(file)}`, undefined)),
	);
}

async function fromPip(
	requirement: string,
	folder: string,
	options: string[],
	sha256: string | undefined,
): Promise<Archive> {
	const [file] = await pipDownload([requirement], join(folder, "pip"), [
		"--no-deps",
		...options,
	]);
	if (file === undefined) {
		const message = "pip: ended well, and left no file";
		throw new TorchError(message, { code: "ERR_DOWNLOAD" });
	}
	return fromFile(file, `pip, ${requirement}`, sha256);
}

async function fromUrl(
	url: string,
	folder: string,
	report: Report,
	sha256: string | undefined,
): Promise<Archive> {
	const file = join(
		folder,
		decodeURIComponent(basename(new URL(url).pathname)),
	);
	const actual = await download(url, file, report, { sha256 });
	return { file, sha256: actual, origin: url };
}

async function fromFolder(
	path: string,
	sha256: string | undefined,
): Promise<Archive[]> {
	const names = (await readdir(path)).sort();
	const torch = names.filter((name) =>
		/^(torch-|libtorch-).*\.(whl|zip)$/.test(name),
	);
	const [first] = torch;
	if (first === undefined || torch.length > 1) {
		const found = torch.length ? torch.join(" and ") : "neither";
		throw new TorchError(
			`${path}: expected one torch-*.whl or libtorch-*.zip, found ${found}`,
			{ code: "ERR_ARCHIVE" },
		);
	}
	const archives = [await fromFile(join(path, first), path, sha256)];
	for (const name of names) {
		if (!/^nvidia[-_].*\.whl$/.test(name)) continue;
		archives.push(await fromFile(join(path, name), path, undefined));
	}
	return archives;
}

async function fromFile(
	file: string,
	origin: string,
	sha256: string | undefined,
): Promise<Archive> {
	const actual = await sha256Of(file);
	if (sha256 && actual !== sha256.toLowerCase()) {
		throw wrongHash(file, sha256, actual);
	}
	return { file, sha256: actual, origin };
}

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { RequestInit, Response } from "undici";
import { TorchError } from "../errors.ts";
import { isDiskError } from "./diskError.ts";
import type { Report } from "./report.ts";

export interface DownloadOptions {
	/** What the file must hash to, in hex. */
	sha256?: string | undefined;
	/** The same, where its makers gave an older hash only. */
	md5?: string | undefined;
	/** How often a broken connection is taken up again: 4. */
	retries?: number;
	/** How long a server may stay silent: 60,000 ms. */
	silence?: number;
}

/**
 * Fetches `url` into `file` and returns its SHA-256. What arrived before an interruption lies in `file`.part and is
 * continued, if the server's file is still the same one; `file` itself appears whole or not at all.
 * `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are honoured.
 *
 * @throws TorchError `ERR_DOWNLOAD`, or `ERR_HASH` (and the file is thrown away)
 */
export async function download(
	url: string,
	file: string,
	report: Report,
	{ sha256, md5, retries = 4, silence = 60_000 }: DownloadOptions = {},
): Promise<string> {
	await mkdir(dirname(file), { recursive: true });
	const part = `${file}.part`;
	// only here: it takes longer to load than the rest of this folder
	const { EnvHttpProxyAgent, fetch } = await import("undici");
	const proxy = new EnvHttpProxyAgent({
		headersTimeout: silence,
		bodyTimeout: silence,
		proxyTunnel: false,
	});
	const request = (init: RequestInit) =>
		fetch(url, { ...init, dispatcher: proxy }).catch(refused);
	let expected: string | null = sha256?.toLowerCase() ?? null;
	try {
		for (let attempt = 0; ; attempt++) {
			try {
				const told = await fetchRest(url, part, request, report);
				expected ??= told;
				break;
			} catch (error) {
				if (isDiskError(error)) throw error;
				if (error instanceof Refused || attempt >= retries) {
					throw failed(url, error);
				}
				await sleep(250 * 2 ** attempt);
			}
		}
	} finally {
		await proxy.destroy();
	}
	const actual = await hashOf(part, "sha256");
	if (expected !== null && actual !== expected) {
		await forget(part);
		throw wrongHash(url, expected, actual);
	}
	if (md5 !== undefined) {
		const found = await hashOf(part, "md5");
		if (found !== md5.toLowerCase()) {
			await forget(part);
			throw wrongHash(url, md5, found, "MD5");
		}
	}
	await rename(part, file);
	await rm(validatorOf(part), { force: true });
	return actual;
}

/** The SHA-256 of a file, in hex. */
export function sha256Of(file: string): Promise<string> {
	return hashOf(file, "sha256");
}

/** @internal A file's hash, in hex. */
export async function hashOf(
	file: string,
	algorithm: "sha256" | "md5",
): Promise<string> {
	const hash = createHash(algorithm);
	await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
	return hash.digest("hex");
}

/** @internal */
export function wrongHash(
	name: string,
	expected: string,
	actual: string,
	algorithm = "SHA-256",
): TorchError {
	return new TorchError(
		`${name}: its ${algorithm} is ${actual}, expected ${expected}. The file is damaged, or another one than was meant.`,
		{ code: "ERR_HASH" },
	);
}

/** An answer that trying again will not change. */
class Refused extends Error {}

/** Some servers send one in circles. */
function refused(error: Error): never {
	const cause = error.cause as Error | undefined;
	const text = `${error.message} ${cause?.message ?? ""}`;
	if (/redirect count exceeded/i.test(text))
		throw new Refused("the server redirects without end");
	throw error;
}

/** Continues `part` up to its end. Returns the SHA-256 that the server states, if it does. */
async function fetchRest(
	url: string,
	part: string,
	request: (init: RequestInit) => Promise<Response>,
	report: Report,
): Promise<string | null> {
	if (!URL.canParse(url) || !/^https?:/.test(url))
		throw new Refused("not an address that can be fetched");
	const validator = await readFile(validatorOf(part), "utf8").catch(() => "");
	const have = validator ? await sizeOf(part) : 0; // without one, nothing shows that it is the same file
	const headers: Record<string, string> = { "accept-encoding": "identity" };
	if (have > 0) {
		headers.range = `bytes=${have}-`;
		headers["if-range"] = validator;
	}
	const response = await request({ headers });
	if (response.status === 416) {
		await forget(part); // the file is shorter than what we have: another one
		throw new Error("the server's file changed");
	}
	const start = startOf(response, have);
	const total = totalOf(response, start);
	await writeFile(validatorOf(part), validatorIn(response));
	await save(response, part, start, total, report);
	return response.headers.get("x-amz-meta-checksum-sha256"); // set by the LibTorch download server
}

/** Where the body that comes belongs in the file: at our end, or at 0 when the server sends everything. */
function startOf(response: Response, have: number): number {
	const { status } = response;
	if (status === 206) {
		const range = response.headers.get("content-range") ?? "";
		if (range.startsWith(`bytes ${have}-`)) return have;
		throw new Error(`asked for the bytes from ${have}, got "${range}"`);
	}
	if (status === 200) return 0;
	const text = `the server answered ${status} ${response.statusText}`.trim();
	if (status >= 500 || status === 408 || status === 429) throw new Error(text);
	throw new Refused(text);
}

function totalOf(response: Response, start: number): number | null {
	const length = response.headers.get("content-length");
	return length === null ? null : start + Number(length);
}

function validatorIn(response: Response): string {
	const etag = response.headers.get("etag") ?? "";
	if (etag && !etag.startsWith("W/")) return etag;
	return response.headers.get("last-modified") ?? "";
}

async function save(
	response: Response,
	part: string,
	start: number,
	total: number | null,
	report: Report,
): Promise<void> {
	let done = start;
	const count = new Transform({
		transform(chunk: Buffer, _encoding, next) {
			done += chunk.length;
			report.progress(done, total);
			next(null, chunk);
		},
	});
	const target = createWriteStream(part, {
		flags: start > 0 ? "r+" : "w",
		start,
		flush: true, // on the disk before it is renamed
	});
	await pipeline(response.body ?? [], count, target);
	if (total !== null && done !== total) {
		throw new Error(`the connection ended at byte ${done} of ${total}`);
	}
}

function failed(url: string, error: unknown): TorchError {
	const cause = (error as Error).cause ?? error;
	const { message, code } = cause as NodeJS.ErrnoException;
	return new TorchError(
		`${url} could not be downloaded: ${message || code || cause}`,
		{ code: "ERR_DOWNLOAD" },
	);
}

function validatorOf(part: string): string {
	return `${part}.etag`;
}

async function forget(part: string): Promise<void> {
	await rm(part, { force: true });
	await rm(validatorOf(part), { force: true });
}

async function sizeOf(file: string): Promise<number> {
	const found = await stat(file).catch(() => null);
	return found?.size ?? 0;
}

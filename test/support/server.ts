import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeServer {
	/** "http://127.0.0.1:PORT" */
	address: string;
	/** What was asked for, in order: "GET /a.zip" or "GET /a.zip bytes=100-". */
	requests: string[];
	/** The files, by path. */
	files: Record<string, Buffer>;
	/** What makes an ETag; changing it makes every file another one. */
	edition: string;
	/** Each entry breaks one answer off after that many bytes. */
	breakAfter: number[];
	/** Each entry lets one answer stop after that many bytes, without an end. */
	stallAfter: number[];
	/** How many answers stand so. */
	stalled: number;
	/** Where requests for a path are sent instead. */
	redirects: Record<string, string>;
	/** Each entry answers one request with that status and nothing else. */
	statuses: number[];
	/** Whether parts of files are served. */
	ranges: boolean;
	/** Takes requests and never answers. */
	silent: boolean;
	close(): Promise<void>;
}

/** A file server on this machine that can do what the internet does. It is a proxy, too: it takes whole addresses. */
export async function serve(): Promise<FakeServer> {
	const server = createServer();
	const fake: FakeServer = {
		address: "",
		requests: [],
		files: {},
		edition: "1",
		breakAfter: [],
		stallAfter: [],
		stalled: 0,
		redirects: {},
		statuses: [],
		ranges: true,
		silent: false,
		close: () => close(server),
	};
	server.on("connect", (request, socket) => {
		fake.requests.push(`CONNECT ${request.url}`);
		socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
	});
	server.on("request", (request: IncomingMessage, response) => {
		const range = request.headers.range;
		fake.requests.push(
			`${request.method} ${request.url}${range ? ` ${range}` : ""}`,
		);
		if (fake.silent) return;
		const status = fake.statuses.shift();
		const path = new URL(request.url ?? "/", "http://files").pathname;
		const file = fake.files[path];
		const elsewhere = fake.redirects[path];
		if (elsewhere !== undefined) {
			response.writeHead(302, { location: elsewhere }).end();
			return;
		}
		if (status !== undefined || file === undefined) {
			response.writeHead(status ?? 404).end();
			return;
		}
		const etag = `"${fake.edition}"`;
		const same = request.headers["if-range"] === etag;
		const from =
			fake.ranges && same ? Number(/(\d+)-/.exec(range ?? "")?.[1] ?? 0) : 0;
		const headers: Record<string, string | number> = {
			etag,
			"content-length": file.length - from,
		};
		if (from > 0) {
			headers["content-range"] =
				`bytes ${from}-${file.length - 1}/${file.length}`;
		}
		if (from >= file.length && from > 0) {
			response.writeHead(416).end();
			return;
		}
		response.writeHead(from > 0 ? 206 : 200, headers);
		const stall = fake.stallAfter.shift();
		if (stall !== undefined) {
			response.write(file.subarray(from, from + stall), () => {
				fake.stalled++;
			});
			return;
		}
		const limit = fake.breakAfter.shift();
		if (limit === undefined) response.end(file.subarray(from));
		else {
			response.write(file.subarray(from, from + limit), () =>
				setTimeout(() => response.destroy(), 20),
			);
		}
	});
	await new Promise<void>((resolve) =>
		server.listen(0, "127.0.0.1", () => resolve()),
	);
	fake.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return fake;
}

function close(server: Server): Promise<void> {
	server.closeAllConnections();
	return new Promise((resolve) => server.close(() => resolve()));
}

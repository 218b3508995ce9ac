import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { TorchError } from "../../errors.ts";
import { getNumThreads, setNumThreads } from "../../threads.ts";
import { messageOf } from "../sampleError.ts";
import { unpackError } from "./errors.ts";
import type { Answer, Request, Result, WorkerStart } from "./protocol.ts";

const program = new URL(
	`./worker${extname(import.meta.url)}`, // .js; .ts where the sources run as they are
	import.meta.url,
);

/** Node gives threads its own options, and refuses this one where the program is a file. */
const isFromCommandLine = process.execArgv.some((option) =>
	option.startsWith("--input-type"),
);

/** What becomes of a worker's answers. */
export interface Listener {
	result(worker: number, result: Result): void;
	failed(error: TorchError): void;
	/** A worker has its dataset. */
	ready(): void;
}

/** Worker threads that make batches. They keep no process alive: who waits for them says so. */
export class WorkerPool {
	/** Who is told; the epoch that runs. */
	listener: Listener | undefined;
	/** What went wrong with the pool itself, after which it is of no use. */
	failure: TorchError | undefined;
	readonly #workers: Worker[];
	#closed: Promise<unknown> | undefined;
	#starting: number;

	constructor(starts: readonly WorkerStart[]) {
		// Workers set the number of threads for themselves, and LibTorch takes that for every thread that has none yet: this one has.
		setNumThreads(getNumThreads());
		this.#starting = starts.length;
		this.#workers = starts.map((start) => this.#begin(start));
	}

	send(worker: number, request: Request): void {
		this.#workers[worker]?.postMessage(request);
	}

	/** Keeps the process alive, or no longer. */
	wait(waiting: boolean): void {
		for (const worker of this.#workers) {
			if (waiting) worker.ref();
			else worker.unref();
		}
	}

	/** Ends all threads, whatever they do; resolves when they are gone. */
	close(): Promise<unknown> {
		this.listener = undefined;
		this.#closed ??= Promise.all(
			this.#workers.map((worker) => worker.terminate()),
		);
		return this.#closed;
	}

	#begin(start: WorkerStart): Worker {
		const name = `DataLoader worker ${start.id}`;
		const worker = new Worker(program, {
			workerData: start,
			name,
			...(isFromCommandLine ? { execArgv: [] } : {}),
		});
		let cause: Error | undefined;
		worker.on("message", (answer: Answer) => this.#take(start.id, answer));
		worker.on("messageerror", (error) => this.#fail(name, error));
		worker.on("error", (error) => {
			cause = error;
		});
		worker.on("exit", (code) => {
			if (this.#closed) return;
			const reason = cause ? messageOf(cause) : `process.exit(${code})`;
			this.#fail(name, cause, `the thread has ended: ${reason}`);
		});
		worker.unref();
		return worker;
	}

	#take(worker: number, answer: Answer): void {
		switch (answer.kind) {
			case "ready":
				this.#starting--;
				if (this.#starting === 0) setNumThreads(getNumThreads());
				this.listener?.ready();
				break;
			case "failed": {
				const error = unpackError(answer.error);
				this.#fail(
					`DataLoader worker ${worker}`,
					error,
					`could not begin: ${error.message}`,
				);
				break;
			}
			case "result":
				this.listener?.result(worker, answer);
		}
	}

	#fail(op: string, cause: unknown, message = messageOf(cause)): void {
		const code = "ERR_WORKER_DIED";
		this.failure ??= new TorchError(message, { code, op, cause });
		this.listener?.failed(this.failure);
	}
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface Hello {
	/** The version of LibTorch. */
	torch: string;
	threads: number;
}

/** A process that measures cases on request; it waits while others measure. */
export class Child {
	readonly #process: ChildProcess;
	readonly #lines: AsyncIterator<string>;
	/** What it says of itself once it runs. */
	readonly hello: Promise<Hello>;

	constructor(command: string, args: string[], env: NodeJS.ProcessEnv) {
		this.#process = spawn(command, args, {
			env: { ...process.env, ...env },
			stdio: ["pipe", "pipe", "inherit"],
		});
		const input = this.#process.stdout as NodeJS.ReadableStream;
		this.#lines = createInterface({ input })[Symbol.asyncIterator]();
		this.hello = this.#read<Hello>();
	}

	/** Seconds per iteration of a case, over about `seconds`. */
	async measure(name: string, seconds: number): Promise<number> {
		return (await this.ask<{ time: number }>({ case: name, seconds })).time;
	}

	/** What it answers to a request. */
	async ask<Answer>(request: object): Promise<Answer> {
		await this.hello;
		this.#process.stdin?.write(`${JSON.stringify(request)}\n`);
		return this.#read<Answer>();
	}

	async #read<Answer>(): Promise<Answer> {
		const { value, done } = await this.#lines.next();
		if (done) throw new Error(`${this.#process.spawnargs.join(" ")} has ended`);
		return JSON.parse(value) as Answer;
	}

	async end(): Promise<void> {
		const ended = once(this.#process, "exit");
		this.#process.stdin?.end();
		await ended;
	}
}

/** Seconds from the start of a process to its end. */
export async function timeOf(command: string, args: string[]): Promise<number> {
	const start = performance.now();
	const child = spawn(command, args, { stdio: "inherit" });
	const [code] = (await once(child, "exit")) as [number | null];
	if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed`);
	return (performance.now() - start) / 1000;
}

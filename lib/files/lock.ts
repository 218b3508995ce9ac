import { randomUUID } from "node:crypto";
import {
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	utimesSync,
} from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const beat = 5_000; // the holder touches its lock this often, in ms
const dead = 12 * beat; // and one untouched for this long is nobody's: its machine may be gone

/**
 * Runs `work` while holding the lock `file`; another process that wants it waits. A lock whose process died is
 * taken over. (The kernel's own locks are out of Node's reach, so it is a file with a heartbeat.)
 *
 * @param onWait told once, in words, when there is somebody to wait for
 */
export async function withLock<T>(
	file: string,
	onWait: (message: string) => void,
	work: () => Promise<T>,
): Promise<T> {
	const token = `${hostname()} ${process.pid} ${randomUUID()}`;
	await acquire(file, token, onWait);
	const heart = setInterval(() => touch(file), beat).unref();
	try {
		return await work();
	} finally {
		clearInterval(heart);
		if (read(file) === token) rmSync(file, { force: true });
	}
}

async function acquire(
	file: string,
	token: string,
	onWait: (message: string) => void,
): Promise<void> {
	for (let waited = false; !(await create(file, token)); ) {
		const holder = read(file);
		if (holder === null) continue; // let go between the two calls
		if (isDead(file, holder)) {
			takeAway(file, holder);
			continue;
		}
		if (!waited) onWait(`waiting for another process (${pid(holder)})`);
		waited = true;
		await sleep(200);
	}
}

async function create(file: string, token: string): Promise<boolean> {
	try {
		await mkdir(dirname(file), { recursive: true });
		await writeFile(file, token, { flag: "wx" });
		return true;
	} catch (error) {
		const { code, path } = error as NodeJS.ErrnoException;
		if (code === "EEXIST" && path === file) return false;
		throw error;
	}
}

function isDead(file: string, holder: string): boolean {
	if (!holder) return age(file) > beat; // made, and not yet written
	const [host = ""] = holder.split(" ");
	if (host === hostname() && !isRunning(pid(holder))) return true;
	return age(file) > dead;
}

/** Two may find the same lock dead: the one whose rename comes second must not take the first one's new lock. */
function takeAway(file: string, holder: string): void {
	const aside = `${file}.${randomUUID()}`;
	try {
		renameSync(file, aside);
		if (read(aside) === holder) rmSync(aside);
		else renameSync(aside, file);
	} catch {
		// somebody else was faster
	}
}

function pid(holder: string): number {
	return Number(holder.split(" ")[1]);
}

function isRunning(process_: number): boolean {
	try {
		process.kill(process_, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}

function age(file: string): number {
	try {
		return Date.now() - statSync(file).mtimeMs;
	} catch {
		return 0;
	}
}

function touch(file: string): void {
	try {
		const now = new Date();
		utimesSync(file, now, now);
	} catch {
		// the folder was removed under us; the work itself will say so
	}
}

function read(file: string): string | null {
	try {
		return readFileSync(file, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw error;
	}
}

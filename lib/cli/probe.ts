// Loads torch-node and says what it can do, as JSON: run by `torch-node doctor` in a process of its own.
import type { Device } from "../types.ts";

export interface Probe {
	devices: string[];
	threads: number;
	/** How long loading took. */
	milliseconds: number;
	/** Why CUDA cannot be used; null where it can. */
	cudaProblem: string | null;
}

async function probe(): Promise<Probe> {
	const started = performance.now();
	const { native, cudaProblem } = await import("../binding.ts");
	const torch = await import("../index.ts");
	const milliseconds = Math.round(performance.now() - started);
	const devices: Device[] = ["cpu"];
	const count = cudaProblem === null ? native.deviceCount("cuda") : 0;
	for (let i = 0; i < count; i++) devices.push(`cuda:${i}`);
	for (const device of devices) {
		const four = torch.ones([2, 2], { device }).sum().item();
		if (four !== 4) throw new Error(`on ${device}, 1 + 1 + 1 + 1 is ${four}`);
	}
	const threads = native.numThreads();
	return { devices, threads, milliseconds, cudaProblem };
}

try {
	console.log(JSON.stringify(await probe()));
} catch (error) {
	console.error((error as Error).message);
	process.exitCode = 1;
}

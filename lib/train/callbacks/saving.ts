import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { TorchError } from "../../errors.ts";
import { saveAsync } from "../../io/index.ts";
import type { Run } from "../callback.ts";

/**
 * Writes a run's state to a file, whole or not at all.
 *
 * @throws TorchError `ERR_CHECKPOINT` that says why the disk does not take it; what was there before is there still
 */
export async function saveRun(
	op: string,
	run: Run,
	path: string,
): Promise<void> {
	try {
		await mkdir(dirname(path), { recursive: true });
		await saveAsync(run.stateDict(), path);
	} catch (error) {
		if (error instanceof TorchError) throw error;
		throw new TorchError(
			`${path} could not be written in epoch ${run.epoch} (${(error as Error).message}); if there was such a file before, it is as it was`,
			{ code: "ERR_CHECKPOINT", op, cause: error },
		);
	}
}

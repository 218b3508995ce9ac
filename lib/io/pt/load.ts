import * as check from "../../check.ts";
import { TorchError } from "../../errors.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { damaged, ReadFile, type Region } from "../files.ts";
import { checkLoadOptions, type LoadOptions } from "../options.ts";
import { PickleProblem } from "../pickle/reader.ts";
import type { Storable } from "../storable.ts";
import { openArchive } from "./archive.ts";
import { Check, Make } from "./build.ts";
import { Interpreter } from "./interpret.ts";

/**
 * Reads a file that `torch.save` wrote, here or in Python, whatever its protocol; also of PyTorch before 1.6.
 *
 * Only data is read, never a program: tensors, parameters, containers, numbers and strings, as with Python's `weights_only=True`. What
 * was one tensor, or one storage of several tensors, is one again. Dictionaries come as objects where all keys are strings, else as
 * Maps (an optimizer's `state`, whose keys are the parameters' numbers, as an object); tuples and sizes as frozen arrays; integers
 * beyond 2^53 as bigints; bytes as Uint8Arrays; None as null; a dtype or device as its name. Tensors are mapped from the file: see
 * {@link LoadOptions.mmap}.
 *
 * The type is the caller's word: nothing checks that the file has what it says.
 *
 * @throws TorchError with code ERR_INVALID_FILE that names the file, where it is damaged or asks for anything else
 * @see https://docs.pytorch.org/docs/stable/generated/torch.load.html
 *
 * @example
 * model.loadStateDict(load("model.pt"));
 * const { epoch } = load<{ epoch: number }>("run.pt");
 */
export function load<T = Storable>(path: string, options: LoadOptions = {}): T {
	const given = checkArguments("load", path, options);
	using file = new ReadFile(path);
	return explained(path, () => {
		const { root, regions } = survey(file);
		const storages = new Map<string, Tensor>();
		for (const [key, region] of regions)
			storages.set(
				key,
				given.mmap && region.length > 0
					? file.map(region, ALIGNMENT)
					: file.run(file.copy(region, `data/${key}`)),
			);
		return make(root, storages, given.device) as T;
	});
}

/**
 * {@link load} that lets others run while the disk works, which matters with `mmap: false`.
 *
 * @example
 * const state = await loadAsync("model.pt", { mmap: false });
 */
export async function loadAsync<T = Storable>(
	path: string,
	options: LoadOptions = {},
): Promise<T> {
	const given = checkArguments("loadAsync", path, options);
	using file = new ReadFile(path);
	const { root, regions } = explained(path, () => survey(file));
	const storages = new Map<string, Tensor>();
	for (const [key, region] of regions)
		storages.set(
			key,
			given.mmap && region.length > 0
				? file.map(region, ALIGNMENT)
				: await file.runAsync(file.copy(region, `data/${key}`)),
		);
	return explained(path, () => make(root, storages, given.device) as T);
}

function checkArguments(op: string, path: string, options: LoadOptions) {
	check.string(op, "path", path);
	return checkLoadOptions(op, options);
}

const ALIGNMENT = 8; // of the widest numbers that dtypes are made of

/** What the file says, checked before anything is made of it, and where its storages are. */
function survey(file: ReadFile) {
	const { root, locate } = openArchive(file);
	const plan = new Check();
	new Interpreter(plan).value(root);
	const regions: Map<string, Region> = locate(plan.storages);
	return { root, regions };
}

function make(
	root: Parameters<Interpreter["value"]>[0],
	storages: Map<string, Tensor>,
	device: string,
): unknown {
	try {
		if (device !== "cpu")
			for (const [key, bytes] of storages) {
				storages.set(key, bytes.to(device));
				bytes.dispose();
			}
		return new Interpreter(new Make(storages)).value(root);
	} finally {
		for (const bytes of storages.values()) bytes.dispose();
	}
}

/** Every error says which file it is about. */
function explained<T>(path: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (error instanceof PickleProblem)
			throw damaged(path, `its pickle ${error.message}`);
		if (
			error instanceof TorchError &&
			!error.message.includes(path) &&
			error.code !== "ERR_OUT_OF_MEMORY"
		)
			throw new TorchError(`${path}: ${error.message}`, {
				code: error.code,
				cause: error,
			});
		throw error;
	}
}

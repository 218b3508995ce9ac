import * as check from "../check.ts";

export interface LoadOptions {
	/** Where the tensors go, wherever they were when they were saved. Default "cpu". */
	device?: string;
	/**
	 * Whether the tensors lie in the file's own pages, which are read when they are first used: a file of any size opens at once, and
	 * takes no memory for what is not used. Changing such a tensor leaves the file as it is. The file must stay as it is, too, while the
	 * tensors are in use: where it becomes shorter, the process ends with a message. (Files that are replaced, as all that this package
	 * saves are, do no harm.) With false everything is read at once, and checksums are checked where the file has them. Default true.
	 */
	mmap?: boolean;
}

export function checkLoadOptions(
	op: string,
	options: LoadOptions,
): Required<LoadOptions> {
	check.options(op, options, ["device", "mmap"]);
	const { device = "cpu", mmap = true } = options;
	check.string(op, "device", device);
	check.boolean(op, "mmap", mmap);
	return { device, mmap };
}

import { TorchError } from "../errors.ts";

const codes = /^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|EISDIR|ENOSPC|EDQUOT|EIO)$/;

/** Whether a file or folder could not be written: a full disk, no permission. Trying again is no use then. */
export function isDiskError(error: unknown): boolean {
	const { code } = error as NodeJS.ErrnoException;
	return !(error instanceof TorchError) && codes.test(code ?? "");
}

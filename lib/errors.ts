import { camelCase, publicName } from "./schema.ts";

export interface TorchErrorDetails {
	code: string;
	op?: string;
	argument?: string;
	cause?: unknown;
}

/**
 * Every error of this package. `code` is for programs (`ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_MEMORY`, `ERR_DISPOSED`, …), the message
 * for people: `conv2d: stride: expected integer or integer[], got string "x"`.
 *
 * @example
 * try {
 *   torch.ones([2, 3]).matmul(torch.ones([2, 3]));
 * } catch (error) {
 *   if (error instanceof torch.TorchError) console.log(error.op, error.message);
 * }
 */
export class TorchError extends Error {
	override readonly name = "TorchError";
	readonly code: string;
	/** The operator or function, in camelCase. */
	readonly op: string | undefined;
	/** The argument that is wrong, in camelCase. */
	readonly argument: string | undefined;

	constructor(
		message: string,
		{ code, op, argument, cause }: TorchErrorDetails,
	) {
		// Schemas say "self" for what Python's functions call "input".
		const name = argument === "self" ? "input" : argument;
		const place = [op, name].filter(Boolean).join(": ");
		super(
			place ? `${place}: ${message}` : message,
			cause === undefined ? undefined : { cause },
		);
		this.code = code;
		this.op = op || undefined;
		this.argument = name || undefined;
	}
}

/** Makes the error that native code throws. */
export function fromNative(
	code: string,
	op: string,
	argument: string,
	message: string,
): TorchError {
	const name = publicName(op);
	// Some of LibTorch's own messages begin with the function's name.
	const prefix = `${name}: `;
	const text = message.startsWith(prefix)
		? message.slice(prefix.length)
		: message;
	return new TorchError(text, {
		code,
		op: name,
		argument: camelCase(argument),
	});
}

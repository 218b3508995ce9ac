/** Errors on their way between threads: cloning them would lose their code, class and cause. */
import { TorchError } from "../../errors.ts";
import { SampleError } from "../sampleError.ts";
import type { PackedError } from "./protocol.ts";

export function packError(error: unknown, depth = 0): PackedError {
	if (!(error instanceof Error)) {
		const message = String(error);
		const none = { stack: undefined, code: undefined, cause: undefined };
		return { name: "Error", message, ...none };
	}
	const { name, message, stack, cause } = error;
	const { code } = error as { code?: unknown };
	return {
		name,
		message,
		stack,
		code: typeof code === "string" || typeof code === "number" ? code : null,
		cause:
			cause === undefined || depth > 8
				? undefined
				: packError(cause, depth + 1),
		op: error instanceof TorchError ? error.op : undefined,
		index: error instanceof SampleError ? (error.index ?? null) : undefined,
	};
}

const builtIn: Readonly<Record<string, ErrorConstructor>> = {
	RangeError,
	ReferenceError,
	SyntaxError,
	TypeError,
};

export function unpackError(packed: PackedError): Error {
	const { name, message, stack, code } = packed;
	const cause = packed.cause && unpackError(packed.cause);
	const error = made(packed, cause);
	define(error, "message", message);
	define(error, "stack", stack);
	if (error.name !== name) define(error, "name", name);
	if (cause) define(error, "cause", cause);
	if (!(error instanceof TorchError) && code !== null && code !== undefined) {
		Object.assign(error, { code });
	}
	return error;
}

function made(
	{ name, code, op = "", index }: PackedError,
	cause?: Error,
): Error {
	if (index !== undefined) {
		return new SampleError(op, index === null ? [] : [index], cause);
	}
	if (name === "TorchError") {
		return new TorchError("", { code: String(code), op });
	}
	return new (builtIn[name] ?? Error)();
}

function define(error: Error, key: string, value: unknown): void {
	Object.defineProperty(error, key, {
		value,
		writable: true,
		configurable: true,
		enumerable: false,
	});
}

import { TorchError } from "../../errors.ts";

/** @internal A data set's files are not where they should be. */
export function missing(message: string): TorchError {
	return new TorchError(message, { code: "ERR_MISSING_DATA" });
}

/** @internal A data set's file is not what it should be. */
export function invalid(file: string, problem: string): TorchError {
	return new TorchError(`${file}: ${problem}`, { code: "ERR_INVALID_FILE" });
}

/** @internal What a JSON file has. */
export function parseJson(file: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		const message = (error as Error).message.replace(/\s+/g, " ");
		throw invalid(file, `no JSON: ${message}`);
	}
}

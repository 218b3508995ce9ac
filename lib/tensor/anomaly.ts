/** Anomaly mode's part in backward: an error tells where the forward call was. */
import { native } from "../binding.ts";
import { TorchError } from "../errors.ts";

let isOn = false;

export function setAnomalyOn(on: boolean): void {
	isOn = on;
}

/** "Error detected in X. Traceback of forward call …", as PyTorch words it; "" where nothing is known. */
function traceback(trace: readonly string[]): string {
	const parts: string[] = [];
	for (let i = 0; i < trace.length; i += 2) {
		const [node, stack] = [trace[i], trace[i + 1]];
		if (i > 0)
			parts.push(
				`Previous calculation was induced by ${node}. Traceback of forward call that induced the previous calculation:\n${stack}`,
			);
		else if (stack)
			parts.push(
				`Error detected in ${node}. Traceback of forward call that caused the error:\n${stack}`,
			);
		else
			parts.push(
				`Error detected in ${node}. No forward pass information available. Enable detect anomaly during forward pass for more information.`,
			);
	}
	return parts.join("\n");
}

/** Runs a backward. In anomaly mode an error says where the forward call was; one that is not LibTorch's stays itself, and a warning says so. */
export function watched<T>(run: () => T): T {
	if (!isOn) return run();
	try {
		return run();
	} catch (error) {
		const found = traceback(native.takeTrace());
		if (found === "") throw error;
		if (error instanceof TorchError)
			throw new TorchError(`${error.message}\n${found}`, {
				code: error.code,
				cause: error,
			});
		process.emitWarning(found);
		throw error;
	}
}

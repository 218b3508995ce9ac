/** Where functions that make tensors put them when nobody says where. `lib/tensor/defaultDevice.ts` sets it. */
import { isComplexNumber, isOptions } from "./kinds.ts";
import type { Device } from "./types.ts";

let chosen: Device | undefined;

/** undefined for the CPU, which LibTorch takes by itself. */
export function chosenDevice(): Device | undefined {
	return chosen;
}

export function chooseDevice(device: Device | undefined): void {
	chosen = device;
}

/** The arguments of a call with the chosen device among the options, which stand last; not where there is one, or `out` says where. */
export function withDevice(args: unknown[]): unknown[] {
	if (chosen === undefined) return args;
	let count = args.length;
	while (count > 0 && args[count - 1] === undefined) count--;
	const given = args.slice(0, count);
	const last = given.at(-1);
	if (!isOptions(last) || isComplexNumber(last))
		return [...given, { device: chosen }];
	const isPlaced = (last.device ?? last.out ?? undefined) !== undefined;
	return isPlaced
		? given
		: [...given.slice(0, -1), { ...last, device: chosen }];
}

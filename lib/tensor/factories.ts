/**
 * The functions that make tensors, as users call them: on the default device where none is given. The library itself calls those behind
 * them, so that its own work stays where it is.
 */
import * as generated from "../generated/functions.ts";
import { isOptions } from "../kinds.ts";
import * as ofData from "./asTensor.ts";
import * as creation from "./creation.ts";
import { chosenDevice } from "./defaultDevice.ts";

type Make = (...args: never[]) => unknown;

const isComplex = (value: object): boolean => "re" in value && "im" in value;

/** The arguments with a device among the options, which stand last; not where there is one, or `out` says where. */
function placedArguments(args: readonly unknown[], device: string): unknown[] {
	let count = args.length;
	while (count > 0 && args[count - 1] === undefined) count--;
	const given = args.slice(0, count);
	const last = given.at(-1);
	if (!isOptions(last) || isComplex(last)) return [...given, { device }];
	const isPlaced = (last.device ?? last.out ?? undefined) !== undefined;
	return isPlaced ? given : [...given.slice(0, -1), { ...last, device }];
}

/** `make`, on the default device; its types are those of `make`. */
export function placed<F extends Make>(make: F): F {
	const call = make as unknown as (...args: unknown[]) => unknown;
	const onDefault = (...args: unknown[]) => {
		const device = chosenDevice();
		return device === undefined
			? call(...args)
			: call(...placedArguments(args, device));
	};
	Object.defineProperty(onDefault, "name", { value: make.name });
	return onDefault as unknown as F;
}

/** As `placed`, for functions whose options have a place of their own: argument `at`, from 0. */
export function placedAt<F extends Make>(make: F, at: number): F {
	const call = make as unknown as (...args: unknown[]) => unknown;
	const onDefault = (...args: unknown[]) => {
		const device = chosenDevice();
		const options = args[at] ?? {};
		if (
			device === undefined ||
			!isOptions(options) ||
			(options.device ?? undefined) !== undefined
		)
			return call(...args);
		const given = Array.from({ length: at }, (_, i) => args[i]);
		return call(...given, { ...options, device });
	};
	Object.defineProperty(onDefault, "name", { value: make.name });
	return onDefault as unknown as F;
}

export const arange: typeof generated.arange = placed(generated.arange);
export const bartlettWindow: typeof generated.bartlettWindow = placed(
	generated.bartlettWindow,
);
export const blackmanWindow: typeof generated.blackmanWindow = placed(
	generated.blackmanWindow,
);
export const empty: typeof generated.empty = placed(generated.empty);
export const emptyPermuted: typeof generated.emptyPermuted = placed(
	generated.emptyPermuted,
);
export const emptyQuantized: typeof generated.emptyQuantized = placed(
	generated.emptyQuantized,
);
export const emptyStrided: typeof generated.emptyStrided = placed(
	generated.emptyStrided,
);
export const eye: typeof generated.eye = placed(generated.eye);
export const full: typeof generated.full = placed(generated.full);
export const hammingWindow: typeof generated.hammingWindow = placed(
	generated.hammingWindow,
);
export const hannWindow: typeof generated.hannWindow = placed(
	generated.hannWindow,
);
export const kaiserWindow: typeof generated.kaiserWindow = placed(
	generated.kaiserWindow,
);
export const linspace: typeof generated.linspace = placed(generated.linspace);
export const logspace: typeof generated.logspace = placed(generated.logspace);
export const ones: typeof generated.ones = placed(generated.ones);
export const rand: typeof generated.rand = placed(generated.rand);
export const randint: typeof generated.randint = placed(generated.randint);
export const randn: typeof generated.randn = placed(generated.randn);
export const randperm: typeof generated.randperm = placed(generated.randperm);
export const range: typeof generated.range = placed(generated.range);
export const scalarTensor: typeof generated.scalarTensor = placed(
	generated.scalarTensor,
);
export const trilIndices: typeof generated.trilIndices = placed(
	generated.trilIndices,
);
export const triuIndices: typeof generated.triuIndices = placed(
	generated.triuIndices,
);
export const zeros: typeof generated.zeros = placed(generated.zeros);

export const asarray: typeof ofData.asarray = placed(ofData.asarray);
export const asTensor: typeof ofData.asTensor = placed(ofData.asTensor);
export const tensor: typeof creation.tensor = placed(creation.tensor);

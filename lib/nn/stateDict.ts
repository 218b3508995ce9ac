import { noGrad } from "../autograd/index.ts";
import { describe } from "../check.ts";
import { TorchError } from "../errors.ts";
import { Tensor } from "../tensor/tensor.ts";
import { isUninitialized, replaceData } from "./parameter.ts";

/** Tensors by PyTorch's own names (`layer1.0.running_mean`), in PyTorch's order. */
export type StateDict = Record<string, Tensor>;

/** What `loadStateDict` did not find in the state, and what it did not know. */
export interface IncompatibleKeys {
	missingKeys: string[];
	unexpectedKeys: string[];
}

export interface LoadStateDictOptions {
	/** Whether missing and unexpected keys are errors. Default true. */
	strict?: boolean | undefined;
	/** Whether the module takes over the state's tensors, their dtype and device included, instead of copying from them. Default false. */
	assign?: boolean | undefined;
}

/**
 * Copies `given` into the tensors of `own`. All that does not fit is one error, in Python's words, and nothing is copied then.
 * `module` is the class's name; `extras` take what modules keep beside tensors of their own; `afterwards` may take away keys that are no errors.
 */
export function load(
	module: string,
	own: readonly [name: string, tensor: Tensor][],
	extras: ReadonlyMap<string, (extra: Tensor) => void>,
	given: Readonly<StateDict>,
	{ strict = true, assign = false }: LoadStateDictOptions,
	afterwards: readonly ((keys: IncompatibleKeys) => void)[] = [],
): IncompatibleKeys {
	const known = new Set([...own.map(([name]) => name), ...extras.keys()]);
	const missingKeys = [...known].filter((name) => !Object.hasOwn(given, name));
	const unexpectedKeys = Object.keys(given).filter((name) => !known.has(name));
	const keys = { missingKeys, unexpectedKeys };
	// Hooks that are called afterwards decide themselves which keys are errors.
	const errors = strict && afterwards.length === 0 ? strayKeys(keys) : [];

	const copies: [to: Tensor, from: Tensor][] = [];
	for (const [name, tensor] of own) {
		if (!Object.hasOwn(given, name)) continue;
		const source = matching(name, tensor, given[name], assign);
		if (typeof source === "string") errors.push(source);
		else copies.push([tensor, source]);
	}
	throwIfAny(module, errors);
	noGrad(() => {
		for (const [to, from] of copies) {
			if (isUninitialized(to)) to.materialize(from.shape);
			if (assign) replaceData(to, from.detach());
			else to.copy_(from);
		}
	});
	for (const [name, take] of extras)
		if (Object.hasOwn(given, name)) take(given[name] as Tensor);
	for (const hook of afterwards) hook(keys);
	if (strict) throwIfAny(module, strayKeys(keys));
	return keys;
}

function throwIfAny(module: string, errors: readonly string[]): void {
	if (errors.length === 0) return;
	const message = `Error(s) in loading state_dict for ${module}:\n\t${errors.join("\n\t")}`;
	throw new TorchError(message, { code: "ERR_STATE_DICT" });
}

function strayKeys({
	missingKeys,
	unexpectedKeys,
}: IncompatibleKeys): string[] {
	const errors: string[] = [];
	if (missingKeys.length > 0)
		errors.push(`Missing key(s) in state_dict: ${quoted(missingKeys)}. `);
	if (unexpectedKeys.length > 0)
		errors.push(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}. `);
	return errors;
}

/** What is to be copied into `tensor`, or why it cannot be. */
function matching(
	name: string,
	tensor: Tensor,
	source: unknown,
	assign: boolean,
): Tensor | string {
	if (!(source instanceof Tensor))
		return `While copying the parameter named "${name}", expected a Tensor from checkpoint but received ${describe(source)}`;
	if (isUninitialized(tensor)) return source;
	// PyTorch 0.3 saved scalars with one dimension.
	if (tensor.dim() === 0 && source.dim() === 1 && source.numel() === 1)
		return source.reshape([]);
	if (source.shape.join() === tensor.shape.join()) {
		const problem = assign ? null : uncopyable(tensor, source);
		if (problem === null) return source;
		return (
			`While copying the parameter named "${name}", whose dimensions in the model are ${size(tensor)} and whose dimensions ` +
			`in the checkpoint are ${size(source)}, an exception occurred : ${problem}.`
		);
	}
	return (
		`size mismatch for ${name}: copying a param with shape ${size(source)} from checkpoint, ` +
		`the shape in current model is ${size(tensor)}.`
	);
}

/** Why `copy_` would throw, found out before anything is copied; null where it would not. */
function uncopyable(to: Tensor, from: Tensor): string | null {
	const isQuantized = ({ dtype }: Tensor) => /^qu?int/.test(dtype);
	if (from.device === "meta" && to.device !== "meta")
		return "a meta tensor has no data to copy";
	if (from.layout !== to.layout)
		return `a ${from.layout} tensor cannot be copied to a ${to.layout} one`;
	if (isQuantized(from) !== isQuantized(to))
		return `${from.dtype} cannot be copied to ${to.dtype}`;
	return null;
}

function quoted(names: string[]): string {
	return names.map((name) => `"${name}"`).join(", ");
}

function size(tensor: Tensor): string {
	return `torch.Size([${tensor.shape.join(", ")}])`;
}

import * as check from "../../check.ts";
import { rememberRandomState } from "./randomState.ts";
import { withoutSaving } from "./recomputed.ts";
import { CheckpointFunction } from "./reentrant.ts";

export interface CheckpointOptions {
	/**
	 * PyTorch's older way: a backward within backward. It needs an input that requires gradients, serves `backward` alone (not
	 * `autograd.grad`), and gives no second derivatives. Default: false.
	 */
	useReentrant?: boolean;
	/** Whether the function is computed again with the same random numbers, for dropout. Default: true. */
	preserveRngState?: boolean;
	/** "default": what is computed again must have the shapes, dtypes and devices of before. "none": unchecked. Default: "default". */
	determinismCheck?: "default" | "none";
	/** Whether computing again ends with the last tensor that is needed. Default: true. */
	earlyStop?: boolean;
}

const known = [
	"useReentrant",
	"preserveRngState",
	"determinismCheck",
	"earlyStop",
];

/**
 * Runs a part of a model without keeping what backward needs of it; backward computes that part once more. Less memory for more time.
 *
 * @param fn must do the same when it is called again, with the same tensors that it refers to
 * @param args what it is called with
 * @returns what `fn` returns
 * @throws TorchError in backward, where the second computation saves other tensors than the first
 * @see https://docs.pytorch.org/docs/stable/checkpoint.html
 *
 * @example
 * const block = new torch.nn.Sequential(new torch.nn.Linear(64, 64), new torch.nn.ReLU());
 * const y = torch.utils.checkpoint.checkpoint((x: torch.Tensor) => block(x), [torch.randn([8, 64])]);
 * y.sum().backward();
 */
export function checkpoint<Args extends unknown[] | [], Output>(
	fn: (...args: Args) => Output,
	args: Args,
	options: CheckpointOptions = {},
): Output {
	const op = "checkpoint";
	check.callable(op, "fn", fn);
	check.array(op, "args", args);
	check.options(op, options, known);
	const {
		useReentrant = false,
		preserveRngState = true,
		determinismCheck = "default",
		earlyStop = true,
	} = options;
	for (const [name, value] of Object.entries({
		useReentrant,
		preserveRngState,
		earlyStop,
	}))
		check.boolean(op, name, value);
	check.oneOf(op, "determinismCheck", determinismCheck, ["default", "none"]);
	const again = preserveRngState
		? rememberRandomState(args)
		: <T>(run: () => T): T => run();
	if (useReentrant) {
		const call = fn as unknown as (...args: unknown[]) => unknown;
		return CheckpointFunction.apply(
			call,
			(...values: unknown[]) => again(() => call(...values)),
			...args,
		) as Output;
	}
	return withoutSaving(() => fn(...args), {
		run: () => again(() => fn(...args)),
		stopsEarly: earlyStop,
		isChecked: determinismCheck === "default",
	});
}

/**
 * Runs functions (or modules) one after the other, in segments that are checkpointed each; the last one is not.
 *
 * @param functions a Sequential, or a list
 * @param segments how many; each gets as many functions, the last one the rest
 * @see https://docs.pytorch.org/docs/stable/checkpoint.html#torch.utils.checkpoint.checkpoint_sequential
 *
 * @example
 * const model = new torch.nn.Sequential(new torch.nn.Linear(8, 8), new torch.nn.ReLU(), new torch.nn.Linear(8, 1));
 * torch.utils.checkpoint.checkpointSequential(model, 2, torch.randn([4, 8]));
 */
export function checkpointSequential<Value>(
	functions: Iterable<(input: Value) => Value>,
	segments: number,
	input: Value,
	options: CheckpointOptions = {},
): Value {
	const op = "checkpointSequential";
	const list = [...functions];
	check.integer(op, "segments", segments, {
		min: 1,
		max: Math.max(1, list.length),
	});
	const size = Math.floor(list.length / segments);
	const through = (part: typeof list) => (value: Value) =>
		part.reduce((current, fn) => fn(current), value);
	let value = input;
	for (let k = 0; k < segments - 1; k++) {
		const part = list.slice(k * size, (k + 1) * size);
		value = checkpoint(through(part), [value], options);
	}
	return through(list.slice((segments - 1) * size))(value);
}

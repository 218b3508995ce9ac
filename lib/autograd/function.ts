/** Functions whose derivative is written in TypeScript. */
import { native, type Slot } from "../binding.ts";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { zeros } from "../generated/functions.ts";
import { isTensor, slotOf } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Device, DType } from "../types.ts";
import { attach, declaredOf, FunctionContext, nodeOf } from "./context.ts";
import { noGrad } from "./modes.ts";

/** `ctx`, with what forward keeps in it for backward beside tensors: `FunctionCtx<{ scale: number }>`. */
// biome-ignore lint/complexity/noBannedTypes: no fields of one's own
export type FunctionCtx<State extends object = {}> = FunctionContext & State;

/** What backward returns: a gradient for each argument of forward, null where it has none. */
export type FunctionGradients =
	| Tensor
	| null
	| undefined
	| readonly (Tensor | null | undefined)[];

/** The statics of a custom function. */
export interface FunctionClass {
	readonly name: string;
	forward(...args: never[]): unknown;
	backward?(ctx: never, ...gradients: never[]): FunctionGradients;
	setupContext?(ctx: never, inputs: never, output: never): void;
	jvp?(ctx: never, ...tangents: never[]): FunctionGradients;
}

type Rest<Parameters> = Parameters extends [unknown, ...infer Others]
	? Others
	: never;

/** What `apply` takes: forward's arguments, without the context. */
export type FunctionInputs<This extends FunctionClass> = This extends {
	setupContext: unknown;
}
	? Parameters<This["forward"]>
	: Rest<Parameters<This["forward"]>>;

/**
 * A custom function: a class with static `forward` and `backward`, called through `apply`.
 *
 * `forward(ctx, ...args)` computes without recording; `backward(ctx, ...gradients)` gets dL/doutput for each output and returns dL/dinput
 * for each argument, null for what is no tensor. With a static `setupContext(ctx, inputs, output)`, `forward(...args)` gets no context.
 * backward is itself recorded where `createGraph` asks for that, unless it is wrapped in `onceDifferentiable`. A static
 * `jvp(ctx, ...tangents)` serves forward mode.
 *
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.Function
 * @example
 * class Exp extends torch.autograd.Function {
 *   static forward(ctx: torch.autograd.FunctionCtx, x: torch.Tensor) {
 *     const y = x.exp();
 *     ctx.saveForBackward(y);
 *     return y;
 *   }
 *   static backward(ctx: torch.autograd.FunctionCtx, gradient: torch.Tensor) {
 *     const [y] = ctx.savedTensors;
 *     return gradient.mul(y);
 *   }
 * }
 * const y = Exp.apply(torch.ones([2], { requiresGrad: true }));
 */
// biome-ignore lint/complexity/noStaticOnlyClass: PyTorch's custom functions are classes of statics
export abstract class AutogradFunction {
	/**
	 * Calls the function.
	 *
	 * @throws TorchError where forward or backward is missing, or returns what it should not; and what these throw themselves
	 */
	static apply<This extends FunctionClass>(
		this: This,
		...inputs: FunctionInputs<This>
	): ReturnType<This["forward"]> {
		// biome-ignore lint/complexity/noThisInStatic: the subclass
		return applyFunction(this, inputs) as ReturnType<This["forward"]>;
	}
}

/** What a missing gradient is made from. */
interface Like {
	shape: number[];
	dtype: DType;
	device: Device;
}

type AnyForward = (...args: unknown[]) => unknown;

function applyFunction(
	cls: FunctionClass,
	inputs: readonly unknown[],
): unknown {
	const { name } = cls;
	if (typeof cls.forward !== "function")
		throw check.invalidType(name, "forward", "a static method", cls.forward);
	refuseTransforms(name);
	const tensors = inputs.filter(isTensor) as Tensor[];
	const context = new FunctionContext(
		inputs.map((input) => isTensor(input) && (input as Tensor).requiresGrad),
	);
	const run: Backward = {
		cls,
		context,
		isTensor: inputs.map(isTensor),
		likes: [],
	};
	const slots = tensors.map(slotOf);
	const [node, isRecorded] = native.createFunction(
		context,
		`${name}Backward`,
		backwardOf(run),
		slots,
	);
	const result = withoutRecording(() => {
		if (cls.setupContext === undefined)
			return (cls.forward as AnyForward)(context, ...inputs);
		const output = (cls.forward as AnyForward)(...inputs);
		(cls.setupContext as AnyForward)(context, inputs, output);
		return output;
	});
	const outputs: unknown[] = Array.isArray(result) ? [...result] : [result];
	const made = outputs.filter(isTensor) as Tensor[];
	const { saved, dirty, nonDifferentiable } = declaredOf(context);
	if (isRecorded)
		run.likes = outputs.map((output) =>
			isTensor(output) ? likeOf(output as Tensor) : null,
		);
	const wrapped = native.finishFunction(
		node,
		slots,
		made.map(slotOf),
		dirty.map(slotOf),
		nonDifferentiable.map(slotOf),
		saved.map((tensor) => tensor && slotOf(tensor)),
		isRecorded,
		cls.jvp === undefined
			? null
			: (tangents) => runJvp(run, tangents as (Tensor | null)[]),
		cls.setupContext !== undefined,
	);
	attach(context, node);
	let k = 0;
	const finished = outputs.map((output) => {
		if (!isTensor(output)) return output;
		const tensor = wrapped[k++];
		return tensor === true ? output : tensor;
	});
	return Array.isArray(result) ? finished : finished[0];
}

/** A function of its own, so that what lives as long as the graph does not hold the tensors of the call. */
function backwardOf(
	run: Backward,
): (gradients: (object | null)[]) => (Slot | null)[] {
	return (gradients) => runBackward(run, gradients as (Tensor | null)[]);
}

/** Each level of a transform has a graph of its own, and a function's node is in one only. */
function refuseTransforms(op: string): void {
	const kinds = native.transformKinds();
	if (kinds.length === 0 || (kinds.length === 1 && kinds[0] === "grad")) return;
	throw new TorchError(
		`custom functions can be called within one torch.func.grad, not within ${kinds.join(" of ")}`,
		{ code: "ERR_NOT_IMPLEMENTED", op },
	);
}

function withoutRecording<T>(fn: () => T): T {
	const before = native.isForwardGradEnabled();
	native.setForwardGradEnabled(false);
	try {
		return noGrad(fn);
	} finally {
		native.setForwardGradEnabled(before);
	}
}

function likeOf({ shape, dtype, device }: Tensor): Like {
	return { shape, dtype, device };
}

/** What backward needs of the call; no tensor, or the graph would hold itself. */
interface Backward {
	cls: FunctionClass;
	context: FunctionContext;
	/** For each argument. */
	isTensor: boolean[];
	/** For each output; null for one that is no tensor. */
	likes: (Like | null)[];
}

function runBackward(
	{ cls, context, isTensor: isTensorArgument, likes }: Backward,
	gradients: readonly (Tensor | null)[],
): (Slot | null)[] {
	const op = `${cls.name}Backward`;
	if (typeof cls.backward !== "function")
		throw check.invalidType(cls.name, "backward", "a static method", undefined);
	const { materializeGrads } = declaredOf(context);
	let k = 0;
	const all = likes.map((like) => {
		if (like === null) return null;
		const gradient = gradients[k++] ?? null;
		if (gradient !== null || !materializeGrads) return gradient;
		return zeros(like.shape, { dtype: like.dtype, device: like.device });
	});
	const needed = native.neededGradients(nodeOf(context));
	let t = 0;
	context.needsInputGrad = isTensorArgument.map((is) => is && !!needed[t++]);
	const result = (cls.backward as AnyForward)(context, ...all);
	return gradientSlots(op, result, isTensorArgument);
}

/** The gradients of the arguments that are tensors, after all were checked. */
function gradientSlots(
	op: string,
	result: unknown,
	isTensorArgument: readonly boolean[],
): (Slot | null)[] {
	const list: unknown[] = Array.isArray(result) ? [...result] : [result];
	const { length } = isTensorArgument;
	while (list.length > length && (list.at(-1) ?? null) === null) list.pop();
	if (list.length !== length)
		throw wrongGradient(
			op,
			`function ${op} returned an incorrect number of gradients (expected ${length}, got ${list.length})`,
		);
	const slots: (Slot | null)[] = [];
	for (const [i, gradient] of list.entries()) {
		const isNone = gradient === null || gradient === undefined;
		if (isTensorArgument[i]) {
			if (!isNone && !isTensor(gradient))
				throw wrongGradient(
					op,
					`expected Tensor or null as gradient ${i}, got ${check.describe(gradient)}`,
				);
			slots.push(isNone ? null : slotOf(gradient as Tensor));
		} else if (!isNone)
			throw wrongGradient(
				op,
				`function ${op} returned a gradient different than null at position ${i + 1}, but the corresponding forward input was not a Tensor`,
			);
	}
	return slots;
}

function runJvp(
	{ cls, context, isTensor: isTensorArgument }: Backward,
	tangents: readonly (Tensor | null)[],
): (Slot | null)[] {
	let k = 0;
	const all = isTensorArgument.map((is) => (is ? tangents[k++] : null));
	const result = (cls.jvp as AnyForward)(context, ...all);
	const list: unknown[] = Array.isArray(result) ? result : [result];
	return list.map((tangent) => {
		if (tangent === null || tangent === undefined) return null;
		if (isTensor(tangent)) return slotOf(tangent);
		throw check.invalidType(cls.name, "jvp", "to return Tensors", tangent);
	});
}

function wrongGradient(op: string, message: string): TorchError {
	return new TorchError(message, { code: "ERR_INVALID_ARG_VALUE", op });
}

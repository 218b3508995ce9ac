import { noGrad } from "../../../autograd/index.ts";
import * as check from "../../../check.ts";
import type { TorchError } from "../../../errors.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { Module } from "../../module.ts";
import { Buffer, Parameter } from "../../parameter.ts";

/**
 * A module that computes a tensor from another one, or from several. `rightInverse` says from which ones a tensor is computed, so that it
 * can be assigned, and the first ones be found; an error with the code ERR_NOT_IMPLEMENTED says that it cannot.
 */
export type Parametrization = Module<never, Tensor> & {
	rightInverse?(value: Tensor): Tensor | readonly Tensor[];
};

type Call = (...inputs: Tensor[]) => Tensor;

const OP = "registerParametrization";

/** Refuses a tensor that is not like the one that it stands for. */
export function checkAlike(
	what: string,
	tensor: unknown,
	like: Tensor,
	{ shape = true }: { shape?: boolean } = {},
): asserts tensor is Tensor {
	if (!(tensor instanceof Tensor))
		throw check.invalidType(OP, "parametrization", `${what} a Tensor`, tensor);
	if (tensor.dtype !== like.dtype)
		throw check.invalidValue(
			OP,
			"parametrization",
			`${what} may not change the dtype, unless \`unsafe\`: ${like.dtype} before, ${tensor.dtype} after`,
		);
	if (shape && tensor.shape.join() !== like.shape.join())
		throw check.invalidValue(
			OP,
			"parametrization",
			`${what} may not change the shape, unless \`unsafe\`: [${like.shape}] before, [${tensor.shape}] after`,
		);
}

/** What `rightInverse` gives, or `value` itself where there is none. */
export function inverseOf(
	parametrization: Parametrization,
	value: Tensor,
): Tensor | readonly Tensor[] {
	return parametrization.rightInverse?.(value) ?? value;
}

/**
 * The parametrizations of one tensor, applied one after the other to `original`, or to `original0`, `original1`, …; called, it gives the
 * tensor.
 */
export class ParametrizationList extends Module<[], Tensor> {
	unsafe: boolean;
	/** How many tensors it is computed from; null: one, `original`. */
	private readonly count: number | null;

	constructor(
		modules: readonly Parametrization[],
		original: Parameter | Buffer,
		options: { unsafe?: boolean } = {},
	) {
		super();
		const { unsafe = false } = options;
		this.unsafe = check.boolean(OP, "unsafe", unsafe);
		for (const [i, module] of modules.entries()) this.fields[i] = module;
		const start = noGrad(() => {
			try {
				return this.inverse(original);
			} catch (error) {
				if ((error as TorchError).code === "ERR_NOT_IMPLEMENTED")
					return original;
				throw error;
			}
		});
		if (start instanceof Tensor) {
			checkAlike("the output of `rightInverse`", start, original, {
				shape: false,
			});
			if (start !== original) original.data = start.detach();
			this.fields.original = original;
			this.count = null;
		} else {
			for (const [i, each] of start.entries())
				this.fields[`original${i}`] = asMember(each, original);
			this.count = start.length;
		}
		if (!unsafe)
			checkAlike(
				"a parametrization",
				noGrad(() => this.forward()),
				original,
			);
	}

	private get fields(): Record<string, unknown> {
		return this as unknown as Record<string, unknown>;
	}

	/** The parametrizations, in the order in which they are applied. */
	get parametrizations(): Parametrization[] {
		const found: Parametrization[] = [];
		for (let i = 0; String(i) in this.fields; i++)
			found.push(this.fields[i] as Parametrization);
		return found;
	}

	/** The tensors that the parametrized one is computed from. */
	get originals(): Tensor[] {
		const { count, fields } = this;
		return count === null
			? [fields.original as Tensor]
			: Array.from(
					{ length: count },
					(_, i) => fields[`original${i}`] as Tensor,
				);
	}

	/** Whether there is one such tensor, not a list of them. */
	get hasOneOriginal(): boolean {
		return this.count === null;
	}

	/** Takes other tensors for `originals`: those of another module. */
	share(originals: readonly Tensor[]): void {
		if (this.count === null) this.fields.original = originals[0];
		else
			for (const [i, each] of originals.entries())
				this.fields[`original${i}`] = each;
	}

	append(parametrization: Parametrization): void {
		this.fields[this.parametrizations.length] = parametrization;
	}

	override forward(): Tensor {
		const [first, ...rest] = this.parametrizations as unknown as Call[];
		let value = (first as Call)(...this.originals);
		for (const each of rest) value = each(value);
		return value;
	}

	/** Assigns: sets the originals to those from which `value` is computed. */
	rightInverse(value: Tensor): void {
		noGrad(() => {
			for (const each of this.parametrizations)
				if (each.rightInverse === undefined)
					throw check.invalidValue(
						OP,
						"parametrization",
						`${each.constructor.name} does not implement rightInverse, so the tensor cannot be assigned`,
					);
			const inverse = this.inverse(value);
			const list = inverse instanceof Tensor ? [inverse] : inverse;
			for (const [i, original] of this.originals.entries())
				original.data = (list[i] as Tensor).detach();
		});
	}

	private inverse(value: Tensor): Tensor | readonly Tensor[] {
		let now: Tensor | readonly Tensor[] = value;
		for (const each of this.parametrizations.reverse())
			now = inverseOf(each, now as Tensor);
		return now;
	}
}

/** A parameter or a buffer, as what it comes from is one. */
function asMember(value: unknown, original: Parameter | Buffer): Tensor {
	if (!(value instanceof Tensor))
		throw check.invalidType(
			OP,
			"parametrization",
			"rightInverse that returns a Tensor or an array of Tensors",
			value,
		);
	return original instanceof Parameter
		? new Parameter(value, { requiresGrad: original.requiresGrad })
		: new Buffer(value);
}

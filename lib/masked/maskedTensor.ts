/** Tensors some of whose elements are not there. */
import * as check from "../check.ts";
import { isTensor } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Scalar } from "../types.ts";
import {
	type BinaryMethods,
	binaryNames,
	inPlaceBinaryNames,
	inPlaceUnaryNames,
	type Operand,
	type UnaryMethods,
	unaryNames,
} from "./elementwise.ts";
import { MaskedReductions } from "./maskedReductions.ts";
import { softmax } from "./normalizations.ts";
import {
	checkedParts,
	onValues,
	operandOf,
	partsOf,
	refuseSparse,
	setParts,
	setPrototype,
	wrap,
} from "./parts.ts";

export { isMaskedTensor } from "./parts.ts";

export interface MaskedTensorOptions {
	/** Record gradients for it. Default: false. */
	requiresGrad?: boolean | undefined;
}

function unary(x: MaskedTensor, fn: (values: Tensor) => Tensor): MaskedTensor {
	const { data, mask } = partsOf(x);
	return wrap(onValues(data, fn), mask);
}

/**
 * A tensor with a mask: elements where it is false are not there. They take no part in reductions, print as "--", and have no gradients,
 * whatever lies in the data.
 *
 * It is no `Tensor`: what can be done with it are its methods, those that PyTorch's has (element by element, reductions, views, `where`,
 * `cat`, `stack`). Two of them can be combined where their masks are the same. The masks of gradients are those of the tensor.
 *
 * @see https://docs.pytorch.org/docs/stable/masked.html (a prototype there, too)
 *
 * @example
 * const data = torch.tensor([[1, 2, 3], [4, 5, 6]], { dtype: "float32" });
 * const mask = torch.tensor([[true, false, true], [false, false, false]]);
 * const x = torch.masked.maskedTensor(data, mask, { requiresGrad: true });
 * const y = x.mul(2).sum(1); // MaskedTensor([8.0000, --])
 * y.toTensor(0); // tensor([8., 0.])
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods of the interface are defined below
export class MaskedTensor extends MaskedReductions {
	/**
	 * A leaf with copies of data and mask.
	 *
	 * @param data floats, integers or booleans; strided, or sparse in COO or CSR
	 * @param mask booleans of the same shape and layout: true where an element is there
	 * @throws TorchError where they do not go together
	 */
	constructor(data: Tensor, mask: Tensor, options: MaskedTensorOptions = {}) {
		super();
		const op = "MaskedTensor";
		check.options(op, options, ["requiresGrad"]);
		const { requiresGrad = false } = options;
		check.boolean(op, "requiresGrad", requiresGrad);
		const parts = checkedParts(op, data, mask);
		setParts(this, {
			data: parts.data.detach().clone().requiresGrad_(requiresGrad),
			mask: parts.mask.clone(),
		});
	}

	/** Each value between bounds. */
	clamp(min: Scalar | null = null, max: Scalar | null = null): MaskedTensor {
		return unary(this, (x) => x.clamp(min, max));
	}

	/** `clamp` by another name. */
	clip(min: Scalar | null = null, max: Scalar | null = null): MaskedTensor {
		return this.clamp(min, max);
	}

	logit(eps: number | null = null): MaskedTensor {
		return unary(this, (x) => x.logit(eps));
	}

	nanToNum(
		nan: number | null = null,
		posinf: number | null = null,
		neginf: number | null = null,
	): MaskedTensor {
		return unary(this, (x) => x.nanToNum(nan, posinf, neginf));
	}

	pow(exponent: Scalar): MaskedTensor {
		return unary(this, (x) => x.pow(exponent));
	}

	/** e^x over its sum along a dimension, of what is there. */
	softmax(dim: number): MaskedTensor {
		if (this.isSparse) throw refuseSparse("softmax");
		const { data, mask } = partsOf(this);
		return wrap(softmax(data, dim, { mask }), mask);
	}

	/** The values of a masked tensor with the same mask. */
	copy_(source: MaskedTensor): this {
		const { data, mask } = partsOf(this);
		const other = operandOf("copy_", mask, source) as Tensor;
		data.copy_(other);
		return this;
	}
}

export interface MaskedTensor extends UnaryMethods, BinaryMethods {}

setPrototype(MaskedTensor.prototype);

type Method = (this: Tensor, ...args: unknown[]) => Tensor;

function define(
	name: string,
	fn: (x: MaskedTensor, args: unknown[]) => unknown,
) {
	Object.defineProperty(MaskedTensor.prototype, name, {
		value: {
			[name](this: MaskedTensor, ...args: unknown[]) {
				return fn(this, args);
			},
		}[name],
		configurable: true,
		writable: true,
	});
}

const call = (name: string, x: Tensor, args: unknown[]): Tensor =>
	(Reflect.get(x, name) as Method).apply(x, args);

/** The one operand beside `x`, as its values are combined with it: it may be sparse in the same places. */
function other(name: string, x: MaskedTensor, args: unknown[]): unknown {
	const [given] = args;
	const operand = operandOf(name, x.getMask(), given as Operand);
	if (args.length !== 1 || operand === undefined || operand === null)
		throw check.invalidType(
			name,
			"other",
			"MaskedTensor, Tensor or number alone",
			args.length > 1 ? args[1] : operand,
		);
	const isSparse =
		isTensor(operand) && (operand as Tensor).layout !== "strided";
	return isSparse ? (operand as Tensor).values() : operand;
}

for (const name of unaryNames)
	define(name, (x, args) =>
		wrap(
			onValues(x.getData(), (each) => call(name, each, args)),
			x.getMask(),
		),
	);
for (const name of binaryNames)
	define(name, (x, args) => {
		const values = other(name, x, args);
		const data = onValues(x.getData(), (each) => call(name, each, [values]));
		const mask = x.getMask();
		return wrap(data, x.isSparse ? mask : mask.expandAs(data));
	});
for (const name of inPlaceUnaryNames)
	define(name, (x, args) => {
		const data = x.getData();
		call(name, x.isSparse ? data.values() : data, args);
		return x;
	});
for (const name of inPlaceBinaryNames)
	define(name, (x, args) => {
		const data = x.getData();
		const values = other(name, x, args);
		call(name, x.isSparse ? data.values() : data, [values]);
		return x;
	});

/**
 * A masked tensor that is a leaf, with copies of data and mask.
 *
 * @throws TorchError where they do not go together
 * @see https://docs.pytorch.org/docs/stable/masked.html
 *
 * @example
 * const x = torch.masked.maskedTensor(torch.tensor([1.5, 2]), torch.tensor([true, false]));
 * console.log(x); // MaskedTensor(\n  [  1.5000,       --]\n)
 */
export function maskedTensor(
	data: Tensor,
	mask: Tensor,
	options: MaskedTensorOptions = {},
): MaskedTensor {
	return new MaskedTensor(data, mask, options);
}

/**
 * A masked tensor over these very tensors, through which gradients go.
 * @throws TorchError where they do not go together
 * @see https://docs.pytorch.org/docs/stable/masked.html
 */
export function asMaskedTensor(data: Tensor, mask: Tensor): MaskedTensor {
	const parts = checkedParts("asMaskedTensor", data, mask);
	return wrap(parts.data, parts.mask);
}

import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { isImage } from "../tvTensors/wrap.ts";
import { Transform } from "./transform.ts";

/** A class of tensors: `Image`, `Mask`, … */
type Kind = abstract new (...args: never) => Tensor;

/** Leaves everything as it is. */
export class Identity extends Transform {
	protected override apply(image: Tensor): Tensor {
		return image;
	}
}

/**
 * A function as a transform: of images, or of the kinds that are named after it.
 *
 * ```ts
 * new Lambda((image) => image.div(2))({ image: new Image(image), label: 3 });
 * new Lambda((mask) => mask.gt(0), Mask);
 * ```
 */
export class Lambda extends Transform {
	readonly lambd: (input: Tensor) => Tensor;
	/** Those it is for; none: images. */
	readonly kinds: readonly Kind[];

	constructor(lambd: (input: Tensor) => Tensor, ...kinds: Kind[]) {
		super();
		check.callable("Lambda", "lambd", lambd);
		for (const kind of kinds) check.callable("Lambda", "kinds", kind);
		this.lambd = lambd;
		this.kinds = kinds;
	}

	protected override takes(input: Tensor): boolean {
		return this.kinds.length > 0
			? this.kinds.some((kind) => input instanceof kind)
			: isImage(input);
	}

	protected override apply(input: Tensor): Tensor {
		return this.lambd(input);
	}

	override toString(): string {
		const names = [this.lambd, ...this.kinds].map(({ name }) => name);
		return `Lambda(${names.filter(Boolean).join(", ")})`;
	}
}

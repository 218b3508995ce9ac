import { native } from "../../binding.ts";
import * as check from "../../check.ts";
import { fill, isTensor, slotOf } from "../../handle.ts";
import {
	type NestedScalars,
	type TensorOptions,
	tensor,
} from "../../tensor/creation.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { TypedArray } from "../../tensor/typedArray.ts";

/** What a tensor of a kind can be made of: a tensor, whose memory it shares, or numbers. */
export type TVTensorData = Tensor | NestedScalars | TypedArray;

/** Height and width of the image that boxes and points lie in. */
export type CanvasSize = readonly [height: number, width: number];

/**
 * A tensor that says what it stands for, so that transforms know what to do with it: the base of `Image`, `Video`, `Mask`, `BoundingBoxes`
 * and `KeyPoints`. Operators and methods take it as the tensor that it is, and return plain tensors.
 */
export abstract class TVTensor extends Tensor {
	/** Tells the types from each other and from Tensor's. */
	declare protected readonly kind: string;

	constructor(data: TVTensorData, options: TensorOptions = {}) {
		super();
		const { dtype, device } = options;
		const source =
			isTensor(data) && !dtype && !device && !options.requiresGrad
				? (data as Tensor)
				: tensor(data, options);
		alias ??= native.findOperator("aten::alias", "");
		fill(this, native.call(alias, this, slotOf(source)) as number);
		if (source !== data) source.dispose();
	}

	/** @internal How it crosses from a DataLoader's worker. */
	toWorker(): WorkerState {
		return { data: this.detach(), options: { ...this } };
	}

	/** @internal */
	static fromWorker({ data, options }: WorkerState): TVTensor {
		// biome-ignore lint/complexity/noThisInStatic: the kind that was sent
		return Reflect.construct(this, [data, options]);
	}

	override toString(): string {
		const about = Object.entries(this).map(
			([name, value]) => `, ${name}=${JSON.stringify(value)}`,
		);
		return `${this.constructor.name}(${super.toString()}${about.join("")})`;
	}
}

interface WorkerState {
	data: Tensor;
	/** Its own fields, which are the options of its constructor. */
	options: object;
}

let alias: number | undefined;

/** @internal */
export function canvasSizeOf(op: string, size: CanvasSize): CanvasSize {
	check.array(op, "canvasSize", size);
	if (size.length !== 2) {
		throw check.invalidValue(
			op,
			"canvasSize",
			`expected [height, width], got ${JSON.stringify(size)}`,
		);
	}
	for (const side of size) check.integer(op, "canvasSize", side, { min: 0 });
	return [size[0], size[1]];
}

import type { Tensor } from "../../tensor/tensor.ts";
import { ToDtype } from "./conversion.ts";
import { normalizedPixels } from "./functional/normalize.ts";
import { oneByOne } from "./inBatch.ts";
import { Normalize } from "./normalize.ts";
import { Transform } from "./transform.ts";

/** `ToDtype("float32", { scale: true })` and the `Normalize` that follows it: of bytes, in one pass over them. */
class ScaledNormalize extends Transform {
	readonly #scale: ToDtype;
	readonly #normalize: Normalize;

	constructor(scale: ToDtype, normalize: Normalize) {
		super();
		this.#scale = scale;
		this.#normalize = normalize;
	}

	/** @internal */
	override get [oneByOne](): boolean {
		return true;
	}

	protected override apply(image: Tensor): Tensor {
		const { mean, std } = this.#normalize;
		// floats are as they are, and Normalize may be told to change them in place
		const whole =
			image.dtype === "uint8" ? normalizedPixels(image, mean, std) : null;
		if (whole) return whole;
		const scaled = this.#scale(image);
		const result = this.#normalize(scaled);
		if (scaled !== image && scaled !== result) scaled.dispose();
		return result;
	}
}

/** @internal Steps, of which those that are one computation together have become one. */
export function joined<Step>(steps: readonly Step[]): Step[] {
	const result: Step[] = [];
	for (const step of steps) {
		const before = result.at(-1);
		if (scalesToFloats(before) && isNormalize(step)) {
			result[result.length - 1] = new ScaledNormalize(before, step) as Step;
		} else {
			result.push(step);
		}
	}
	return result;
}

// classes of one's own that are made from these may do something else

function scalesToFloats(step: unknown): step is ToDtype {
	return (
		step instanceof ToDtype &&
		step.constructor === ToDtype &&
		step.dtype === "float32" &&
		step.scale
	);
}

function isNormalize(step: unknown): step is Normalize {
	return step instanceof Normalize && step.constructor === Normalize;
}

import { checkTensor } from "../../arguments.ts";
import * as check from "../../check.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { shapeOf } from "./functional/image.ts";
import { Transform } from "./transform.ts";

const op = "LinearTransformation";

/**
 * (image - mean) · matrix, the image flattened: whitening, with the matrix from the data's covariance.
 *
 * @param transformationMatrix [D, D], D = C · H · W
 * @param meanVector [D]
 */
export class LinearTransformation extends Transform {
	readonly transformationMatrix: Tensor;
	readonly meanVector: Tensor;

	constructor(transformationMatrix: Tensor, meanVector: Tensor) {
		super();
		checkTensor(op, "transformationMatrix", transformationMatrix);
		checkTensor(op, "meanVector", meanVector);
		const { shape, dtype, device } = transformationMatrix;
		if (shape.length !== 2 || shape[0] !== shape[1]) {
			throw check.invalidValue(
				op,
				"transformationMatrix",
				`expected a square, got [${shape.join(", ")}]`,
			);
		}
		if (meanVector.ndim !== 1 || meanVector.size(0) !== shape[0]) {
			throw check.invalidValue(
				op,
				"meanVector",
				`expected [${shape[0]}], got [${meanVector.shape.join(", ")}]`,
			);
		}
		if (meanVector.dtype !== dtype || meanVector.device !== device) {
			throw check.invalidValue(
				op,
				"meanVector",
				`expected ${dtype} on ${device} as the matrix is, got ${meanVector.dtype} on ${meanVector.device}`,
			);
		}
		this.transformationMatrix = transformationMatrix;
		this.meanVector = meanVector;
	}

	protected override apply(image: Tensor): Tensor {
		const shape = shapeOf(op, image);
		const [channels, height, width] = shape.slice(-3) as [
			number,
			number,
			number,
		];
		const n = channels * height * width;
		if (n !== this.meanVector.size(0)) {
			throw check.invalidValue(
				op,
				"image",
				`expected ${this.meanVector.size(0)} values, got ${channels} × ${height} × ${width}`,
			);
		}
		return scope(() => {
			const flat = image.reshape([-1, n]).sub(this.meanVector);
			return flat.mm(this.transformationMatrix.to(flat.dtype)).reshape(shape);
		});
	}

	override toString(): string {
		return `${op}(${this.meanVector.size(0)})`;
	}
}

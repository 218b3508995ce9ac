import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { eye } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Device } from "../../types.ts";

/** Fills with one value. */
export function constant_<T extends Tensor>(tensor: T, val: number): T {
	check.number("constant_", "val", val);
	return noGrad(() => tensor.fill_(val));
}

/** Fills with ones. */
export function ones_<T extends Tensor>(tensor: T): T {
	return constant_(tensor, 1);
}

/** Fills with zeros. */
export function zeros_<T extends Tensor>(tensor: T): T {
	return noGrad(() => tensor.zero_());
}

/** Fills a matrix with ones on the diagonal and zeros elsewhere. */
export function eye_<T extends Tensor>(tensor: T): T {
	const [rows, columns] = matrix("eye_", tensor);
	return noGrad(() =>
		tensor.copy_(
			eye(rows, columns, {
				dtype: tensor.dtype,
				device: tensor.device as Device,
			}),
		),
	);
}

/** Fills a convolution's weight (3 to 5 dimensions) so that it passes its input through, in each of `groups`. */
export function dirac_<T extends Tensor>(tensor: T, groups = 1): T {
	check.integer("dirac_", "groups", groups, { min: 1 });
	const [out = 0, inputs = 0, ...kernel] = tensor.shape;
	if (kernel.length < 1 || kernel.length > 3)
		throw check.invalidValue(
			"dirac_",
			"tensor",
			`expected 3, 4 or 5 dimensions, got ${tensor.dim()}`,
		);
	if (out % groups !== 0)
		throw check.invalidValue(
			"dirac_",
			"groups",
			`expected a divisor of ${out}, got ${groups}`,
		);
	const centre = kernel.map((width) => Math.floor(width / 2));
	const perGroup = out / groups;
	return noGrad(() => {
		tensor.zero_();
		for (let group = 0; group < groups; group++) {
			for (let d = 0; d < Math.min(perGroup, inputs); d++)
				tensor.setIndex([group * perGroup + d, d, ...centre], 1);
		}
		return tensor;
	});
}

export function matrix(op: string, tensor: Tensor): [number, number] {
	const [rows, columns] = tensor.shape;
	if (tensor.dim() !== 2)
		throw check.invalidValue(
			op,
			"tensor",
			`expected 2 dimensions, got ${tensor.dim()}`,
		);
	return [rows as number, columns as number];
}

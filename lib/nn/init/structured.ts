import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { diag, randperm } from "../../generated/functions.ts";
import { qr } from "../../generated/linalg.ts";
import type { Generator } from "../../generator.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { optional } from "../arguments.ts";
import { matrix } from "./constant.ts";
import { type Gain, noGenerator, type Random } from "./random.ts";

/** Fills with a (semi-)orthogonal matrix times `gain`; dimensions after the first count as one. */
export function orthogonal_<T extends Tensor>(
	tensor: T,
	gain?: number,
	generator?: Generator,
): T;
export function orthogonal_<T extends Tensor>(tensor: T, options: Gain): T;
export function orthogonal_<T extends Tensor>(
	tensor: T,
	...rest: unknown[]
): T {
	const { gain, generator } = optional(
		"orthogonal_",
		{ gain: 1, generator: noGenerator },
		rest,
	);
	if (tensor.dim() < 2)
		throw check.invalidValue(
			"orthogonal_",
			"tensor",
			`expected 2 or more dimensions, got ${tensor.dim()}`,
		);
	if (tensor.numel() === 0) return tensor;
	return noGrad(() => {
		const rows = tensor.size(0);
		const columns = tensor.numel() / rows;
		const drawn = tensor.newEmpty([rows, columns]).normal_(0, 1, { generator });
		const [q, r] = qr(rows < columns ? drawn.t() : drawn);
		// Signs that make Q uniform over all orthogonal matrices: https://arxiv.org/pdf/math-ph/0609050.pdf
		const signed = q.mul(diag(r, 0).sign());
		tensor.copy_((rows < columns ? signed.t() : signed).reshape(tensor.shape));
		return tensor.mul_(gain);
	});
}

/** Fills a matrix with N(0, std²), std 0.01 by default, but a fraction `sparsity` of each column with zeros. */
export function sparse_<T extends Tensor>(
	tensor: T,
	sparsity: number,
	std?: number,
	generator?: Generator,
): T;
export function sparse_<T extends Tensor>(
	tensor: T,
	sparsity: number,
	options: Random & { std?: number | undefined },
): T;
export function sparse_<T extends Tensor>(
	tensor: T,
	sparsity: number,
	...rest: unknown[]
): T {
	const { std, generator } = optional(
		"sparse_",
		{ std: 0.01, generator: noGenerator },
		rest,
	);
	check.number("sparse_", "sparsity", sparsity);
	const [rows, columns] = matrix("sparse_", tensor);
	const zeros = Math.ceil(sparsity * rows);
	return noGrad(() => {
		tensor.normal_(0, std, { generator });
		// As in PyTorch, the zeros are drawn from the default generator.
		for (let column = 0; column < columns; column++)
			tensor.setIndex([randperm(rows).narrow(0, 0, zeros), column], 0);
		return tensor;
	});
}

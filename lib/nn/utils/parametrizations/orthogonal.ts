import { noGrad } from "../../../autograd/index.ts";
import * as check from "../../../check.ts";
import { TorchError } from "../../../errors.ts";
import {
	allclose,
	cat,
	eye,
	geqrf,
	matrixExp,
	randn,
	where,
	zerosLike,
} from "../../../generated/functions.ts";
import { householderProduct, solve } from "../../../generated/linalg.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { type Optional, optional } from "../../arguments.ts";
import { type AnyModule, Module } from "../../module.ts";
import { Buffer } from "../../parameter.ts";
import { registerParametrization } from "../parametrize/index.ts";
import { weightOf } from "./spectralNorm.ts";

const maps = ["matrix_exp", "cayley", "householder"] as const;
type OrthogonalMap = (typeof maps)[number];

const precision: { readonly [dtype: string]: number } = {
	float32: 2 ** -23,
	complex64: 2 ** -23,
	float64: 2 ** -52,
	complex128: 2 ** -52,
};

function isOrthogonal(q: Tensor): boolean {
	const [n, k] = [q.size(-2), q.size(-1)];
	const one = eye(k, { dtype: q.dtype, device: q.device });
	const atol = 10 * n * (precision[q.dtype] ?? 2 ** -7);
	return allclose(q.mH.matmul(q), one, { atol });
}

/** The Q of a QR decomposition whose R has a positive diagonal. */
function makeOrthogonal(a: Tensor): Tensor {
	const [x, tau] = geqrf(a);
	const q = householderProduct(x, tau);
	return q.mul(x.diagonal(0, -2, -1).sgn().unsqueeze(-2));
}

/** An orthogonal (unitary) matrix, or batch of them, from any one of its shape. */
class _Orthogonal extends Module<[Tensor], Tensor> {
	readonly shape: readonly number[];
	readonly orthogonalMap: OrthogonalMap;
	/** What the map's result is multiplied by, so that each orthogonal matrix can be reached; only with trivialization. */
	declare base?: Buffer | null;

	constructor(
		weight: Tensor,
		orthogonalMap: OrthogonalMap,
		useTrivialization: boolean,
	) {
		super();
		this.shape = weight.shape;
		this.orthogonalMap = orthogonalMap;
		if (useTrivialization) this.base = null;
	}

	override forward(given: Tensor): Tensor {
		const isWide = given.size(-2) < given.size(-1);
		const x = isWide ? given.mT : given; // [..., n, k], n ≥ k
		const mapped =
			this.orthogonalMap === "householder"
				? byReflections(x)
				: this.bySkewMatrix(x);
		const q = this.base ? this.base.matmul(mapped) : mapped;
		return isWide ? q.mT : q;
	}

	private bySkewMatrix(x: Tensor): Tensor {
		const [n, k] = [x.size(-2), x.size(-1)];
		const lower = x.tril();
		const square =
			n === k
				? lower
				: cat(
						[
							lower,
							x
								.newZeros([n, n - k])
								.expand([...x.shape.slice(0, -2), n, n - k]),
						],
						-1,
					);
		const skew = square.sub(square.mH);
		if (this.orthogonalMap === "matrix_exp") return part(matrixExp(skew), k);
		const one = eye(n, { dtype: skew.dtype, device: skew.device });
		return part(
			solve(one.add(skew, { alpha: -0.5 }), one.add(skew, { alpha: 0.5 })),
			k,
		);
	}

	rightInverse(given: Tensor): Tensor {
		if (given.shape.join() !== this.shape.join())
			throw check.invalidValue(
				"orthogonal",
				"value",
				`Expected a matrix or batch of matrices of shape [${this.shape.join(", ")}]. Got a tensor of shape [${given.shape.join(", ")}].`,
			);
		return noGrad(() => {
			const isWide = given.size(-2) < given.size(-1);
			const q = isWide ? given.mT : given;
			const [n, k] = [q.size(-2), q.size(-1)];
			if (this.base === undefined) {
				if (this.orthogonalMap !== "householder")
					throw new TorchError(
						"It is not possible to assign to the matrix exponential or the Cayley parametrizations when useTrivialization is false.",
						{ code: "ERR_NOT_IMPLEMENTED", op: "orthogonal" },
					);
				const [a, tau] = geqrf(q);
				const diagonal = a.diagonal(0, -2, -1).sign_();
				diagonal.mul_(where(tau.eq(0), -1, 1));
				return isWide ? a.mT : a;
			}
			if (n !== k) {
				const noise = randn([...q.shape.slice(0, -2), n, n - k], {
					dtype: q.dtype,
					device: q.device,
				});
				this.base = new Buffer(makeOrthogonal(cat([q, noise], -1)));
			} else
				this.base = new Buffer(isOrthogonal(q) ? q.clone() : makeOrthogonal(q));
			const minusOne = zerosLike(given);
			minusOne.diagonal(0, -2, -1).fill_(-1);
			return minusOne;
		});
	}
}

/** The product of the Householder reflections that the columns below the diagonal stand for. */
function byReflections(x: Tensor): Tensor {
	const a = x.tril(-1);
	const tau = a.mul(a).sum(-2).add(1).reciprocal().mul(2);
	const q = householderProduct(a, tau);
	return q.mul(x.diagonal(0, -2, -1).int().unsqueeze(-2));
}

function part(q: Tensor, columns: number): Tensor {
	return q.size(-1) === columns ? q : q.narrow(-1, 0, columns);
}

/**
 * Keeps a weight orthogonal (unitary if complex): a matrix with fewer rows than columns has orthonormal rows, else orthonormal columns.
 *
 * @param rest name ("weight"), orthogonalMap (null: "matrix_exp" for square and complex ones, else "householder"; or "cayley"),
 * useTrivialization (true: the weight can be set to any orthogonal matrix, at the cost of a buffer)
 * @returns the module
 * @see torch.nn.utils.parametrizations.orthogonal
 * @example
 * const layer = nn.utils.parametrizations.orthogonal(new nn.Linear(20, 40));
 */
export function orthogonal<Parent extends AnyModule>(
	module: Parent,
	...rest: Optional<
		{
			name: string;
			orthogonalMap: OrthogonalMap | null;
			useTrivialization: boolean;
		},
		["name", "orthogonalMap", "useTrivialization"]
	>
): Parent {
	const op = "orthogonal";
	const { name, orthogonalMap, useTrivialization } = optional(
		op,
		{
			name: "weight",
			orthogonalMap: null as OrthogonalMap | null,
			useTrivialization: true,
		},
		rest,
	);
	check.boolean(op, "useTrivialization", useTrivialization);
	const weight = weightOf(op, module, name);
	if (weight.dim() < 2)
		throw check.invalidValue(
			op,
			"name",
			`Expected a matrix or batch of matrices. Got a tensor of ${weight.dim()} dimensions.`,
		);
	const isSquare = weight.size(-2) === weight.size(-1);
	const map =
		orthogonalMap ??
		(isSquare || weight.isComplex() ? "matrix_exp" : "householder");
	check.oneOf(op, "orthogonalMap", map, maps);
	if (map === "householder" && weight.isComplex())
		throw check.invalidValue(
			op,
			"orthogonalMap",
			"The householder parametrization does not support complex tensors.",
		);
	return registerParametrization(
		module,
		name,
		new _Orthogonal(weight, map, useTrivialization),
		{ unsafe: true },
	);
}

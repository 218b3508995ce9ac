import { noGrad } from "../../../autograd/index.ts";
import * as check from "../../../check.ts";
import { mv } from "../../../generated/functions.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { type Optional, optional } from "../../arguments.ts";
import { normalize } from "../../functional/index.ts";
import { type AnyModule, Module } from "../../module.ts";
import {
	ConvTranspose1d,
	ConvTranspose2d,
	ConvTranspose3d,
} from "../../modules/index.ts";
import { Buffer } from "../../parameter.ts";
import { memberOf } from "../members.ts";
import { registerParametrization } from "../parametrize/index.ts";

/** A weight divided by its greatest singular value, which power iterations find. */
class _SpectralNorm extends Module<[weight: Tensor], Tensor> {
	readonly dim: number;
	readonly eps: number;
	readonly nPowerIterations: number;
	/** The singular vectors; none for a weight of one dimension. */
	declare readonly _u?: Buffer;
	declare readonly _v?: Buffer;

	constructor(
		weight: Tensor,
		nPowerIterations: number,
		dim: number,
		eps: number,
	) {
		super();
		this.dim = dim < 0 ? dim + weight.dim() : dim;
		this.eps = eps;
		this.nPowerIterations = nPowerIterations;
		if (weight.dim() === 1) return;
		const matrix = noGrad(() => this.matrix(weight));
		const [height, width] = matrix.shape as [number, number];
		const [u, v] = [height, width].map((size) =>
			matrix.detach().newEmpty([size]).normal_(0, 1),
		) as [Tensor, Tensor];
		this._u = new Buffer(normalize(u, { dim: 0, eps }));
		this._v = new Buffer(normalize(v, { dim: 0, eps }));
		this.iterate(matrix, this._u, this._v, 15);
	}

	/** [size of dim, all others] */
	private matrix(weight: Tensor): Tensor {
		const others = Array.from({ length: weight.dim() }, (_, d) => d).filter(
			(d) => d !== this.dim,
		);
		const first =
			this.dim === 0 ? weight : weight.permute([this.dim, ...others]);
		return first.flatten(1);
	}

	private iterate(matrix: Tensor, u: Tensor, v: Tensor, times: number): void {
		const options = { dim: 0, eps: this.eps };
		noGrad(() => {
			for (let i = 0; i < times; i++) {
				u.copy_(normalize(mv(matrix, v), options));
				v.copy_(normalize(mv(matrix.adjoint(), u), options));
			}
		});
	}

	override forward(weight: Tensor): Tensor {
		const { _u, _v, eps } = this;
		if (_u === undefined || _v === undefined)
			return normalize(weight, { dim: 0, eps });
		const matrix = this.matrix(weight);
		if (this.training) this.iterate(matrix, _u, _v, this.nPowerIterations);
		// The next iteration changes them, but backward needs these.
		const [u, v] = [_u.clone(), _v.clone()];
		return weight.div(u.vdot(mv(matrix, v)));
	}

	rightInverse(value: Tensor): Tensor {
		return value;
	}
}

/**
 * Divides a weight by its greatest singular value, as in "Spectral Normalization for Generative Adversarial Networks". In training each
 * reading makes `nPowerIterations` more.
 *
 * @param rest name ("weight"), nPowerIterations (1), eps (1e-12), dim (null: 1 for transposed convolutions, else 0: the outputs')
 * @returns the module
 * @see torch.nn.utils.parametrizations.spectral_norm
 * @example
 * const layer = nn.utils.parametrizations.spectralNorm(new nn.Linear(20, 40));
 */
export function spectralNorm<Parent extends AnyModule>(
	module: Parent,
	...rest: Optional<
		{ name: string; nPowerIterations: number; eps: number; dim: number | null },
		["name", "nPowerIterations", "eps", "dim"]
	>
): Parent {
	const op = "spectralNorm";
	const values = optional(
		op,
		{
			name: "weight",
			nPowerIterations: 1,
			eps: 1e-12,
			dim: null as number | null,
		},
		rest,
	);
	const { name, nPowerIterations, eps } = values;
	check.integer(op, "nPowerIterations", nPowerIterations, { min: 1 });
	check.number(op, "eps", eps);
	const weight = weightOf(op, module, name);
	const isTransposed =
		(module as unknown) instanceof ConvTranspose1d ||
		(module as unknown) instanceof ConvTranspose2d ||
		(module as unknown) instanceof ConvTranspose3d;
	const dim = values.dim ?? (isTransposed ? 1 : 0);
	const dims = weight.dim();
	check.integer(op, "dim", dim, { min: -dims, max: dims - 1 });
	const parametrization = new _SpectralNorm(weight, nPowerIterations, dim, eps);
	return registerParametrization(module, name, parametrization);
}

/** The tensor that is to be parametrized, or is already. */
export function weightOf(op: string, module: AnyModule, name: string): Tensor {
	check.string(op, "name", name);
	const weight =
		memberOf(module, name)?.get() ??
		(module as unknown as Record<string, unknown>)[name];
	if (weight instanceof Tensor) return weight;
	throw check.invalidValue(
		op,
		"name",
		`${module.constructor.name} has no parameter or buffer with name "${name}"`,
	);
}

import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { dot, mv } from "../../generated/functions.ts";
import { multiDot, pinv } from "../../generated/linalg.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Optional, optional } from "../arguments.ts";
import { normalize } from "../functional/index.ts";
import type { AnyModule } from "../module.ts";
import {
	ConvTranspose1d,
	ConvTranspose2d,
	ConvTranspose3d,
} from "../modules/index.ts";
import { stateName } from "../names.ts";
import { Buffer, type Parameter } from "../parameter.ts";
import type { StateDict } from "../stateDict.ts";
import { beside } from "./members.ts";
import {
	type Fields,
	parameterField,
	Recomputed,
	recompute,
	stopRecomputing,
} from "./recomputed.ts";

/** A weight divided by its greatest singular value, which power iterations find. */
class SpectralNorm extends Recomputed {
	readonly op = "spectralNorm";
	readonly dim: number;
	readonly nPowerIterations: number;
	readonly eps: number;

	constructor(
		field: string,
		dim: number,
		nPowerIterations: number,
		eps: number,
	) {
		super(field);
		this.dim = dim;
		this.nPowerIterations = nPowerIterations;
		this.eps = eps;
	}

	/** [size of dim, all others] */
	private matrix(weight: Tensor): Tensor {
		const first = this.dim === 0 ? weight : weight.movedim(this.dim, 0);
		return first.reshape([first.size(0), -1]);
	}

	private unit(x: Tensor): Tensor {
		return normalize(x, { dim: 0, eps: this.eps });
	}

	override replace(fields: Fields, weight: Parameter): void {
		const [height, width] = this.matrix(weight.detach()).shape;
		const random = (size = 0) =>
			new Buffer(this.unit(weight.detach().newEmpty([size]).normal_(0, 1)));
		fields[beside(this.field, "Orig")] = weight;
		fields[beside(this.field, "U")] = random(height);
		fields[beside(this.field, "V")] = random(width);
	}

	override compute(fields: Fields, isCalled: boolean): Tensor {
		const weight = fields[beside(this.field, "Orig")] as Parameter;
		const u = fields[beside(this.field, "U")] as Tensor;
		const v = fields[beside(this.field, "V")] as Tensor;
		const matrix = this.matrix(weight);
		const asItIs = () => weight.div(dot(u, mv(matrix, v)));
		if (!isCalled) return noGrad(asItIs);
		if (fields.training !== true) return asItIs();
		noGrad(() => {
			for (let i = 0; i < this.nPowerIterations; i++) {
				v.copy_(this.unit(mv(matrix.t(), u)));
				u.copy_(this.unit(mv(matrix, v)));
			}
		});
		// The next iteration changes them, but backward needs these.
		return weight.div(dot(u.clone(), mv(matrix, v.clone())));
	}

	override clear(fields: Fields): void {
		for (const suffix of ["Orig", "U", "V"])
			delete fields[beside(this.field, suffix)];
	}

	/** State dicts of PyTorch before 1.0 have the weight, and not the vector v with u = normalize(W v). */
	adopt(state: StateDict, prefix: string): void {
		const key = prefix + stateName(this.field);
		const { [key]: weight, [`${key}_orig`]: original, [`${key}_u`]: u } = state;
		if (!weight || !original || !u) return;
		delete state[key];
		noGrad(() => {
			const matrix = this.matrix(original);
			const sigma = original.div(weight).mean();
			const inverse = pinv(matrix.t().mm(matrix));
			const solved = multiDot([inverse, matrix.t(), u.unsqueeze(1)]).squeeze(1);
			const scale = sigma.div(dot(u, mv(matrix, solved)));
			state[`${key}_v`] = solved.mul(scale);
		});
	}
}

const defaults = {
	name: "weight",
	nPowerIterations: 1,
	eps: 1e-12,
	dim: null as number | null,
};

/**
 * PyTorch's older spectral norm, for models whose checkpoints have `weight_orig`, `weight_u` and `weight_v`: `weight` is computed anew before
 * every call, `weight_orig` divided by its greatest singular value, after `nPowerIterations` more in training. New models take
 * `parametrizations.spectralNorm`.
 *
 * @param rest name ("weight"), nPowerIterations (1), eps (1e-12), dim (null: 1 for transposed convolutions, else 0: the outputs')
 * @returns the module
 * @throws TorchError where the module has no such parameter
 * @see torch.nn.utils.spectral_norm
 * @example
 * const layer = nn.utils.spectralNorm(new nn.Linear(20, 40));
 */
export function spectralNorm<Parent extends AnyModule>(
	module: Parent,
	...rest: Optional<typeof defaults, ["name", "nPowerIterations", "eps", "dim"]>
): Parent {
	const op = "spectralNorm";
	const given = optional(op, defaults, rest);
	const { name, nPowerIterations, eps } = given;
	check.integer(op, "nPowerIterations", nPowerIterations, { min: 1 });
	check.number(op, "eps", eps);
	const { field, weight } = parameterField(op, module, name);
	const each: unknown = module;
	const isTransposed =
		each instanceof ConvTranspose1d ||
		each instanceof ConvTranspose2d ||
		each instanceof ConvTranspose3d;
	const dim = given.dim ?? (isTransposed ? 1 : 0);
	check.integer(op, "dim", dim, { min: 0, max: weight.dim() - 1 });
	const how = new SpectralNorm(field, dim, nPowerIterations, eps);
	recompute(module, how);
	module.registerLoadStateDictPreHook((_, state, prefix) =>
		how.adopt(state, prefix),
	);
	return module;
}

/**
 * Takes `spectralNorm` away again: `weight` is a parameter, as it is now.
 *
 * @returns the module
 * @throws TorchError where it is not there
 * @see torch.nn.utils.remove_spectral_norm
 */
export function removeSpectralNorm<Parent extends AnyModule>(
	module: Parent,
	name = "weight",
): Parent {
	stopRecomputing("removeSpectralNorm", module, name, SpectralNorm);
	return module;
}

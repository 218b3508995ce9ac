import { TorchError } from "../../errors.ts";
import { svd } from "../../generated/linalg.ts";
import { keep, scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Settings } from "./options.ts";

const op = "ImageDataGenerator";
const epsilon = 1e-6;

/** What `fit` finds out about images. */
export class Statistics {
	/** [C, 1, 1]; null before `fit`, and where it is not needed. */
	mean: Tensor | null = null;
	/** [C, 1, 1] */
	std: Tensor | null = null;
	/** [C · H · W, C · H · W] */
	zcaWhiteningMatrix: Tensor | null = null;
	readonly #settings: Settings;

	constructor(settings: Settings) {
		this.#settings = settings;
	}

	/** Of float32 images [N, C, H, W], rescaled and augmented already. */
	fit(images: Tensor): void {
		const { featurewiseCenter, featurewiseStdNormalization, zcaWhitening } =
			this.#settings;
		scope(() => {
			let x = images;
			const channels = x.size(1);
			const perChannel = (values: Tensor): Tensor =>
				keep(values.reshape([channels, 1, 1]));
			if (featurewiseCenter) {
				this.mean = perChannel(x.mean([0, 2, 3]));
				x = x.sub(this.mean);
			}
			if (featurewiseStdNormalization) {
				this.std = perChannel(x.std([0, 2, 3], { correction: 0 }));
				x = x.div(this.std.add(epsilon));
			}
			if (zcaWhitening) this.zcaWhiteningMatrix = keep(this.#whitening(x));
		});
	}

	#whitening(x: Tensor): Tensor {
		const count = x.size(0);
		const [u, s] = svd(x.reshape([count, -1]).t(), { fullMatrices: false });
		const inverse = s.add(this.#settings.zcaEpsilon).reciprocal();
		return u.mul(inverse.mul(Math.sqrt(count))).matmul(u.t());
	}

	/** float32 images [..., C, H, W] as a model sees them; samplewise statistics are those of all of `x`. */
	standardize(x: Tensor): Tensor {
		const settings = this.#settings;
		return scope(() => {
			let y = settings.preprocessingFunction?.(x) ?? x;
			if (settings.rescale !== null) y = y.mul(settings.rescale);
			if (settings.samplewiseCenter) y = y.sub(y.mean());
			if (settings.samplewiseStdNormalization) {
				y = y.div(y.std({ correction: 0 }).add(epsilon));
			}
			if (settings.featurewiseCenter) {
				y = y.sub(fitted("featurewiseCenter", this.mean));
			}
			if (settings.featurewiseStdNormalization) {
				const std = fitted("featurewiseStdNormalization", this.std);
				y = y.div(std.add(epsilon));
			}
			if (settings.zcaWhitening) {
				const matrix = fitted("zcaWhitening", this.zcaWhiteningMatrix);
				y = y
					.reshape([-1, matrix.size(0)])
					.matmul(matrix)
					.reshape(y.shape);
			}
			return y;
		});
	}
}

function fitted(argument: string, found: Tensor | null): Tensor {
	if (found) return found;
	throw new TorchError("needs statistics: call fit(images) first", {
		code: "ERR_INVALID_ARG_VALUE",
		op,
		argument,
	});
}

import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import { privateOperator } from "../../../operator.ts";
import { tensor } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { Video } from "../../tvTensors/image.ts";
import { checkPositive } from "../functional/colour/pixels.ts";
import type { Random } from "../random.ts";
import { type AutoOptions, AutoTransform, type Step } from "./base.ts";
import { strength } from "./randAugment.ts";
import {
	type Choice,
	colour,
	geometry,
	levels,
	type Strength,
} from "./space.ts";

const op = "AugMix";
const bins = 10;

export interface AugMixOptions extends AutoOptions {
	/** How strong operations are at most, from 1 to 10. Default 3. */
	severity: number;
	/** How many chains of operations are mixed. Default 3. */
	mixtureWidth: number;
	/** Operations in a chain; below 1 it is drawn from 1 to 3 for each chain. Default -1. */
	chainDepth: number;
	/** Of the distributions that weights are drawn from. Default 1. */
	alpha: number;
	/** Whether brightness, contrast, colour and sharpness are among the operations. Default true. */
	allOps: boolean;
}

interface Parameters {
	/** Of the image, and of each chain: [N, 1, …, 1]. */
	weights: Tensor[];
	chains: Step[][];
}

const sampleDirichlet = privateOperator("_sample_dirichlet") as (
	concentrations: Tensor,
	generator: null,
) => Tensor;

const mixed: Strength = {
	...strength,
	translateX: ({ width }) => width / 3,
	translateY: ({ height }) => height / 3,
	posterize: [4, 4],
};
const some: readonly Choice[] = [...geometry(mixed), ...levels(mixed)];
const all: readonly Choice[] = [...some, ...colour(mixed)];

const defaults: AugMixOptions = {
	severity: 3,
	mixtureWidth: 3,
	chainDepth: -1,
	alpha: 1,
	allOps: true,
	interpolation: "bilinear",
	fill: null,
};

/**
 * Mixes an image with what several chains of random operations make of it. Each image of a batch [N, C, H, W] has its own weights, and a video
 * (`Video`) one for all its frames.
 *
 * ```ts
 * new AugMix({ severity: 5 })(image);
 * ```
 *
 * @see Hendrycks et al., AugMix, https://arxiv.org/abs/1912.02781
 */
export class AugMix extends AutoTransform<Parameters> {
	readonly severity: number;
	readonly mixtureWidth: number;
	readonly chainDepth: number;
	readonly alpha: number;
	readonly allOps: boolean;

	constructor(
		...args: Optional<
			AugMixOptions,
			[
				"severity",
				"mixtureWidth",
				"chainDepth",
				"alpha",
				"allOps",
				"interpolation",
				"fill",
			]
		>
	) {
		const given = optional(op, defaults, args);
		super(given);
		const { severity, mixtureWidth, chainDepth, alpha, allOps } = given;
		check.integer(op, "severity", severity, { min: 1, max: bins });
		check.integer(op, "mixtureWidth", mixtureWidth, { min: 1 });
		check.integer(op, "chainDepth", chainDepth);
		checkPositive(op, "alpha", alpha);
		check.boolean(op, "allOps", allOps);
		this.severity = severity;
		this.mixtureWidth = mixtureWidth;
		this.chainDepth = chainDepth;
		this.alpha = alpha;
		this.allOps = allOps;
	}

	protected override draw(
		random: Random,
		inputs: readonly Tensor[],
	): Parameters {
		const size = this.sizeOf(inputs);
		const image = inputs[0] as Tensor;
		const { device } = image;
		const dimensions = Math.max(image.dim(), leastDimensions(image));
		const count = image.dim() < dimensions ? 1 : image.size(0);
		const draws = (width: number): Tensor => {
			const alphas = Array(width).fill(this.alpha) as number[];
			const row = tensor(alphas, { dtype: "float32", device });
			return sampleDirichlet(row.expand([count, -1]), null);
		};
		const weights = scope(() => {
			const [kept, rest] = draws(2).split(1, 1) as [Tensor, Tensor];
			const each = draws(this.mixtureWidth).mul(rest).split(1, 1);
			const ones = Array(dimensions - 1).fill(1) as number[];
			return [kept, ...each].map((weight) => weight.reshape([count, ...ones]));
		});
		const choices = this.allOps ? all : some;
		const chains = Array.from({ length: this.mixtureWidth }, () => {
			const { chainDepth } = this;
			const depth = chainDepth > 0 ? chainDepth : random.integer(1, 4);
			return Array.from({ length: depth }, () => {
				const choice = choices[random.integer(choices.length)] as Choice;
				return this.step(random, choice, bins, size, () =>
					random.integer(this.severity),
				);
			});
		});
		return { weights, chains };
	}

	protected override apply(
		image: Tensor,
		{ weights, chains }: Parameters,
	): Tensor {
		const { shape } = image;
		const missing = Math.max(leastDimensions(image) - shape.length, 0);
		return scope(() => {
			const ones = Array(missing).fill(1) as number[];
			const batch = image.reshape([...ones, ...shape]);
			const [kept, ...each] = weights as [Tensor, ...Tensor[]];
			const mix = kept.mul(batch);
			chains.forEach((steps, i) => {
				const weight = each[i] as Tensor;
				mix.add_(scope(() => weight.mul(this.run(batch, steps))));
			});
			return mix.reshape(shape).to(image.dtype);
		});
	}
}

function leastDimensions(image: Tensor): number {
	return image instanceof Video ? 5 : 4;
}

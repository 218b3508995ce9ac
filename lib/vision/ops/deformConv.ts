import { checkTensor } from "../../arguments.ts";
import * as check from "../../check.ts";
import { arange, empty, stack } from "../../generated/functions.ts";
import { sizes } from "../../nn/arguments.ts";
import * as F from "../../nn/functional/index.ts";
import * as nn from "../../nn/index.ts";
import {
	FACTORY,
	flag,
	nullable,
	settings,
	unchecked,
	whole,
} from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Device } from "../../types.ts";

/** A number, or [height, width]. */
type Size2d = number | readonly [number, number];

export interface DeformConvOptions {
	/** Default 1. */
	stride?: Size2d | undefined;
	/** Zeros on both sides. Default 0. */
	padding?: Size2d | undefined;
	/** Distance between the kernel's points. Default 1. */
	dilation?: Size2d | undefined;
}

/**
 * A convolution whose kernel's points are moved, at every place, by offsets (version 1), and weighted by a mask (version 2).
 *
 * @param input [N, C, H, W]
 * @param offset [N, 2 · groups · kh · kw, H', W']: for each point how far down, then how far right; `groups` of channels have their own
 * @param weight [outChannels, C / weight groups, kh, kw]
 * @param bias [outChannels] or null
 * @param options `stride`, `padding`, `dilation`, and `mask` [N, groups · kh · kw, H', W']
 * @returns [N, outChannels, H', W']; differentiable by all tensors
 * @see https://arxiv.org/abs/1703.06211, https://arxiv.org/abs/1811.11168
 */
export function deformConv2d(
	input: Tensor,
	offset: Tensor,
	weight: Tensor,
	bias: Tensor | null = null,
	options: DeformConvOptions & { mask?: Tensor | null | undefined } = {},
): Tensor {
	const op = "deformConv2d";
	const tensors = { input, offset, weight };
	for (const [name, value] of Object.entries(tensors)) {
		checkTensor(op, name, value);
		if (value.dim() !== 4)
			throw check.invalidValue(
				op,
				name,
				`expected 4 dimensions, got [${value.shape.join(", ")}]`,
			);
	}
	const given = settings(op, options, {
		stride: unchecked<Size2d>(1),
		padding: unchecked<Size2d>(0),
		dilation: unchecked<Size2d>(1),
		mask: nullable(unchecked<Tensor | null>(null)),
	});
	const stride = sizes(op, "stride", given.stride, 2, { min: 1 });
	const padding = sizes(op, "padding", given.padding, 2);
	const dilation = sizes(op, "dilation", given.dilation, 2, { min: 1 });
	const [n, channels, ...size] = input.shape as [
		number,
		number,
		number,
		number,
	];
	const [outputs, perGroup, ...kernel] = weight.shape as [
		number,
		number,
		number,
		number,
	];
	const points = kernel[0] * kernel[1];
	const out = size.map((length, i) => {
		const reach = (dilation[i] as number) * ((kernel[i] as number) - 1) + 1;
		const room = length + 2 * (padding[i] as number) - reach;
		return Math.floor(room / (stride[i] as number)) + 1;
	}) as [number, number];
	const groups = offset.size(1) / (2 * points);
	const shape = (name: string, value: Tensor, wanted: number[]) => {
		if (value.shape.join() !== wanted.join())
			throw check.invalidValue(
				op,
				name,
				`expected [${wanted.join(", ")}], got [${value.shape.join(", ")}]`,
			);
	};
	if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0)
		throw check.invalidValue(
			op,
			"offset",
			`expected 2 · groups · ${kernel.join(" · ")} channels, with groups that divide ${channels}, got ${offset.size(1)}`,
		);
	if (channels % perGroup !== 0 || outputs % (channels / perGroup) !== 0)
		throw check.invalidValue(
			op,
			"weight",
			`expected groups that divide ${channels} and ${outputs} channels, got [${weight.shape.join(", ")}]`,
		);
	shape("offset", offset, [n, 2 * groups * points, ...out]);
	if (bias !== null) shape("bias", bias, [outputs]);
	const { mask } = given;
	if (mask !== null) shape("mask", mask, [n, groups * points, ...out]);

	// [N, groups, points, H', W']: where each point of the kernel is
	const [down, across] = offset
		.reshape([n, groups, points, 2, ...out])
		.unbind(3) as [Tensor, Tensor];
	const factory = { dtype: input.dtype, device: input.device as Device };
	const grid = (axis: 0 | 1) =>
		arange(out[axis], factory)
			.mul(stride[axis] as number)
			.sub(padding[axis] as number);
	const tap = (axis: 0 | 1) =>
		arange(kernel[axis] as number, factory).mul(dilation[axis] as number);
	const rows = tap(0).repeatInterleave(kernel[1]).reshape([points, 1, 1]);
	const columns = tap(1).repeat([kernel[0]]).reshape([points, 1, 1]);
	const y = down.add(rows).add(grid(0).unsqueeze(1));
	const x = across.add(columns).add(grid(1));

	const [height, width] = size as [number, number];
	const vertical = corners(y, height);
	const horizontal = corners(x, width);
	const images = arange(n * groups, { dtype: "int64", device: factory.device })
		.mul(height * width)
		.reshape([n, groups, 1, 1, 1]);
	const indices: Tensor[] = [];
	const shares: Tensor[] = [];
	for (const [row, rowShare] of vertical)
		for (const [column, columnShare] of horizontal) {
			indices.push(row.mul(width).add(column).add(images));
			shares.push(rowShare.mul(columnShare));
		}
	const table = input
		.reshape([n, groups, channels / groups, height, width])
		.permute([0, 1, 3, 4, 2])
		.reshape([-1, channels / groups]);
	let sampled = F.embeddingBag(stack(indices, -1).reshape([-1, 4]), table, {
		mode: "sum",
		perSampleWeights: stack(shares, -1).reshape([-1, 4]),
	}).reshape([n, groups, points, out[0] * out[1], channels / groups]);
	if (mask !== null)
		sampled = sampled.mul(mask.reshape([n, groups, points, -1, 1]));
	const weightGroups = channels / perGroup;
	const taps = sampled
		.permute([0, 1, 4, 2, 3])
		.reshape([n, weightGroups, perGroup * points, out[0] * out[1]]);
	const result = weight
		.reshape([weightGroups, outputs / weightGroups, perGroup * points])
		.matmul(taps)
		.reshape([n, outputs, ...out]);
	return bias === null ? result : result.add(bias.reshape([-1, 1, 1]));
}

/** The two places on each side of positions, and the positions' shares of them: 0 beyond the edge. */
function corners(at: Tensor, size: number): [place: Tensor, share: Tensor][] {
	const low = at.detach().floor();
	const highShare = at.sub(low);
	const inside = (place: Tensor, share: Tensor): [Tensor, Tensor] => {
		const isThere = place.ge(0).logicalAnd(place.le(size - 1));
		return [
			place.clamp({ min: 0, max: size - 1 }).to("int64"),
			share.mul(isThere.to(at.dtype)),
		];
	};
	return [inside(low, highShare.neg().add(1)), inside(low.add(1), highShare)];
}

export interface DeformConv2dOptions
	extends DeformConvOptions,
		nn.FactoryOptions {
	/** Groups of channels that see each other. Default 1. */
	groups?: number | undefined;
	/** Whether a bias is learnt and added. Default true. */
	bias?: boolean | undefined;
}

/** `deformConv2d` with a weight and a bias of its own; offsets and mask are inputs. */
export class DeformConv2d extends nn.Module<
	[input: Tensor, offset: Tensor, mask?: Tensor | null],
	Tensor
> {
	readonly stride: Size2d;
	readonly padding: Size2d;
	readonly dilation: Size2d;
	weight: nn.Parameter; // [outChannels, inChannels / groups, kh, kw]
	bias: nn.Parameter | null; // [outChannels]

	constructor(
		inChannels: number,
		outChannels: number,
		kernelSize: Size2d,
		options: DeformConv2dOptions = {},
	) {
		super();
		const op = new.target.name;
		const given = settings(op, options, {
			stride: unchecked<Size2d>(1),
			padding: unchecked<Size2d>(0),
			dilation: unchecked<Size2d>(1),
			groups: whole(1, { min: 1 }),
			bias: flag(true),
			...FACTORY,
		});
		const { groups, device, dtype } = given;
		for (const [name, value] of Object.entries({ inChannels, outChannels }))
			if (check.integer(op, name, value, { min: 1 }) % groups !== 0)
				throw check.invalidValue(
					op,
					name,
					`expected a multiple of groups (${groups}), got ${value}`,
				);
		const kernel = sizes(op, "kernelSize", kernelSize, 2, { min: 1 });
		this.stride = given.stride;
		this.padding = given.padding;
		this.dilation = given.dilation;
		const shape = [outChannels, inChannels / groups, ...kernel];
		this.weight = new nn.Parameter(empty(shape, { device, dtype }));
		this.bias = given.bias
			? new nn.Parameter(empty([outChannels], { device, dtype }))
			: null;
		this.resetParameters();
	}

	/** Draws weight and bias anew. */
	resetParameters(): void {
		nn.init.kaimingUniform_(this.weight, { a: Math.sqrt(5) });
		if (this.bias === null) return;
		const { fanIn } = nn.init.calculateFanInAndFanOut(this.weight);
		const bound = 1 / Math.sqrt(fanIn);
		nn.init.uniform_(this.bias, -bound, bound);
	}

	override forward(
		input: Tensor,
		offset: Tensor,
		mask: Tensor | null = null,
	): Tensor {
		const { weight, bias, stride, padding, dilation } = this;
		const options = { stride, padding, dilation, mask };
		return deformConv2d(input, offset, weight, bias, options);
	}
}

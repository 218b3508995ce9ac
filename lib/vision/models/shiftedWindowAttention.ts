/** Attention within windows that every other block shifts: the heart of Swin transformers. */
import {
	arange,
	cat,
	full,
	stack,
	zeros,
	zerosLike,
} from "../../generated/functions.ts";
import * as F from "../../nn/functional/index.ts";
import * as nn from "../../nn/index.ts";
import { FACTORY, settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Device } from "../../types.ts";

/** [height, width] */
export type Size2d = readonly [height: number, width: number];

export interface AttentionOptions {
	windowSize: Size2d;
	/** By how much windows are moved; 0: not at all. */
	shiftSize: Size2d;
	attentionDropout: number;
	dropout: number;
}

/** [N, H, W, C] to windows [N · windows, h · w, C]; H and W are multiples of the window's. */
function windows(x: Tensor, [h, w]: Size2d): Tensor {
	const [n, height, width, channels] = x.shape as [
		number,
		number,
		number,
		number,
	];
	return x
		.reshape([n, height / h, h, width / w, w, channels])
		.permute([0, 1, 3, 2, 4, 5])
		.reshape([-1, h * w, channels]);
}

/** The inverse of `windows`. */
function together(
	x: Tensor,
	[n, height, width]: readonly [number, number, number],
	[h, w]: Size2d,
): Tensor {
	return x
		.reshape([n, height / h, width / w, h, w, -1])
		.permute([0, 1, 3, 2, 4, 5])
		.reshape([n, height, width, -1]);
}

/** -100 between places of a window that shifting brought together, else 0: [windows, h · w, h · w]. */
function shiftMask(
	x: Tensor,
	[height, width]: Size2d,
	[h, w]: Size2d,
	[down, right]: Size2d,
): Tensor {
	const { dtype, device } = x;
	const options = { dtype, device: device as Device };
	const numbers = (length: number, window: number, shift: number) =>
		cat(
			[length - window, window - shift, shift].map((count, i) =>
				full([count], i, options),
			),
		);
	const regions = numbers(height, h, down)
		.mul(3)
		.unsqueeze(1)
		.add(numbers(width, w, right));
	const flat = windows(regions.reshape([1, height, width, 1]), [h, w]).squeeze(
		2,
	);
	return flat.unsqueeze(1).ne(flat.unsqueeze(2)).to(dtype).mul(-100);
}

/** Attention within windows of [N, H, W, C], with a bias by relative position: https://arxiv.org/abs/2103.14030 */
export class ShiftedWindowAttention extends nn.Module<[x: Tensor], Tensor> {
	readonly windowSize: Size2d;
	readonly shiftSize: Size2d;
	readonly numHeads: number;
	readonly attentionDropout: number;
	readonly dropout: number;
	readonly relativePositionBiasTable: nn.Parameter | null; // [(2 h - 1) · (2 w - 1), numHeads]
	readonly logitScale: nn.Parameter | null; // [numHeads, 1, 1], in V2
	readonly relativeCoordsTable: nn.Buffer | null; // [1, 2 h - 1, 2 w - 1, 2], in V2
	readonly relativePositionIndex: nn.Buffer; // [(h · w)²]
	readonly qkv: nn.Linear;
	readonly proj: nn.Linear;
	readonly cpbMlp: nn.Sequential | null;

	/** V2 (https://arxiv.org/abs/2111.09883) compares by cosine, and finds its biases by a small network. */
	constructor(
		dim: number,
		numHeads: number,
		isV2: boolean,
		options: AttentionOptions,
	) {
		super();
		const factory = settings("ShiftedWindowAttention", {}, FACTORY);
		const [h, w] = options.windowSize;
		this.windowSize = options.windowSize;
		this.shiftSize = options.shiftSize;
		this.numHeads = numHeads;
		this.attentionDropout = options.attentionDropout;
		this.dropout = options.dropout;
		this.qkv = new nn.Linear(dim, 3 * dim);
		this.proj = new nn.Linear(dim, dim);
		this.relativePositionBiasTable = isV2
			? null
			: new nn.Parameter(
					nn.init.truncNormal_(
						zeros([(2 * h - 1) * (2 * w - 1), numHeads], factory),
						{ std: 0.02 },
					),
				);
		this.relativeCoordsTable = isV2
			? new nn.Buffer(logCoordinates(options.windowSize, factory))
			: null;
		this.relativePositionIndex = new nn.Buffer(
			positionIndex(options.windowSize, factory),
		);
		this.logitScale = isV2
			? new nn.Parameter(full([numHeads, 1, 1], 10, factory).log())
			: null;
		this.cpbMlp = isV2
			? new nn.Sequential(
					new nn.Linear(2, 512),
					new nn.ReLU({ inplace: true }),
					new nn.Linear(512, numHeads, { bias: false }),
				)
			: null;
		if (isV2)
			this.qkv.bias
				?.detach()
				.slice(0, dim, 2 * dim)
				.zero_(); // keys have no shift
	}

	/** [1, numHeads, h · w, h · w] */
	private positionBias(): Tensor {
		const { relativePositionIndex: index, numHeads } = this;
		const [h, w] = this.windowSize;
		const { cpbMlp, relativeCoordsTable, relativePositionBiasTable } = this;
		const pick = (table: Tensor) =>
			table
				.index(index)
				.reshape([h * w, h * w, -1])
				.permute([2, 0, 1])
				.contiguous()
				.unsqueeze(0);
		if (cpbMlp === null) return pick(relativePositionBiasTable as Tensor);
		const table = cpbMlp(relativeCoordsTable as Tensor);
		return pick(table.reshape([-1, numHeads]))
			.sigmoid()
			.mul(16);
	}

	override forward(input: Tensor): Tensor {
		const { windowSize, numHeads, logitScale, training } = this;
		const [n, height, width, channels] = input.shape as [
			number,
			number,
			number,
			number,
		];
		const [h, w] = windowSize;
		const bottom = (h - (height % h)) % h;
		const right = (w - (width % w)) % w;
		const padded = [height + bottom, width + right] as const;
		let x = F.pad(input, [0, 0, 0, right, 0, bottom]);
		const shift = [
			h >= padded[0] ? 0 : this.shiftSize[0],
			w >= padded[1] ? 0 : this.shiftSize[1],
		] as const;
		const isShifted = shift[0] + shift[1] > 0;
		if (isShifted) x = x.roll([-shift[0], -shift[1]], [1, 2]);
		x = windows(x, windowSize); // [N · windows, h · w, C]

		const places = h * w;
		const [q, k, v] = F.linear(x, this.qkv.weight, this.qkvBias())
			.reshape([-1, places, 3, numHeads, channels / numHeads])
			.permute([2, 0, 3, 1, 4])
			.unbind(0) as [Tensor, Tensor, Tensor]; // [N · windows, numHeads, h · w, C / numHeads]
		let scores: Tensor;
		if (logitScale === null)
			scores = q.mul((channels / numHeads) ** -0.5).matmul(k.transpose(-2, -1));
		else
			scores = F.normalize(q, { dim: -1 })
				.matmul(F.normalize(k, { dim: -1 }).transpose(-2, -1))
				.mul(logitScale.clamp({ max: Math.log(100) }).exp());
		scores = scores.add(this.positionBias());
		if (isShifted) {
			const mask = shiftMask(x, padded, windowSize, shift);
			scores = scores
				.reshape([n, -1, numHeads, places, places])
				.add(mask.unsqueeze(1).unsqueeze(0))
				.reshape([-1, numHeads, places, places]);
		}
		const weights = F.dropout(
			scores.softmax(-1),
			this.attentionDropout,
			training,
		);
		x = weights.matmul(v).transpose(1, 2).reshape([-1, places, channels]);
		x = F.dropout(this.proj(x), this.dropout, training);
		x = together(x, [n, ...padded], windowSize);
		if (isShifted) x = x.roll([shift[0], shift[1]], [1, 2]);
		return x.slice(1, 0, height).slice(2, 0, width).contiguous();
	}

	/** In V2 the keys' part is 0, whatever it was trained to be. */
	private qkvBias(): Tensor | null {
		const { bias } = this.qkv;
		if (this.logitScale === null || bias === null) return bias;
		const [q, k, v] = bias.chunk(3) as [Tensor, Tensor, Tensor];
		return cat([q, zerosLike(k), v]);
	}
}

interface Factory {
	device: Device | undefined;
}

/** Rows and columns of every place, stacked in the dimension `dim`. */
function grid(rows: Tensor, columns: Tensor, dim: number): Tensor {
	const size = [rows.numel(), columns.numel()];
	return stack([rows.unsqueeze(1).expand(size), columns.expand(size)], dim);
}

/** Which entry of the table of relative positions each pair of places has: int64 [(h · w)²]. */
function positionIndex([h, w]: Size2d, { device }: Factory): Tensor {
	const places = grid(arange(h, { device }), arange(w, { device }), 0).flatten(
		1,
	); // [2, h · w]
	const [rows, columns] = places
		.unsqueeze(2)
		.sub(places.unsqueeze(1))
		.unbind(0) as [Tensor, Tensor];
	return rows
		.add(h - 1)
		.mul(2 * w - 1)
		.add(columns.add(w - 1))
		.flatten();
}

/** Relative positions on a logarithmic scale, at most 1 in size: [1, 2 h - 1, 2 w - 1, 2]. */
function logCoordinates([h, w]: Size2d, { device }: Factory): Tensor {
	const along = (length: number) =>
		arange(1 - length, length, { dtype: "float32", device });
	const scaled = grid(along(h).div(h - 1), along(w).div(w - 1), 2)
		.unsqueeze(0)
		.mul(8);
	const sign = scaled.sign();
	return sign.mul(scaled.mul(sign).add(1).log2()).div(3); // abs() is not there on "meta"
}

import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { atan2, stack } from "../../generated/functions.ts";
import { fromBlob } from "../../tensor/creation.ts";
import { scope } from "../../tensor/scope.ts";
import { Tensor } from "../../tensor/tensor.ts";

/**
 * A flow as colours: its direction as hue, its length as saturation; the longest is the most saturated. (Baker et al., "A Database and
 * Evaluation Methodology for Optical Flow", ICCV 2007)
 *
 * @param flow float32 [2, H, W] or [N, 2, H, W]: to the right and downwards, in pixels
 * @returns uint8 [3, H, W] or [N, 3, H, W]
 * @throws TorchError for other dtypes and shapes
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.utils.flow_to_image.html
 *
 * @example
 * const shown = vision.utils.flowToImage(torch.randn([2, 40, 60])); // uint8 [3, 40, 60]
 */
export function flowToImage(flow: Tensor): Tensor {
	const op = "flowToImage";
	if (!(flow instanceof Tensor))
		throw check.invalidType(op, "flow", "Tensor", flow);
	const { dtype, shape } = flow;
	if (
		dtype !== "float32" ||
		shape.length < 3 ||
		shape.length > 4 ||
		shape.at(-3) !== 2
	) {
		throw check.invalidValue(
			op,
			"flow",
			`expected float32 [2, H, W] or [N, 2, H, W], got ${dtype} of shape [${shape}]`,
		);
	}
	return noGrad(() =>
		scope(() => {
			if (flow.numel() === 0)
				return flow
					.newZeros([...shape.slice(0, -3), 3, ...shape.slice(-2)])
					.to("uint8");
			const longest = lengths(flow).max();
			return colours(flow.div(longest.add(2 ** -23)));
		}),
	);
}

const lengths = (flow: Tensor): Tensor => flow.pow(2).sum(-3).sqrt();

function colours(flow: Tensor): Tensor {
	const wheel = colourWheel().to(flow.device);
	const count = wheel.size(0);
	const length = lengths(flow);
	const angle = atan2(flow.select(-3, 1).neg(), flow.select(-3, 0).neg()).div(
		Math.PI,
	);
	const place = angle
		.add(1)
		.div(2)
		.mul(count - 1);
	const before = place.floor().to("int64");
	const after = before.add(1).remainder(count);
	const share = place.sub(before);
	const channels = wheel.unbind(1).map((channel) => {
		const near = channel.take(before).div(255);
		const far = channel.take(after).div(255);
		const mixed = share.neg().add(1).mul(near).add(share.mul(far));
		const pale = length.mul(mixed.neg().add(1)).neg().add(1);
		return pale.mul(255).floor();
	});
	return stack(channels, -3).to("uint8");
}

/** Each transition between two of the six colours: its steps, the channel that changes, and whether it falls. */
const transitions = [
	[15, 1, false], // red to yellow
	[6, 0, true], // yellow to green
	[4, 2, false], // green to cyan
	[11, 1, true], // cyan to blue
	[13, 0, false], // blue to magenta
	[6, 2, true], // magenta to red
] as const;

/** float32 [55, 3] */
function colourWheel(): Tensor {
	const now = [255, 0, 0];
	const rows = transitions.flatMap(([steps, channel, falls]) => {
		const part = Array.from({ length: steps }, (_, i) => {
			const change = Math.floor((255 * i) / steps);
			return now.with(channel, falls ? 255 - change : change);
		});
		now[channel] = falls ? 0 : 255;
		return part;
	});
	return fromBlob(Float32Array.from(rows.flat()), [rows.length, 3]);
}

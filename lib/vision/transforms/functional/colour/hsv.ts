/** Hue, saturation and value by operators, each [..., 1, H, W] from 0 to 1; rounded step by step as torchvision's are. */
import { cat, where } from "../../../../generated/functions.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";

/** @internal Of floating point values [..., 3, H, W]. */
export function rgbToHsv(rgb: Tensor): [h: Tensor, s: Tensor, v: Tensor] {
	const [red, green] = channelsOf(rgb);
	const { min, max } = rgb.aminmax({ dim: -3, keepdim: true });
	const grey = max.eq(min);
	const range = max.sub(min);
	// no division by 0: where all channels are equal the range, and so the saturation, is 0
	const s = range.div(max.maskedFill(grey, 1));
	const [r, g, b] = channelsOf(max.sub(rgb).div_(range.maskedFill_(grey, 1)));
	// 0, 2 and 4 sixths of a turn are red, green and blue
	const fromBlue = g.add(4).sub_(r);
	const fromGreen = r.add(2).sub_(b);
	const fromRed = b.sub(g);
	const sixths = where(
		max.eq(red),
		fromRed,
		where(max.eq(green), fromGreen, fromBlue),
	);
	return [
		sixths
			.mul_(1 / 6)
			.add_(1)
			.fmod_(1),
		s,
		max,
	];
}

/** @internal Values [..., 3, H, W]. */
export function hsvToRgb(h: Tensor, s: Tensor, v: Tensor): Tensor {
	const h6 = h.mul(6);
	const sector = h6.floor();
	const f = h6.sub_(sector);
	const which = sector.remainder_(6);
	const sf = s.mul(f);
	const rest = s.neg().add_(1);
	const q = sf.neg().add_(1).mul_(v).clamp_(0, 1); // falls from v to p
	const t = sf.add_(rest).mul_(v).clamp_(0, 1); // rises from p to v
	const p = rest.mul_(v).clamp_(0, 1);
	const pick = (...values: [number, Tensor][]): Tensor =>
		values.reduce(
			(others, [at, value]) => where(which.eq(at), value, others),
			p,
		);
	const red = pick([0, v], [1, q], [4, t], [5, v]);
	const green = pick([0, t], [1, v], [2, v], [3, q]);
	const blue = pick([2, t], [3, v], [4, v], [5, q]);
	return cat([red, green, blue], -3);
}

function channelsOf(image: Tensor): [Tensor, Tensor, Tensor] {
	return [0, 1, 2].map((at) => image.slice(-3, at, at + 1)) as [
		Tensor,
		Tensor,
		Tensor,
	];
}

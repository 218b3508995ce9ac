/**
 * Hue, saturation and value by operators, each [..., 1, H, W] from 0 to 1; rounded step by step as torchvision's are.
 *
 * Choices are made by arithmetic: factors of exactly 0 and 1, which are several times faster than masks of booleans.
 */
import {
	cat,
	maximum,
	minimum,
	rsub,
} from "../../../../generated/functions.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";

/** @internal Of floating point values [..., 3, H, W]. */
export function rgbToHsv(rgb: Tensor): [h: Tensor, s: Tensor, v: Tensor] {
	return scope(() => {
		const [red, green, blue] = channelsOf(rgb);
		const max = maximum(maximum(red, green), blue);
		const range = max.sub(minimum(minimum(red, green), blue));
		// no division by 0: where all channels are equal the range, and so the saturation, is 0
		const grey = not(range.detach().sign());
		const s = range.div(max.add(grey));
		const below = max.sub(rgb); // how far each channel is below the largest
		const [notRed, notGreen] = channelsOf(below.detach().sign());
		const [r, g, b] = channelsOf(below.div_(range.add(grey)));
		// 0, 2 and 4 sixths of a turn are red, green and blue
		const sixths = b
			.sub(g)
			.mul_(not(notRed))
			.addcmul_(r.add(2).sub_(b), not(notGreen).mul_(notRed))
			.addcmul_(g.add(4).sub_(r), notGreen.mul(notRed));
		return [
			sixths
				.mul_(1 / 6)
				.add_(1)
				.frac_(),
			s,
			max,
		];
	});
}

/** @internal Values [..., 3, H, W]; a hue may be any number of turns. */
export function hsvToRgb(hue: Tensor, s: Tensor, v: Tensor): Tensor {
	return scope(() => {
		const turn = hue.sub(hue.floor());
		const h6 = turn.sub_(turn.floor()).mul_(6); // the first may have rounded to 1
		const sector = h6.floor();
		const sf = h6.sub_(sector).mul_(s);
		const rest = not(s);
		const t = sf.add(rest).mul_(v).clamp_(0, 1); // rises from p to v
		const q = not(sf).mul_(v).clamp_(0, 1); // falls from v to p
		const p = rest.mul_(v).clamp_(0, 1);
		// whether it is at least sector 1, … 5
		const [s1, s2, s3, s4, s5] = [0, 1, 2, 3, 4].map((k) =>
			sector.sub(k).clamp_(0, 1),
		) as [Tensor, Tensor, Tensor, Tensor, Tensor];
		const s0 = not(s1);
		const red = v
			.mul(s0.add(s5))
			.addcmul_(q, s1.sub(s2))
			.addcmul_(p, s2.sub(s4))
			.addcmul_(t, s4.sub(s5));
		const green = t
			.mul(s0)
			.addcmul_(v, s1.sub_(s3))
			.addcmul_(q, s3.sub(s4))
			.addcmul_(p, s4);
		const blue = p
			.mul(not(s2))
			.addcmul_(t, s2.sub_(s3))
			.addcmul_(v, s3.sub_(s5))
			.addcmul_(q, s5);
		return cat([red, green, blue], -3);
	});
}

/** 1 - x. */
function not(x: Tensor): Tensor {
	return rsub(x, 1);
}

function channelsOf(image: Tensor): [Tensor, Tensor, Tensor] {
	return [0, 1, 2].map((at) => image.slice(-3, at, at + 1)) as [
		Tensor,
		Tensor,
		Tensor,
	];
}

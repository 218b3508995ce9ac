import { cat } from "../../generated/functions.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Rec. 601's weights of red, green and blue in 65,536ths, as Pillow's `convert("L")` has them. */
const weights = [19595, 38470, 7471] as const;

/**
 * The grey image of a uint8 one, rounded: [..., 3, H, W] becomes [..., 1, H, W]; a fourth channel, alpha, stays as the second.
 */
export function luminance(image: Tensor): Tensor {
	return scope(() => {
		const sum = weights
			.map((weight, i) => image.narrow(-3, i, 1).to("int32").mul(weight))
			.reduce((total, part) => total.add_(part));
		const grey = sum
			.add_(1 << 15)
			.bitwiseRightShift_(16)
			.to("uint8");
		if (image.size(-3) === 3) return grey;
		return cat([grey, image.narrow(-3, 3, 1)], -3);
	});
}

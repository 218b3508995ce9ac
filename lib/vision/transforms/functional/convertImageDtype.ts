import type { Tensor } from "../../../tensor/tensor.ts";
import type { DType } from "../../../types.ts";
import { toDtype } from "./colour/toDtype.ts";

/** An image in another dtype ("float32"), its values scaled: `toDtype` with `scale: true`. */
export function convertImageDtype<T extends Tensor>(
	image: T,
	dtype: DType = "float32",
): T {
	return toDtype(image, dtype, { scale: true });
}

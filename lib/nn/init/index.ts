/**
 * Fills tensors with initial values, in place and without autograd: torch.nn.init. With the same seed the numbers are PyTorch's.
 *
 * ```ts
 * nn.init.kaimingNormal_(layer.weight, { mode: "fan_out", nonlinearity: "relu" });
 * ```
 *
 * `nn.init.uniform_(w, -1, 1)` and `nn.init.uniform_(w, { a: -1, b: 1 })` are the same. All functions return their tensor.
 */

export { constant_, dirac_, eye_, ones_, zeros_ } from "./constant.ts";
export {
	calculateFanInAndFanOut,
	calculateGain,
	type FanMode,
	kaimingNormal_,
	kaimingUniform_,
	type Nonlinearity,
	xavierNormal_,
	xavierUniform_,
} from "./fans.ts";
export { normal_, uniform_ } from "./random.ts";
export { orthogonal_, sparse_ } from "./structured.ts";
export { truncNormal_ } from "./truncNormal.ts";

export type { Argnums, ArgnumsOptions, Picked } from "./arguments.ts";
export { grad, gradAndValue, type Pullback, vjp } from "./grad.ts";
export {
	hessian,
	type JacfwdOptions,
	type Jacobian,
	type JacrevOptions,
	jacfwd,
	jacrev,
} from "./jacobians.ts";
export { type JvpOptions, jvp } from "./jvp.ts";
export { type Dims, type VmapOptions, vmap } from "./vmap.ts";

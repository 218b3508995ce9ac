/** torch.autograd.functional: derivatives of functions, at given inputs. */
export type {
	Alike,
	FunctionalOptions,
	FunctionOf,
	TensorOrList,
} from "./common.ts";
export {
	type HessianOptions,
	hessian,
	type JacobianOf,
	type JacobianOptions,
	jacobian,
} from "./jacobian.ts";
export { hvp, jvp, vhp, vjp } from "./products.ts";

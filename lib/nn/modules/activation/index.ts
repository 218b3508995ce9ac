export { GLU, LogSoftmax, Softmax, Softmax2d, Softmin } from "./alongDim.ts";
export * from "./elementwise.ts";
export {
	Hardsigmoid,
	Hardswish,
	type InplaceOptions,
	Mish,
	ReLU,
	ReLU6,
	SELU,
	SiLU,
} from "./inPlace.ts";
export * from "./sloped.ts";

/** torch.nested: several tensors of one dtype whose sizes differ, in one. (The strided layout; PyTorch's jagged one is a class in Python, and LibTorch has no operators for it.) */
export {
	type AsNestedOptions,
	asNestedTensor,
	type NestedOptions,
	nestedTensor,
	toPaddedTensor,
} from "./creation.ts";
export {
	type FromJaggedOptions,
	maskedSelect,
	narrow,
	nestedTensorFromJagged,
} from "./parts.ts";

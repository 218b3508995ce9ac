export { Digits } from "./digits.ts";
export { FashionMNIST } from "./fashionMnist.ts";
export { type IdxArray, type IdxData, parseIdx, readIdx } from "./idx.ts";
export {
	type DatasetDownloadOptions,
	MNIST,
	type MNISTOptions,
	type Source,
} from "./mnist.ts";

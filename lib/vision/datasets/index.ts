export {
	Caltech101,
	type Caltech101Options,
	type Caltech101Target,
	type Caltech101TargetType,
	Caltech256,
} from "./caltech.ts";
export {
	CIFAR10,
	CIFAR100,
	type CIFAROptions,
	type CIFARSource,
} from "./cifar.ts";
export { type CocoAnnotation, CocoCaptions, CocoDetection } from "./coco.ts";
export { Digits } from "./digits.ts";
export type { DatasetDownloadOptions, LoadOptions } from "./download.ts";
export { EMNIST, type EMNISTOptions, type EMNISTSplit } from "./emnist.ts";
export { FakeData, type FakeDataOptions } from "./fakeData.ts";
export { FashionMNIST } from "./fashionMnist.ts";
export { Flowers102, type Flowers102Options } from "./flowers102.ts";
export {
	DatasetFolder,
	type DatasetFolderOptions,
	ImageFolder,
	type ImageFolderOptions,
	imageExtensions,
} from "./folder.ts";
export { Food101, type Food101Options } from "./food101.ts";
export { type IdxArray, type IdxData, parseIdx, readIdx } from "./idx.ts";
export type { TransformOptions } from "./imageArrays.ts";
export {
	type ImageLoader,
	type JointOptions,
	type LoaderOptions,
	loadColours,
	loadUnchanged,
} from "./imageFiles.ts";
export { KMNIST } from "./kmnist.ts";
export { MNIST, type MNISTOptions, type Source } from "./mnist.ts";
export {
	OxfordIIITPet,
	type OxfordIIITPetOptions,
	type PetTarget,
	type PetTargetType,
} from "./oxfordIiitPet.ts";
export { QMNIST, type QMNISTOptions, type QMNISTPart } from "./qmnist.ts";
export { STL10, type STL10Options, type STL10Split } from "./stl10.ts";
export { SVHN, type SVHNOptions, type SVHNSplit } from "./svhn.ts";
export { USPS, type USPSOptions } from "./usps.ts";
export {
	type VOCAnnotation,
	VOCDetection,
	type VOCImageSet,
	type VOCOptions,
	VOCSegmentation,
	type VOCValue,
	type VOCYear,
} from "./voc.ts";

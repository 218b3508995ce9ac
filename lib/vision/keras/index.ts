/** Keras' ImageDataGenerator, for those who come from there. */

export type { KerasAugmentation, KerasParameters } from "./augmentation.ts";
export type { FillMode } from "./fill.ts";
export {
	type FitOptions,
	type FlowFromDirectoryOptions,
	type FlowOptions,
	ImageDataGenerator,
	type Subset,
} from "./imageDataGenerator.ts";
export type {
	BatchOptions,
	ClassMode,
	DirectoryLoader,
	KerasBatch,
} from "./loaders.ts";
export type { ImageDataGeneratorOptions } from "./options.ts";

export { type Collated, defaultCollate } from "./collate.ts";
export {
	DataLoader,
	type DataLoaderOptions,
	type UnbatchedOptions,
} from "./dataLoader.ts";
export {
	Dataset,
	type DatasetLike,
	type Rows,
	Subset,
	TensorDataset,
} from "./dataset.ts";
export { type RandomSplitOptions, randomSplit } from "./randomSplit.ts";
export {
	BatchSampler,
	RandomSampler,
	type RandomSamplerOptions,
	type Sampler,
	SequentialSampler,
	type Sized,
	SubsetRandomSampler,
} from "./sampler.ts";

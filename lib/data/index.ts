export {
	ClassBalancedSampler,
	type ClassBalancedSamplerOptions,
} from "./classBalancedSampler.ts";
export { type Collated, defaultCollate } from "./collate.ts";
export { ConcatDataset } from "./concat.ts";
export { DataLoader } from "./dataLoader.ts";
export {
	Dataset,
	type DatasetLike,
	type Rows,
	Subset,
	TensorDataset,
} from "./dataset.ts";
export { readArrow } from "./datasetArrow.ts";
export {
	type ColumnType,
	type CsvOptions,
	parseCsv,
	readCsv,
} from "./datasetCsv.ts";
export { type ColumnarOptions, readParquet } from "./datasetParquet.ts";
export {
	type Categories,
	type Cell,
	Table,
	type TableTensorOptions,
} from "./datasetTable.ts";
export {
	TabularDataset,
	type TabularDatasetOptions,
} from "./datasetTabular.ts";
export {
	DistributedSampler,
	type DistributedSamplerOptions,
} from "./distributedSampler.ts";
export { GroupedBatchSampler } from "./groupedBatchSampler.ts";
export { importable } from "./importable.ts";
export { ChainDataset, IterableDataset, type Streamed } from "./iterable.ts";
export type { Labels } from "./labels.ts";
export type { DataLoaderOptions, UnbatchedOptions } from "./options.ts";
export { perThread } from "./perThread.ts";
export type { DataLoaderState } from "./position.ts";
export { type RandomSplitOptions, randomSplit } from "./randomSplit.ts";
export { SampleError } from "./sampleError.ts";
export {
	BatchSampler,
	RandomSampler,
	type RandomSamplerOptions,
	type Sampler,
	SequentialSampler,
	type Sized,
	SubsetRandomSampler,
} from "./sampler.ts";
export { sideBySide } from "./sideBySide.ts";
export { StackDataset, type Stacked } from "./stack.ts";
export { StratifiedSampler } from "./stratifiedSampler.ts";
export {
	WeightedRandomSampler,
	type WeightedRandomSamplerOptions,
} from "./weightedSampler.ts";
export { shareMemory } from "./worker/sharedMemory.ts";
export { getWorkerInfo, type WorkerInfo } from "./workerInfo.ts";

/** torch.utils.tensorboard: files that TensorBoard shows. */
export type { When } from "./arguments.ts";
export type { Bins } from "./histogram.ts";
export type { BatchDataFormat, DataFormat } from "./image.ts";
export {
	type HparamsOptions,
	SummaryWriter,
	type SummaryWriterOptions,
} from "./summaryWriter.ts";
export type { Hparam } from "./values.ts";

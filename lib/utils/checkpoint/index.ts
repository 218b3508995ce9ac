export {
	type CheckpointOptions,
	checkpoint,
	checkpointSequential,
} from "./checkpoint.ts";

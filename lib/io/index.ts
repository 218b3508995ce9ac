export { loadCheckpoint, type Storable, saveCheckpoint } from "./checkpoint.ts";
export {
	type LoadOptions,
	loadFile,
	type SafetensorsFile,
	type SaveOptions,
	safeOpen,
	saveFile,
} from "./safetensors.ts";

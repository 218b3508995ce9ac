export type { LoadOptions } from "./options.ts";
export { load, loadAsync } from "./pt/load.ts";
export { save, saveAsync } from "./pt/save.ts";
export {
	loadFile,
	loadFileAsync,
	type SafetensorsFile,
	type SaveOptions,
	safeOpen,
	saveFile,
	saveFileAsync,
} from "./safetensors.ts";
export type { Storable } from "./storable.ts";

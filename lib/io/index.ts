export { loadNpy, loadNpyAsync, saveNpy, saveNpyAsync } from "./npy/npy.ts";
export {
	type LoadNpzOptions,
	loadNpz,
	loadNpzAsync,
	type SaveNpzOptions,
	saveNpz,
	saveNpzAsync,
} from "./npy/npz.ts";
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

export { type LoadModelOptions, loadModel } from "./load.ts";
export {
	ImageClassification,
	type PresetOptions,
	SemanticSegmentation,
} from "./presets.ts";
export {
	getWeights,
	listWeights,
	Weights,
	type WeightsMeta,
	type WeightsOptions,
} from "./weights.ts";

export {
	type DecoderMasks,
	TransformerDecoder,
	TransformerDecoderLayer,
} from "./decoder.ts";
export {
	type EncoderMasks,
	TransformerEncoder,
	type TransformerEncoderOptions,
} from "./encoder.ts";
export {
	type EncoderLayerMasks,
	TransformerEncoderLayer,
} from "./encoderLayer.ts";
export type { Activation, TransformerLayerOptions } from "./layer.ts";
export {
	Transformer,
	type TransformerMasks,
	type TransformerOptions,
} from "./transformer.ts";

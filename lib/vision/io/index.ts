export {
	type DecodeImageOptions,
	decodeImage,
	type ImageReadMode,
} from "./decodeImage.ts";
export {
	type EncodeLossyOptions,
	type EncodePngOptions,
	type EncodeWebpOptions,
	encodeAvif,
	encodeGif,
	encodeJpeg,
	encodePng,
	encodeWebp,
} from "./encodeImage.ts";
export { readImage } from "./readImage.ts";
export {
	type WriteFormat,
	type WriteImageOptions,
	writeImage,
} from "./writeImage.ts";

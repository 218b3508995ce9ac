export type { Color, Colors } from "./colors.ts";
export {
	type DrawBoundingBoxesOptions,
	drawBoundingBoxes,
} from "./drawBoundingBoxes.ts";
export { type DrawKeypointsOptions, drawKeypoints } from "./drawKeypoints.ts";
export {
	type DrawSegmentationMasksOptions,
	drawSegmentationMasks,
} from "./drawSegmentationMasks.ts";
export { flowToImage } from "./flowToImage.ts";
export { type MakeGridOptions, makeGrid } from "./makeGrid.ts";
export { type SaveImageOptions, saveImage } from "./saveImage.ts";
